"""Rigid tools in a world."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import ArrayLike

from surgisim.simulation.checks import Floats, as_quaternion, vector
from surgisim.snapshot import Vector

if TYPE_CHECKING:
    from surgisim.simulation.world import World

__all__ = ["Tool"]


class Tool:
    """A rigid, position-driven tool; made by `World.add_sphere` and its siblings."""

    __slots__ = ("__weakref__", "_shape", "_world", "index")

    def __init__(self, world: World, index: int, shape: str) -> None:
        self._world = world
        self.index = index
        self._shape = shape

    def __repr__(self) -> str:
        return f"<Tool {self.index}: {self._shape}>"

    def move_to(self, position: ArrayLike, orientation: ArrayLike | None = None) -> None:
        """Be at `position` at the end of the next step.

        Parameters
        ----------
        position
            m.
        orientation
            How it is turned then: a quaternion (w, x, y, z) or a rotation matrix, shape (3, 3),
            which turns the tool's own axes into the world's; None: as it was.

        Raises
        ------
        SurgisimError
            Numbers that are not finite, no rotation.
        """
        at = vector(position, "position")
        if orientation is None:
            self._world._native.move_tool(self.index, at)
        else:
            self._world._native.pose_tool(self.index, at, as_quaternion(orientation))

    def _state(self) -> tuple[Vector, Vector, Vector, int]:
        return self._world._native.tool(self.index)

    @property
    def position(self) -> Floats:
        """Where it is, shape (3,), m."""
        return np.array(self._state()[0])

    @property
    def orientation(self) -> Floats:
        """How it is turned: unit quaternion (w, x, y, z), shape (4,)."""
        return np.array(self._world._native.orientation(self.index))

    @property
    def force(self) -> Floats:
        """What the tissue pushes on it, shape (3,), N, mean of the last tick."""
        return np.array(self._state()[1])

    @property
    def torque(self) -> Floats:
        """The same as a torque about its position, shape (3,), N m."""
        return np.array(self._state()[2])

    @property
    def contacts(self) -> int:
        """Contact points at the end of the last tick."""
        return self._state()[3]
