"""A camera that circles a body lying on its back, as atlases show it: the head is up.

Azimuth 0 looks at the front of the body, so that the patient's right is at the picture's left;
it grows towards the patient's left side. Elevation rises towards the feet, from where axial
slices are looked at, again with the patient's right at the left.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from surgisim.render.orbit import OrbitCamera
from surgisim.render.spots import Vector
from surgisim.render.view import View

__all__ = ["SIDES", "BodyCamera"]

_STEEPEST = math.radians(89.0)
_TURN = math.tau
_THIN = 0.5  # over half the diagonal: a slab that shows little but its edge from the front

SIDES: dict[str, tuple[float, float]] = {
    "front": (0.0, 0.0),
    "left": (90.0, 0.0),
    "back": (180.0, 0.0),
    "right": (-90.0, 0.0),
    "feet": (0.0, 89.0),
    "head": (0.0, -89.0),
}
"""Azimuth and elevation, degrees, from where each side is seen."""


@dataclass(frozen=True, slots=True)
class BodyCamera(OrbitCamera):
    """An eye at a distance from a point of the body; see `OrbitCamera` for its fields."""

    azimuth: float = math.radians(25.0)
    elevation: float = math.radians(12.0)
    fov_y: float = math.radians(30.0)

    @classmethod
    def framing(cls, points: NDArray[np.floating]) -> BodyCamera:
        """Look at points (n, 3) so that all of them are in the picture from every side.

        What is thin, as a few slices are, is looked at from its broad side.
        """
        low, high = points.min(axis=0), points.max(axis=0)
        middle = 0.5 * (low + high)
        radius = float(np.linalg.norm(high - low)) / 2.0
        camera = cls((float(middle[0]), float(middle[1]), float(middle[2])))
        across, _, along = high - low
        if along < _THIN * radius:
            camera = replace(camera, elevation=math.radians(60.0))
        elif across < _THIN * radius:
            camera = replace(camera, azimuth=math.radians(65.0))
        return replace(camera, distance_m=0.88 * radius / math.sin(0.5 * camera.fov_y))

    def turned(self, azimuth: float, elevation: float) -> BodyCamera:
        """Turn by angles in rad; the elevation stays within 89 degrees."""
        raised = min(max(self.elevation - elevation, -_STEEPEST), _STEEPEST)
        return replace(self, azimuth=(self.azimuth + azimuth) % _TURN, elevation=raised)

    def seen_from(self, side: str) -> BodyCamera:
        """Look from one of `SIDES`."""
        azimuth, elevation = SIDES[side]
        return replace(self, azimuth=math.radians(azimuth), elevation=math.radians(elevation))

    def towards(self, point: Vector, zoom: float) -> BodyCamera:
        """Move the target towards a point of what is framed, m, before zooming in `zoom` times.

        At a zoom of 1 all stays in the picture; from 2 on the point is in the middle.
        """
        share = min(max(zoom - 1.0, 0.0), 1.0)
        x, y, z = np.asarray(self.target) + share * np.subtract(point, self.target)
        return replace(self, target=(float(x), float(y), float(z)))

    def zoomed(self, factor: float) -> BodyCamera:
        """Multiply the distance, kept between 20 mm and 5 m."""
        return replace(self, distance_m=min(max(self.distance_m * factor, 0.02), 5.0))

    def shifted(self, right: float, up: float) -> BodyCamera:
        """Move eye and target along the picture, in shares of the distance."""
        rotation = self.view().rotation
        step = self.distance_m * (right * rotation[:, 0] + up * rotation[:, 1])
        x, y, z = np.asarray(self.target) + step
        return replace(self, target=(float(x), float(y), float(z)))

    def view(self) -> View:
        """Where the eye is now."""
        flat = math.cos(self.elevation) * self.distance_m
        offset = (
            math.sin(self.azimuth) * flat,
            math.cos(self.azimuth) * flat,
            math.sin(self.elevation) * self.distance_m,
        )
        eye = np.asarray(self.target) + np.asarray(offset)
        view = View.look_at(eye, self.target, up=(0.0, 0.0, -1.0), fov_y=self.fov_y)
        return replace(view, near=max(0.02 * self.distance_m, 1e-3), far=self.distance_m + 3.0)
