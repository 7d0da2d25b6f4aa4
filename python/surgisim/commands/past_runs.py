"""Runs of one person that were played before: below a folder, or in the store of records."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from surgisim.errors import RecordError, RightsError
from surgisim.record.past import PastSession, sessions_below
from surgisim.record.reader import read_header
from surgisim.record.result import Metric
from surgisim.report.model import Earlier

if TYPE_CHECKING:
    from surgisim.store import Store, StoredResult

__all__ = [
    "PastRun",
    "alike",
    "before",
    "before_in_store",
    "before_now",
    "every_run_below",
    "runs_below",
    "runs_in_store",
]


@dataclass(frozen=True, slots=True)
class PastRun:
    """A run as courses and reports need it; `name` is its folder, or ``store:N``.

    `trainee` is whose it is: what the record says, or the pseudonym. What a person overruled counts
    as overruled.
    """

    name: str
    trainee: str
    procedure: str
    version: str
    seed: int
    passed: bool | None
    outcome: str | None
    score: float
    metrics: Mapping[str, Metric]
    lines: Mapping[str, tuple[float | None, float]]
    barred: tuple[str, ...]

    def earlier(self) -> Earlier:
        """Give what the report compares with."""
        return Earlier(self.score, self.lines, bool(self.barred))


def runs_below(folder: Path, trainee: str | None) -> list[PastRun]:
    """Read the sessions below a folder, of one trainee, in order.

    Raises
    ------
    RecordError
        There are several trainees and none is named, or others than who is; or something cannot be
        read.
    """
    past = sessions_below(folder)
    names = sorted({one.trainee for one in past})
    if trainee is None and len(names) > 1:
        raise RecordError(f"{folder} holds sessions of {', '.join(names)}: choose with --trainee.")
    if names and trainee is not None and trainee not in names:
        raise RecordError(
            f"no session below {folder} is of '{trainee}': there are those of {', '.join(names)}."
        )
    return [_of_folder(one) for one in past if trainee in (None, one.trainee)]


def every_run_below(folder: Path) -> list[PastRun]:
    """Read the sessions below a folder, whosoever they are, in order."""
    return [_of_folder(one) for one in sessions_below(folder)]


def _of_folder(one: PastSession) -> PastRun:
    result = one.result
    return PastRun(
        name=str(one.folder),
        trainee=one.trainee,
        procedure=result.procedure,
        version=result.version,
        seed=result.seed,
        passed=result.passed,
        outcome=result.outcome,
        score=result.score,
        metrics=result.metrics,
        lines={line.id: (line.value, line.points) for line in result.lines},
        barred=result.barred,
    )


def runs_in_store(store: "Store", person: str) -> list[PastRun]:
    """Read a person's sessions in the store, in order."""
    return [_of_store(one) for one in store.results(person=person, player="person")]


def _of_store(one: "StoredResult") -> PastRun:
    session, final = one.session, one.final
    return PastRun(
        name=f"store:{session.number}",
        trainee=session.person or "",
        procedure=session.procedure,
        version=session.version or "",
        seed=session.seed,
        passed=None if session.passed is None else final.passed,
        outcome=one.outcome,
        score=final.total,
        metrics={name: Metric(value=m.value, unit=m.unit) for name, m in one.metrics.items()},
        lines={line.id: (line.value, line.points) for line in final.lines},
        barred=final.barred,
    )


def before(runs: Sequence[PastRun], name: str) -> list[Earlier]:
    """Choose the runs before the one of this name, of its procedure and version.

    Interrupted ones are left out: their points are those so far.
    """
    place = next((n for n, run in enumerate(runs) if run.name == name), None)
    if place is None:
        raise RecordError(f"{name} is not among the sessions that it is to be compared with.")
    return _earlier(runs[:place], runs[place].procedure, runs[place].version)


def _earlier(runs: Sequence[PastRun], procedure: str, version: str) -> list[Earlier]:
    return [run.earlier() for run in alike(runs, procedure, version)]


def alike(runs: Sequence[PastRun], procedure: str, version: str) -> list[PastRun]:
    """Choose the runs of a procedure in one version, but those broken off."""
    return [
        run
        for run in runs
        if (run.procedure, run.version) == (procedure, version) and run.outcome != "interrupted"
    ]


def before_in_store(store: "Store", number: int) -> list[Earlier]:
    """Choose the runs of the same person before session `number`; nothing where it is nobody's."""
    from surgisim.store import StoredResult

    one = store.result(number)
    if not isinstance(one, StoredResult) or one.session.person is None:
        return []
    return before(runs_in_store(store, one.session.person), f"store:{number}")


def before_now(store: "Store", person: str | None, folder: Path) -> list[Earlier]:
    """Choose a person's runs of what was just played in `folder` and is not taken in yet.

    Nothing for nobody, and where whoever is signed in may not read them.
    """
    if person is None:
        return []
    try:
        runs = runs_in_store(store, person)
    except RightsError:
        return []
    header = read_header(folder)
    return _earlier(runs, header["procedure"], str(header["version"]))
