"""A person at a window who moves a rod freely: the mouse across the picture, the wheel in depth.

Where the work is to pass under an edge, an aim on the organ's front is of no use. Here the tip lies
where the pointer's ray meets a plane. The plane faces the eye; at the start it goes through the
tip, and the wheel moves it away from the eye and back. Seen steeply from above, as through a
scope that looks down at an edge, the wheel dips the rod under it and the mouse, pushed up, lifts.

However fast the mouse is, the aim moves with 0.25 m/s at most.
"""

import numpy as np
from numpy.typing import NDArray

from surgisim.render.view import Ray
from surgisim.snapshot import Vector
from surgisim.trainees.person import Window
from surgisim.trainees.trainee import Action, Sight
from surgisim.vectors import as_vector

__all__ = ["DEPTH_GAIN", "FreeHand"]

DEPTH_GAIN = 3.0
"""Way of the plane for the wheel's, which is told in the steps of a palpation."""
FARTHEST_M = 0.10
"""How far the wheel moves the plane, at most."""
_STEP_M = 0.005  # of the aim between two looks
_ALONG = 0.1  # cosine between ray and plane's normal, below which the ray meets nothing of use

Floats = NDArray[np.float64]


class FreeHand:
    """A person who moves a rod with the mouse.

    Parameters
    ----------
    window
        Where the mouse and the keys are.

    Attributes
    ----------
    point
        Where the hand is told to go, m, or None before the pointer was in the window.
    """

    def __init__(self, window: Window) -> None:
        self._window = window
        self._through: Floats | None = None
        self.point: Vector | None = None

    def act(self, sight: Sight) -> Action:
        """Do what mouse and keys say."""
        control = self._window.poll()
        if self._through is None:
            self._through = np.asarray(sight.probe.position)
        if control.pointer.inside and "right" not in control.pointer.buttons:
            self._move(control.pointer.ray, self._deep(control.depth_m), sight)
        return Action(
            aim=self.point,
            mark="mark" in control.pressed,
            finish="finish" in control.pressed,
            leave=control.closing,
        )

    def _deep(self, wheel_m: float) -> float:
        deep = min(max(DEPTH_GAIN * wheel_m, -FARTHEST_M), FARTHEST_M)
        if deep != DEPTH_GAIN * wheel_m:
            self._window.set_depth(deep / DEPTH_GAIN)
        return deep

    def _move(self, ray: Ray, deep_m: float, sight: Sight) -> None:
        """Bring the aim nearer to where the ray meets the plane."""
        assert self._through is not None  # noqa: S101  # act sets it before
        looked_at = self._through if sight.exposed is None else np.asarray(sight.exposed.middle)
        normal = ray.origin - looked_at
        normal = normal / np.linalg.norm(normal)
        away = float(ray.direction @ normal)
        if away > -_ALONG:
            return
        height = float((self._through - ray.origin) @ normal) - deep_m
        wanted = ray.origin + (height / away) * ray.direction
        now = np.asarray(sight.probe.position if self.point is None else self.point)
        way = wanted - now
        length = float(np.linalg.norm(way))
        self.point = as_vector(now + way * min(1.0, _STEP_M / max(length, 1e-9)))
