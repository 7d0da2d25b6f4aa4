"""Mistakes as they happen: counted each time their condition begins to hold."""

from dataclasses import dataclass
from typing import Protocol

from surgisim.procedure.guard import Facts, Guard
from surgisim.procedure.moment import Moment
from surgisim.procedure.why import Values, because
from surgisim.snapshot import Event

__all__ = ["ErrorRecord", "MistakeRule", "MistakeWatch", "error_event"]


@dataclass(frozen=True, slots=True)
class ErrorRecord:
    """One occurrence of a mistake."""

    id: str
    severity: str
    text: str
    penalty: float
    time_s: float


class MistakeRule(Protocol):
    """What is known of a mistake."""

    @property
    def id(self) -> str:
        """Its id."""

    @property
    def severity(self) -> str:
        """``minor``, ``major`` or ``critical``."""

    @property
    def text(self) -> str:
        """What the report says."""

    @property
    def penalty(self) -> float:
        """Points taken off."""

    @property
    def again_after(self) -> float:
        """For how long it does not count again, s."""


class MistakeWatch:
    """A rule and when it last happened."""

    def __init__(self, rule: MistakeRule, guard: Guard) -> None:
        self.rule = rule
        self.guard = guard
        self._before = False
        self._last_s: float | None = None

    def begin(self) -> None:
        """Watch afresh, as when what it belongs to begins; what holds then counts."""
        self.guard.reset()
        self._before = False

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

    def tell(self, now: Moment, facts: Facts, errors: list[ErrorRecord], more: Values) -> Event:
        """Note the mistake in `errors` and make its event; `more` is what else it says."""
        rule = self.rule
        record = ErrorRecord(rule.id, rule.severity, rule.text, rule.penalty, now.time_s)
        errors.append(record)
        return error_event(now, record, more | because("condition", self.guard, facts))


def error_event(now: Moment, record: ErrorRecord, more: Values) -> Event:
    """Make the event of a mistake; its values begin with those that scoring reads."""
    values: Values = {
        "error": record.id,
        "severity": record.severity,
        "penalty": record.penalty,
    }
    return now.event("error", record.text, values | more)
