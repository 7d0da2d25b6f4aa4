"""The body around the first organ."""

from __future__ import annotations

from typing import Any

import numpy as np

from surgisim.render.cavity import cavity_around
from surgisim.render.passes.depth import DepthProgram
from surgisim.render.programs import load_program
from surgisim.render.scene import SurfaceMesh

__all__ = ["CavityPass"]

_SAME_M = 0.001  # an organ whose extent has changed by less is the same one


class CavityPass:
    """The body around the first organ."""

    def __init__(self, api: Any, depth: DepthProgram, *, software: bool, high: bool) -> None:
        self._api = api
        self._depth = depth
        self._columns = 72 if software else 144
        self._program = load_program(api, "cavity", "cavity", software=software, high=high)
        self._key: tuple[str, int] | None = None
        self._extent = np.zeros((2, 3))
        self._bed = 0
        self._array: Any = None
        self._depths: Any = None

    def draw(self, mesh: SurfaceMesh, *, opened: bool) -> None:
        """Draw the cavity around `mesh`, or only its bed if it is opened."""
        self._build(mesh)
        self._array.render(vertices=self._bed if opened else -1)

    def draw_depth(self, mesh: SurfaceMesh, *, opened: bool) -> None:
        """Draw its depth."""
        self._build(mesh)
        self._depths.render(vertices=self._bed if opened else -1)

    def _build(self, mesh: SurfaceMesh) -> None:
        """Make it for another organ, and not for the same one with a cut in it."""
        if self._key == (mesh.name, mesh.topology):
            return
        self._key = (mesh.name, mesh.topology)
        rest = np.asarray(mesh.rest_vertices)
        extent = np.array([rest.min(axis=0), rest.max(axis=0)])
        if self._array is None or np.abs(extent - self._extent).max() > _SAME_M:
            self._extent = extent
            cavity = cavity_around(rest, self._columns)
            self._bed = 3 * cavity.bed
            vertices = self._api.buffer(np.ascontiguousarray(cavity.vertices))
            indices = self._api.buffer(np.ascontiguousarray(cavity.triangles))
            content = [(vertices, "3f 3f 4f", "in_position", "in_normal", "in_color")]
            self._array = self._api.vertex_array(
                self._program, content, indices, 4, skip_errors=True
            )
            self._depths = self._depth.array([(vertices, "3f 28x", "in_position")], indices)
