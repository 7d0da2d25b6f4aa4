"""The session on one axis: steps, marks, errors, complications, disturbances."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any, TypeAlias

from markupsafe import Markup

from surgisim.report import drawing as d
from surgisim.report.model import ComplicationRow, ErrorRow, MarkRow, ReportData, StepRow
from surgisim.report.words import clock

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["clock_axis", "timeline_svg"]

_Lane: TypeAlias = "Callable[[Axes, float], None]"

_BAR = 0.6  # of a lane's height
_LETTERS_PER_AXIS = 130  # that fit at the bars' size of type
_STEP_COLORS = {"done": d.GOOD, "late": d.ALARM}


def timeline_svg(data: ReportData) -> Markup:
    """Draw one lane each for what the session has any of."""
    lanes = _lanes(data)
    height = 0.5 + 0.34 * len(lanes)
    with d.drawing("timeline", height) as figure:
        below = 0.42 / height
        box = (d.AXES_LEFT, below, d.AXES_RIGHT - d.AXES_LEFT, 1.0 - below - 0.03)
        axes = figure.add_axes(box)
        d.bare(axes)
        axes.set_ylim(len(lanes) - 0.5, -0.5)
        axes.set_yticks(range(len(lanes)), [name for name, _ in lanes])
        axes.tick_params(axis="y", length=0)
        axes.spines["left"].set_visible(False)
        for height_at, (_, draw) in enumerate(lanes):
            axes.axhline(height_at, color=d.GRID, linewidth=0.6, zorder=0)
            draw(axes, float(height_at))
        clock_axis(axes, data.duration_s)
        return d.to_svg(figure, _alt(data))


def clock_axis(axes: Axes, duration_s: float) -> None:
    """Set the axis of time: the whole session, ticks at round times, written m:ss."""
    end = max(duration_s, 1.0)
    step = next((s for s in (1, 2, 5, 10, 15, 30, 60, 120, 300, 600) if end / s <= 13), 1800)
    ticks = [float(t) for t in range(0, int(end) + 1, step)]
    axes.set_xlim(0.0, end)
    axes.set_xticks(ticks, [clock(t)[:-2] for t in ticks])
    axes.grid(axis="x")


def _lanes(data: ReportData) -> list[tuple[str, _Lane]]:
    end = data.duration_s
    caused = [row for row in data.complications if not row.by_chance]
    chance = [row for row in data.complications if row.by_chance]
    lanes: list[tuple[str, _Lane]] = [
        (f"Step {number}", partial(_draw_step, row, end))
        for number, row in enumerate(data.steps, start=1)
    ]
    if data.marks:
        lanes.append(("Marks", partial(_draw_marks, data.marks)))
    if data.errors:
        lanes.append(("Errors", partial(_draw_errors, data.errors)))
    if caused:
        lanes.append(("Complications", partial(_draw_spans, caused, end, d.ALARM, "////")))
    if chance:
        lanes.append(("Disturbances", partial(_draw_spans, chance, end, d.CHANCE, "...")))
    return lanes


def _draw_step(row: StepRow, end_s: float, axes: Axes, at: float) -> None:
    if row.started_s is None:
        axes.text(end_s * 0.005, at, f"{row.title}: not reached", va="center", color=d.FAINT)
        return
    until = end_s if row.ended_s is None else row.ended_s
    color = _STEP_COLORS.get(row.outcome, d.FAINT)
    _bar(axes, at, row.started_s, until, color, "" if row.outcome == "done" else "\\\\")
    _name(axes, at, row.started_s, until, end_s, row.title)


def _draw_marks(rows: Sequence[MarkRow], axes: Axes, at: float) -> None:
    for row in rows:
        _draw_mark(axes, row.time_s, at, row.nodule)


def _draw_mark(axes: Axes, x: float, y: float, nodule: str | None) -> None:
    """Draw a disc for a find, a cross for a false mark: shape says it as well as colour."""
    if nodule is None:
        axes.plot(x, y, "x", color=d.ALARM, markersize=8, markeredgewidth=2.4, clip_on=False)
    else:
        color = d.GOOD if nodule else d.TOOL
        axes.plot(x, y, "o", color=color, markersize=8, markeredgecolor=d.PAPER, clip_on=False)


def _draw_errors(rows: Sequence[ErrorRow], axes: Axes, at: float) -> None:
    for row in rows:
        size = {"minor": 6.0, "critical": 10.0}.get(row.severity, 8.0)
        axes.plot(row.time_s, at, "^", color=d.ALARM, markersize=size, clip_on=False)


def _draw_spans(
    rows: Sequence[ComplicationRow], end_s: float, color: str, hatch: str, axes: Axes, at: float
) -> None:
    for row in rows:
        until = end_s if row.ended_s is None else row.ended_s
        _bar(axes, at, row.started_s, until, color, hatch)
        _name(axes, at, row.started_s, until, end_s, row.title)


def _bar(axes: Axes, at: float, start_s: float, end_s: float, color: str, hatch: str) -> None:
    """Fill palely in a full outline: text on it reads in light and dark alike."""
    styles: list[dict[str, Any]] = [
        {"color": color, "alpha": 0.22, "linewidth": 0},
        {"fill": False, "edgecolor": color, "linewidth": 1.1},
    ]
    if hatch:
        styles.append({"fill": False, "edgecolor": color, "linewidth": 0, "hatch": hatch})
        styles[-1]["alpha"] = 0.45
    for style in styles:
        axes.barh(at, end_s - start_s, left=start_s, height=_BAR, **style)


def _name(axes: Axes, at: float, start_s: float, until_s: float, end_s: float, text: str) -> None:
    """Write a bar's name into it, else beside it where there is more room."""
    letters = _LETTERS_PER_AXIS / max(end_s, 1e-9)
    gap = 0.006 * end_s
    inside, right, left = until_s - start_s, end_s - until_s, start_s
    if inside * letters >= len(text) + 2 or inside >= max(right, left):
        x, side, room = start_s + gap, "left", inside
    elif right >= left:
        x, side, room = until_s + gap, "left", right
    else:
        x, side, room = start_s - gap, "right", left
    fits = max(int(room * letters) - 2, 1)
    short = text if len(text) <= fits else text[: max(fits - 1, 1)].rstrip() + "…"
    axes.text(x, at, short, va="center_baseline", ha=side, fontsize=9)


def _alt(data: ReportData) -> str:
    false = sum(mark.nodule is None for mark in data.marks)
    right = len(data.marks) - false
    marks = f"{right} right and {false} false marks" if data.nodules else f"{right} marks"
    return (
        f"Timeline of {clock(data.duration_s)} minutes: {len(data.steps)} steps, "
        f"{marks}, {len(data.errors)} errors, "
        f"{len(data.complications)} complications and disturbances. "
        "The tables of steps, moments and complications say the same in words."
    )
