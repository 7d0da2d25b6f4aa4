"""A drawing as plain data: boxes, lines of text and arrows, y downwards, in points of 1/72 inch."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace

from surgisim.authoring.typeset import Style, baseline, line_height, width, wrap

__all__ = ["Arrow", "Box", "Line", "Paragraph", "Sheet", "column", "stacked"]

Point = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle with rounded corners, from its upper left one."""

    x: float
    y: float
    width: float
    height: float
    fill: str
    edge: str = "none"
    radius: float = 6.0


@dataclass(frozen=True, slots=True)
class Line:
    """A line of text, from the upper left corner of its letters' room."""

    x: float
    y: float
    text: str
    style: Style

    @property
    def width(self) -> float:
        """Of the letters."""
        return width(self.text, self.style)

    @property
    def height(self) -> float:
        """Of the line."""
        return line_height(self.style)

    @property
    def base(self) -> float:
        """Where the letters stand, y."""
        return self.y + baseline(self.style)


@dataclass(frozen=True, slots=True)
class Arrow:
    """A polyline; with a head at its last point."""

    points: tuple[Point, ...]
    color: str
    head: bool = True


@dataclass(slots=True)
class Sheet:
    """Things drawn, and the room that they take from (0, 0) on."""

    width: float = 0.0
    height: float = 0.0
    boxes: list[Box] = field(default_factory=list)
    lines: list[Line] = field(default_factory=list)
    arrows: list[Arrow] = field(default_factory=list)

    def put(self, other: "Sheet", x: float, y: float) -> None:
        """Draw another sheet here, its upper left corner at (x, y); this one grows as needed."""
        self.boxes += [replace(one, x=one.x + x, y=one.y + y) for one in other.boxes]
        self.lines += [replace(one, x=one.x + x, y=one.y + y) for one in other.lines]
        for arrow in other.arrows:
            moved = tuple((px + x, py + y) for px, py in arrow.points)
            self.arrows.append(replace(arrow, points=moved))
        self.width = max(self.width, x + other.width)
        self.height = max(self.height, y + other.height)

    def framed(
        self, fill: str, edge: str = "none", pad: float = 10.0, radius: float = 6.0
    ) -> "Sheet":
        """Give this sheet on a box, `pad` larger on all sides."""
        whole = Sheet()
        wide, high = self.width + 2.0 * pad, self.height + 2.0 * pad
        whole.boxes.append(Box(0.0, 0.0, wide, high, fill, edge, radius))
        whole.width, whole.height = wide, high
        whole.put(self, pad, pad)
        return whole


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Text to be broken into lines, `gap` below what stands above it, after an optional sign."""

    text: str
    style: Style
    gap: float = 0.0
    sign: str = ""


def column(paragraphs: Iterable[Paragraph], room: float) -> Sheet:
    """Set paragraphs below each other in a column of this width."""
    sheet = Sheet(width=room)
    for one in paragraphs:
        if not one.text:
            continue
        sheet.height += one.gap if sheet.height else 0.0
        indent = width(f"{one.sign} ", one.style) if one.sign else 0.0
        if one.sign:
            sheet.lines.append(Line(0.0, sheet.height, one.sign, one.style))
        for text in wrap(one.text, one.style, room - indent):
            sheet.lines.append(Line(indent, sheet.height, text, one.style))
            sheet.height += line_height(one.style)
    return sheet


def stacked(sheets: Sequence[Sheet], gap: float) -> Sheet:
    """Put sheets below each other."""
    whole = Sheet()
    for one in sheets:
        whole.put(one, 0.0, whole.height + (gap if whole.height else 0.0))
    return whole
