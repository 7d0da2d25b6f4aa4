"""The procedure as it runs: a statechart looked at 50 times a second, off the haptic thread.

At every look the engine gets the facts of the present tick and answers with events. What it does
depends on its inputs alone: chance is drawn from the generator when the engine is made, in the
order of the file, and every guard of one look sees the same facts, so that the order of steps
and complications in the file never decides what happens.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from surgisim.errors import ProcedureError
from surgisim.procedure.check import words_of
from surgisim.procedure.complication import (
    ComplicationRecord,
    Effect,
    Moment,
    RunningComplication,
)
from surgisim.procedure.guard import Facts, Guard
from surgisim.procedure.model import ErrorRule, Procedure, Step
from surgisim.procedure.vocabulary import FACTS
from surgisim.snapshot import Event

__all__ = ["LOOK_S", "Engine", "ErrorRecord", "StepRecord"]

LOOK_S = 0.02
"""Time between two looks, s."""


@dataclass(slots=True)
class StepRecord:
    """What became of a step; times in s, None where it never began or never ended."""

    id: str
    title: str
    started_s: float | None = None
    ended_s: float | None = None
    late: bool = False

    @property
    def active(self) -> bool:
        """Whether it is under way."""
        return self.started_s is not None and self.ended_s is None


@dataclass(frozen=True, slots=True)
class ErrorRecord:
    """One occurrence of a mistake."""

    id: str
    severity: str
    text: str
    penalty: float
    time_s: float


class _ErrorWatch:
    """An error rule and when it last happened."""

    def __init__(self, rule: ErrorRule, step: str | None, guard: Guard) -> None:
        self.rule = rule
        self.step = step
        self.guard = guard
        self._before = False
        self._last_s: float | None = None

    def happens(self, facts: Facts, time_s: float) -> bool:
        """Whether it begins now: it did not hold before, and its rest time is over."""
        holds = self.guard.holds(facts, time_s)
        begins = holds and not self._before
        self._before = holds
        if not begins:
            return False
        if self._last_s is not None and time_s - self._last_s < self.rule.again_after:
            return False
        self._last_s = time_s
        return True


class Engine:
    """A procedure under way.

    Parameters
    ----------
    procedure
        Read and checked by `load`.
    rng
        Chance; the same state gives the same session.

    Attributes
    ----------
    steps, errors
        What became of the steps, and every mistake so far.
    drawn
        By complication the delay, s, with which chance lets it begin, None where it never does.
    finished
        Whether the session is over.
    completed
        Whether every step was done.
    """

    def __init__(self, procedure: Procedure, rng: np.random.Generator) -> None:
        words = words_of(procedure)
        self.procedure = procedure
        self.steps = [StepRecord(step.id, step.title) for step in procedure.steps]
        self.errors: list[ErrorRecord] = []
        self.finished = False
        self._records = {record.id: record for record in self.steps}
        self._done_when = {step.id: Guard(step.done_when, words) for step in procedure.steps}
        self._end_when = None if procedure.end_when is None else Guard(procedure.end_when, words)
        self._watches = [
            _ErrorWatch(rule, None, Guard(rule.when, words)) for rule in procedure.errors
        ] + [
            _ErrorWatch(rule, step.id, Guard(rule.when, words))
            for step in procedure.steps
            for rule in step.errors
        ]
        self.drawn = _draw(procedure, rng)
        self._complications = [
            RunningComplication(spec, words, self.drawn[spec.id])
            for spec in procedure.complications
        ]
        self._effects: list[Effect] = []
        self._needed = self._names() & FACTS.keys()

    @property
    def completed(self) -> bool:
        """Whether every step was done."""
        return all(record.ended_s is not None for record in self.steps)

    @property
    def complications(self) -> list[ComplicationRecord]:
        """What became of the complications, those that never began included."""
        return [running.record for running in self._complications]

    @property
    def critical(self) -> list[ErrorRecord]:
        """The mistakes that fail the session whatever the points."""
        return [error for error in self.errors if error.severity == "critical"]

    def effects(self) -> list[Effect]:
        """Effects that began since the last call, for the session to act on."""
        new, self._effects = self._effects, []
        return new

    def update(self, tick: int, time_s: float, facts: Facts) -> list[Event]:
        """One look at the facts; see `surgisim.procedure.vocabulary.FACTS` for their names.

        Raises
        ------
        ProcedureError
            When a fact that a guard names is not supplied.
        """
        if self.finished:
            return []
        missing = self._needed - facts.keys()
        if missing:
            raise ProcedureError(
                f"procedure '{self.procedure.id}' needs the fact '{min(missing)}': the session "
                "must supply every fact of the vocabulary"
            )
        now = Moment(tick, time_s)
        seen = self._seen(time_s, facts)
        events = [*self._look_at_steps(now, seen), *self._look_at_errors(now, seen)]
        for running, spec in zip(self._complications, self.procedure.complications, strict=True):
            after = None if spec.random is None else spec.random.after
            base = 0.0 if after is None else self._records[after].ended_s
            events += running.update(now, seen, base, self._effects)
        events += self._look_at_end(now, seen)
        return events

    def _names(self) -> set[str]:
        guards = [*self._done_when.values(), *(watch.guard for watch in self._watches)]
        guards += [self._end_when] if self._end_when else []
        names: set[str] = set().union(*(guard.names for guard in guards))
        return names.union(*(running.names for running in self._complications))

    def _seen(self, time_s: float, facts: Facts) -> dict[str, float | bool]:
        """Join the session's facts and the engine's own, as they stand before this look."""
        scene = self.procedure.scene
        seen = dict(facts)
        seen["time"] = time_s
        seen["limit.force"] = scene.limits.force.value
        seen["nodules.count"] = float(scene.nodules.count) if scene.nodules else 0.0
        for record in self.steps:
            seen[f"step.{record.id}.done"] = record.ended_s is not None
            seen[f"step.{record.id}.late"] = record.late
        happened = {error.id for error in self.errors}
        for watch in self._watches:
            seen[f"error.{watch.rule.id}"] = watch.rule.id in happened
        for running in self._complications:
            seen[f"complication.{running.record.id}.active"] = running.active
        return seen

    def _look_at_steps(self, now: Moment, seen: Facts) -> Iterator[Event]:
        """Active steps first; a step that is done lets others start within the same look."""
        looked: set[str] = set()
        while True:
            ready = [s for s in self.procedure.steps if self._is_ready(s)]
            for step in ready:
                self._records[step.id].started_s = now.time_s
                yield now.event("step.started", step.title, {"step": step.id})
            active = [s for s in self.procedure.steps if self._records[s.id].active]
            fresh = [step for step in active if step.id not in looked]
            if not fresh:
                return
            for step in fresh:
                looked.add(step.id)
                yield from self._look_at_step(step, now, seen)

    def _is_ready(self, step: Step) -> bool:
        if self._records[step.id].started_s is not None:
            return False
        return all(self._records[need].ended_s is not None for need in step.needs)

    def _look_at_step(self, step: Step, now: Moment, seen: Facts) -> Iterator[Event]:
        record = self._records[step.id]
        taken = now.time_s - (record.started_s or 0.0)
        if self._done_when[step.id].holds(seen, now.time_s):
            record.ended_s = now.time_s
            yield now.event("step.done", f"{step.title}: done", {"step": step.id, "seconds": taken})
        elif step.time_limit is not None and taken > step.time_limit and not record.late:
            record.late = True
            text = f"{step.title}: over the time limit of {step.time_limit:g} s"
            yield now.event("step.timeout", text, {"step": step.id, "seconds": taken})

    def _look_at_errors(self, now: Moment, seen: Facts) -> Iterator[Event]:
        for watch in self._watches:
            if watch.step is not None and not self._records[watch.step].active:
                continue
            if not watch.happens(seen, now.time_s):
                continue
            rule = watch.rule
            self.errors.append(
                ErrorRecord(rule.id, rule.severity, rule.text, rule.penalty, now.time_s)
            )
            values: dict[str, float | str | bool] = {
                "error": rule.id,
                "severity": rule.severity,
                "penalty": rule.penalty,
            }
            yield now.event("error", rule.text, values)

    def _look_at_end(self, now: Moment, seen: Facts) -> Iterator[Event]:
        ended = self._end_when is not None and self._end_when.holds(seen, now.time_s)
        if self.completed:
            reason, text = "completed", "every step is done"
        elif ended:
            reason, text = "ended", "ended before every step was done"
        elif now.time_s >= self.procedure.time_limit:
            reason = "time_limit"
            text = f"the time limit of {self.procedure.time_limit:g} s is reached"
        else:
            return
        self.finished = True
        yield now.event("session.ended", text, {"reason": reason, "completed": self.completed})


def _draw(procedure: Procedure, rng: np.random.Generator) -> dict[str, float | None]:
    """For every complication its delay, s, or None; two numbers each, whatever the outcome."""
    delays: dict[str, float | None] = {}
    for complication in procedure.complications:
        chance = complication.random
        if chance is None:
            delays[complication.id] = None
            continue
        happens = rng.random() < chance.p
        delay = float(rng.uniform(chance.window.low, chance.window.high))
        delays[complication.id] = delay if happens else None
    return delays
