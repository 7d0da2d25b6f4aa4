"""What the hand felt: over each nodule and beside it, and beside what the tissue pushed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from markupsafe import Markup

from surgisim.report import drawing as d
from surgisim.report.hand import profile_sentence
from surgisim.report.model import Hand, ReportData
from surgisim.report.motion import envelope
from surgisim.report.timeline import clock_axis
from surgisim.report.words import nodule_name
from surgisim.scoring.feel import JUST_NOTICEABLE, Profile

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["felt_svg", "profiles_svg"]

_HEIGHT_IN = 2.6
_COLUMNS = 3  # panels beside one another
_LEFT_IN, _GAP_IN, _BELOW_IN, _ABOVE_IN = 0.75, 0.35, 0.5, 0.32


def profiles_svg(hand: Hand) -> Markup:
    """Draw a panel for each nodule: force at equal way of the hand over distance from its middle.

    Forces are shown as shares of what was felt beside the nodule; the band is what no hand can
    tell apart.
    """
    shown = hand.profiles
    rows = -(-len(shown) // _COLUMNS)
    height = rows * _HEIGHT_IN
    wide = (d.WIDTH_IN - _LEFT_IN - _GAP_IN * _COLUMNS) / _COLUMNS
    top = max(float((one.forces / one.beside).max(initial=1.0)) for one in shown)
    with d.drawing("feel", height) as figure:
        for number, one in enumerate(shown):
            row, column = divmod(number, _COLUMNS)
            left = _LEFT_IN + column * (wide + _GAP_IN)
            low = (rows - 1 - row) * _HEIGHT_IN + _BELOW_IN
            high = _HEIGHT_IN - _BELOW_IN - _ABOVE_IN
            box = (left / d.WIDTH_IN, low / height, wide / d.WIDTH_IN, high / height)
            _panel(figure.add_axes(box), one, 100.0 * max(top, 1.2) * 1.08, first=column == 0)
        return d.to_svg(figure, " ".join(profile_sentence(one) for one in shown))


def _panel(axes: Axes, one: Profile, top: float, *, first: bool) -> None:
    d.bare(axes)
    noticeable = 100.0 * JUST_NOTICEABLE
    axes.axhspan(100.0 - noticeable, 100.0 + noticeable, color=d.FAINT, alpha=0.16, linewidth=0)
    axes.axhline(100.0, color=d.FAINT, linewidth=0.8)
    axes.axvspan(0.0, 1e3 * one.radius, color=d.MISSED, alpha=0.13, linewidth=0)
    axes.plot(1e3 * one.offs, 100.0 * one.forces / one.beside, "o", color=d.TOOL, markersize=4)
    axes.plot(
        1e3 * one.off,
        100.0 * one.over / one.beside,
        "D",
        color=d.GOOD if one.noticeable else d.ALARM,
        markersize=7,
        markeredgecolor=d.PAPER,
    )
    axes.set_xlim(0.0, 31.0)
    axes.set_ylim(0.0, top)
    axes.set_title(f"Nodule {nodule_name(one.nodule)}: {100.0 * one.excess:+.0f} %", fontsize=10)
    axes.set_xlabel("from its middle, mm")
    if first:
        axes.set_ylabel("Force, % of beside")
    else:
        axes.tick_params(axis="y", labelleft=False)
    axes.grid(axis="y")


def felt_svg(data: ReportData) -> Markup:
    """Draw the force in the hand over that of the tissue."""
    hand = data.hand
    assert hand is not None  # noqa: S101  the page asks only where there is a force
    assert hand.felt_n is not None  # noqa: S101
    time_s = data.motion.time_s
    with d.drawing("felt", 2.0) as figure:
        box = (d.AXES_LEFT, 0.18, d.AXES_RIGHT - d.AXES_LEFT, 0.77)
        axes = figure.add_axes(box)
        d.bare(axes)
        axes.grid(axis="y")
        axes.set_ylabel("Force, N")
        axes.yaxis.set_label_coords(-0.062, 0.5)
        clock_axis(axes, data.duration_s)
        axes.fill_between(*envelope(time_s, hand.tissue_n), color=d.FAINT, alpha=0.45, linewidth=0)
        axes.plot(*envelope(time_s, hand.felt_n), color=d.TOOL, linewidth=0.8)
        axes.set_ylim(0.0, None)
        return d.to_svg(
            figure,
            f"Force in the hand, at most {hand.felt_n.max():.2f} N, over that of the tissue, at "
            f"most {hand.tissue_n.max():.2f} N.",
        )
