"""A rehearsal from start to end: what is not done yet is played, and all of it summed up."""

from collections.abc import Callable, Iterable
from contextlib import closing
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from surgisim.rehearsal.outcome import Outcome, Outcomes, Task
from surgisim.rehearsal.plan import Plan, Run
from surgisim.rehearsal.processes import in_processes
from surgisim.rehearsal.run_file import RunFile
from surgisim.rehearsal.summary import Summary, summarise
from surgisim.rehearsal.verdict import Verdict, judge

__all__ = ["LEAST", "Rehearsal", "rehearse"]

LEAST = 0.95
"""Share of its runs that careful has to pass."""

_LOG_FILE = "runs.log"


@dataclass(frozen=True, slots=True)
class Rehearsal:
    """What came of a rehearsal."""

    summary: Summary
    verdict: Verdict

    def to_dict(self) -> dict[str, Any]:
        """Give all of it as plain data, for JSON."""
        return {**asdict(self.summary), "verdict": asdict(self.verdict)}


def rehearse(
    plan: Plan,
    out: Path,
    *,
    jobs: int = 1,
    cluster: str | None = None,
    least: float = LEAST,
    told: Callable[[Outcome], None] | None = None,
) -> Rehearsal:
    """Play what of a plan is not done yet, and sum up all of it.

    Parameters
    ----------
    plan
        See `make_plan`.
    out
        Folder of the runs; runs that are in it already are not played again.
    jobs
        How many processes play at a time.
    cluster
        Address of a Dask scheduler that plays in their place, such as ``tcp://host:8786``.
    least
        Share of its runs that careful has to pass, 0 to 1.
    told
        Called with every outcome as it comes, those that were there first.

    Raises
    ------
    RecordError
        `out` holds other runs, or cannot be written.
    SurgisimError
        There is no such cluster, or it runs another surgisim.
    """
    with RunFile(out, plan) as file:
        for run in plan.runs():
            if told is not None and run in file.done:
                told(file.done[run])
        todo = (_task(plan, run) for run in plan.runs() if run not in file.done)
        with closing(_play(todo, jobs, cluster, out)) as outcomes:
            for outcome in outcomes:
                file.add(outcome)
                if told is not None:
                    told(outcome)
        summary = summarise(plan, file.done)
    return Rehearsal(summary, judge(summary, plan, least))


def _play(tasks: Iterable[Task], jobs: int, cluster: str | None, out: Path) -> Outcomes:
    if cluster is None:
        yield from in_processes(tasks, jobs, out / _LOG_FILE)
        return
    from surgisim.rehearsal.cluster import on_cluster

    yield from on_cluster(tasks, cluster)


def _task(plan: Plan, run: Run) -> Task:
    return Task(
        trainee=run.trainee,
        skill=run.skill,
        seed=run.seed,
        text=plan.text,
        files=dict(plan.files),
        allow_behaviour=plan.allow_behaviour,
        anatomy=None if plan.anatomy is None else str(plan.anatomy),
    )
