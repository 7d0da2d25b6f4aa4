"""Text and bars, last and over everything."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from surgisim.render.hud import HudSheet
from surgisim.render.panel import PanelSheet
from surgisim.render.passes.textures import GlyphTexture
from surgisim.render.programs import load_program
from surgisim.render.scene import Hud, Scene
from surgisim.render.view import View, Viewport

__all__ = ["HudPass"]


class HudPass:
    """Lays out what is written, and draws it over the target and viewport in use."""

    def __init__(self, api: Any, glyphs: GlyphTexture) -> None:
        self._api = api
        self._glyphs = glyphs
        self._program = load_program(api, "hud", "hud", software=False)
        self._buffer = api.buffer(reserve=256 * 1024, dynamic=True)
        self._array = self._make_array()

    def _make_array(self) -> Any:
        content = [(self._buffer, "2f 2f 4f", "in_pixel", "in_glyph", "in_color")]
        return self._api.vertex_array(self._program, content)

    def draw(self, scene: Scene, view: View, viewport: Viewport, *, with_hud: bool) -> None:
        """Write a scene's labels over one view, and over the first one all the rest."""
        scale = scene.hud.scale if scene.hud is not None else 1.0
        sheet = PanelSheet(self._glyphs.atlas, viewport, scale)
        for label in scene.labels:
            sheet.point_at(label, view, viewport)
        if with_hud and scene.exhibit is not None:
            sheet.write_exhibit(scene.exhibit, view)
        if with_hud and scene.hud is not None:
            sheet.write(scene.hud)
        self._lay(sheet.vertices(), viewport)

    def draw_alone(self, hud: Hud, viewport: Viewport) -> None:
        """Write a HUD."""
        sheet = HudSheet(self._glyphs.atlas, viewport, hud.scale)
        sheet.write(hud)
        self._lay(sheet.vertices(), viewport)

    def _lay(self, vertices: NDArray[np.float32], viewport: Viewport) -> None:
        """Draw a sheet's triangles."""
        if not len(vertices):
            return
        api = self._api
        api.enable_only(api.BLEND)
        api.blend_func = api.ONE, api.ONE_MINUS_SRC_ALPHA
        self._glyphs.use()
        if vertices.nbytes > self._buffer.size:
            self._buffer = api.buffer(reserve=2 * vertices.nbytes, dynamic=True)
            self._array = self._make_array()
        self._buffer.orphan()
        self._buffer.write(vertices)
        self._program["size"].value = (float(viewport.width), float(viewport.height))
        self._array.render(vertices=len(vertices))
