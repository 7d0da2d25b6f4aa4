"""Letters as pixels: rasterised once at the size they are shown at, so that they stay sharp.

The typeface is Pillow's built-in one (Aileron, released under CC0). It has few letters beyond
English; the others come from DejaVu Sans (Bitstream Vera licence), which matplotlib brings along.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from importlib.util import find_spec
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont

from surgisim.errors import RenderError

__all__ = ["Glyph", "GlyphAtlas"]

Box = tuple[float, float, float, float]


@dataclass(frozen=True, slots=True)
class Glyph:
    """One letter at one size.

    Attributes
    ----------
    box
        Its place in the atlas: left, top, right, bottom, 0 to 1.
    left, top
        From the pen on the base line to its upper left corner, px; top is negative upward.
    width, height
        Its size, px.
    advance
        How far the pen moves, px.
    """

    box: Box
    left: int
    top: int
    width: int
    height: int
    advance: float


class GlyphAtlas:
    """A picture that fills up with the letters that were asked for.

    Attributes
    ----------
    pixels
        (side, side) uint8 coverage.
    version
        Grows whenever `pixels` changes.
    solid
        A box in the atlas that is fully covered, for bars and plates.
    """

    def __init__(self, side: int = 1024) -> None:
        self.pixels: NDArray[np.uint8] = np.zeros((side, side), dtype=np.uint8)
        self.solid: Box = (1.0 / side, 1.0 / side, 3.0 / side, 3.0 / side)
        self.version = 0
        self._glyphs: dict[tuple[str, int], Glyph] = {}
        self._empty()
        self._fonts: dict[int, tuple[ImageFont.FreeTypeFont, ImageFont.FreeTypeFont]] = {}

    def _empty(self) -> None:
        self.pixels[:] = 0
        self.pixels[:4, :4] = 255
        self.version += 1
        self._pen = (5, 0)
        self._row_height = 5
        self._glyphs.clear()

    def make_room(self) -> None:
        """Forget all letters once three quarters are full, as after many sizes of a window.

        Boxes given before no longer hold: to be called between two pictures.
        """
        if 4 * (self._pen[1] + self._row_height) > 3 * len(self.pixels):
            self._empty()

    def glyph(self, letter: str, size: int) -> Glyph:
        """Letter at a size in px.

        Raises
        ------
        RenderError
            If the atlas is full.
        """
        key = (letter, size)
        if key not in self._glyphs:
            self._glyphs[key] = self._rasterise(letter, size)
        return self._glyphs[key]

    def width(self, text: str, size: int) -> float:
        """Width of a line of text, px."""
        return sum(self.glyph(letter, size).advance for letter in text)

    def _font(self, letter: str, size: int) -> ImageFont.FreeTypeFont:
        if size not in self._fonts:
            self._fonts[size] = _fonts(size)
        own, other = self._fonts[size]
        unknown = bytes(own.getmask(letter)) == bytes(own.getmask("\uffff"))
        return other if unknown else own

    def _rasterise(self, letter: str, size: int) -> Glyph:
        font = self._font(letter, size)
        left, top, right, bottom = (int(v) for v in font.getbbox(letter, anchor="ls"))
        width, height = max(right - left, 1), max(bottom - top, 1)
        image = Image.new("L", (width, height))
        ImageDraw.Draw(image).text((-left, -top), letter, fill=255, font=font, anchor="ls")
        x, y = self._place(width, height)
        self.pixels[y : y + height, x : x + width] = np.asarray(image)
        self.version += 1
        side = float(len(self.pixels))
        box = (x / side, y / side, (x + width) / side, (y + height) / side)
        return Glyph(box, left, top, width, height, float(font.getlength(letter)))

    def _place(self, width: int, height: int) -> tuple[int, int]:
        side = len(self.pixels)
        x, y = self._pen
        if x + width + 1 > side:
            x, y, self._row_height = 0, y + self._row_height, 0
        if y + height + 1 > side:
            raise RenderError(
                f"the atlas of {side} x {side} px is full of letters; use fewer text sizes"
            )
        self._row_height = max(self._row_height, height + 1)
        self._pen = (x + width + 1, y)
        return x, y


def _fonts(size: int) -> tuple[ImageFont.FreeTypeFont, ImageFont.FreeTypeFont]:
    """Return the typeface, and the one for letters that it lacks."""
    own = ImageFont.load_default(size)
    if not isinstance(own, ImageFont.FreeTypeFont):
        raise RenderError(
            "Pillow was built without FreeType, so no text can be drawn; install Pillow's own wheel"
        )
    path = _dejavu()
    return own, own if path is None else ImageFont.truetype(path, size)


@cache
def _dejavu() -> Path | None:
    spec = find_spec("matplotlib")  # finds the files without importing the library
    if spec is None or spec.origin is None:
        return None
    path = Path(spec.origin).parent / "mpl-data" / "fonts" / "ttf" / "DejaVuSans.ttf"
    return path if path.exists() else None
