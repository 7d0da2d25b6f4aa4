"""What a person sees who holds an endoscope."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from surgisim.scope import Lens
from surgisim.snapshot import Vector

__all__ = ["ScopeSight"]

Surface = tuple[NDArray[np.float64], NDArray[np.integer]]


@dataclass(frozen=True, slots=True, eq=False)
class ScopeSight:
    """The picture of an endoscope in the hand, and what the screen says beside it.

    Attributes
    ----------
    lens
        Where the picture is taken from.
    port, angle, reach_m
        Of the scope: the port (m), the angle between shaft and line of sight (rad), and how deep
        the tip goes at most (m).
    roll, head
        Turns of the scope and of its camera head, rad.
    fogged
        Whether the picture is too fogged to make anything out.
    touching
        Whether the lens touches something.
    beside
        Surfaces of the organs that stand around, by name: corners (n, 3), m, and triangles.
    organ
        Name of the organ that can yield; its surface is in the `Sight`.
    target
        Where the lit target is, m; None while it is not in view.
    normal
        Of the surface there.
    target_on
        The organ that it lies on, as the screen says; nothing when all are found.
    found, wanted
        Targets found so far, and how many there are.
    near_m, far_m, within, hold_s
        What the briefing asks for: the distance, the angle to the middle (rad), and how long (s).
    """

    lens: Lens
    port: Vector
    angle: float
    reach_m: float
    roll: float
    head: float
    fogged: bool
    touching: bool
    beside: Mapping[str, Surface]
    organ: str
    target: Vector | None = None
    normal: Vector | None = None
    target_on: str = ""
    found: int = 0
    wanted: int = 0
    near_m: float = 0.0
    far_m: float = 0.0
    within: float = 0.0
    hold_s: float = 0.0
