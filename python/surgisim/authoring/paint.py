"""From a sheet to a file: SVG, PNG or PDF through matplotlib. Same sheet, same bytes."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

from surgisim.authoring.looks import PAPER
from surgisim.authoring.sheet import Arrow, Box, Point, Sheet
from surgisim.authoring.typeset import font_file
from surgisim.errors import RenderError

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["ENDINGS", "paint"]

ENDINGS = (".svg", ".png", ".pdf")
_PNG_DPI = 144
_BEND = 6.0  # radius of an arrow's corners, points
_HEAD = (7.0, 3.2)  # length of an arrow's head and half its width
_METADATA: dict[str, dict[str, None]] = {
    ".svg": {"Date": None, "Creator": None},
    ".png": {"Software": None},
    ".pdf": {"CreationDate": None, "Creator": None, "Producer": None},
}


def paint(sheet: Sheet, path: Path, title: str) -> None:
    """Draw a sheet into a file; the ending of its name decides how.

    Raises
    ------
    RenderError
        An ending that is not in `ENDINGS`, or a file that cannot be written.
    """
    ending = path.suffix.lower()
    if ending not in ENDINGS:
        raise RenderError(f"{path} is no name for a picture: end it with {', '.join(ENDINGS)}")
    import matplotlib as mpl
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    settings: Any = {
        "svg.hashsalt": title,
        "path.simplify": False,
        "text.parse_math": False,
        "text.hinting": "none",  # hinted letters are wider than measured
    }
    with mpl.rc_context(settings):
        figure = Figure(figsize=(sheet.width / 72.0, sheet.height / 72.0), facecolor=PAPER)
        FigureCanvasAgg(figure)
        axes = figure.add_axes((0.0, 0.0, 1.0, 1.0))
        axes.set_axis_off()
        axes.set_xlim(0.0, sheet.width)
        axes.set_ylim(sheet.height, 0.0)
        _draw(sheet, axes)
        metadata = dict(_METADATA[ending]) | ({"Title": title} if ending != ".png" else {})
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            figure.savefig(path, dpi=_PNG_DPI, metadata=metadata)
        except OSError as error:
            raise RenderError(f"{path} cannot be written: {error.strerror or error}") from error


def _draw(sheet: Sheet, axes: "Axes") -> None:
    from matplotlib.font_manager import FontProperties

    for box in sheet.boxes:
        axes.add_patch(_rounded(box))
    for arrow in sheet.arrows:
        _draw_arrow(arrow, axes)
    fonts = {bold: FontProperties(fname=font_file(bold)) for bold in (False, True)}
    for line in sheet.lines:
        axes.text(
            line.x,
            line.base,
            line.text,
            fontsize=line.style.size,
            fontproperties=fonts[line.style.bold].copy(),
            color=line.style.color,
            verticalalignment="baseline",
        )


def _rounded(box: Box) -> Any:
    from matplotlib.patches import FancyBboxPatch

    radius = min(box.radius, 0.5 * box.width, 0.5 * box.height)
    return FancyBboxPatch(
        (box.x, box.y),
        box.width,
        box.height,
        boxstyle=f"round,pad=0,rounding_size={radius}",
        facecolor=box.fill,
        edgecolor=box.edge,
        linewidth=0.9,
    )


def _draw_arrow(arrow: Arrow, axes: "Axes") -> None:
    from matplotlib.patches import PathPatch, Polygon
    from matplotlib.path import Path as Curve

    points = list(arrow.points)
    if arrow.head:
        tip, points[-1], left, right = _head(points[-2], points[-1])
        axes.add_patch(Polygon([tip, left, right], closed=True, color=arrow.color, linewidth=0.0))
    vertices, codes = [points[0]], [Curve.MOVETO]
    for before, corner, after in zip(points, points[1:], points[2:], strict=False):
        vertices += [_toward(corner, before), corner, _toward(corner, after)]
        codes += [Curve.LINETO, Curve.CURVE3, Curve.CURVE3]
    vertices.append(points[-1])
    codes.append(Curve.LINETO)
    axes.add_patch(
        PathPatch(Curve(vertices, codes), fill=False, edgecolor=arrow.color, linewidth=1.1)
    )


def _toward(corner: Point, other: Point) -> Point:
    """Give the point where a corner begins to bend, not beyond half of the way."""
    dx, dy = other[0] - corner[0], other[1] - corner[1]
    long = max((dx * dx + dy * dy) ** 0.5, 1e-9)
    share = min(_BEND, 0.5 * long) / long
    return corner[0] + share * dx, corner[1] + share * dy


def _head(before: Point, tip: Point) -> tuple[Point, Point, Point, Point]:
    """Give the tip of an arrow, where its line ends, and the corners of its head."""
    dx, dy = tip[0] - before[0], tip[1] - before[1]
    long = max((dx * dx + dy * dy) ** 0.5, 1e-9)
    ux, uy = dx / long, dy / long
    length, half = _HEAD
    foot = (tip[0] - length * ux, tip[1] - length * uy)
    left = (foot[0] - half * uy, foot[1] + half * ux)
    right = (foot[0] + half * uy, foot[1] - half * ux)
    return tip, foot, left, right
