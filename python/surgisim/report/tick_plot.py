"""How long the ticks took, as a histogram on a logarithmic axis."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
from markupsafe import Markup
from numpy.typing import NDArray

from surgisim.record import Percentiles
from surgisim.report import drawing as d

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["histogram_svg"]

_LOWEST_US = 1.0


def histogram_svg(
    name: str,
    title: str,
    bins: Sequence[tuple[float, int]],
    period_us: float | None,
    tail: Percentiles | None = None,
) -> Markup:
    """Draw counts per bin, both axes logarithmic, so that one late tick in a million shows.

    Parameters
    ----------
    name
        Unique on the page.
    title
        What was measured; labels the axis.
    bins
        Upper edge in microseconds, ascending, and count.
    period_us
        The tick's period, drawn as a line with what lies beyond it in the alarm's colour, or None.
    tail
        Percentiles to be marked above the bars, or None.
    """
    uppers = np.array([max(upper, _LOWEST_US) for upper, _ in bins], dtype=np.float64)
    counts = np.array([count for _, count in bins], dtype=np.float64)
    lowers = np.concatenate(([min(_LOWEST_US, uppers[0] / 2)], uppers[:-1]))
    used = counts > 0
    with d.drawing(name, 2.5, d.WIDTH_IN / 2) as figure:
        axes = figure.add_axes((0.165, 0.21, 0.775, 0.66))
        d.bare(axes)
        axes.set_xscale("log")
        axes.set_yscale("log")
        widths = uppers - lowers
        # The edges are rounded: that of a decade lies a little below it.
        beyond = lowers >= (np.inf if period_us is None else 0.99 * period_us)
        for some, color in ((used & ~beyond, d.TOOL), (used & beyond, d.ALARM)):
            # A hair's breadth beyond its edge: neighbours show no gap between them.
            axes.bar(lowers[some], counts[some], widths[some] * 1.02, align="edge", color=color)
        axes.set_ylim(0.5, counts.max(initial=1.0) * 2)
        axes.set_xlim(*_decades(lowers[used], uppers[used], period_us))
        if period_us is not None:
            axes.axvline(period_us, color=d.ALARM, linewidth=1.2, linestyle=(0, (5, 3)))
        if tail is not None:
            _mark(axes, tail)
        axes.set_xlabel(f"{title}, µs")
        axes.set_ylabel("Ticks")
        axes.yaxis.set_label_coords(-0.165, 0.5)
        axes.grid(axis="y")
        axes.minorticks_off()
        for axis in (axes.xaxis, axes.yaxis):
            axis.set_major_formatter("{x:,.0f}")
        total = int(counts.sum())
        top = float(uppers[used].max(initial=0.0))
        return d.to_svg(figure, f"{title}: {total} ticks, none above {top:.0f} microseconds.")


def _mark(axes: Axes, tail: Percentiles) -> None:
    """Put a triangle for each percentile on the upper edge, and name the first and the last."""
    values = (tail.p50, tail.p99, tail.p99_9, tail.p99_99)
    above = axes.get_xaxis_transform()
    axes.plot(
        [max(value, _LOWEST_US) for value in values],
        [1.03] * len(values),
        marker="v",
        markersize=5,
        linestyle="none",
        color=d.INK,
        transform=above,
        clip_on=False,
    )
    for value, text, align in ((values[0], "50 %", "right"), (values[-1], "99.99 %", "left")):
        place = max(value, _LOWEST_US)
        axes.text(place, 1.07, text, ha=align, va="bottom", fontsize=9, transform=above)


def _decades(
    lowers: NDArray[np.float64], uppers: NDArray[np.float64], period_us: float | None
) -> tuple[float, float]:
    """Give whole decades around all that is drawn, so that the axis has at least two labels."""
    low = float(lowers.min(initial=np.inf))
    high = float(uppers.max(initial=0.0))
    if not np.isfinite(low):
        low, high = _LOWEST_US, 10.0 * _LOWEST_US
    high = max(high, 0.0 if period_us is None else period_us * 1.01)
    return 10.0 ** np.floor(np.log10(low)), 10.0 ** np.ceil(np.log10(high))
