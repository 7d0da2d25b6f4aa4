"""Force and speed over the session: millions of ticks drawn with every peak kept."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np
from markupsafe import Markup
from numpy.typing import NDArray

from surgisim.report import drawing as d
from surgisim.report.model import Moment, ReportData
from surgisim.report.timeline import clock_axis
from surgisim.report.words import clock

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["envelope", "force_svg", "speed", "speed_svg"]

_COLUMNS = 900  # buckets over the width: finer than the page shows
_LEVELS = 9  # numbers that fit below one another in the force plot
_SPEED_WINDOW_S = 0.02  # chord over which speed is taken; hides the device's own noise


def envelope(
    time_s: NDArray[np.float64], values: NDArray[np.float64], columns: int = _COLUMNS
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Thin a curve out, keeping the least and the largest value of each bucket in their order.

    Parameters
    ----------
    time_s, values
        (n,) each.
    columns
        Number of buckets; curves of at most twice as many points are returned as they are.

    Returns
    -------
    time_s, values
        At most ``2 * columns`` points with the same extremes as the whole curve.
    """
    if values.size <= 2 * columns:
        return time_s, values
    edges = np.linspace(0, values.size, columns + 1).astype(np.intp)
    pairs = [
        (start + int(np.argmin(values[start:end])), start + int(np.argmax(values[start:end])))
        for start, end in pairwise(edges)
    ]
    kept = np.sort(np.array(pairs), axis=1).ravel()
    return time_s[kept], values[kept]


def speed(tool: NDArray[np.float64], dt_s: float) -> NDArray[np.float64]:
    """Speed of the tip from the chord over 20 ms around each tick, (n,) m/s."""
    half = max(1, round(_SPEED_WINDOW_S / dt_s / 2))
    last = len(tool) - 1
    ticks = np.arange(len(tool))
    before, after = np.maximum(ticks - half, 0), np.minimum(ticks + half, last)
    chord = np.linalg.norm(tool[after] - tool[before], axis=1)
    return np.asarray(chord / np.maximum((after - before) * dt_s, dt_s))


def force_svg(data: ReportData) -> Markup:
    """Draw the force with its limit, the time above it, and the moments by number."""
    motion = data.motion
    time_s, force = envelope(motion.time_s, motion.force_n)
    limit = data.force_limit_n
    top = max(float(force.max(initial=0.0)), limit or 0.0, 0.1) * 1.12
    with d.drawing("force", 2.7) as figure:
        axes = _over_time(figure.add_axes(_box(2.7)), data, "Force, N")
        axes.set_ylim(0.0, top)
        axes.fill_between(time_s, force, color=d.TOOL, alpha=0.12, linewidth=0)
        axes.plot(time_s, force, color=d.TOOL, linewidth=0.9)
        if limit is not None:
            _draw_limit(axes, time_s, force, limit, data.duration_s)
        _draw_moments(axes, data.moments)
        return d.to_svg(figure, _force_alt(data))


def speed_svg(data: ReportData) -> Markup:
    """Draw the speed of the tip, with a strip below for the time in contact."""
    motion = data.motion
    time_s, values = envelope(motion.time_s, speed(motion.tool, motion.dt_s) * 1e3)
    top = max(float(values.max(initial=0.0)), 1.0) * 1.08
    with d.drawing("speed", 2.0) as figure:
        axes = _over_time(figure.add_axes(_box(2.0)), data, "Speed, mm/s")
        axes.set_ylim(-0.09 * top, top)
        axes.plot(time_s, values, color=d.INK, linewidth=0.8)
        spans = contact_spans(motion.touching, motion.time_s, motion.dt_s, data.duration_s)
        axes.broken_barh(spans, (-0.075 * top, 0.045 * top), color=d.TOOL, linewidth=0)
        touched = float(np.count_nonzero(motion.touching)) * motion.dt_s
        return d.to_svg(
            figure,
            f"Speed of the tip, at most {values.max(initial=0.0):.0f} mm/s. The strip below "
            f"shows contact with the organ, {touched:.1f} s in all.",
        )


def contact_spans(
    touching: NDArray[np.bool_], time_s: NDArray[np.float64], dt_s: float, duration_s: float
) -> list[tuple[float, float]]:
    """Start and length of each stay on the organ, s; gaps finer than the page are closed."""
    if not touching.any():
        return []
    change = np.diff(touching.astype(np.int8), prepend=0, append=0)
    starts = time_s[np.flatnonzero(change == 1)] - dt_s
    ends = time_s[np.flatnonzero(change == -1) - 1]
    apart = starts[1:] - ends[:-1] > duration_s / _COLUMNS
    first = np.concatenate(([True], apart))
    last = np.concatenate((apart, [True]))
    lengths = ends[last] - starts[first]
    return list(zip(starts[first].tolist(), lengths.tolist(), strict=True))


def _box(height_in: float) -> tuple[float, float, float, float]:
    below = 0.36 / height_in
    return (d.AXES_LEFT, below, d.AXES_RIGHT - d.AXES_LEFT, 1.0 - below - 0.1 / height_in)


def _over_time(axes: Axes, data: ReportData, label: str) -> Axes:
    d.bare(axes)
    axes.grid(axis="y")
    axes.set_ylabel(label)
    axes.yaxis.set_label_coords(-0.062, 0.5)
    clock_axis(axes, data.duration_s)
    for row in data.complications:
        if row.by_chance:
            until = data.duration_s if row.ended_s is None else row.ended_s
            axes.axvspan(row.started_s, until, color=d.CHANCE, alpha=0.14, linewidth=0)
    return axes


def _draw_limit(
    axes: Axes,
    time_s: NDArray[np.float64],
    force: NDArray[np.float64],
    limit: float,
    end_s: float,
) -> None:
    axes.axhline(limit, color=d.ALARM, linewidth=1.2, linestyle=(0, (5, 3)))
    above = np.maximum(force, limit)
    axes.fill_between(time_s, limit, above, color=d.ALARM, alpha=0.55, linewidth=0)
    text = f"limit {limit:g} N"
    axes.text(end_s, limit, text, color=d.ALARM, ha="right", va="bottom", fontsize=9)


def _draw_moments(axes: Axes, moments: Sequence[Moment]) -> None:
    """Put each grave moment's number at the top of its column; near ones step down."""
    last, level = -1e9, 0
    start, end = axes.get_xlim()
    for moment in (moment for moment in moments if moment.grave):
        near = moment.time_s - last < 0.022 * (end - start)
        level = (level + 1) % _LEVELS if near else 0
        last = moment.time_s
        axes.axvline(moment.time_s, color=d.ALARM, linewidth=0.7, alpha=0.7)
        label = axes.annotate(
            str(moment.number),
            (moment.time_s, 1.0),
            xycoords=("data", "axes fraction"),
            xytext=(0.0, -5.0 - 14.0 * level),
            textcoords="offset points",
            ha="center",
            va="center",
            fontsize=8,
            color=d.PAPER,
            bbox={"boxstyle": "circle,pad=0.25", "facecolor": d.ALARM, "linewidth": 0},
            annotation_clip=False,
        )
        label.set_url(f"#{moment.anchor}")


def _force_alt(data: ReportData) -> str:
    force = data.motion.force_n
    if not force.size:
        return "No force was recorded."
    peak = int(np.argmax(force))
    text = (
        f"Force on the instrument: at most {force[peak]:.2f} N at {clock(data.motion.time_s[peak])}"
    )
    if data.force_limit_n is None:
        return text + "."
    over = float(np.count_nonzero(force > data.force_limit_n)) * data.motion.dt_s
    return f"{text}; above the limit of {data.force_limit_n:.2f} N for {over:.2f} s."
