"""From measures to points, and from points to passed or failed.

A line gives its whole weight at `best` or better, nothing at `worst` or worse, and a share
between them in proportion:

    points = weight * clamp( (value - worst) / (best - worst), 0, 1 )

Best may lie above or below worst. A line may need others: it earns nothing where one of them has
earned nothing, so that neither haste nor calm is worth points to who does no work. Penalties of
mistakes are taken off; the total stays within 0 and 100. A critical mistake fails the session
whatever the points, and so does a session that was left before its end, or whose record breaks off
before that: what would have come is not known. Practice passes nobody; the same things keep it from
its goal.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from surgisim.scoring.metric import Metric, shown

__all__ = ["Mistake", "RubricLine", "Score", "ScoreLine", "barred_by", "score_session"]

OUT_OF = 100.0

_NO_MISTAKES = {
    "points": "",  # which more of them would have mended
    "left": "the session was left before its end",
    "record": "the record breaks off before the session's end",
}


class RubricLine(Protocol):
    """What scoring needs to know of a line of the rubric; best and worst in SI."""

    @property
    def id(self) -> str:
        """Its id."""

    @property
    def title(self) -> str:
        """What people read."""

    @property
    def metric(self) -> str:
        """Name of the measure."""

    @property
    def weight(self) -> float:
        """Points at best."""

    @property
    def best_value(self) -> float:
        """Where the whole weight is earned."""

    @property
    def worst_value(self) -> float:
        """Where nothing is earned."""

    @property
    def needs(self) -> Sequence[str]:
        """Ids of lines without whose points it earns nothing."""


class Mistake(Protocol):
    """What scoring needs to know of a mistake that happened."""

    @property
    def id(self) -> str:
        """Which rule."""

    @property
    def severity(self) -> str:
        """``minor``, ``major`` or ``critical``."""

    @property
    def text(self) -> str:
        """What happened."""

    @property
    def penalty(self) -> float:
        """Points taken off each time."""

    @property
    def time_s(self) -> float:
        """When, s."""


class Titled(Protocol):
    """A line of a score, as far as words need it."""

    @property
    def id(self) -> str:
        """Its id."""

    @property
    def title(self) -> str:
        """What people read."""


@dataclass(frozen=True, slots=True)
class ScoreLine:
    """One line of the score.

    Attributes
    ----------
    value, unit
        The measure in SI, None where there was nothing to measure; a count for a mistake.
    points, out_of
        Earned, and possible; a mistake's points are negative, out of 0.
    moment_s, until_s
        The moment that decided it, or the interval from the one to the other, s.
    text
        One sentence for people.
    """

    id: str
    title: str
    value: float | None
    unit: str
    points: float
    out_of: float
    moment_s: float | None
    text: str
    until_s: float | None = None


@dataclass(frozen=True, slots=True)
class Score:
    """The score of a session.

    Attributes
    ----------
    total, out_of
        Points, and 100.
    passed
        Whether the points reach the pass mark, in practice the goal, no mistake was critical, and
        the session was played and recorded up to its end.
    lines
        The lines of the rubric, then the mistakes.
    failed_by
        Ids of what failed it: critical mistakes, ``points`` below the pass mark, a session that
        was ``left`` before its end, and a ``record`` that breaks off.
    """

    total: float
    out_of: float
    passed: bool
    lines: tuple[ScoreLine, ...]
    failed_by: tuple[str, ...]

    @property
    def critical(self) -> bool:
        """Whether a mistake failed it, whatever the points are."""
        return not _NO_MISTAKES.keys() >= set(self.failed_by)

    @property
    def barred(self) -> tuple[str, ...]:
        """What keeps it from passing, or from its goal, whatever the points are; see there."""
        return barred_by(self.passed, self.failed_by, self.lines)


def barred_by(
    passed: bool | None, failed_by: Sequence[str], lines: Iterable[Titled]
) -> tuple[str, ...]:
    """Say what keeps a session from passing, and in practice from its goal, whatever its points.

    Parameters
    ----------
    passed
        The verdict; what a person let pass in spite of a critical mistake is barred by nothing.
    failed_by, lines
        As in `Score`.
    """
    if passed:
        return ()
    titles = {line.id: line.title for line in lines}
    told = [
        _NO_MISTAKES.get(name, f"{titles.get(name, name).rstrip('.')}, a critical mistake")
        for name in failed_by
    ]
    return tuple(phrase for phrase in told if phrase)


def score_session(
    lines: Sequence[RubricLine],
    pass_mark: float,
    metrics: Mapping[str, Metric],
    mistakes: Sequence[Mistake] = (),
    *,
    left: bool = False,
    broken_off: bool = False,
) -> Score:
    """Score a session.

    Parameters
    ----------
    lines
        The rubric; weights add up to 100.
    pass_mark
        Points that pass.
    metrics
        By name, as `measure` gives them; every name of the rubric must be there.
    mistakes
        What went wrong, in order of time.
    left
        Whether the trainee left before the session's end: what would have come is not known.
    broken_off
        Whether the record ends before the session did.
    """
    shares = {line.id: _share(line, metrics[line.metric]) for line in lines}
    barren = {line.id: line.title for line in lines if shares[line.id] <= 0.0}
    found = [
        _line(line, metrics[line.metric], shares[line.id], _missing(line, barren)) for line in lines
    ]
    found += _mistakes(mistakes)
    total = min(max(sum(line.points for line in found), 0.0), OUT_OF)
    failed = list(dict.fromkeys(one.id for one in mistakes if one.severity == "critical"))
    if total < pass_mark - 1e-9:
        failed.append("points")
    if left:
        failed.append("left")
    if broken_off:
        failed.append("record")
    return Score(total, OUT_OF, not failed, tuple(found), tuple(failed))


def _share(line: RubricLine, metric: Metric) -> float:
    if metric.value is None:
        return 0.0
    share = (metric.value - line.worst_value) / (line.best_value - line.worst_value)
    return min(max(share, 0.0), 1.0)


def _missing(line: RubricLine, barren: Mapping[str, str]) -> str:
    """Title of the first line that is needed and has earned nothing."""
    return next((barren[need] for need in line.needs if need in barren), "")


def _line(line: RubricLine, metric: Metric, share: float, missing: str) -> ScoreLine:
    best, worst = shown(line.best_value, metric.unit), shown(line.worst_value, metric.unit)
    why = f"full points at {best}, none at {worst}"
    if missing:
        share, why = 0.0, f"does not count: nothing was earned for {missing}"
    text = f"{line.title}: {shown(metric.value, metric.unit)} ({why})"
    return ScoreLine(
        id=line.id,
        title=line.title,
        value=metric.value,
        unit=metric.unit,
        points=line.weight * share,
        out_of=line.weight,
        moment_s=metric.moment_s,
        until_s=metric.until_s,
        text=text,
    )


def _mistakes(mistakes: Sequence[Mistake]) -> list[ScoreLine]:
    """Sum the mistakes, one line for each rule that was broken."""
    rules: dict[str, list[Mistake]] = {}
    for mistake in mistakes:
        rules.setdefault(mistake.id, []).append(mistake)
    lines = []
    for rule, times in rules.items():
        first, number = times[0], len(times)
        often = "once" if number == 1 else f"{number} times"
        lines.append(
            ScoreLine(
                id=rule,
                title=first.text,
                value=float(number),
                unit="1",
                points=-sum(one.penalty for one in times),
                out_of=0.0,
                moment_s=first.time_s,
                text=f"{first.severity} mistake: {first.text}, {often}",
            )
        )
    return lines
