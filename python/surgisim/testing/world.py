"""What a test says of a headset's world: where things are, what is pressed, what goes wrong."""

from __future__ import annotations

import ctypes
from collections.abc import Sequence
from typing import Any, Literal

import numpy as np
from numpy.typing import ArrayLike

from surgisim.errors import TestingError
from surgisim.testing import library as _library
from surgisim.testing.frames import pose_numbers

__all__ = ["Side", "World"]

Side = Literal["left", "right"]
_VALID, _TRACKED = 0b0011, 0b1100  # orientation and position, as XrSpaceLocationFlagBits
_JOINTS = 26


def _user(side: Side) -> str:
    if side not in ("left", "right"):
        raise TestingError(f"{side!r} is no hand; say 'left' or 'right'")
    return f"/user/hand/{side}"


class World:
    """The half of a `FakeRuntime` that a test writes."""

    _lib: ctypes.CDLL

    def set(self, name: str, value: str | float) -> None:
        """Set one of the runtime's settings by its name, as docs/testing_xr.md lists them.

        Raises
        ------
        TestingError
            If there is no such setting, or it cannot have that value.
        """
        if isinstance(value, str):
            _library.call(self._lib, "fakexr_set_text", name.encode(), value.encode())
        else:
            _library.call(self._lib, "fakexr_set_number", name.encode(), float(value))

    def head(
        self,
        pose: Any,
        *,
        tracked: bool = True,
        valid: bool = True,
        linear: ArrayLike | None = None,
        angular: ArrayLike | None = None,
    ) -> None:
        """Say where the head is from now on.

        Parameters
        ----------
        pose
            A position (3,), or anything with a `position` and a `rotation` as `Pose` has them.
        tracked
            Whether it is seen, or only guessed.
        valid
            Whether it is known at all.
        linear, angular
            Velocities (3,), m/s and rad/s; the pose then goes on with them. Without, none are
            reported.
        """
        self.place("/user/head", pose, tracked=tracked, valid=valid, linear=linear, angular=angular)

    def hand(
        self,
        side: Side,
        pose: Any,
        *,
        part: str | None = None,
        tracked: bool = True,
        valid: bool = True,
        linear: ArrayLike | None = None,
        angular: ArrayLike | None = None,
    ) -> None:
        """Say where a hand is from now on; the other parameters are those of `head`.

        Parameters
        ----------
        side
            ``left`` or ``right``.
        part
            One pose of it alone: ``grip``, ``aim``, ``palm_ext``, ``pinch_ext``, ``poke_ext``,
            ``grip_surface``, ``tip_logitech``. Those that were never said are the hand's.
        """
        path = _user(side) if part is None else f"{_user(side)}/input/{part}/pose"
        self.place(path, pose, tracked=tracked, valid=valid, linear=linear, angular=angular)

    def place(
        self,
        path: str,
        pose: Any,
        *,
        tracked: bool = True,
        valid: bool = True,
        linear: ArrayLike | None = None,
        angular: ArrayLike | None = None,
    ) -> None:
        """Say where something is by its path, as ``/user/hand/left/input/aim/pose``."""
        flags = (_VALID if valid else 0) | (_TRACKED if valid and tracked else 0)
        velocity = None
        if linear is not None or angular is not None:
            rest = (0.0, 0.0, 0.0)
            parts = [rest if part is None else part for part in (linear, angular)]
            velocity = np.asarray(parts, dtype=np.float64).reshape(6)
        numbers = pose_numbers(pose)
        _library.call(
            self._lib,
            "fakexr_set_pose",
            path.encode(),
            numbers.ctypes.data,
            flags,
            None if velocity is None else velocity.ctypes.data,
        )

    def joints(
        self,
        side: Side,
        poses: Sequence[Any] | None,
        radii: ArrayLike = 0.01,
        *,
        tracked: bool = True,
    ) -> None:
        """Say where the 26 joints of a bare hand are; None for a hand that is not seen.

        Parameters
        ----------
        side
            ``left`` or ``right``.
        poses
            26 poses, from the palm to the tip of the little finger.
        radii
            One for all, or (26,), m.
        tracked
            Whether they are seen, or only guessed.

        Raises
        ------
        TestingError
            If there are not 26.
        """
        right = _user(side).endswith("right")
        if poses is None:
            _library.call(self._lib, "fakexr_set_joints", right, None, 0)
            return
        if len(poses) != _JOINTS:
            raise TestingError(f"a hand has 26 joints, {len(poses)} were given")
        numbers = np.empty((_JOINTS, 8))
        numbers[:, :7] = [pose_numbers(pose) for pose in poses]
        numbers[:, 7] = radii
        flags = _VALID | (_TRACKED if tracked else 0)
        _library.call(self._lib, "fakexr_set_joints", right, numbers.ctypes.data, flags)

    def press(self, path: str, value: float = 1.0) -> None:
        """Move a button or trigger, by its binding path, to `value` (0 to 1)."""
        _library.call(self._lib, "fakexr_set_input", path.encode(), value, 0.0)

    def stick(self, path: str, x: float, y: float) -> None:
        """Move a thumbstick or trackpad, by its binding path without ``/x``; -1 to 1."""
        _library.call(self._lib, "fakexr_set_input", path.encode(), x, y)

    def profile(self, name: str | None, side: Side | None = None) -> None:
        """Put another controller into one hand or both; None for an empty hand.

        Parameters
        ----------
        name
            As ``oculus/touch_controller``, or the whole path of an interaction profile.
        side
            ``left``, ``right``, or None for both.
        """
        path = name or ""
        if path and not path.startswith("/"):
            path = f"/interaction_profiles/{path}"
        for one in ("left", "right") if side is None else (side,):
            self.set(f"profile {_user(one)}", path)

    def state(self, name: Literal["idle", "synchronized", "visible", "focused"]) -> None:
        """Say how far the session is to go; it goes there in the specification's order.

        ``idle`` is a headset laid on the table: a running session is asked to stop. A session
        rises by one state with each frame that it ends.
        """
        self.set("state", name)

    def wear(self, worn: bool) -> None:
        """Say whether somebody wears the headset (XR_EXT_user_presence)."""
        self.set("presence", worn)

    def lose(
        self,
        what: Literal["session", "instance", "runtime", "session pending", "instance pending"],
    ) -> None:
        """Take something away: every call that needs it fails from now on.

        ``session pending`` and ``instance pending`` only announce it. With the ``runtime`` the
        instance is lost too, and none can be made until `bring_back`.
        """
        _library.call(self._lib, "fakexr_lose", what.encode())

    def bring_back(self) -> None:
        """Let instances be made again after the runtime was lost."""
        self._lib.fakexr_return()

    def fail_next(self, function: str, result: int, count: int = 1) -> None:
        """Let the next `count` calls of an OpenXR function, as ``xrWaitFrame``, fail.

        Parameters
        ----------
        function
            Its name.
        result
            An XrResult, as ``xr.Result.ERROR_RUNTIME_FAILURE.value``.
        count
            How many calls.
        """
        _library.call(self._lib, "fakexr_fail_next", function.encode(), int(result), count)

    def recentre(self, pose: Any, after_ns: int = 0) -> None:
        """Move LOCAL's origin to `pose` (LOCAL_FLOOR's below it), `after_ns` from now."""
        numbers = pose_numbers(pose)
        _library.call(self._lib, "fakexr_recentre", numbers.ctypes.data, after_ns)

    def advance(self, ns: int) -> None:
        """Move the virtual clock on, as if the application had been busy that long.

        Raises
        ------
        TestingError
            If the clock is real.
        """
        _library.call(self._lib, "fakexr_advance", ns)

    @property
    def now(self) -> int:
        """The present time, ns."""
        return int(self._lib.fakexr_now())
