"""The scope in the hand as it is drawn: what it is looked through with, and its targets."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from surgisim.render.endoscope import Endoscope
from surgisim.render.optics import Optics
from surgisim.session.endoscope import Scope
from surgisim.session.targets import Target
from surgisim.snapshot import Vector
from surgisim.vectors import as_vector

__all__ = ["FOUND", "LIT", "Held", "Spot", "endoscope_at", "target_spots"]

LIT: Vector = (0.05, 0.70, 0.95)
FOUND: Vector = (0.05, 0.75, 0.25)

_MARKED = {LIT: 0.95, FOUND: 0.6}  # how strongly a target tints its place


@dataclass(frozen=True, slots=True)
class Spot:
    """A region of a surface to tint: what lies within `radius_m` of `point` at rest.

    Attributes
    ----------
    surface
        Name of the organ that it lies on; nothing for the one that is worked on.
    """

    point: Vector
    radius_m: float
    color: Vector
    strength: float = 0.6
    surface: str = ""


@dataclass(frozen=True, slots=True)
class Held:
    """How the scope is held: turns of the scope and its camera head, rad, and the lens's fog."""

    roll: float = 0.0
    head: float = 0.0
    fog: float = 0.0


def endoscope_at(scope: Scope, tip: Vector, held: Held) -> Endoscope:
    """Return the scope as a camera with its tip at a place, m.

    The whole round field of one that is held is shown.
    """
    place = scope.lens(tip).position
    way = place - np.asarray(scope.port)
    return Endoscope(
        scope.port,
        as_vector(way),
        float(np.linalg.norm(way)),
        scope.angle,
        held.roll,
        held.head,
        scope.field,
        Optics(field_radius=1.0, fogging=held.fog) if scope.held else Optics(),
    )


def target_spots(targets: Sequence[Target], found: int, radius_m: float) -> tuple[Spot, ...]:
    """Tint the lit target, and those found before it."""
    return tuple(
        Spot(one.point, radius_m, color, _MARKED[color], one.organ)
        for one, color in zip(targets, [FOUND] * found + [LIT], strict=False)
    )
