"""The evidence of every score line on one axis of time."""

from __future__ import annotations

from typing import TYPE_CHECKING

from markupsafe import Markup

from surgisim.report import drawing as d
from surgisim.report.model import ReportData
from surgisim.report.timeline import clock_axis
from surgisim.report.words import clock
from surgisim.scoring.rubric import ScoreLine

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["evidence_svg"]

_LEFT = 0.23  # titles need more room than the timeline's lanes
_LETTERS = 28  # of a title
_FULL = 1.0 - 1e-9
_BAR = 0.5  # of a lane's height
_SHORT = 0.004  # of the axis: a shorter interval is drawn as a moment


def evidence_svg(data: ReportData) -> Markup:
    """Draw a lane for each line: where it was decided, coloured by what it earned."""
    lines = data.score.lines
    height = 0.5 + 0.27 * len(lines)
    with d.drawing("evidence", height) as figure:
        below = 0.42 / height
        axes = figure.add_axes((_LEFT, below, d.AXES_RIGHT - _LEFT, 1.0 - below - 0.03))
        d.bare(axes)
        axes.set_ylim(len(lines) - 0.5, -0.5)
        axes.set_yticks(range(len(lines)), [_short(line.title) for line in lines])
        axes.tick_params(axis="y", length=0)
        axes.spines["left"].set_visible(False)
        for at, line in enumerate(lines):
            axes.axhline(at, color=d.GRID, linewidth=0.6, zorder=0)
            _draw(axes, float(at), line, max(data.duration_s, 1.0))
        clock_axis(axes, data.duration_s)
        return d.to_svg(figure, _alt(data))


def _draw(axes: Axes, at: float, line: ScoreLine, end_s: float) -> None:
    if line.moment_s is None:
        return
    lost = line.points <= 0.0  # a mistake, or nothing earned
    full = not lost and line.points >= line.out_of * _FULL
    color = d.ALARM if lost else d.GOOD if full else d.TOOL
    until = line.moment_s if line.until_s is None else line.until_s
    if until - line.moment_s < _SHORT * end_s:
        marker = "X" if lost else "o" if full else "D"
        axes.plot(line.moment_s, at, marker, color=color, markersize=7, clip_on=False)
        return
    span = [(line.moment_s, until - line.moment_s)]
    lane = (at - _BAR / 2, _BAR)
    axes.broken_barh(span, lane, facecolors=color, alpha=0.22, linewidth=0)
    axes.broken_barh(span, lane, facecolors="none", edgecolors=color, linewidth=1.1)


def _short(title: str) -> str:
    title = title[:1].upper() + title[1:]
    return title if len(title) <= _LETTERS else title[: _LETTERS - 1].rstrip() + "…"


def _alt(data: ReportData) -> str:
    told = [
        f"{line.title} {clock(line.moment_s)}"
        + (f" to {clock(line.until_s)}" if line.until_s is not None else "")
        for line in data.score.lines
        if line.moment_s is not None
    ]
    return f"When each line of the score was decided: {'; '.join(told)}."
