"""The points of all runs, with the pass mark and the learning curve."""

from __future__ import annotations

import numpy as np
from markupsafe import Markup

from surgisim.report import drawing as d
from surgisim.report.model import ReportData
from surgisim.report.words import points
from surgisim.scoring.proficiency import LearningCurve, Unclear

__all__ = ["curve_svg"]

_HEIGHT_IN = 2.4
_AHEAD = 1.25  # the curve is drawn so far beyond the last run


def curve_svg(data: ReportData, curve: LearningCurve | Unclear) -> Markup:
    """Draw a dot for each run, this one filled, and the curve where there is one."""
    from matplotlib.ticker import MaxNLocator

    scores = np.array([*(one.score for one in data.earlier), data.score.total])
    runs = np.arange(1, scores.size + 1)
    with d.drawing("learning", _HEIGHT_IN) as figure:
        below = 0.46 / _HEIGHT_IN
        box = (d.AXES_LEFT, below, d.AXES_RIGHT - d.AXES_LEFT, 1.0 - below - 0.1 / _HEIGHT_IN)
        axes = figure.add_axes(box)
        d.bare(axes)
        axes.grid(axis="y")
        axes.set_ylim(0.0, 104.0)
        axes.set_xlim(0.5, max(scores.size * _AHEAD, scores.size + 1.0))
        axes.xaxis.set_major_locator(MaxNLocator(nbins=12, integer=True))
        axes.set_xlabel("Run")
        axes.set_ylabel("Points")
        if data.pass_mark is not None:
            mark = "goal" if data.practice else "pass mark"
            axes.axhline(data.pass_mark, color=d.GOOD, linewidth=1.2, linestyle="--")
            axes.text(0.6, data.pass_mark + 1.5, mark, color=d.GOOD, fontsize=9)
        if isinstance(curve, LearningCurve):
            n = np.linspace(1.0, axes.get_xlim()[1], 200)
            axes.fill_between(
                n, curve.plateau_low, curve.plateau_high, color=d.TOOL, alpha=0.10, linewidth=0
            )
            axes.plot(n, curve.at(n), color=d.TOOL, linewidth=1.2)
        axes.plot(runs[:-1], scores[:-1], "o", color=d.INK, markerfacecolor="none", markersize=5)
        axes.plot(runs[-1:], scores[-1:], "o", color=d.INK, markersize=6)
        return d.to_svg(figure, _alt(data))


def _alt(data: ReportData) -> str:
    listed = ", ".join(points(one.score) for one in data.earlier)
    return f"Points of all runs: {listed}, and {points(data.score.total)} in this one."
