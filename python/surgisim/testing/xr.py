"""A headset made of numbers: a small OpenXR runtime that a test holds in its hands.

The application under test runs unchanged, through the real OpenXR loader. The test says where the
head and the hands are, presses buttons, takes the session or the whole runtime away, and reads
what was submitted and what was called wrongly:

>>> with FakeRuntime() as runtime:  # doctest: +SKIP
...     runtime.hand("right", (0.2, 1.1, -0.3))
...     runtime.press("/user/hand/right/input/trigger/value", 0.8)
...     run_the_application(frames=10)
...     assert runtime.errors == []
...     assert runtime.frames[-1].projection is not None

Poses are in the tracking frame: origin on the floor, +y up, -z forward, m. STAGE is that frame;
LOCAL begins at the head's first place, 1.6 m above it. The clock is virtual unless asked
otherwise: xrWaitFrame moves it by one period and nothing else does, so that runs repeat exactly.
"""

from __future__ import annotations

import ctypes
import os
import tempfile
from collections.abc import Iterable, Sequence
from pathlib import Path
from types import TracebackType
from typing import Any, Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from surgisim.errors import TestingError
from surgisim.testing import library as _library
from surgisim.testing import validation as _validation
from surgisim.testing.frames import (
    Depth,
    Frame,
    Haptic,
    Layer,
    Pose,
    Surface,
    pose_numbers,
)
from surgisim.testing.recording import Player, Recorder

__all__ = [
    "Depth",
    "FakeRuntime",
    "Frame",
    "Haptic",
    "Layer",
    "Player",
    "Pose",
    "Recorder",
    "Surface",
]

Side = Literal["left", "right"]
_VALID, _TRACKED = 0b0011, 0b1100  # orientation and position, as XrSpaceLocationFlagBits
_JOINTS = 26


def _user(side: Side) -> str:
    if side not in ("left", "right"):
        raise TestingError(f"{side!r} is no hand; say 'left' or 'right'")
    return f"/user/hand/{side}"


class FakeRuntime:
    """The runtime that OpenXR applications of this process find inside the with-block.

    Parameters
    ----------
    clock
        ``virtual``, moved by frames and `advance` only, or ``real``.
    extensions
        Those that are offered; all that are known if none are given.
    blend_modes
        ``opaque``, ``additive``, ``alpha_blend``, the preferred one first.
    views
        1, 2, or 4 (a wide and a sharp one for each eye).
    eye
        Width and height that are recommended for each view, pixels.
    refresh_hz
        The display's rate.
    api
        The newest version of OpenXR that instances may ask for: ``1.0`` or ``1.1``.
    pictures
        Whether to keep what each frame showed, for `picture`.
    validate
        Whether Khronos's core-validation layer looks at every call, for `violations`.
    library
        The library to use instead of the one that `find_library` finds.
    """

    def __init__(
        self,
        *,
        clock: Literal["virtual", "real"] = "virtual",
        extensions: Iterable[str] | None = None,
        blend_modes: Sequence[str] = ("opaque",),
        views: Literal[1, 2, 4] = 2,
        eye: tuple[int, int] = (256, 256),
        refresh_hz: float = 90.0,
        api: Literal["1.0", "1.1"] = "1.1",
        pictures: bool = False,
        validate: bool = False,
        library: Path | None = None,
    ) -> None:
        self._path = _library.find_library() if library is None else library.resolve()
        self._lib = _library.load(self._path)
        self._validate = validate
        self._texts = {"blend_modes": " ".join(blend_modes)}
        if extensions is not None:
            self._texts["extensions"] = " ".join(extensions)
        self._numbers: dict[str, float] = {
            "virtual_clock": clock == "virtual",
            "views": views,
            "eye_width": eye[0],
            "eye_height": eye[1],
            "period_ns": int(1e9 / refresh_hz),
            "api_minor": int(api.removeprefix("1.")),
            "keep_pictures": pictures,
        }
        self._folder: tempfile.TemporaryDirectory[str] | None = None
        self._before: dict[str, str | None] = {}

    def __enter__(self) -> FakeRuntime:
        self._lib.fakexr_reset()
        for name, number in self._numbers.items():
            self.set(name, number)
        for name, text in self._texts.items():
            self.set(name, text)
        self._folder = tempfile.TemporaryDirectory(prefix="fakexr-")
        manifest = _library.write_manifest(self._path, Path(self._folder.name))
        variables = {"XR_RUNTIME_JSON": str(manifest)}
        if self._validate:
            variables |= _validation.environment(self._report)
        for name, text in variables.items():
            self._before[name] = os.environ.get(name)
            os.environ[name] = text
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        for name, text in self._before.items():
            if text is None:
                os.environ.pop(name, None)
            else:
                os.environ[name] = text
        self._before = {}
        if self._folder is not None:
            self._folder.cleanup()
            self._folder = None
        self._lib.fakexr_reset()

    @property
    def _report(self) -> Path:
        if self._folder is None:
            raise TestingError("the validation report lasts as long as the with-block")
        return Path(self._folder.name) / "validation.txt"

    # The world: what the test says

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

    # What the application did

    @property
    def errors(self) -> list[str]:
        """Everything that the application called wrongly, one sentence each."""
        found: list[str] = _library.read(self._lib, "errors")
        return found

    @property
    def violations(self) -> list[str]:
        """The rules that the core-validation layer saw broken (with ``validate=True``)."""
        return _validation.violations(self._report)

    @property
    def frames(self) -> list[Frame]:
        """The frames that were ended, the newest 20 000 at most."""
        return self.frames_since(0)

    def frames_since(self, index: int) -> list[Frame]:
        """Return the frames from number `index` on."""
        return [Frame.parse(frame) for frame in _library.read(self._lib, "frames", index)]

    @property
    def haptics(self) -> list[Haptic]:
        """The pulses that were asked for."""
        return [Haptic.parse(pulse) for pulse in _library.read(self._lib, "haptics")]

    @property
    def calls(self) -> dict[str, int]:
        """How often each OpenXR function was called."""
        found: dict[str, int] = _library.read(self._lib, "calls")
        return found

    @property
    def counts(self) -> dict[str, Any]:
        """Numbers at a glance.

        ``frames``, ``missed`` (refreshes without a new frame), ``discarded``, ``errors``, ``now``
        and ``period`` (ns), ``instance`` (whether there is one), ``state`` (the session's, or
        None), ``held`` (swapchains with an image that was not released).
        """
        found: dict[str, Any] = _library.read(self._lib, "counts")
        return found

    def script(self, time: int | None = None) -> dict[str, Any]:
        """Return where everything is and what is pressed: ``poses``, ``inputs``, ``profiles``.

        Parameters
        ----------
        time
            The time that the poses are wanted for, ns; the present one by default.
        """
        found: dict[str, Any] = _library.read(self._lib, "script", time or 0)
        return found

    def forget(self) -> None:
        """Forget frames, errors, haptics and counts; the world and the session stay."""
        self._lib.fakexr_forget()

    def picture(self, eye: int = 0) -> NDArray[np.uint8]:
        """Return what a view of the last frame's projection showed, (h, w, 4), top row first.

        The bytes are those of the image; with an sRGB format they are encoded.

        Raises
        ------
        TestingError
            If there is none: a frame without layers, or a runtime made without `pictures`.
        """
        image: NDArray[np.uint8] = self._picture("projection", eye, depth=False)
        return image

    def depth(self, eye: int = 0) -> NDArray[np.float32]:
        """Return the depth that went with a view, (h, w), 0 to 1, top row first."""
        image: NDArray[np.float32] = self._picture("projection", eye, depth=True)
        return image

    def quad(self, index: int = 0) -> NDArray[np.uint8]:
        """Return the picture on a quad of the last frame, (h, w, 4), top row first."""
        image: NDArray[np.uint8] = self._picture("quad", index, depth=False)
        return image

    def _picture(self, kind: str, index: int, *, depth: bool) -> Any:
        """Find a picture: of a view by its number, of a quad by its number among the quads."""
        count = self.counts["frames"]
        layers = self.frames_since(count - 1)[-1].layers if count else ()
        numbers = [number for number, layer in enumerate(layers) if layer.kind == kind]
        place = (numbers[:1], index) if kind == "projection" else (numbers[index : index + 1], 0)
        for position, listed in enumerate(_library.read(self._lib, "pictures")):
            found = ([listed["layer"]], listed["surface"]) == place
            if found and listed["depth"] == depth:
                return self._read_picture(position, listed["size"], depth)
        raise TestingError(
            f"the last frame has no {'depth' if depth else 'picture'} of {kind} {index}; was the "
            "runtime made with pictures=True, and has that frame layers?"
        )

    def _read_picture(self, position: int, size: list[int], depth: bool) -> Any:
        width, height = size
        shape = (height, width) if depth else (height, width, 4)
        image = np.empty(shape, dtype=np.float32 if depth else np.uint8)
        address = image.ctypes.data_as(ctypes.c_void_p)
        self._lib.fakexr_picture(position, address, image.nbytes)
        return image[::-1].copy()
