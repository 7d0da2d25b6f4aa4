"""Text in lines: how wide it is in the font that the picture is drawn with, and where it breaks.

Sizes are in points of 1/72 inch, the unit of the whole picture.
"""

from dataclasses import dataclass
from functools import lru_cache

__all__ = ["Style", "baseline", "font_file", "line_height", "width", "wrap"]

_LEADING = 1.32  # line height over letter size
_ASCENT = 0.76  # of DejaVu Sans' capitals and ascenders, over letter size


@dataclass(frozen=True, slots=True)
class Style:
    """How letters look: size in points, colour, and whether they are bold."""

    size: float
    color: str
    bold: bool = False


def font_file(bold: bool) -> str:
    """Give the font that comes with matplotlib, the same on every machine."""
    from matplotlib import get_data_path

    return f"{get_data_path()}/fonts/ttf/DejaVuSans{'-Bold' if bold else ''}.ttf"


@lru_cache(maxsize=4096)
def _advance(text: str, bold: bool) -> float:
    """Width of a text of 100 points."""
    from matplotlib.font_manager import FontProperties
    from matplotlib.textpath import TextToPath

    font = FontProperties(fname=font_file(bold), size=100.0)
    found, _, _ = TextToPath().get_text_width_height_descent(text, font, ismath=False)
    return float(found)


def width(text: str, style: Style) -> float:
    """Give the width of a line."""
    return _advance(text, style.bold) * style.size / 100.0 if text else 0.0


def line_height(style: Style) -> float:
    """Give the distance from one line to the next."""
    return _LEADING * style.size


def baseline(style: Style) -> float:
    """Give the distance from the top of a line to its base line."""
    return (0.5 * (_LEADING - 1.0) + _ASCENT + 0.06) * style.size


def wrap(text: str, style: Style, room: float) -> list[str]:
    """Break a text into lines of at most `room`; a word that is longer is broken itself."""
    lines: list[str] = []
    line = ""
    for word in text.split():
        longer = f"{line} {word}" if line else word
        if width(longer, style) <= room:
            line = longer
            continue
        if line:
            lines.append(line)
        *whole, line = _broken(word, style, room)
        lines += whole
    return [*lines, line] if line else lines


def _broken(word: str, style: Style, room: float) -> list[str]:
    parts = [word]
    while width(parts[-1], style) > room and len(parts[-1]) > 1:
        rest = parts.pop()
        cut = next((n for n in range(len(rest) - 1, 1, -1) if width(rest[:n], style) <= room), 1)
        parts += [rest[:cut], rest[cut:]]
    return parts
