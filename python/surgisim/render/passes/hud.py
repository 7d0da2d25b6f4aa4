"""Text and bars, last and over everything."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from surgisim.render.programs import load_program

__all__ = ["HudPass"]


class HudPass:
    """Text and bars, last and over everything."""

    def __init__(self, api: Any) -> None:
        self._api = api
        self._program = load_program(api, "hud", "hud", software=False)
        self._buffer = api.buffer(reserve=256 * 1024, dynamic=True)
        self._array = self._make_array()

    def _make_array(self) -> Any:
        content = [(self._buffer, "2f 2f 4f", "in_pixel", "in_glyph", "in_color")]
        return self._api.vertex_array(self._program, content)

    def draw(self, vertices: NDArray[np.float32], size: tuple[int, int]) -> None:
        """Draw the sheet's triangles over a viewport of `size` px."""
        if vertices.nbytes > self._buffer.size:
            self._buffer = self._api.buffer(reserve=2 * vertices.nbytes, dynamic=True)
            self._array = self._make_array()
        self._buffer.orphan()
        self._buffer.write(vertices)
        self._program["size"].value = (float(size[0]), float(size[1]))
        self._array.render(vertices=len(vertices))
