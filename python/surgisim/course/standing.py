"""Where a trainee stands in a course, from results of sessions in their order.

A run counts for a module when it is of the module's procedure and of a version that counts, was
not interrupted, came after the modules that it needs were done, and before the module itself was
done or its runs were used up. Everything else is told and left out.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from surgisim.course.model import Course, Module
from surgisim.course.rules import cusum_rule, repetition_rule
from surgisim.course.success import RunResult, failures
from surgisim.scoring.proficiency import CusumChart, Standing

__all__ = ["CourseStanding", "ModuleStanding", "Run", "RunResult", "standing", "titles"]

State = Literal["locked", "open", "done", "spent"]


@dataclass(frozen=True, slots=True)
class Run:
    """A session as a module sees it.

    Attributes
    ----------
    number
        Its place among the results, from 0.
    counts
        Whether it counts for the module.
    success
        Whether it is one; False where it does not count.
    why
        What kept it from counting or from being a success, a phrase each.
    """

    number: int
    counts: bool
    success: bool
    why: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ModuleStanding:
    """Where a trainee stands in a module.

    Attributes
    ----------
    module
        The module.
    state
        ``locked`` by what it needs, ``open``, ``done``, or ``spent``: as many runs as are allowed,
        and not proficient.
    runs
        Every session of its procedure, in order.
    repeat
        What came of the rule of repetitions, or None without one.
    cusum
        What came of the CUSUM, or None without one.
    done_at
        Run, from 1 among those that count, with which every rule was met; None so far.
    waits_for
        The modules that are still needed.
    """

    module: Module
    state: State
    runs: tuple[Run, ...]
    repeat: Standing | None
    cusum: CusumChart | None
    done_at: int | None
    waits_for: tuple[Module, ...]

    @property
    def counted(self) -> tuple[Run, ...]:
        """Runs that count."""
        return tuple(run for run in self.runs if run.counts)


@dataclass(frozen=True, slots=True)
class CourseStanding:
    """Where a trainee stands in a course: its modules in their order."""

    course: Course
    modules: tuple[ModuleStanding, ...]

    @property
    def done(self) -> bool:
        """Whether every module is."""
        return all(one.state == "done" for one in self.modules)

    @property
    def next(self) -> ModuleStanding | None:
        """The first module that may be played now, or None."""
        return next((one for one in self.modules if one.state == "open"), None)


def standing(
    course: Course, procedures: Mapping[str, str], results: Sequence[RunResult]
) -> CourseStanding:
    """Judge results.

    Parameters
    ----------
    course
        The course.
    procedures
        Id of the procedure by what a module calls it.
    results
        Of one trainee, in the order they were played.
    """
    modules = {one.id: one for one in course.modules}
    tracks = {
        one.id: _Track(one, procedures[one.procedure], [modules[need] for need in one.needs])
        for one in course.modules
    }
    for number, result in enumerate(results):
        done = {name for name, track in tracks.items() if track.done_at is not None}
        for track in tracks.values():
            if result.procedure == track.procedure:
                track.take(number, result, done)
    done = {name for name, track in tracks.items() if track.done_at is not None}
    return CourseStanding(course, tuple(track.standing(done) for track in tracks.values()))


class _Track:
    """One module while results come in."""

    def __init__(self, module: Module, procedure: str, needs: Sequence[Module]) -> None:
        self.module = module
        self.procedure = procedure
        self._needs = needs
        self.done_at: int | None = None
        self._repeat = repetition_rule(module)
        self._cusum = cusum_rule(module.proficient.cusum)
        self._runs: list[Run] = []
        self._outcomes: list[bool] = []
        self._seeds: set[int] = set()

    def take(self, number: int, result: RunResult, done: set[str]) -> None:
        """Take the next result of the module's procedure."""
        out = self._left_out(result, done)
        self._seeds.add(result.seed)  # also of a run that is left out: what it holds was seen
        if out:
            self._runs.append(Run(number, counts=False, success=False, why=(out,)))
            return
        why = tuple(failures(self.module, result))
        self._runs.append(Run(number, counts=True, success=not why, why=why))
        self._outcomes.append(not why)
        if self.done_at is None and self._met():
            self.done_at = len(self._outcomes)

    def _left_out(self, result: RunResult, done: set[str]) -> str:
        """Say why a run does not count, or nothing."""
        module = self.module
        if self.done_at is not None:
            return "the module was done"
        if self._spent:
            return "no run was left"
        waits = self._waits_for(done)
        if waits:
            return f"too early: {titles(waits)} not done"
        if module.versions and result.version not in module.versions:
            return f"version {result.version} does not count"
        if result.outcome == "interrupted":
            return "it was interrupted"
        if module.new_seed and result.seed in self._seeds:
            return f"seed {result.seed} was played before"
        return ""

    def _waits_for(self, done: set[str]) -> tuple[Module, ...]:
        return tuple(need for need in self._needs if need.id not in done)

    @property
    def _spent(self) -> bool:
        return self.module.at_most is not None and len(self._outcomes) >= self.module.at_most

    def _met(self) -> bool:
        repeat = (
            self._repeat is None or self._repeat.judge(self._outcomes).proficient_at is not None
        )
        cusum = self._cusum is None or self._cusum.chart(self._outcomes).proficient_at is not None
        return repeat and cusum

    def standing(self, done: set[str]) -> ModuleStanding:
        """Say where the module stands."""
        waits = self._waits_for(done)
        state: State = "open"
        if self.done_at is not None:
            state = "done"
        elif waits:
            state = "locked"
        elif self._spent:
            state = "spent"
        return ModuleStanding(
            module=self.module,
            state=state,
            runs=tuple(self._runs),
            repeat=None if self._repeat is None else self._repeat.judge(self._outcomes),
            cusum=None if self._cusum is None else self._cusum.chart(self._outcomes),
            done_at=self.done_at,
            waits_for=waits,
        )


def titles(modules: Sequence[Module]) -> str:
    """Name modules by what people read."""
    return " and ".join(f"'{one.title}'" for one in modules)
