"""What one picture of an organ shows."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from surgisim.render import Hud, Label
from surgisim.session.held_scope import Held, Spot
from surgisim.snapshot import Vector

__all__ = ["Look"]


@dataclass(frozen=True, slots=True, eq=False)
class Look:
    """What one picture shows besides the organ itself.

    Attributes
    ----------
    positions
        Nodes of the organ, (n, 3), m.
    tip
        The probe's tip, m.
    marks
        Marked points, at rest, m.
    tears, blood_ml
        Where the capsule tore, at rest, m, and what was lost in all; blood lies where it tore.
    spots, labels
        Tinted regions, and what is written at places in the world.
    hud
        What is written over it.
    held
        How the scope in the hand is held, or None without one.
    """

    positions: NDArray[np.floating]
    tip: Vector
    marks: Sequence[Vector] = ()
    tears: Sequence[Vector] = ()
    blood_ml: float = 0.0
    spots: Sequence[Spot] = ()
    labels: Sequence[Label] = ()
    hud: Hud | None = None
    held: Held | None = None
