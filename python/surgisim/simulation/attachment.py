"""Springs that hold tissue."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import ArrayLike

from surgisim.simulation.checks import Floats, vector
from surgisim.snapshot import Vector

if TYPE_CHECKING:
    from surgisim.simulation.world import World

__all__ = ["Attachment", "Break"]


@dataclass(frozen=True, slots=True)
class Break:
    """An attachment that broke in the last tick.

    Attributes
    ----------
    attachment
        Its index, `Attachment.index`.
    force
        The tension that it broke at, N.
    point
        Where it left its body, m.
    """

    attachment: int
    force: float
    point: Vector


class Attachment:
    """A spring that holds tissue, such as a ligament; made by `World.attach`."""

    __slots__ = ("__weakref__", "_ends", "_world", "index")

    def __init__(self, world: World, index: int, ends: str) -> None:
        self._world = world
        self.index = index
        self._ends = ends

    def __repr__(self) -> str:
        return f"<Attachment {self.index}: {self._ends}>"

    def _state(self) -> tuple[float, Vector, float, float, bool]:
        return self._world._native.attachment(self.index)

    @property
    def force(self) -> float:
        """Tension, N, mean of the last tick; below 0 where it pushes, 0 once it is broken."""
        return self._state()[0]

    @property
    def force_vector(self) -> Floats:
        """What it pulls on its body with, shape (3,), N, mean of the last tick."""
        return np.array(self._state()[1])

    @property
    def length(self) -> float:
        """Distance of its ends at the end of the last tick, m, also when it is broken."""
        return self._state()[2]

    @property
    def rest_length(self) -> float:
        """Length at which it bears nothing, m."""
        return self._state()[3]

    @property
    def broken(self) -> bool:
        """Whether it broke or was detached."""
        return self._state()[4]

    def move_to(self, point: ArrayLike) -> None:
        """Lead to `point` of the world (m) at the end of the next step.

        Raises
        ------
        SurgisimError
            It leads to tissue, or `point` is not finite.
        """
        self._world._native.move_anchor(self.index, vector(point, "point"))

    def detach(self) -> None:
        """Cut it; it counts as broken from now on."""
        self._world._native.detach(self.index)
