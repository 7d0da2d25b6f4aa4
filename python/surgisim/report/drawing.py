"""From matplotlib to SVG that lives inside the page.

Colours are written as variables of the page's style sheet, so one drawing serves light, dark and
paper; text stays text; ids are unique on the page; nothing refers to the outside; the same data
gives the same bytes.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from markupsafe import Markup

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

__all__ = [
    "ALARM",
    "AXES_LEFT",
    "AXES_RIGHT",
    "CHANCE",
    "FAINT",
    "GOOD",
    "GRID",
    "INK",
    "MISSED",
    "PAPER",
    "TOOL",
    "WIDTH_IN",
    "bare",
    "drawing",
    "to_svg",
    "variable",
]

# Stand-ins that matplotlib can draw with; each becomes a variable of the style sheet. The hues
# are Okabe and Ito's (2008), which all common kinds of colour blindness tell apart.
INK = "#101011"
FAINT = "#707071"
GRID = "#d0d0d1"
PAPER = "#fefefd"
TOOL = "#0072b1"
ALARM = "#d55e01"
GOOD = "#009e72"
MISSED = "#cc79a6"
CHANCE = "#56b4e8"

_VARIABLES = {
    INK: "--ink",
    FAINT: "--faint",
    GRID: "--grid",
    PAPER: "--paper",
    TOOL: "--tool",
    ALARM: "--alarm",
    GOOD: "--good",
    MISSED: "--missed",
    CHANCE: "--chance",
}

WIDTH_IN = 9.6
AXES_LEFT = 0.115
AXES_RIGHT = 0.975
"""Shared by all plots over time, so that one moment stands in one column of the page."""

_STYLE: dict[str, Any] = {
    "svg.fonttype": "none",
    "svg.image_inline": True,
    "text.parse_math": False,  # a title may hold a dollar sign
    "axes.unicode_minus": True,
    "font.family": "sans-serif",
    "font.size": 10.0,
    "axes.edgecolor": FAINT,
    "axes.labelcolor": INK,
    "axes.linewidth": 0.7,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "xtick.color": FAINT,
    "ytick.color": FAINT,
    "xtick.labelcolor": INK,
    "ytick.labelcolor": INK,
    "text.color": INK,
    "grid.color": GRID,
    "grid.linewidth": 0.6,
    "path.simplify": True,
    "path.simplify_threshold": 0.2,
    "hatch.linewidth": 0.8,
}


@contextmanager
def drawing(name: str, height_in: float, width_in: float = WIDTH_IN) -> Iterator[Figure]:
    """Give an empty figure whose settings touch nobody else's.

    Parameters
    ----------
    name
        Unique on the page; seeds the ids inside.
    height_in, width_in
        Size in inches of 72 units each.
    """
    import matplotlib as mpl
    from matplotlib.figure import Figure

    style: Any = _STYLE | {"svg.hashsalt": name}
    with mpl.rc_context(style):
        yield Figure(figsize=(width_in, height_in), facecolor="none", label=name)


def variable(colour: str) -> str:
    """Name the style sheet's variable that a stand-in colour becomes."""
    return _VARIABLES[colour]


def bare(axes: Axes) -> None:
    """Draw an axes without its background, behind its grid."""
    axes.set_facecolor("none")
    axes.set_axisbelow(True)


def to_svg(figure: Figure, alt: str) -> Markup:
    """Write a figure as an ``<svg>`` element for the page.

    Call it inside `drawing`. `alt` is one sentence or two for those who cannot see it.
    """
    from matplotlib.backends.backend_svg import FigureCanvasSVG

    buffer = io.StringIO()
    empty = {"Date": None, "Creator": None, "Format": None, "Type": None}
    canvas: Any = FigureCanvasSVG(figure)  # its printers carry no annotations
    canvas.print_svg(buffer, metadata=empty)
    return _inline(buffer.getvalue(), str(figure.get_label()), alt)


def _inline(svg: str, name: str, alt: str) -> Markup:
    body = svg[svg.index("<svg") :]
    body = re.sub(r"<!--.*?-->\n?", "", body, flags=re.DOTALL)
    body = re.sub(r"<metadata>.*?</metadata>\n?", "", body, flags=re.DOTALL)
    body = re.sub(r"\s*<defs>\s*<style.*?</style>\s*</defs>", "", body, count=1, flags=re.DOTALL)
    opening, rest = body.split(">", 1)
    box = re.search(r'viewBox="[^"]*"', opening)
    assert box is not None  # noqa: S101  matplotlib always writes one
    rest = rest.replace("xlink:href", "href")
    ids = set(re.findall(r'\bid="([^"]+)"', rest))
    rest = re.sub(r'\bid="([^"]+)"', rf'id="{name}-\1"', rest)
    rest = re.sub(r"url\(#([^)]+)\)", rf"url(#{name}-\1)", rest)
    rest = re.sub(
        r'href="#([^"]+)"',
        lambda found: f'href="#{name}-{found[1]}"' if found[1] in ids else found[0],
        rest,
    )
    for color, variable in _VARIABLES.items():
        rest = rest.replace(color, f"var({variable})")
    start = Markup('<svg class="plot" {} role="img" aria-label="{}">').format(
        Markup(box[0]),  # noqa: S704  matplotlib's own numbers
        alt,
    )
    return start + Markup(rest)  # noqa: S704  matplotlib escapes every text
