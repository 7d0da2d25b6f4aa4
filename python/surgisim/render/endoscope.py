"""Where an endoscope is and what it looks at: geometry alone.

A rigid endoscope passes through a port, a fixed point of the abdominal wall. Its line of sight
leaves the tip at an angle to the shaft (0 or 30 degrees are common). Turning the scope about its
shaft swings an angled line of sight around without turning the picture; turning the camera head
turns the picture without moving the line of sight.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import ArrayLike, NDArray

from surgisim.errors import RenderError
from surgisim.render.optics import Optics
from surgisim.render.scene import Instrument, Light, Vector
from surgisim.render.view import View, Viewport
from surgisim.scope import camera_axes, upward
from surgisim.vectors import as_vector

__all__ = ["Endoscope", "inset"]

Floats = NDArray[np.float64]

SHAFT_RADIUS_M = 0.005
"""Of a common 10 mm laparoscope."""

_RING_M = 0.0035  # from the lens to the middle of the light's fibres


@dataclass(frozen=True, slots=True)
class Endoscope:
    """A rigid endoscope in a port.

    Attributes
    ----------
    pivot
        The port, world, m.
    direction
        Of the shaft, from the port inward.
    insertion_m
        From the port to the tip.
    angle
        Between shaft and line of sight, rad.
    scope_roll
        Turn of the scope about its shaft, rad: at 0 the line of sight is bent towards the picture's
        lower edge, as it is with the light cable up.
    head_roll
        Turn of the camera head, rad: the picture turns the other way.
    fov
        Full angle across the round field, rad; 70 degrees are common.
    optics
        See `Optics`.
    """

    pivot: Vector
    direction: Vector
    insertion_m: float
    angle: float = 0.0
    scope_roll: float = 0.0
    head_roll: float = 0.0
    fov: float = math.radians(70.0)
    optics: Optics = field(default_factory=Optics)

    @classmethod
    def aimed(
        cls,
        pivot: ArrayLike,
        target: ArrayLike,
        working_distance_m: float,
        angle: float = 0.0,
        optics: Optics | None = None,
    ) -> Endoscope:
        """Place a scope, unturned, so that it looks at `target` from a distance.

        With the port P, the tip and the target T as a triangle, D = |PT|, working distance d and
        angle a: insertion L = sqrt(D^2 - d^2 sin^2 a) - d cos a, and the shaft leaves the line PT
        by b = asin(d sin(a) / D).

        Raises
        ------
        RenderError
            If the target is too near to the port for this distance.
        """
        way = np.asarray(target, dtype=np.float64) - np.asarray(pivot, dtype=np.float64)
        distance = float(np.linalg.norm(way))
        across = working_distance_m * math.sin(angle)
        if distance <= working_distance_m or across >= distance:
            raise RenderError(
                f"an endoscope cannot look from {1e3 * working_distance_m:.0f} mm at a place that "
                f"is {1e3 * distance:.0f} mm from its port; come nearer or move the port away"
            )
        along = way / distance
        lean = math.asin(across / distance)
        shaft = math.cos(lean) * along + math.sin(lean) * upward(along)
        insertion = math.sqrt(distance**2 - across**2) - working_distance_m * math.cos(angle)
        place = np.asarray(pivot, dtype=np.float64)
        return cls(as_vector(place), as_vector(shaft), insertion, angle, optics=optics or Optics())

    @property
    def tip(self) -> Floats:
        """Where the lens is, world, (3,), m."""
        return np.asarray(self.pivot) + self.insertion_m * self._shaft()

    def view(self) -> View:
        """Return what the camera sees."""
        radius = max(self.optics.field_radius, 1e-6)
        fov_y = 2.0 * math.atan(math.tan(0.5 * self.fov) / radius)
        return View(self.tip, self._camera(), fov_y, 0.004, 2.0, self.optics)

    def lights(self, reach_m: float | None = None, strength: float = 1.9) -> tuple[Light, ...]:
        """Return the scope's own light, exposed for things at `reach_m`; see `Light`."""
        place = self.tip + self._camera() @ np.array([0.0, _RING_M, 0.0])
        return (Light(as_vector(place), (1.0, 0.98, 0.95), strength, reach_m, shadows=True),)

    def instrument(self) -> Instrument:
        """Return the scope as it is seen from outside."""
        return Instrument(
            as_vector(self.tip),
            as_vector(-self._shaft()),
            shaft_radius_m=SHAFT_RADIUS_M,
            kind="endoscope",
        )

    def _shaft(self) -> Floats:
        direction = np.asarray(self.direction, dtype=np.float64)
        return np.asarray(direction / np.linalg.norm(direction))

    def _camera(self) -> Floats:
        """Columns are the camera's right, up and backward axes in the world, (3, 3)."""
        return camera_axes(self._shaft(), self.angle, self.scope_roll, self.head_roll)


def inset(width: int, height: int) -> tuple[Viewport, Viewport]:
    """Viewports of a picture within a picture: the whole, and a small one at the right edge.

    The small one keeps to the black beside the scope's round picture where there is room for it.
    """
    gap = round(0.02 * height)
    beside = (width - height) // 2 - 2 * gap
    across = min(max(beside, round(0.30 * height)), round(0.53 * height), width)
    small = round(0.75 * across)
    low = round(0.14 * height)
    return (
        Viewport(0, 0, width, height),
        Viewport(max(width - across - gap, 0), low, across, small),
    )
