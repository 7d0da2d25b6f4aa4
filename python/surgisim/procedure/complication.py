"""One complication as it runs: from its cause through its states to its end."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Literal

from surgisim.procedure.bleeding import Vessel
from surgisim.procedure.breathing import Breath
from surgisim.procedure.effect import EffectSpec
from surgisim.procedure.guard import Facts, Guard
from surgisim.procedure.interrupt import Interrupt
from surgisim.procedure.model import END, Complication, State
from surgisim.procedure.moment import Moment
from surgisim.procedure.quantity import convert
from surgisim.procedure.vocabulary import Word
from surgisim.procedure.why import Values, because
from surgisim.snapshot import Event

__all__ = ["Cause", "ComplicationRecord", "Effect", "RunningComplication", "bleed_event"]


@dataclass(frozen=True, slots=True)
class Effect:
    """Something the session must do to the scene.

    Attributes
    ----------
    kind
        ``bleed``: let `vessel` bleed, in place of an earlier bleed of the same complication;
        ``bleed_stop``: end it; ``breath``: move the supports as `breath` says.
    complication
        Its id.
    tick, time_s
        When it begins.
    """

    kind: Literal["bleed", "bleed_stop", "breath"]
    complication: str
    tick: int
    time_s: float
    vessel: Vessel | None = None
    breath: Breath | None = None


@dataclass(slots=True)
class ComplicationRecord:
    """What became of a complication; times in s, None where it never began or never ended."""

    id: str
    title: str
    cause: str = ""
    started_s: float | None = None
    ended_s: float | None = None
    states: list[tuple[float, str]] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Cause:
    """What may begin a complication beside its own condition.

    Attributes
    ----------
    chance_from_s
        When the step of its chance ended, s; None while that has not happened.
    wrong
        The wrong response that causes it, or nothing.
    """

    chance_from_s: float | None
    wrong: str = ""


def bleed_event(now: Moment, complication: str, vessel: Vessel, bled: bool) -> Event:
    """Tell that a vessel bleeds, `bled` whether in place of an earlier bleed."""
    rate, _ = convert(vessel.rate(), "m3/s")
    values: Values = {"complication": complication, "vessel": vessel.name, "rate_ml_min": rate}
    kind = "bleed.changed" if bled else "bleed.started"
    return now.event(kind, f"{vessel.name} bleeds at {rate:.0f} mL/min", values)


class RunningComplication:
    """A complication and where it stands.

    Parameters
    ----------
    spec
        From the file.
    words
        The vocabulary of its guards.
    delay_s
        Chance, drawn before the start: seconds after its step (or the start), None for never.
    """

    def __init__(
        self, spec: Complication, words: Mapping[str, Word], delay_s: float | None
    ) -> None:
        self.record = ComplicationRecord(spec.id, spec.title)
        self._spec = spec
        self._delay_s = delay_s
        self._when = None if spec.when is None else Guard(spec.when, words)
        self._until = {
            state.id: Guard(state.until, words, deadline_allowed=True) for state in spec.states
        }
        self._states = {state.id: state for state in spec.states}
        self._state: State | None = None
        self._entered_s = 0.0
        self._over_s: float | None = None
        self._bleeds = False
        self._fresh: list[Interrupt | None] = []

    @property
    def active(self) -> bool:
        """Whether it goes on now."""
        return self.record.started_s is not None and self.record.ended_s is None

    @property
    def names(self) -> frozenset[str]:
        """The facts that its guards need."""
        guards = [*self._until.values(), *([self._when] if self._when else [])]
        return frozenset[str]().union(*(guard.names for guard in guards))

    def update(
        self, now: Moment, facts: Facts, cause: Cause, effects: list[Effect]
    ) -> Iterator[Event]:
        """One look; new effects are appended to `effects`."""
        self._fresh = []
        if self.record.started_s is None:
            yield from self._wait(now, facts, cause, effects)
        elif self._state is not None:
            yield from self._leave(self._state, now, facts, effects)
        elif self._over_s is not None and self.active and now.time_s >= self._over_s:
            yield from self._end(now, effects, because("its motion is over"))

    def interrupts(self) -> Iterator[Interrupt]:
        """How it gets in the way of steps since its last look, the state it is in first."""
        state = self._state
        now = [state.interrupt if state else None, self._spec.interrupt if self.active else None]
        yield from (one for one in (*now, *self._fresh) if one is not None)

    def _wait(
        self, now: Moment, facts: Facts, cause: Cause, effects: list[Effect]
    ) -> Iterator[Event]:
        why = self._why(now, facts, cause)
        if why is None:
            return
        spec = self._spec
        self.record.started_s = now.time_s
        self.record.cause = "chance" if why["why"] == "chance" else "caused"
        self._fresh.append(spec.interrupt)
        values: Values = {"complication": spec.id, "cause": self.record.cause}
        yield now.event("complication.started", spec.text or spec.title, values | why)
        yield from self._apply(spec.effect, now, effects)
        if spec.states:
            yield from self._enter(spec.states[0], now, effects, because("its first state"))
        elif not self._bleeds and self._over_s is None:
            yield from self._end(now, effects, because("nothing of it lasts"))

    def _why(self, now: Moment, facts: Facts, cause: Cause) -> Values | None:
        """Say why it begins now, if it does."""
        if self._when is not None and self._when.holds(facts, now.time_s):
            return because("condition", self._when, facts)
        if cause.wrong:
            return because(f"wrong response {cause.wrong}")
        due_s, delay_s = cause.chance_from_s, self._delay_s
        if delay_s is None or due_s is None or now.time_s < due_s + delay_s:
            return None
        return because("chance") | {"drawn_s": delay_s}

    def _apply(
        self, effect: EffectSpec | None, now: Moment, effects: list[Effect]
    ) -> Iterator[Event]:
        if effect is None:
            return
        where = (self._spec.id, now.tick, now.time_s)
        if effect.bleed is not None:
            vessel = effect.bleed.torn()
            effects.append(Effect("bleed", *where, vessel=vessel))
            yield bleed_event(now, self._spec.id, vessel, self._bleeds)
            self._bleeds = True
        if effect.breath is not None:
            breath = effect.breath.breath()
            effects.append(Effect("breath", *where, breath=breath))
            if not self._spec.states and effect.bleed is None:
                self._over_s = now.time_s + breath.duration_s

    def _enter(
        self, state: State, now: Moment, effects: list[Effect], why: Values
    ) -> Iterator[Event]:
        self._state = state
        self._entered_s = now.time_s
        self._until[state.id].reset()
        self.record.states.append((now.time_s, state.id))
        self._fresh.append(state.interrupt)
        values: Values = {"complication": self._spec.id, "state": state.id}
        yield now.event("complication.state", state.text, values | why)
        yield from self._apply(state.effect, now, effects)

    def _leave(
        self, state: State, now: Moment, facts: Facts, effects: list[Effect]
    ) -> Iterator[Event]:
        guard = self._until[state.id]
        if guard.holds(facts, now.time_s):
            target, why = state.then, because("condition", guard, facts)
        elif guard.deadline_s is not None and now.time_s - self._entered_s >= guard.deadline_s:
            target, why = state.otherwise or END, because(f"deadline of {guard.deadline_s:g} s")
        else:
            return
        if target == END:
            self._state = None
            yield from self._end(now, effects, why)
        else:
            yield from self._enter(self._states[target], now, effects, why)

    def _end(self, now: Moment, effects: list[Effect], why: Values) -> Iterator[Event]:
        self.record.ended_s = now.time_s
        if self._bleeds:
            effects.append(Effect("bleed_stop", self._spec.id, now.tick, now.time_s))
        values: Values = {"complication": self._spec.id}
        yield now.event("complication.ended", f"{self._spec.title}: over", values | why)
