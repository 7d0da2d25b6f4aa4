"""A camera that circles a point."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from surgisim.render.scene import Vector
from surgisim.render.view import View

__all__ = ["OrbitCamera"]

_HIGHEST = math.radians(85.0)
_LOWEST = math.radians(5.0)


@dataclass(frozen=True, slots=True)
class OrbitCamera:
    """An eye at a distance from a target.

    Attributes
    ----------
    target
        What it looks at, m.
    distance_m
        From the target.
    azimuth, elevation
        Rad: 0, 0 looks from the patient's feet; azimuth turns towards the patient's left,
        elevation rises towards the front of the body.
    fov_y
        Vertical angle of view, rad.
    """

    target: Vector = (0.0, 0.0, 0.0)
    distance_m: float = 0.30
    azimuth: float = 0.0
    elevation: float = math.radians(58.0)
    fov_y: float = math.radians(42.0)

    @classmethod
    def framing(cls, points: NDArray[np.floating]) -> OrbitCamera:
        """Look at points (n, 3) so that nearly all of them fill the picture."""
        low, high = points.min(axis=0), points.max(axis=0)
        middle = 0.5 * (low + high)
        middle[1] += 0.15 * (high[1] - low[1])  # its upper part is nearer and looks larger
        camera = cls((float(middle[0]), float(middle[1]), float(middle[2])))
        radius = float(np.percentile(np.linalg.norm(points - middle, axis=1), 90.0))
        return replace(camera, distance_m=0.92 * radius / math.tan(0.5 * camera.fov_y))

    def turned(self, azimuth: float, elevation: float) -> OrbitCamera:
        """Turn by angles in rad; the elevation stays between 5 and 85 degrees."""
        raised = min(max(self.elevation + elevation, _LOWEST), _HIGHEST)
        return replace(self, azimuth=self.azimuth + azimuth, elevation=raised)

    def view(self) -> View:
        """Where the eye is now."""
        flat = math.cos(self.elevation) * self.distance_m
        offset = (
            math.sin(self.azimuth) * flat,
            math.sin(self.elevation) * self.distance_m,
            math.cos(self.azimuth) * flat,
        )
        eye = np.asarray(self.target) + np.asarray(offset)
        return View.look_at(eye, self.target, fov_y=self.fov_y)
