"""The pictures of a rehearsal: scores, the curve over skill, rates with their intervals."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from surgisim.rehearsal.summary import Group, Summary
from surgisim.rehearsal.words import titled
from surgisim.report.drawing import (
    ALARM,
    CHANCE,
    FAINT,
    GOOD,
    MISSED,
    TOOL,
    bare,
    drawing,
    to_svg,
    variable,
)

if TYPE_CHECKING:
    from markupsafe import Markup

__all__ = ["curve_svg", "rates_svg", "scores_svg", "variable_of"]

_COLOURS = {"careful": GOOD, "hesitant": TOOL, "dangerous": ALARM, "random": MISSED}
_BIN = 2.5  # points
_LABEL = 34  # letters of a row's name
_APART = 6.5  # points between two names


def _colour(trainee: str) -> str:
    return _COLOURS.get(trainee, CHANCE)


def variable_of(trainee: str) -> str:
    """Name the style sheet's variable of a trainee's colour."""
    return variable(_colour(trainee))


def scores_svg(summary: Summary) -> Markup:
    """Draw a histogram of the scores for each group, one under the other."""
    groups, pass_mark = summary.groups, summary.pass_mark
    edges = np.arange(0.0, 100.0 + _BIN, _BIN)
    told = "; ".join(f"{titled(group)} {group.score.mean:.1f} on average" for group in groups)
    height = 0.55 + 0.62 * len(groups)
    with drawing("scores", height) as figure:
        rows: Any = figure.subplots(len(groups), 1, sharex=True, squeeze=False)
        for axes, group in zip(rows[:, 0], groups, strict=True):
            bare(axes)
            axes.hist(group.scores, bins=edges, color=_colour(group.trainee), linewidth=0)
            axes.axvline(pass_mark, color=FAINT, linewidth=1.0, linestyle=(0, (4, 3)))
            axes.set_ylabel(titled(group), rotation=0, ha="right", va="center", labelpad=8)
            axes.set_yticks([])
            axes.spines["left"].set_visible(False)
            axes.text(
                100.5, axes.get_ylim()[1] * 0.5, f"{group.score.mean:.1f}", va="center", ha="left"
            )
        last = rows[-1, 0]
        last.set_xlim(0.0, 100.0)
        dashed = f"the goal of {pass_mark:g}" if summary.practice else f"{pass_mark:g} pass"
        last.set_xlabel(f"points (dashed: {dashed})")
        figure.subplots_adjust(left=0.155, right=0.94, top=0.98, bottom=0.5 / height)
        return to_svg(figure, f"Histograms of the scores. {told}.")


def curve_svg(groups: Sequence[Group], pass_mark: float) -> Markup:
    """Draw mean score over skill, with the interval of the mean, a line for each trainee."""
    names = list(dict.fromkeys(group.trainee for group in groups))
    with drawing("curve", 3.2) as figure:
        axes: Any = figure.subplots()
        bare(axes)
        axes.grid(axis="y")
        axes.axhline(pass_mark, color=FAINT, linewidth=1.0, linestyle=(0, (4, 3)))
        lowest = 101.0  # a name that would lie on another goes under it
        by_end = sorted(names, key=lambda name: -_able(groups, name).score.mean)
        for name in by_end:
            lowest = min(lowest - _APART, _able(groups, name).score.mean)
            axes.text(1.02, lowest, name, va="center", color=_colour(name))
        for name in names:
            of_it = sorted((g for g in groups if g.trainee == name), key=lambda g: g.skill)
            skill = [group.skill for group in of_it]
            mean = [group.score.mean for group in of_it]
            low = [g.score.mean if g.score.low is None else g.score.low for g in of_it]
            high = [g.score.mean if g.score.high is None else g.score.high for g in of_it]
            axes.fill_between(skill, low, high, color=_colour(name), alpha=0.2, linewidth=0)
            axes.plot(skill, mean, color=_colour(name), marker="o", markersize=4, label=name)
        axes.set_xlim(min(g.skill for g in groups) - 0.02, 1.14)
        axes.set_ylim(0.0, 100.0)
        axes.set_xlabel("skill")
        axes.set_ylabel("points")
        figure.subplots_adjust(left=0.09, right=0.98, top=0.97, bottom=0.16)
        told = "; ".join(f"{titled(group)} {group.score.mean:.1f}" for group in groups)
        return to_svg(figure, f"Mean points over skill. {told}.")


def rates_svg(name: str, groups: Sequence[Group], key: str, titles: Mapping[str, str]) -> Markup:
    """Draw shares with their intervals, a row for each id, a dot for each group."""
    ids = list(getattr(groups[0], key))
    step = 0.8 / max(len(groups), 1)
    height = 0.6 + len(ids) * max(0.34, 0.16 * len(groups))
    with drawing(name, height) as figure:
        axes: Any = figure.subplots()
        bare(axes)
        axes.grid(axis="x")
        for n, group in enumerate(groups):
            found = [getattr(group, key)[one] for one in ids]
            at = np.arange(len(ids)) + (n + 0.5) * step - 0.4
            shares = 100.0 * np.array([one.share for one in found])
            low = shares - 100.0 * np.array([one.low for one in found])
            high = 100.0 * np.array([one.high for one in found]) - shares
            axes.errorbar(
                shares,
                at,
                xerr=np.maximum([low, high], 0.0),
                fmt="o",
                markersize=4,
                elinewidth=1.4,
                alpha=0.35 + 0.65 * group.skill,
                color=_colour(group.trainee),
                clip_on=False,
            )
        axes.set_yticks(range(len(ids)), [_short(titles.get(one, one)) for one in ids])
        axes.set_ylim(len(ids) - 0.5, -0.5)
        axes.set_xlim(0.0, 100.0)
        axes.set_xlabel("% of the runs, with 95 % intervals")
        axes.tick_params(axis="y", length=0)
        figure.subplots_adjust(left=0.29, right=0.97, top=0.97, bottom=0.5 / height)
        return to_svg(figure, _in_words(groups, key, ids, titles))


def _in_words(
    groups: Sequence[Group], key: str, ids: Sequence[str], titles: Mapping[str, str]
) -> str:
    rows = []
    for one in ids:
        shares = [f"{titled(g)} {100 * getattr(g, key)[one].share:.0f} %" for g in groups]
        rows.append(f"{titles.get(one, one)}: {', '.join(shares)}")
    return f"Shares of the runs. {'; '.join(rows)}."


def _able(groups: Sequence[Group], trainee: str) -> Group:
    """Find the most able group of a trainee."""
    return max((g for g in groups if g.trainee == trainee), key=lambda group: group.skill)


def _short(text: str) -> str:
    return text if len(text) <= _LABEL else f"{text[: _LABEL - 1]}…"
