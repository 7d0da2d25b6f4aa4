"""A person overrules what was computed: with a reason, beside the original, never in its place.

The latest word on a line counts, and the total is summed again from all lines,

    total = clamp( sum of points, 0, 100 )

as `surgisim.scoring.rubric` sums it. The verdict follows from the new total and the pass mark,
unless the verdict itself is overruled: a critical mistake goes on failing a session whatever its
line is given, and a record that breaks off is no passed one.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from surgisim.scoring.rubric import OUT_OF, Score

__all__ = ["VERDICT", "Overrule", "overruled"]

VERDICT = "verdict"
"""Stands where a line's id would, for the verdict."""


@dataclass(frozen=True, slots=True)
class Overrule:
    """A person's word on a line of the score, or on the verdict.

    Attributes
    ----------
    line
        Id of the line, or `VERDICT`.
    points
        What the line is worth instead; None for the verdict.
    passed
        What the verdict is instead; None for a line.
    reason
        Why, in words.
    by
        Who, as the reader may know them.
    at
        When, such as ``2026-11-30T09:15:02Z``.
    """

    line: str
    points: float | None
    passed: bool | None
    reason: str
    by: str
    at: str


def overruled(score: Score, pass_mark: float | None, words: Sequence[Overrule]) -> Score:
    """Apply what persons said to a score.

    Parameters
    ----------
    score
        As it was computed.
    pass_mark
        Points that pass; None where none is known, and then points fail nothing.
    words
        In the order in which they were said; those on lines that the score lacks change nothing.
    """
    given = {word.line: word.points for word in words if word.points is not None}
    if not words:
        return score
    lines = tuple(replace(one, points=given.get(one.id, one.points)) for one in score.lines)
    total = score.total
    if any(one.id in given for one in score.lines):
        total = min(max(sum(one.points for one in lines), 0.0), OUT_OF)
    failed = [reason for reason in score.failed_by if reason != "points"]
    if pass_mark is not None and total < pass_mark - 1e-9:
        failed.append("points")
    verdicts = [word.passed for word in words if word.passed is not None]
    passed = verdicts[-1] if verdicts else not failed
    return Score(total, score.out_of, passed, lines, tuple(failed))
