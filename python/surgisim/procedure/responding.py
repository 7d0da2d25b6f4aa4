"""What the trainee does about a complication, as it happens: rightly, late, or wrongly."""

from collections.abc import Iterator, Mapping

from surgisim.procedure.guard import Facts, Guard
from surgisim.procedure.mistake import ErrorRecord, MistakeWatch, error_event
from surgisim.procedure.model import Complication
from surgisim.procedure.moment import Moment
from surgisim.procedure.response import ResponseSpec, Wrong
from surgisim.procedure.vocabulary import Word
from surgisim.procedure.why import Values, because
from surgisim.snapshot import Event

__all__ = ["Responding"]


class _Right:
    """A right response that is waited for."""

    def __init__(self, spec: ResponseSpec, words: Mapping[str, Word]) -> None:
        self.spec = spec
        self.id = spec.id or ""
        self.guard = Guard(spec.when or "", words)
        self.took_s: float | None = None
        self.missed = False


class Responding:
    """The responses to one complication.

    Parameters
    ----------
    spec
        The complication, from the file.
    words
        The vocabulary of its guards.
    chances
        For every wrong response that may cause another complication whether it does, drawn before
        the start.
    """

    def __init__(
        self, spec: Complication, words: Mapping[str, Word], chances: Mapping[str, bool]
    ) -> None:
        self._complication = spec.id
        self._rights = [_Right(one, words) for one in spec.recognised]
        self._wrongs = [(one, MistakeWatch(one, Guard(one.when, words))) for one in spec.wrong]
        self._chances = chances
        self._began_s = 0.0

    @property
    def names(self) -> frozenset[str]:
        """The facts that its guards need."""
        guards = [right.guard for right in self._rights]
        guards += [watch.guard for _, watch in self._wrongs]
        return frozenset[str]().union(*(guard.names for guard in guards))

    @property
    def given(self) -> dict[str, bool]:
        """For every right response whether it has been given."""
        return {right.id: right.took_s is not None for right in self._rights}

    def begin(self, time_s: float) -> None:
        """Begin to watch: the complication has."""
        self._began_s = time_s
        for right in self._rights:
            right.guard.reset()
        for _, watch in self._wrongs:
            watch.begin()

    def look(
        self, now: Moment, seen: Facts, errors: list[ErrorRecord], caused: dict[str, str]
    ) -> Iterator[Event]:
        """One look; mistakes are added to `errors`, what they cause to `caused`, with the cause."""
        for right in self._rights:
            if right.took_s is None:
                yield from self._look_at_right(right, now, seen, errors)
        for wrong, watch in self._wrongs:
            if watch.happens(seen, now.time_s):
                yield watch.tell(now, seen, errors, {"complication": self._complication})
                self._cause(wrong, caused)

    def _cause(self, wrong: Wrong, caused: dict[str, str]) -> None:
        if wrong.may_cause is not None and self._chances[wrong.id]:
            caused.setdefault(wrong.may_cause, wrong.id)

    def _look_at_right(
        self, right: _Right, now: Moment, seen: Facts, errors: list[ErrorRecord]
    ) -> Iterator[Event]:
        spec, took_s = right.spec, now.time_s - self._began_s
        values: Values = {"complication": self._complication, "response": right.id}
        if right.guard.holds(seen, now.time_s):
            right.took_s = took_s
            why = because("condition", right.guard, seen)
            yield now.event("response.given", spec.text, values | {"seconds": took_s} | why)
            if not right.missed and spec.taken_off(took_s) > 0.0:
                text = f"{spec.text}: only after {took_s:.1f} s"
                yield self._late(right, text, spec.taken_off(took_s), now, errors)
        elif spec.worst is not None and took_s >= spec.worst and not right.missed:
            right.missed = True
            text = f"{spec.text}: not within {spec.worst:g} s"
            yield self._late(right, text, spec.penalty, now, errors)

    def _late(
        self, right: _Right, text: str, penalty: float, now: Moment, errors: list[ErrorRecord]
    ) -> Event:
        record = ErrorRecord(right.id, "minor", text, penalty, now.time_s)
        errors.append(record)
        why = because(f"best {right.spec.best or right.spec.worst:g} s after the beginning")
        values: Values = {"complication": self._complication, "response": right.id}
        return error_event(now, record, values | why)
