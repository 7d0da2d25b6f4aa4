"""A person at a window who guides the endoscope: point where you want to look.

The scope swings about its port so that the picture glides towards the pointer, the faster the
farther off the middle that is; near the middle it rests. The wheel pushes the scope in and draws it
back, the left and right arrows (or the right button, held) turn it about its shaft, and the upper
and lower ones turn the camera head, which levels the picture. With a device in the hand that moves
the scope, and mouse and wheel do nothing.
"""

import numpy as np
from numpy.typing import NDArray

from surgisim.render.view import Ray
from surgisim.trainees.person import Window
from surgisim.trainees.scope_sight import ScopeSight
from surgisim.trainees.trainee import Action, Sight
from surgisim.vectors import as_vector

__all__ = ["WHEEL_GAIN", "ScopePerson"]

WHEEL_GAIN = 5.0
"""Way of the tip for the wheel's, which is told in the steps of a palpation."""

_REST = 0.06  # rad off the middle within which the pointer rests
_FASTEST = 0.5  # rad of the pointer off the middle that count
_GAIN = 0.9  # rad/s of the shaft for a rad of the pointer
_LOOK_S = 0.02
_LEAST_DEPTH_M = 0.012

Floats = NDArray[np.float64]


class ScopePerson:
    """A person who holds the scope.

    Parameters
    ----------
    window
        Where the mouse and the keys are.
    device
        Whether a device in the person's hand moves the scope.
    """

    def __init__(self, window: Window, *, device: bool = False) -> None:
        self._window = window
        self._device = device
        self._ahead: Floats | None = None
        self._start_m = 0.0

    def act(self, sight: Sight) -> Action:
        """Do what mouse and keys say."""
        control, scope = self._window.poll(), sight.scope
        if scope is None:
            return Action(leave=control.closing)
        sideways, upward = control.turned
        aim = None
        if not self._device:
            pointer = control.pointer
            moves = pointer.inside and "right" not in pointer.buttons
            aim = self._move(sight, scope, pointer.ray if moves else None, control.depth_m)
        return Action(
            aim=None if aim is None else as_vector(aim),
            finish="finish" in control.pressed,
            leave=control.closing,
            roll=scope.roll + sideways,
            head=scope.head + upward,
        )

    def _move(self, sight: Sight, scope: ScopeSight, ray: Ray | None, wheel_m: float) -> Floats:
        """Swing the shaft towards the pointer and push it in as the wheel says."""
        port = np.asarray(scope.port)
        if self._ahead is None:
            inside = np.asarray(sight.probe.position) - port
            self._start_m = float(np.linalg.norm(inside))
            self._ahead = inside / self._start_m
        if ray is not None:
            swing = _swing(scope.lens.rotation.T @ ray.direction)
            way = scope.lens.rotation[:, :2] @ swing
            ahead = self._ahead + _LOOK_S * (way - (way @ self._ahead) * self._ahead)
            self._ahead = np.asarray(ahead / np.linalg.norm(ahead))
        depth_m = self._start_m + WHEEL_GAIN * wheel_m
        held_m = min(max(depth_m, _LEAST_DEPTH_M), scope.reach_m)
        if held_m != depth_m:
            self._window.set_depth((held_m - self._start_m) / WHEEL_GAIN)
        return np.asarray(port + held_m * self._ahead)


def _swing(seen: Floats) -> Floats:
    """Rate of the shaft to the right and up, rad/s, for a direction in the camera's axes, (3,)."""
    off = np.arctan2(seen[:2], max(-float(seen[2]), 1e-6))
    far = float(np.linalg.norm(off))
    if far <= _REST:
        return np.zeros(2)
    return np.asarray(_GAIN * min(far - _REST, _FASTEST) / far * off)
