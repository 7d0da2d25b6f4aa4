"""A CUSUM chart: the sum after each run between its two limits."""

from __future__ import annotations

import numpy as np
from markupsafe import Markup
from numpy.typing import NDArray

from surgisim.report import drawing as d
from surgisim.report.words import percent
from surgisim.scoring.proficiency import CusumChart

__all__ = ["cusum_svg"]

_HEIGHT_IN = 2.2


def cusum_svg(name: str, chart: CusumChart) -> Markup:
    """Draw a chart.

    Parameters
    ----------
    name
        Unique on the page.
    chart
        With its rule: its parameters are written beside the limits.
    """
    from matplotlib.ticker import MaxNLocator

    rule = chart.rule
    runs, sums = _line(chart)
    low, high = float(np.nanmin(sums)), float(np.nanmax(sums))
    with d.drawing(f"cusum-{name}", _HEIGHT_IN) as figure:
        below = 0.46 / _HEIGHT_IN
        box = (d.AXES_LEFT, below, d.AXES_RIGHT - d.AXES_LEFT, 1.0 - below - 0.1 / _HEIGHT_IN)
        axes = figure.add_axes(box)
        d.bare(axes)
        axes.set_xlim(0.0, max(rule.shortest, len(chart.sums)) * 1.05)
        axes.set_ylim(min(-1.3 * rule.h0, 1.05 * low), max(1.3 * rule.h1, 1.05 * high))
        axes.xaxis.set_major_locator(MaxNLocator(nbins=14, integer=True))
        axes.set_xlabel("Run")
        axes.set_ylabel("CUSUM")
        for level, color, word in (
            (-rule.h0, d.GOOD, f"acceptable: {percent(rule.p0)} fail"),
            (rule.h1, d.ALARM, f"not acceptable: {percent(rule.p1)} fail"),
        ):
            axes.axhline(level, color=color, linewidth=1.2, linestyle="--")
            axes.annotate(
                word,
                (0.01, level),
                xycoords=("axes fraction", "data"),
                xytext=(0, 3),
                textcoords="offset points",
                color=color,
                fontsize=9,
            )
        axes.plot(runs, sums, color=d.TOOL, linewidth=1.0, marker="o", markersize=3.5)
        return d.to_svg(figure, _alt(chart))


def _line(chart: CusumChart) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Join the sums, with a gap where the rule begins again from 0."""
    again = {"never": (), "unacceptable": chart.unacceptable}.get(
        chart.rule.reset, (*chart.acceptable, *chart.unacceptable)
    )
    points = [(0.0, 0.0)]
    for run, value in enumerate(chart.sums):
        points.append((run + 1.0, value))
        if run in again:
            points += [(np.nan, np.nan), (run + 1.0, 0.0)]
    runs, sums = np.array(points).T
    return runs, sums


def _alt(chart: CusumChart) -> str:
    rule = chart.rule
    last = chart.sums[-1] if chart.sums else 0.0
    return (
        f"CUSUM of {len(chart.sums)} runs with p0 {percent(rule.p0)}, p1 {percent(rule.p1)}, "
        f"alpha {percent(rule.alpha)} and beta {percent(rule.beta)}: now at {last:.2f}, "
        f"acceptable at {-rule.h0:.2f}, not acceptable at {rule.h1:.2f}."
    )
