"""One step as it runs: begun, watched, interrupted, and over."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from surgisim.procedure.guard import Facts, Guard
from surgisim.procedure.hint import HintWatch
from surgisim.procedure.interrupt import Change
from surgisim.procedure.mistake import ErrorRecord, MistakeWatch
from surgisim.procedure.model import Step
from surgisim.procedure.moment import Moment, OwnClock
from surgisim.procedure.vocabulary import Word
from surgisim.procedure.why import Values, because
from surgisim.snapshot import Event

__all__ = ["RunningStep", "StepRecord"]

_CLEAR = "nothing in the way"


@dataclass(slots=True)
class StepRecord:
    """What became of a step; times in s, None where it never began or never ended.

    `broken_off_s` is when a complication ended it undone, `stands_for` the complication that keeps
    it from going on or from beginning, if one does, `told` what the trainee is to do now, and
    `hint` the last hint that was given.
    """

    id: str
    title: str
    started_s: float | None = None
    ended_s: float | None = None
    late: bool = False
    broken_off_s: float | None = None
    stands_for: str = ""
    told: str = ""
    hint: str = ""

    @property
    def active(self) -> bool:
        """Whether it is under way, standing or not."""
        return self.started_s is not None and self.ended_s is None and self.broken_off_s is None

    @property
    def suspended(self) -> bool:
        """Whether it is under way and stands."""
        return self.active and self.stands_for != ""

    @property
    def waits(self) -> bool:
        """Whether it could begin and a complication keeps it from that."""
        return self.started_s is None and self.stands_for != ""

    @property
    def over(self) -> bool:
        """Whether it is done or broken off."""
        return self.ended_s is not None or self.broken_off_s is not None


class RunningStep:
    """A step and where it stands.

    Three clocks, because each may stand by itself: the step's own, for its mistakes; that of its
    condition and that of its time limit, which also stand while another takes their place.
    """

    def __init__(self, spec: Step, words: Mapping[str, Word]) -> None:
        self.spec = spec
        self.record = StepRecord(spec.id, spec.title, told=spec.title)
        self.watches = [MistakeWatch(rule, Guard(rule.when, words)) for rule in spec.errors]
        self._hints = [
            HintWatch(one, None if one.when is None else Guard(one.when, words))
            for one in spec.hints
        ]
        self._done_when = Guard(spec.done_when, words)
        self._words = words
        self._clock, self._done_clock, self._limit_clock = OwnClock(), OwnClock(), OwnClock()
        self._limit_from_s = self._from_s = 0.0
        self._change: Change | None = None
        self._changed_when: Guard | None = None
        self._changed_s = 0.0
        self._changed_late = False

    @property
    def names(self) -> frozenset[str]:
        """The facts that its guards need, but for those of a change."""
        guards = [self._done_when, *(watch.guard for watch in self.watches)]
        guards += [watch.guard for watch in self._hints if watch.guard is not None]
        return frozenset[str]().union(*(guard.names for guard in guards))

    def wait(self, now: Moment, by: str) -> Iterator[Event]:
        """Wait with its beginning for a complication."""
        if not self.record.waits:
            yield now.event("step.waits", f"{self.spec.title}: waits", self._by(by))
        self.record.stands_for = by

    def begin(self, now: Moment) -> Event:
        """Begin it."""
        self.record.started_s = now.time_s
        self.record.stands_for = ""
        self._limit_from_s = self._limit_clock.at(now.time_s)
        self._from_s = self._clock.at(now.time_s)
        needs = self.spec.needs
        why = f"done: {', '.join(needs)}" if needs else "from the start"
        return now.event("step.started", self.spec.title, {"step": self.spec.id} | because(why))

    def look(self, now: Moment, seen: Facts) -> Iterator[Event]:
        """See whether it is done, or late."""
        if self.record.suspended:
            return
        guard, clock = self._done_when, self._done_clock
        if self._changed_when is not None:
            guard, clock = self._changed_when, self._clock
        if guard.holds(seen, clock.at(now.time_s)):
            yield self._done(now, because("condition", guard, seen))
        else:
            yield from self._look_at_limit(now)

    def _done(self, now: Moment, why: Values) -> Event:
        self.record.ended_s = now.time_s
        taken = now.time_s - (self.record.started_s or 0.0)
        values: Values = {"step": self.spec.id, "seconds": taken}
        return now.event("step.done", f"{self.spec.title}: done", values | why)

    def _look_at_limit(self, now: Moment) -> Iterator[Event]:
        change = self._change
        limit: float | None
        if change is not None and change.time_limit is not None:
            limit, told = change.time_limit, self._changed_late
            taken = self._clock.at(now.time_s) - self._changed_s
        else:
            limit, told = self.spec.time_limit, self.record.late
            taken = self._limit_clock.at(now.time_s) - self._limit_from_s
        if limit is None or taken <= limit or told:
            return
        self._changed_late = change is not None and change.time_limit is not None
        self.record.late = True
        text = f"{self.spec.title}: over the time limit of {limit:g} s"
        values: Values = {"step": self.spec.id, "seconds": taken}
        why = because(f"time limit of {limit:g} s")
        yield now.event("step.timeout", text, values | why)

    def look_at_errors(
        self, now: Moment, seen: Facts, errors: list[ErrorRecord]
    ) -> Iterator[Event]:
        """See which of its mistakes happen."""
        if self.record.suspended or not self.record.active:
            return
        for watch in self.watches:
            if watch.happens(seen, self._clock.at(now.time_s)):
                yield watch.tell(now, seen, errors, {})

    def look_at_hints(self, now: Moment, seen: Facts) -> Iterator[Event]:
        """See which of its hints come; none does while a complication makes another step of it."""
        if self.record.suspended or not self.record.active or self._change is not None:
            return
        clock_s = self._clock.at(now.time_s)
        for watch in self._hints:
            if watch.comes(seen, clock_s, clock_s - self._from_s):
                self.record.hint = watch.spec.text
                values: Values = {"step": self.spec.id, **watch.why(seen)}
                yield now.event("hint.given", watch.spec.text, values)

    def break_off(self, now: Moment, by: str, *, done: bool) -> Event:
        """End it because a complication says so."""
        why = because(f"complication {by}")
        self.record.stands_for = ""
        if done:
            return self._done(now, why)
        self.record.broken_off_s = now.time_s
        values = {"step": self.spec.id, "complication": by} | why
        return now.event("step.ended", f"{self.spec.title}: broken off", values)

    def suspend(self, now: Moment, by: str) -> Iterator[Event]:
        """Let it stand for a complication, or go on where that is nothing."""
        before, self.record.stands_for = self.record.suspended, by
        stands = self.record.suspended
        if stands == before:
            return
        self._run_clocks(now.time_s)
        kind, text = ("suspended", "stands still") if stands else ("resumed", "goes on")
        yield now.event(f"step.{kind}", f"{self.spec.title}: {text}", self._by(by))

    def change(self, now: Moment, change: Change | None, by: str) -> Iterator[Event]:
        """Make another step of it for a while, or what it was."""
        if change is self._change:
            return
        self._change, self._changed_late = change, False
        condition = None if change is None else change.done_when
        self._changed_when = None if condition is None else Guard(condition, self._words)
        self._run_clocks(now.time_s)
        self._changed_s = self._clock.at(now.time_s)
        self.record.told = (change.text if change else None) or self.spec.title
        kind = "step.restored" if change is None else "step.changed"
        yield now.event(kind, self.record.told, self._by(by))

    def _by(self, complication: str) -> Values:
        """Say which complication is in its way, or that nothing is any more."""
        if not complication:
            return {"step": self.spec.id} | because(_CLEAR)
        values: Values = {"step": self.spec.id, "complication": complication}
        return values | because(f"complication {complication}")

    def _run_clocks(self, time_s: float) -> None:
        stands, change = self.record.suspended, self._change
        self._clock.stand(time_s, stands)
        replaced = change is not None and change.done_when is not None
        self._done_clock.stand(time_s, stands or replaced)
        limited = change is not None and change.time_limit is not None
        self._limit_clock.stand(time_s, stands or limited)
