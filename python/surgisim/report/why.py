"""Why everything happened: of every transition the condition, what it saw, and the tick."""

from __future__ import annotations

from collections.abc import Iterable

from surgisim.report.model import Transition
from surgisim.report.moments import subject
from surgisim.snapshot import Event

__all__ = ["SAID", "is_said", "transitions"]

SAID = ("why", "guard", "seen")
"""Values of an event that say why it came about; those that begin with ``fact.`` do too."""


def is_said(name: str) -> bool:
    """Whether a value of an event says why it came about."""
    return name in SAID or name.startswith("fact.")


def transitions(events: Iterable[Event]) -> list[Transition]:
    """Find the transitions among the events of a session, in their order."""
    return [
        Transition(
            tick=event.tick,
            time_s=event.time_s,
            what=event.kind,
            of=subject(event),
            complication=str(event.values.get("complication", "")),
            text=event.text,
            **{name: str(event.values.get(name, "")) for name in SAID},
        )
        for event in events
        if "why" in event.values
    ]
