"""The cameras of one window: the room's, endoscopes, and both in one picture."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

from surgisim.render.endoscope import Endoscope, inset
from surgisim.render.orbit import OrbitCamera
from surgisim.render.scene import Scene
from surgisim.render.view import View, Viewport

__all__ = ["Cameras"]

_REACH_M = 0.10  # where a scope's light is as bright as its exposure wants
_PUSH_M = 0.04  # a scope's way for a turn of one radian
_LEAST_INSERTION_M = 0.01
_FARTHEST_M = 0.30


@dataclass(frozen=True, slots=True)
class Cameras:
    """What can be looked through, and what is looked through.

    Attributes
    ----------
    room
        The camera that circles the organ.
    scopes
        Endoscopes, which may be none.
    chosen
        0 for the room, 1 and on for an endoscope, and after the last of them the first endoscope
        with the room as a small picture in its own.
    """

    room: OrbitCamera
    scopes: tuple[Endoscope, ...] = ()
    chosen: int = 0

    def next(self) -> Cameras:
        """Take the next camera, after the last one the first."""
        count = len(self.scopes) + 2 if self.scopes else 1
        return replace(self, chosen=(self.chosen + 1) % count)

    def turned(self, sideways: float, upward: float) -> Cameras:
        """Turn the room's camera, or roll the scope and push it in, by angles in rad."""
        scope = self._scope
        if scope is None:
            return replace(self, room=self.room.turned(sideways, upward))
        insertion = scope.insertion_m + _PUSH_M * upward
        moved = replace(
            scope,
            scope_roll=math.remainder(scope.scope_roll + sideways, 2.0 * math.pi),
            insertion_m=min(max(insertion, _LEAST_INSERTION_M), _FARTHEST_M),
        )
        scopes = tuple(moved if known is scope else known for known in self.scopes)
        return replace(self, scopes=scopes)

    def views(self, width: int, height: int) -> tuple[Sequence[View], Sequence[Viewport]]:
        """Return the views of a picture of this size, px, the large one first."""
        whole = Viewport(0, 0, width, height)
        scope = self._scope
        if scope is None:
            return [self.room.view()], [whole]
        if self._split:
            return [scope.view(), self.room.view()], inset(width, height)
        return [scope.view()], [whole]

    def lit(self, scene: Scene) -> Scene:
        """Return the scene in the light of the scope that is looked through."""
        scope = self._scope
        if scope is None:
            return scene
        scene = replace(scene, lights=scope.lights(_REACH_M))
        if self._split:
            scene = replace(scene, instruments=(*scene.instruments, scope.instrument()))
        return scene

    @property
    def _split(self) -> bool:
        return self.chosen > len(self.scopes)

    @property
    def _scope(self) -> Endoscope | None:
        if self.chosen == 0 or not self.scopes:
            return None
        return self.scopes[0 if self._split else self.chosen - 1]
