"""The port of a scene: where it is on this anatomy, and where the hand has to be for the tip.

What it does to hand and tip is the tick's, `crates/haptics/src/port/`.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from surgisim.errors import AnatomyError
from surgisim.procedure.port import PortSpec
from surgisim.snapshot import Vector
from surgisim.vectors import as_vector

__all__ = ["LEAST_OUTSIDE_M", "Port", "pivot_over", "place_port"]

Floats = NDArray[np.float64]

LEAST_OUTSIDE_M = 0.03
"""What of an instrument stays outside: its hub lies on the port."""

_UP = np.array([0.0, 1.0, 0.0])


@dataclass(frozen=True, slots=True)
class Port:
    """A point of the abdominal wall that an instrument turns about.

    Attributes
    ----------
    pivot
        That point, world, m.
    length_m
        From the handle to the tip.
    friction_n
        Of the seal; None for the tick's default.
    """

    pivot: Vector
    length_m: float
    friction_n: float | None = None

    def control(self) -> dict[str, Any]:
        """Return it as `surgisim.run` takes it under ``control["port"]``."""
        friction = {} if self.friction_n is None else {"kinetic_n": self.friction_n}
        return {
            "on": True,
            "pivot": list(self.pivot),
            "length_m": self.length_m,
            "min_outside_m": LEAST_OUTSIDE_M,
            "friction": friction,
        }

    @staticmethod
    def of(control: Mapping[str, Any]) -> "Port | None":
        """Return the port that a run's `control` tells, or None where it has none."""
        told = control["port"]
        if not told["on"]:
            return None
        pivot = as_vector(np.asarray(told["pivot"]))
        return Port(pivot, float(told["length_m"]), float(told["friction"]["kinetic_n"]))

    def handle_for(self, tip: ArrayLike) -> Vector:
        """Where the handle is when the tip is at `tip`, world, m."""
        inside = np.asarray(tip, dtype=np.float64) - self.pivot
        depth = float(np.linalg.norm(inside))
        along = inside / depth if depth > 0.0 else -_UP
        outside = max(self.length_m - depth, LEAST_OUTSIDE_M)
        return as_vector(self.pivot - outside * along)

    def at_tip(self, felt: Floats, tip: ArrayLike) -> Floats:
        """Return what a hand that knows its instrument takes a force to be at the tip, (3,), N.

        Along the shaft it is the hand's, the seal's friction in it; across, it is reversed and the
        lever is taken out of it.
        """
        inside = np.asarray(tip, dtype=np.float64) - self.pivot
        depth = float(np.linalg.norm(inside))
        if depth <= 0.0:
            return felt
        along = inside / depth
        axial = (felt @ along) * along
        outside = max(self.length_m - depth, LEAST_OUTSIDE_M)
        return np.asarray(axial - (outside / depth) * (felt - axial))

    def field(self, points: Floats, start: Vector) -> tuple[Vector, Vector]:
        """Box around where the handle works while the tip is on an organ, as for `run`.

        Its middle is where the handle is at the start: a hand that rests in the middle of its reach
        touches nothing.

        Parameters
        ----------
        points
            The organ at rest, (n, 3), m.
        start
            The tip at the start.
        """
        low, high = points.min(axis=0), points.max(axis=0)
        x, z = (np.linspace(low[axis], high[axis], 3) for axis in (0, 2))
        tips = np.stack(np.meshgrid(x, [0.5 * (low[1] + high[1]), high[1]], z), axis=-1)
        handles = np.array([self.handle_for(tip) for tip in tips.reshape(-1, 3)])
        middle = np.asarray(self.handle_for(start))
        reach = np.abs(handles - middle).max(axis=0)
        return as_vector(middle - reach), as_vector(middle + reach)

    def carried(self, mapping: Mapping[str, Any]) -> dict[str, Any]:
        """Return the mapping of a rig with the middle of its space where the handle is.

        A rig that was laid over the organ says where the tip is to be; one that was measured in the
        room lies outside the port already, and stays. So does one that does not say where it lies:
        the middle of its reach is laid where the handle is.
        """
        if "origin_world" not in mapping:
            return dict(mapping)
        middle = np.asarray(mapping["origin_world"], dtype=np.float64)
        if float((middle - self.pivot) @ _UP) >= 0.0:
            return dict(mapping)
        return {**mapping, "origin_world": list(self.handle_for(middle))}


def place_port(spec: PortSpec, points: Floats) -> Port:
    """Place a procedure's port over an organ, (n, 3), m.

    Raises
    ------
    AnatomyError
        The instrument is too short for this organ.
    """
    pivot = pivot_over(spec, points)
    middle_height = 0.5 * float(points[:, 1].min() + points[:, 1].max())
    front = points[points[:, 1] >= middle_height]
    farthest = float(np.linalg.norm(front - pivot, axis=1).max())
    if farthest > spec.length - LEAST_OUTSIDE_M:
        needed = 10.0 * np.ceil(100.0 * (farthest + LEAST_OUTSIDE_M))
        raise AnatomyError(
            f"an instrument of {1e3 * spec.length:.0f} mm does not reach all of this organ through "
            f"the procedure's port: give a 'length' of {needed:.0f} mm, or move the port nearer"
        )
    return Port(as_vector(pivot), spec.length, spec.friction)


def pivot_over(spec: PortSpec, points: Floats) -> Floats:
    """Point that a port over an organ, (n, 3) m, turns its shaft about, world, (3,), m."""
    low, high = points.min(axis=0), points.max(axis=0)
    middle = 0.5 * (low + high)
    return np.array([middle[0] + spec.right, high[1] + spec.above, middle[2] + spec.near])
