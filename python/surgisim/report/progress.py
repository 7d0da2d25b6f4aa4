"""One session beside the pass mark and the same trainee's earlier runs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from surgisim.report.model import Earlier, ReportData
from surgisim.report.words import points
from surgisim.scoring.metric import shown
from surgisim.scoring.proficiency import LearningCurve, Unclear, fit_curve
from surgisim.scoring.rubric import ScoreLine

__all__ = [
    "LAST",
    "ProgressRow",
    "curve_of",
    "curve_sentence",
    "progress_rows",
    "standing_sentence",
]

LAST = 5
"""So many of the last runs are averaged."""

_SAME = 0.05  # points; less is no difference


@dataclass(frozen=True, slots=True)
class ProgressRow:
    """One line of the comparison, in words.

    Attributes
    ----------
    title
        Of the score line.
    now, before
        This run's value, and the mean of the last runs.
    points_now, points_before
        What they earned.
    change
        ``better``, ``worse`` or ``same``, by the points.
    """

    title: str
    now: str
    before: str
    points_now: str
    points_before: str
    change: str


def progress_rows(data: ReportData) -> list[ProgressRow]:
    """Compare every line of the rubric with the last runs; nothing without any."""
    last = data.earlier[-LAST:]
    if not last:
        return []
    rows = [_row(line, last) for line in data.score.lines if line.out_of > 0.0]
    mean = sum(one.score for one in last) / len(last)
    total = data.score.total
    rows.append(ProgressRow("Total", "", "", points(total), points(mean), _change(total - mean)))
    return rows


def _row(line: ScoreLine, last: Sequence[Earlier]) -> ProgressRow:
    found = [one.lines[line.id] for one in last if line.id in one.lines]
    values = [value for value, _ in found if value is not None]
    if not found:
        return ProgressRow(
            line.title, shown(line.value, line.unit), "", points(line.points), "", ""
        )
    mean = sum(values) / len(values) if values else None
    earned = sum(gained for _, gained in found) / len(found)
    return ProgressRow(
        title=line.title,
        now=shown(line.value, line.unit),
        before=shown(mean, line.unit),
        points_now=points(line.points),
        points_before=points(earned),
        change=_change(line.points - earned),
    )


def _change(gained: float) -> str:
    if abs(gained) < _SAME:
        return "same"
    return "better" if gained > 0.0 else "worse"


def standing_sentence(data: ReportData) -> str:
    """Say how this run stands beside the pass mark and the earlier ones."""
    earlier, total = data.earlier, data.score.total
    number = len(earlier) + 1
    best = max(one.score for one in earlier)
    told = [f"This was run {number} of this procedure"]
    if data.pass_mark is not None:
        gap = total - data.pass_mark
        word = "above" if gap >= -1e-9 else "below"
        mark = points(data.pass_mark)
        mark = f"the goal of {mark}" if data.practice else f"the {mark} that pass"
        told.append(f"{points(abs(gap))} points {word} {mark}")
        passed = sum(one.score >= data.pass_mark - 1e-9 and not one.barred for one in earlier)
        did = "reached it" if data.practice else "passed"
        told.append(f"{passed} of the {len(earlier)} earlier ones {did}")
    told.append("the best so far" if total > best else f"the best so far had {points(best)}")
    return "; ".join(told) + "."


def curve_of(data: ReportData) -> LearningCurve | Unclear:
    """Fit the points of all runs, this one last unless it was interrupted."""
    own = [] if data.outcome == "interrupted" else [data.score.total]
    return fit_curve([*(one.score for one in data.earlier), *own])


def curve_sentence(curve: LearningCurve | Unclear, pass_mark: float | None) -> str:
    """Say what the curve says, and what it does not."""
    if isinstance(curve, Unclear):
        return f"{curve.why[:1].upper()}{curve.why[1:]}."
    limits = (curve.plateau, curve.plateau_low, curve.plateau_high)
    plateau, low, high = (points(min(max(x, 0.0), 100.0)) for x in limits)
    told = [f"The points tend to {plateau} (95 %: {low} to {high})"]
    if not curve.reached:
        told = ["Where the points tend to cannot be told yet"]
    if pass_mark is not None:
        fit, least, most = curve.repetitions(pass_mark)
        told.append(_reached(fit, least, most, pass_mark))
    return "; ".join(told) + "."


def _reached(fit: float, least: float, most: float, mark: float) -> str:
    if fit == float("inf"):
        return f"by this curve {points(mark)} points are not reached"
    if fit <= 1.0:
        return f"the curve begins above {points(mark)} points"
    far = "open" if most == float("inf") else f"{most:.0f}"
    return (
        f"the curve reaches {points(mark)} points with run {fit:.0f} (95 %: {least:.0f} to {far})"
    )
