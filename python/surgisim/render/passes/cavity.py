"""The body around the first organ."""

from __future__ import annotations

from typing import Any

import numpy as np

from surgisim.render.cavity import cavity_around
from surgisim.render.programs import load_program
from surgisim.render.scene import SurfaceMesh

__all__ = ["CavityPass"]


class CavityPass:
    """The body around the first organ."""

    def __init__(self, api: Any, *, software: bool) -> None:
        self._api = api
        self._columns = 72 if software else 144
        self._program = load_program(api, "cavity", "cavity", software=software)
        self._program["detail"].value = 0
        if not software:
            self._program["lobules"].value = 1
        self._key: tuple[str, int] | None = None
        self._array: Any = None

    def draw(self, mesh: SurfaceMesh) -> None:
        """Draw the cavity around `mesh`, made anew when its topology changes."""
        if self._key != (mesh.name, mesh.topology):
            cavity = cavity_around(np.asarray(mesh.rest_vertices), self._columns)
            vertices = self._api.buffer(np.ascontiguousarray(cavity.vertices))
            indices = self._api.buffer(np.ascontiguousarray(cavity.triangles))
            content = [(vertices, "3f 3f 4f", "in_position", "in_normal", "in_color")]
            self._array = self._api.vertex_array(
                self._program, content, indices, 4, skip_errors=True
            )
            self._key = (mesh.name, mesh.topology)
        self._array.render()
