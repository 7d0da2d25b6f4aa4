"""The endoscope of a scene on an anatomy: where its port is, and where its lens is now."""

import math
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from surgisim.anatomy.organ import Anatomy
from surgisim.errors import AnatomyError
from surgisim.procedure.scene import Scene
from surgisim.scope import Lens, centring_tips
from surgisim.session.port import Port, pivot_over
from surgisim.snapshot import Vector
from surgisim.vectors import as_vector

__all__ = ["Scope", "place_scope"]


_ENTERED_M = 0.04


@dataclass(frozen=True, slots=True)
class Scope:
    """An endoscope in its port.

    Attributes
    ----------
    port
        World, m.
    angle, field
        Between shaft and line of sight, and across the round field, rad.
    tip
        Where one that stands still has its lens, world, m; None for the instrument in the hand.
    """

    port: Vector
    angle: float
    field: float
    tip: Vector | None = None

    @property
    def held(self) -> bool:
        """Whether it is the instrument in the hand."""
        return self.tip is None

    def lens(self, tip: Vector, roll: float = 0.0, head: float = 0.0) -> Lens:
        """Return the lens, with the instrument's tip (m) and the two turns (rad) as they are now.

        A scope that stands still asks for none of them.
        """
        if self.tip is not None:
            tip, roll, head = self.tip, 0.0, 0.0
        return Lens.through(self.port, tip, self.angle, roll, head, self.field)

    def entered(self, points: NDArray[np.float64]) -> Vector:
        """Where the tip is at the start, m: just inside, towards an organ's middle, (n, 3) m."""
        way = points.mean(axis=0) - self.port
        return as_vector(np.asarray(self.port) + _ENTERED_M * way / np.linalg.norm(way))

    def header(self) -> dict[str, Any]:
        """Return it for a record's header."""
        return asdict(self)

    @staticmethod
    def of(header: Mapping[str, Any]) -> "Scope | None":
        """Return the scope that a record's header tells, or None where it has none."""
        told = header.get("endoscope")
        if told is None:
            return None
        tip = None if told["tip"] is None else as_vector(told["tip"])
        return Scope(as_vector(told["port"]), float(told["angle"]), float(told["field"]), tip)


def place_scope(scene: Scene, anatomy: Anatomy, port: Port | None) -> Scope | None:
    """Place the endoscope of a scene, if it has one.

    Parameters
    ----------
    scene
        Of the procedure.
    anatomy
        With the scene's organ.
    port
        Of the instrument in the hand.

    Raises
    ------
    AnatomyError
        A standing scope's organ is not there, or too near to its port.
    """
    spec = scene.endoscope
    if spec is None:
        return None
    if spec.port is None:
        return None if port is None else Scope(port.pivot, spec.angle, spec.field_of_view)
    pivot = pivot_over(spec.port, anatomy.organ(scene.organ).points)
    middle = anatomy.organ(spec.at or scene.organ).points.mean(axis=0)
    tips = centring_tips(pivot, middle, spec.distance, spec.angle, np.zeros(1))
    if not len(tips):
        gap_mm = 1e3 * math.dist(pivot, middle)
        raise AnatomyError(
            f"the endoscope's port is {gap_mm:.0f} mm from the middle of what it is to look at, "
            f"and it cannot look from {1e3 * spec.distance:.0f} mm: give a smaller 'distance' or "
            "move the port away"
        )
    return Scope(as_vector(pivot), spec.angle, spec.field_of_view, as_vector(tips[0]))
