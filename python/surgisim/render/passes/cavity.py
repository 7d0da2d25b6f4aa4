"""The body around the organs."""

from __future__ import annotations

from typing import Any

import numpy as np

from surgisim.render.cavity import cavity_around
from surgisim.render.passes.depth import DepthProgram
from surgisim.render.programs import load_program
from surgisim.render.scene import Scene

__all__ = ["CavityPass"]

_BELOW = 1.25  # half heights below the middle of all organs: folds of the bed stay under them
_SAME_M = 0.001  # an organ whose extent has changed by less is the same one


class CavityPass:
    """The body around the first organ, or below all of them."""

    def __init__(self, api: Any, depth: DepthProgram, *, software: bool, high: bool) -> None:
        self._api = api
        self._depth = depth
        self._columns = 72 if software else 144
        self._program = load_program(api, "cavity", "cavity", software=software, high=high)
        self._key: tuple[tuple[str, int], ...] = ()
        self._extent = np.zeros((2, 3))
        self._bed = 0
        self._array: Any = None
        self._depths: Any = None

    def draw(self, scene: Scene) -> None:
        """Draw the cavity of a scene with surfaces, or only its bed if it is opened."""
        self._build(scene)
        self._array.render(vertices=self._bed if scene.opened else -1)

    def draw_depth(self, scene: Scene) -> None:
        """Draw its depth."""
        self._build(scene)
        self._depths.render(vertices=self._bed if scene.opened else -1)

    def _build(self, scene: Scene) -> None:
        """Make it for other organs, and not for the same ones with a cut in them."""
        meshes = scene.surfaces if scene.deep else scene.surfaces[:1]
        key = tuple((mesh.name, mesh.topology) for mesh in meshes)
        if self._key == key:
            return
        self._key = key
        rest = np.concatenate([np.asarray(mesh.rest_vertices) for mesh in meshes])
        extent = np.array([rest.min(axis=0), rest.max(axis=0)])
        if self._array is None or np.abs(extent - self._extent).max() > _SAME_M:
            self._extent = extent
            sink = {"sink": _BELOW} if scene.deep else {}
            cavity = cavity_around(rest, self._columns, **sink)
            self._bed = 3 * cavity.bed
            vertices = self._api.buffer(np.ascontiguousarray(cavity.vertices))
            indices = self._api.buffer(np.ascontiguousarray(cavity.triangles))
            content = [(vertices, "3f 3f 4f", "in_position", "in_normal", "in_color")]
            self._array = self._api.vertex_array(
                self._program, content, indices, 4, skip_errors=True
            )
            self._depths = self._depth.array([(vertices, "3f 28x", "in_position")], indices)
