"""What a debriefing shows, as plain data: frozen dataclasses and arrays, seconds, metres, newtons.

`surgisim.report.gather` fills them from a session's record; the page and its plots read nothing
else.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from surgisim.record import Outcome, Timing
from surgisim.scoring.feel import Profile, Unfelt
from surgisim.scoring.overrule import Overrule
from surgisim.scoring.rubric import Score
from surgisim.snapshot import Event, Vector

__all__ = [
    "ComplicationRow",
    "Earlier",
    "ErrorRow",
    "Hand",
    "MarkRow",
    "Moment",
    "Motion",
    "NoduleRow",
    "ObjectiveRow",
    "OrganShape",
    "Picture",
    "RatingRow",
    "ReportData",
    "StepRow",
    "Transition",
]


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture of a key moment.

    Attributes
    ----------
    time_s
        When it was so: what the clock in it says.
    title
        What it shows, in a few words.
    png
        The picture as a PNG file.
    caption
        One sentence more, or nothing.
    of_s
        The moment that it is of, where that is another: of a mark it waits until the probe is out
        of the way.
    """

    time_s: float
    title: str
    png: bytes
    caption: str = ""
    of_s: float | None = None

    @property
    def moment_s(self) -> float:
        """The moment that it is of, s."""
        return self.time_s if self.of_s is None else self.of_s


@dataclass(frozen=True, slots=True)
class StepRow:
    """A step; ``outcome``: ``done``, ``late``, ``unfinished``, ``broken_off``, ``not_started``."""

    id: str
    title: str
    outcome: str
    started_s: float | None = None
    ended_s: float | None = None
    time_limit_s: float | None = None


@dataclass(frozen=True, slots=True)
class ErrorRow:
    """Something done wrong; ``severity`` is ``minor``, ``major`` or ``critical``."""

    id: str
    time_s: float
    text: str
    severity: str = ""


@dataclass(frozen=True, slots=True)
class ComplicationRow:
    """A complication.

    Attributes
    ----------
    started_s, ended_s
        From when to when; ``ended_s`` is None where it went on to the end.
    by_chance
        Drawn with the seed instead of caused by the trainee.
    text
        What it is, one sentence.
    cause
        What brought it about, one sentence, or nothing where the record does not say.
    course
        What happened after it started: time and sentence each.
    correct
        What would have been right, in order.
    """

    id: str
    title: str
    started_s: float
    ended_s: float | None = None
    by_chance: bool = False
    text: str = ""
    cause: str = ""
    course: tuple[tuple[float, str], ...] = ()
    correct: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ObjectiveRow:
    """What the trainee should learn: the points that hang on it; those of mistakes are negative."""

    id: str
    text: str
    points: float
    out_of: float


@dataclass(frozen=True, slots=True)
class MarkRow:
    """A mark at a material point (m, at rest).

    ``nodule`` is the one it found, None for a false mark, nothing where there were none to find.
    """

    number: int
    time_s: float
    point: Vector
    nodule: str | None


@dataclass(frozen=True, slots=True)
class NoduleRow:
    """A nodule as it truly lay: a letter, centre and radius in m, at rest."""

    id: str
    center: Vector
    radius_m: float
    found: bool


@dataclass(frozen=True, slots=True)
class Moment:
    """One entry of the list of moments that plots, pictures and score lines point to.

    Attributes
    ----------
    number
        Written beside it in the plots.
    kind
        The event's kind.
    label
        A word or two for people.
    text
        One sentence.
    grave
        Whether it counts against the trainee; such moments are drawn over the force.
    """

    number: int
    time_s: float
    kind: str
    label: str
    text: str
    grave: bool

    @property
    def anchor(self) -> str:
        """Name of its place on the page."""
        return f"moment-{self.number}"


@dataclass(frozen=True, slots=True)
class Transition:
    """One transition of a procedure.

    Attributes
    ----------
    tick, time_s
        When.
    what, of
        The kind of event, and the step, mistake, response or complication that it is of.
    text
        One sentence.
    why
        What brought it about, in a phrase.
    guard, seen
        The condition as it is written, and the facts in it with their values at that look; nothing
        where it was no condition.
    complication
        The one that it belongs to, if any: of a response, of what one does to a step.
    """

    tick: int
    time_s: float
    what: str
    of: str
    text: str
    why: str
    guard: str = ""
    seen: str = ""
    complication: str = ""


@dataclass(frozen=True, slots=True, eq=False)
class Motion:
    """The instrument over time: n ticks of equal length.

    Attributes
    ----------
    time_s
        (n,) s.
    tool
        (n, 3) tip, m.
    force_n
        (n,) size of the force, N.
    touching
        (n,) whether any contact point existed.
    dt_s
        Seconds per tick.
    """

    time_s: NDArray[np.float64]
    tool: NDArray[np.float64]
    force_n: NDArray[np.float64]
    touching: NDArray[np.bool_]
    dt_s: float


@dataclass(frozen=True, slots=True, eq=False)
class Hand:
    """What was in the hand, and what it felt.

    Attributes
    ----------
    facts
        Device, coupling, scale, limits: label and value each, in the order shown.
    faults
        When the hand did not get its force, or got it back, s, and one sentence.
    felt_n, tissue_n
        (n,) what the hand was given, or None where it is what the tissue pushed; and what the
        tissue pushed, in the hand's newtons; means over 40 ms.
    profiles, unfelt
        What it felt over the nodules and beside them; and the nodules of which that cannot be said.
    """

    facts: tuple[tuple[str, str], ...]
    faults: tuple[tuple[float, str], ...]
    felt_n: NDArray[np.float64] | None
    tissue_n: NDArray[np.float64]
    profiles: tuple[Profile, ...]
    unfelt: tuple[Unfelt, ...] = ()


@dataclass(frozen=True, slots=True)
class RatingRow:
    """What a person gave the session on a scale.

    Attributes
    ----------
    scale, rater
        The scale's title, and the rater's pseudonym.
    how
        ``blinded, video`` and the like.
    total, low, high
        Points, and between what they lie for the items that were rated.
    """

    scale: str
    rater: str
    how: str
    total: int
    low: int
    high: int


@dataclass(frozen=True, slots=True)
class Earlier:
    """An earlier run of the same procedure and version.

    Attributes
    ----------
    score
        Points of 100.
    lines
        What was measured, SI or None, and what it earned, by the id of the score line.
    barred
        Whether it could not pass, or reach its goal, whatever the points.
    """

    score: float
    lines: Mapping[str, tuple[float | None, float]]
    barred: bool = False


@dataclass(frozen=True, slots=True, eq=False)
class OrganShape:
    """The organ at rest: points (n, 3) m and triangles (m, 3)."""

    points: NDArray[np.float64]
    triangles: NDArray[np.integer[Any]]


@dataclass(frozen=True, slots=True, eq=False)
class ReportData:
    """Everything that the page shows.

    Attributes
    ----------
    title, procedure, version, seed
        What was played.
    facts
        How and with what: label and value each, in the order shown.
    completed, interrupted, duration_s
        Whether the session ran to its end, whether the trainee, Ctrl-C or a power cut ended it
        before, and its simulated length.
    damaged
        What the record lacks, or None.
    score
        The rubric's verdict with its lines, and what persons said of it.
    original, overrules
        The score before that, None where nobody did; and what they said, in order.
    pass_mark
        Points that pass, or None where the record does not say.
    practice
        Whether nothing is passed or failed here.
    blood_lost_m3
        Lost by the end, m3.
    force_limit_n
        What the tissue bears, N, or None.
    hand
        What was in the hand, or None where the record does not say.
    timing, timing_damaged
        What the clock said, or None; and whether it is missing because its file is damaged.
    transitions
        Why everything happened.
    earlier
        The same trainee's runs of the same procedure before this one, in order.
    ratings, ratings_damaged
        What persons gave it on rating scales; and what is wrong where they cannot be read.
    replay
        Command lines that play the session again; SESSION stands for its folder, because a path
        may name a person and the page is the same wherever the folder lies.
    """

    title: str
    procedure: str
    version: str
    seed: int
    completed: bool
    duration_s: float
    score: Score
    motion: Motion
    original: Score | None = None
    overrules: tuple[Overrule, ...] = ()
    interrupted: bool = False
    facts: tuple[tuple[str, str], ...] = ()
    damaged: str | None = None
    steps: tuple[StepRow, ...] = ()
    objectives: tuple[ObjectiveRow, ...] = ()
    errors: tuple[ErrorRow, ...] = ()
    complications: tuple[ComplicationRow, ...] = ()
    marks: tuple[MarkRow, ...] = ()
    nodules: tuple[NoduleRow, ...] = ()
    moments: tuple[Moment, ...] = ()
    events: tuple[Event, ...] = ()
    transitions: tuple[Transition, ...] = ()
    pictures: tuple[Picture, ...] = ()
    organ: OrganShape | None = None
    pass_mark: float | None = None
    practice: bool = False
    blood_lost_m3: float = 0.0
    force_limit_n: float | None = None
    hand: Hand | None = None
    timing: Timing | None = None
    timing_damaged: bool = False
    replay: tuple[str, ...] = ()
    procedure_text: str = ""
    metrics: Mapping[str, tuple[float | None, str]] = field(default_factory=dict)
    earlier: tuple[Earlier, ...] = ()
    ratings: tuple[RatingRow, ...] = ()
    ratings_damaged: str = ""

    @property
    def outcome(self) -> Outcome:
        """What came of it; who was interrupted before failing has shown no lack of skill."""
        left = self.interrupted and not self.score.critical
        if self.practice:
            return "interrupted" if left else "practice"
        if any(word.passed is not None for word in self.overrules):
            return "passed" if self.score.passed else "failed"
        if self.score.passed:
            return "passed"
        return "interrupted" if left else "failed"
