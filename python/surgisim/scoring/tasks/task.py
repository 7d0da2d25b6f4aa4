"""The score of a timed task with penalties, as in MISTELS and its successors.

With t the time and c the cut-off (s), e_i how much was wrong in point i and k_i its weight (s):

    raw = max(0, c - t - sum k_i e_i),   0 where t >= c
    norm = 100 raw / raw_best            total = mean of the norms: tasks weigh equally

Form from Derossi et al. 1998 (Am J Surg 175:482) and Fried et al. 2004 (Ann Surg 240:518). **FLS
does not publish its formulas**: these scores are of the same kind, not those of an examination. All
coefficients are data, in `tasks.toml`, each with its source and a grade: A a table was read, B a
text was read, C recollection. What rests on C is for practice. A norm above 100 is better than the
best that the coefficients know of; it is not cut off.
"""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any

__all__ = ["Penalty", "Task", "score_task", "tasks", "total_score"]


@dataclass(frozen=True, slots=True)
class Penalty:
    """One point in which a task can go wrong.

    Attributes
    ----------
    id, title
        Its name, and what people read.
    unit
        What is counted: ``mm``, ``object``, ``%``; ``grade`` where one of `grades` is chosen.
    weight
        Seconds for each unit; for a grade 1.
    grades
        Seconds by the grade's name.
    source, confidence
        Where it comes from: A, B or C.
    """

    id: str
    title: str
    unit: str
    weight: float
    grades: Mapping[str, float]
    source: str
    confidence: str

    def seconds(self, given: float | str) -> float:
        """Weigh an amount, or a grade by its name.

        Raises
        ------
        ValueError
            A negative amount, an unknown grade, or one in place of the other.
        """
        if self.grades:
            if given not in self.grades:
                known = ", ".join(self.grades)
                raise ValueError(f"'{self.id}' is one of {known}, not {given!r}")
            return self.grades[str(given)]
        if isinstance(given, str) or not given >= 0.0:
            raise ValueError(f"'{self.id}' is an amount of 0 or more, not {given!r}")
        return self.weight * given


@dataclass(frozen=True, slots=True)
class Task:
    """A timed task.

    Attributes
    ----------
    id, title
        Its name, and what people read.
    cutoff_s
        At this time it scores nothing.
    raw_best
        Raw score that makes 100.
    proficient_s
        Time of proficient performers, or None.
    penalties
        In which points it can go wrong.
    source, confidence
        Where cut-off and best come from: A, B or C.
    """

    id: str
    title: str
    cutoff_s: float
    raw_best: float
    proficient_s: float | None
    penalties: tuple[Penalty, ...]
    source: str
    confidence: str

    @property
    def assessable(self) -> bool:
        """Whether nothing rests on recollection."""
        return "C" not in {self.confidence, *(penalty.confidence for penalty in self.penalties)}


def score_task(task: Task, time_s: float, wrong: Mapping[str, float | str] | None = None) -> float:
    """Score a run of a task, 0 or more; 100 is the best that the task knows of.

    Parameters
    ----------
    task
        Its coefficients.
    time_s
        How long it took, s.
    wrong
        Amount or grade by the id of a penalty; what is left out was faultless.

    Raises
    ------
    ValueError
        A negative time, a penalty that the task does not have, or an amount that it cannot be.
    """
    if not time_s >= 0.0:
        raise ValueError(f"a time is 0 s or more, not {time_s}")
    known = {penalty.id: penalty for penalty in task.penalties}
    given = wrong or {}
    unknown = sorted(given.keys() - known.keys())
    if unknown:
        raise ValueError(f"task '{task.id}' has no penalty '{unknown[0]}': {', '.join(known)}")
    lost = sum(known[name].seconds(amount) for name, amount in given.items())
    if time_s >= task.cutoff_s:
        return 0.0
    return 100.0 * max(0.0, task.cutoff_s - time_s - lost) / task.raw_best


def total_score(norms: Mapping[str, float], of: Mapping[str, Task]) -> float:
    """Mean of the norms of all tasks in `of`; a task that was not done counts as 0."""
    return sum(norms.get(name, 0.0) for name in of) / len(of)


@cache
def tasks() -> Mapping[str, Task]:
    """Every task that comes along, by its id."""
    text = resources.files(__package__).joinpath("tasks.toml").read_text(encoding="utf-8")
    return {name: _task(name, entry) for name, entry in tomllib.loads(text).items()}


def _task(name: str, entry: Mapping[str, Any]) -> Task:
    proficient = entry.get("proficient_s")
    return Task(
        id=name,
        title=entry["title"],
        cutoff_s=float(entry["cutoff_s"]),
        raw_best=float(entry["raw_best"]),
        proficient_s=None if proficient is None else float(proficient),
        penalties=tuple(
            Penalty(
                id=one["id"],
                title=one["title"],
                unit=one.get("unit", "grade"),
                weight=float(one.get("weight", 1.0)),
                grades={key: float(value) for key, value in one.get("grades", {}).items()},
                source=one["source"],
                confidence=one["confidence"],
            )
            for one in entry.get("penalties", ())
        ),
        source=entry["source"],
        confidence=entry["confidence"],
    )
