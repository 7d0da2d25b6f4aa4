"""The procedure as it runs: a statechart looked at 50 times a second, off the haptic thread.

At every look the engine gets the facts of the present tick and answers with events. What it does
depends on its inputs alone: chance is drawn from the generator when the engine is made, in the
order of the file, and every guard of one look sees the same facts, so that the order of steps
and complications in the file never decides what happens.
"""

from collections.abc import Iterator
from dataclasses import replace

import numpy as np

from surgisim.errors import ProcedureError
from surgisim.procedure.complication import (
    Cause,
    ComplicationRecord,
    Effect,
    RunningComplication,
    bleed_event,
)
from surgisim.procedure.draw import draw_chances, draw_delays
from surgisim.procedure.guard import Facts, Guard
from surgisim.procedure.interruption import Interruption
from surgisim.procedure.mistake import ErrorRecord, MistakeWatch
from surgisim.procedure.model import Procedure
from surgisim.procedure.moment import Moment
from surgisim.procedure.responding import Responding
from surgisim.procedure.running_step import RunningStep, StepRecord
from surgisim.procedure.vocabulary import FACTS, Word
from surgisim.procedure.why import Values, because
from surgisim.procedure.words import words_of
from surgisim.snapshot import Event

__all__ = ["LOOK_S", "Engine", "ErrorRecord", "StepRecord"]

LOOK_S = 0.02
"""Time between two looks, s."""


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
    chances
        By wrong response that may cause a complication whether chance lets it.
    finished
        Whether the session is over.
    completed
        Whether every step was done.
    """

    def __init__(self, procedure: Procedure, rng: np.random.Generator) -> None:
        words = words_of(procedure)
        self.procedure = procedure
        self.errors: list[ErrorRecord] = []
        self.finished = False
        self._steps = {step.id: RunningStep(step, words) for step in procedure.steps}
        self.steps = [running.record for running in self._steps.values()]
        self._end_when = None if procedure.end_when is None else Guard(procedure.end_when, words)
        self._watches = [MistakeWatch(rule, Guard(rule.when, words)) for rule in procedure.errors]
        self.drawn = draw_delays(procedure, rng)
        self._complications = [
            RunningComplication(spec, words, self.drawn[spec.id])
            for spec in procedure.complications
        ]
        self.chances = draw_chances(procedure, rng)
        self._responding = [
            Responding(spec, words, self.chances) for spec in procedure.complications
        ]
        self._interruption = Interruption(self._steps, self._complications)
        self._caused: dict[str, str] = {}
        self._effects: list[Effect] = []
        self._own: set[str] = set()  # bleeds of the procedure's own program
        self._constant = self._constants(words)
        self._needed = self._names() & (FACTS.keys() | {fact.name for fact in procedure.facts})

    @property
    def completed(self) -> bool:
        """Whether every step was done."""
        return all(record.ended_s is not None for record in self.steps)

    @property
    def present(self) -> StepRecord | None:
        """The step that the trainee is at, if any: rather one that does not stand or wait."""
        there = (s for s in self.steps if s.active or s.waits)
        return next(iter(sorted(there, key=lambda record: (record.waits, record.suspended))), None)

    @property
    def told(self) -> str:
        """What the trainee is to do now."""
        return "" if self.present is None else self.present.told

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

    def apply(self, effect: Effect, tick: int, time_s: float) -> list[Event]:
        """Take in an effect of the procedure's own program, dated now, and tell of it."""
        now = Moment(tick, time_s)
        effect = replace(effect, tick=tick, time_s=time_s)
        self._effects.append(effect)
        if effect.kind == "bleed_stop":
            self._own.discard(effect.complication)
        if effect.kind != "bleed" or effect.vessel is None:
            return []
        event = bleed_event(
            now, effect.complication, effect.vessel, effect.complication in self._own
        )
        self._own.add(effect.complication)
        return [event]

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
        for running in self._steps.values():
            events += running.look_at_hints(now, seen)
        events += self._look_at_complications(now, seen)
        events += self._interruption.look(now)
        events += self._look_at_end(now, seen)
        return events

    def _names(self) -> set[str]:
        guards = [watch.guard for watch in self._watches]
        guards += [self._end_when] if self._end_when else []
        found = [guard.names for guard in guards]
        found += [running.names for running in self._steps.values()]
        found += [running.names for running in self._complications]
        found += [responding.names for responding in self._responding]
        return set[str]().union(*found)

    def _constants(self, words: dict[str, Word]) -> dict[str, float | bool]:
        """Facts of the engine's own as they stand before anything happens."""
        scene = self.procedure.scene
        own = {name: False for name, word in words.items() if word.unit == "bool"}
        return {
            **{name: value for name, value in own.items() if name not in FACTS},
            "limit.force": scene.limits.force.value,
            "nodules.count": float(scene.nodules.count) if scene.nodules else 0.0,
        }

    def _seen(self, time_s: float, facts: Facts) -> dict[str, float | bool]:
        """Join the session's facts and the engine's own, as they stand before this look."""
        seen = {**self._constant, **facts, "time": time_s}
        for record in self.steps:
            seen[f"step.{record.id}.done"] = record.ended_s is not None
            seen[f"step.{record.id}.late"] = record.late
            seen[f"step.{record.id}.suspended"] = record.suspended
        for error in self.errors:
            seen[f"error.{error.id}"] = True
        for running, responding in zip(self._complications, self._responding, strict=True):
            seen[f"complication.{running.record.id}.active"] = running.active
            for response, given in responding.given.items():
                seen[f"response.{response}"] = given
        return seen

    def _look_at_steps(self, now: Moment, seen: Facts) -> Iterator[Event]:
        """Active steps first; a step that is done lets others start within the same look."""
        looked: set[str] = set()
        while True:
            for running in self._steps.values():
                if not self._is_ready(running):
                    continue
                by = self._interruption.holding(running.spec.id)
                if by:
                    yield from running.wait(now, by)
                else:
                    yield running.begin(now)
            fresh = [s for s in self._steps.values() if s.record.active and s.spec.id not in looked]
            if not fresh:
                return
            for running in fresh:
                looked.add(running.spec.id)
                yield from running.look(now, seen)

    def _is_ready(self, running: RunningStep) -> bool:
        if running.record.started_s is not None:
            return False
        return all(self._steps[need].record.ended_s is not None for need in running.spec.needs)

    def _look_at_errors(self, now: Moment, seen: Facts) -> Iterator[Event]:
        for watch in self._watches:
            if watch.happens(seen, now.time_s):
                yield watch.tell(now, seen, self.errors, {})
        for running in self._steps.values():
            yield from running.look_at_errors(now, seen, self.errors)

    def _look_at_complications(self, now: Moment, seen: Facts) -> Iterator[Event]:
        """Complications in the order of the file; what one causes begins with the next look."""
        caused, self._caused = self._caused, {}
        pairs = zip(self._complications, self._responding, strict=True)
        for (running, responding), spec in zip(pairs, self.procedure.complications, strict=True):
            if running.active:
                yield from responding.look(now, seen, self.errors, self._caused)
            after = None if spec.random is None else spec.random.after
            base = 0.0 if after is None else self._steps[after].record.ended_s
            waits = running.record.started_s is None
            yield from running.update(
                now, seen, Cause(base, caused.get(spec.id, "")), self._effects
            )
            if waits and running.record.started_s is not None:
                responding.begin(now.time_s)

    def _look_at_end(self, now: Moment, seen: Facts) -> Iterator[Event]:
        why = because("every step is done")
        guard = self._end_when
        ended = guard is not None and guard.holds(seen, now.time_s)
        if self.completed:
            reason, text = "completed", "every step is done"
        elif ended and guard is not None:
            reason, text = "ended", "ended before every step was done"
            why = because("condition", guard, seen)
        elif now.time_s >= self.procedure.time_limit:
            reason = "time_limit"
            text = f"the time limit of {self.procedure.time_limit:g} s is reached"
            why = because("time limit")
        elif self._stuck():
            reason, text = "stuck", "ended: the steps that are left can no longer be done"
            why = because("a step was broken off")
        else:
            return
        self.finished = True
        values: Values = {"reason": reason, "completed": self.completed}
        yield now.event("session.ended", text, values | why)

    def _stuck(self) -> bool:
        """Whether a broken off step keeps all that are left from being done."""
        lost = {record.id for record in self.steps if record.broken_off_s is not None}
        if not lost or any(running.active for running in self._complications):
            return False
        left = [running.spec for running in self._steps.values() if not running.record.over]
        while True:
            cut_off = {spec.id for spec in left if lost & set(spec.needs)} - lost
            if not cut_off:
                return all(spec.id in lost for spec in left)
            lost |= cut_off
