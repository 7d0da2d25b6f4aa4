"""``result.json``: the outcome of a session for programs, with exactly the published keys."""

from pathlib import Path
from typing import Any, Literal, Self

from pydantic import Field, SerializerFunctionWrapHandler, model_serializer

from surgisim.record.files import Part, read_model, write_model
from surgisim.record.timing import Scheduler, Timing
from surgisim.scoring.rubric import barred_by

__all__ = [
    "RESULT_FILE",
    "ComplicationEntry",
    "DeviceEntry",
    "ErrorEntry",
    "InterruptionEntry",
    "LineEntry",
    "Metric",
    "ObjectiveEntry",
    "Outcome",
    "Result",
    "StepEntry",
    "TickSummary",
    "read_result",
    "write_result",
]

RESULT_FILE = "result.json"

Outcome = Literal["passed", "failed", "interrupted", "practice"]
"""``interrupted``: ended before its time, with no mistake until then that would have failed it."""


class Metric(Part):
    """One measured number; ``value`` is None where it is not defined, as smoothness at rest is."""

    value: float | None
    unit: str


class ErrorEntry(Part):
    """Something done wrong: its id in the procedure, when, and one sentence."""

    id: str
    time_s: float = Field(ge=0)
    text: str
    severity: str = ""


class ComplicationEntry(Part):
    """A complication: from when to when (None: never ended), its cause and how it ended."""

    id: str
    started_s: float = Field(ge=0)
    ended_s: float | None = Field(default=None, ge=0)
    cause: str = ""
    outcome: str = ""


class StepEntry(Part):
    """A step of the procedure: its times, None where it was not reached, and how it ended.

    ``late`` is done after its time limit, ``broken_off`` ended undone by a complication.
    """

    id: str
    outcome: Literal["done", "late", "unfinished", "broken_off", "not_started"]
    started_s: float | None = Field(default=None, ge=0)
    ended_s: float | None = Field(default=None, ge=0)


class LineEntry(Part):
    """A line of the score: what was measured (SI), what it earned, and what decided it.

    Attributes
    ----------
    points, out_of
        Earned, and possible; a mistake's points are negative, out of 0.
    moment_s, until_s
        The moment of the replay that decided it, or the interval from the one to the other.
    text
        One sentence for people.
    """

    id: str
    title: str
    value: float | None
    unit: str
    points: float
    out_of: float
    moment_s: float | None = None
    until_s: float | None = None
    text: str = ""


class ObjectiveEntry(Part):
    """An objective: the points that hang on it; those of mistakes are taken off."""

    id: str
    points: float
    out_of: float


class InterruptionEntry(Part):
    """Time that does not count: the procedure was paused, or the hand was lost to the tracking."""

    kind: str
    from_s: float = Field(ge=0)
    to_s: float = Field(ge=0)


class DeviceEntry(Part):
    """What was in the hand.

    Attributes
    ----------
    name, model
        As ``--device`` takes it, without what tells it from others of its kind; what it says of
        itself.
    rig
        Name of the rig, or None.
    force
        Whether it pushes the hand.
    stiffness, damping
        Of the virtual coupling, N/m and N s/m; a stiffness of None is no coupling: the tool is
        where the hand is.
    scale, force_scale
        Metres of tool in a metre of hand, newtons in the hand for a newton at the tool.
    """

    name: str
    model: str
    rig: str | None = None
    force: bool
    stiffness: float | None = None
    damping: float = 0.0
    scale: float
    force_scale: float


class TickSummary(Part):
    """The ticks in a few numbers; ``timing.json`` has the rest.

    Attributes
    ----------
    tissue_hz
        How often the tissue was computed beside the tick; None: in every tick.
    cpu_holds_tissue
        Whether the CPU times of ticks hold the tissue's steps. Beside the tick they do in lockstep,
        where the tick that a step came in counts the whole of it, and live they do not.
    """

    count: int = Field(ge=0)
    tissue_hz: float | None = None
    cpu_holds_tissue: bool = True
    cpu_us_p50: float = Field(ge=0)
    cpu_us_p99: float = Field(ge=0)
    late: int = Field(ge=0)
    scheduler: Scheduler
    rate_hz: float = Field(default=0.0, ge=0)
    braked: int = Field(default=0, ge=0)
    watchdog_trips: int = Field(default=0, ge=0)

    @classmethod
    def from_timing(cls, timing: Timing) -> Self:
        """Take the numbers from the full statistics."""
        return cls(
            count=timing.ticks,
            tissue_hz=None if timing.tissue is None else timing.tissue.hz,
            cpu_holds_tissue=timing.cpu_holds_tissue,
            cpu_us_p50=timing.cpu_us.p50,
            cpu_us_p99=timing.cpu_us.p99,
            late=timing.late,
            scheduler=timing.scheduler,
            rate_hz=timing.rate_hz,
            braked=timing.braked,
            watchdog_trips=timing.watchdog_trips,
        )


_LEFT_OUT = (
    *("pass_mark", "lines", "failed_by", "objectives"),
    *("interruptions", "device", "outcome", "damaged"),
)
"""Keys that are not written where they say nothing."""


class Result(Part):
    """The outcome of one session.

    Attributes
    ----------
    procedure, version, seed
        Which procedure ran, and from which seed.
    completed
        Whether the session ran to its end.
    passed, score
        Whether the rubric is met, None for practice, and the score in percent.
    pass_mark
        Points that pass, in practice the goal; left out where it is not known.
    failed_by
        What failed it, or kept practice from its goal: ids of critical mistakes, ``points``, a
        session that was ``left``, and a ``record`` that breaks off.
    duration_s
        Simulated seconds.
    metrics, errors, complications, steps, ticks
        See the entries' own classes.
    lines
        Where the points came from, and the mistakes; left out of the file where there are none.
    objectives
        Points by objective; left out of the file where the procedure has none.
    interruptions
        Times that do not count; left out of the file where there are none.
    device
        What was in the hand; left out where the record does not say.
    outcome
        `passed` in a word, and whether the session was ended before its time.
    damaged
        One sentence that says what the record lacks; left out of the file where it is whole.
    """

    procedure: str
    version: str
    seed: int
    completed: bool
    passed: bool | None
    score: float
    duration_s: float = Field(ge=0)
    metrics: dict[str, Metric]
    errors: tuple[ErrorEntry, ...]
    complications: tuple[ComplicationEntry, ...]
    steps: tuple[StepEntry, ...]
    ticks: TickSummary
    pass_mark: float | None = None
    lines: tuple[LineEntry, ...] = ()
    failed_by: tuple[str, ...] = ()
    objectives: tuple[ObjectiveEntry, ...] = ()
    interruptions: tuple[InterruptionEntry, ...] = ()
    device: DeviceEntry | None = None
    outcome: Outcome | None = None
    damaged: str | None = None

    @property
    def identity(self) -> str:
        """What the score belongs to: ``id@version``."""
        return f"{self.procedure}@{self.version}"

    @property
    def barred(self) -> tuple[str, ...]:
        """What kept it from passing, or from its goal, whatever its points are."""
        return barred_by(self.passed, self.failed_by, self.lines)

    @model_serializer(mode="wrap")
    def _leave_out_nothing(self, write: SerializerFunctionWrapHandler) -> dict[str, Any]:
        content: dict[str, Any] = write(self)
        for name in _LEFT_OUT:
            if content[name] in (None, "", (), []):
                del content[name]
        return content


def write_result(folder: Path, result: Result) -> None:
    """Write ``result.json`` into a session folder, all of it or nothing."""
    write_model(folder / RESULT_FILE, result)


def read_result(path: Path) -> Result:
    """Read a ``result.json``; raises `RecordError` naming the first wrong field."""
    return read_model(path, Result)
