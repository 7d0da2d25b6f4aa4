"""Textures that several passes share: the grain of tissue, and letters."""

from __future__ import annotations

from typing import Any

from surgisim.render.glyphs import GlyphAtlas
from surgisim.render.noise import detail_volume, lobule_volume
from surgisim.render.programs import UNITS

__all__ = ["GlyphTexture", "Grain"]


class Grain:
    """The volume textures that all tissue shares."""

    def __init__(self, api: Any, *, software: bool) -> None:
        detail, lobules = detail_volume(), lobule_volume()
        side = len(detail)
        self.detail = api.texture3d((side, side, side), 4, detail.tobytes())
        self.lobules = api.texture3d((side, side, side), 2, lobules.tobytes())
        for texture in (self.detail, self.lobules):
            texture.build_mipmaps()
            if software:  # one set of eight texels a look-up instead of two
                texture.filter = (api.LINEAR_MIPMAP_NEAREST, api.LINEAR)

    def use(self) -> None:
        """Bind to texture units 0 and 1."""
        self.detail.use(UNITS["detail"])
        self.lobules.use(UNITS["lobules"])


class GlyphTexture:
    """The atlas of letters on the GPU, uploaded again when it has grown; texture unit 2."""

    def __init__(self, api: Any) -> None:
        self.atlas = GlyphAtlas()
        side = len(self.atlas.pixels)
        self._texture = api.texture((side, side), 1, self.atlas.pixels.tobytes())
        self._version = self.atlas.version

    def use(self) -> None:
        """Bind it, brought up to date."""
        if self._version != self.atlas.version:
            self._texture.write(self.atlas.pixels.tobytes())
            self._version = self.atlas.version
        self._texture.use(UNITS["glyphs"])
