"""Replay: simulate a recorded session again from its inputs and compare every recorded bit."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from surgisim.record import SessionRecord
from surgisim.run import verify
from surgisim.session.physics import scene_of
from surgisim.snapshot import Event

__all__ = ["Verdict", "recorded_inputs", "verify_session"]


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a replay found.

    Attributes
    ----------
    ticks
        Ticks simulated again.
    first_difference
        The first tick whose row or events differ in any bit, or None.
    """

    ticks: int
    first_difference: int | None

    @property
    def agrees(self) -> bool:
        """Whether every recorded bit came out again."""
        return self.first_difference is None


def recorded_inputs(record: SessionRecord) -> dict[str, Any]:
    """Return what `surgisim.run.replayed` and `verify` take, in a world built anew.

    Raises
    ------
    RecordError
        The record lacks a part of the scene.
    """
    placed = scene_of(record).place()
    return {
        "world": placed.world,
        "tool": placed.probe,
        "organ": placed.organ,
        "trace": record.trace,
        "commands": record.commands,
        "force_limit_n": float(record.header["force_limit_n"]),
        "control": record.header["control"],
        "device_info": record.header["device_info"],
        "tissue_hz": record.header.get("tissue_hz"),
    }


def verify_session(
    record: SessionRecord, progress: Callable[[float], None] = lambda _: None
) -> Verdict:
    """Simulate `record` again; `progress` is told the share that is done, 0 to 1.

    Raises
    ------
    RecordError
        The record lacks what is needed.
    """
    difference, events = verify(**recorded_inputs(record), progress=progress)
    if difference is None:
        difference = _first_other_event(_of_the_tick(record.events), events)
    return Verdict(len(record.trace), difference)


def _of_the_tick(events: Sequence[Event]) -> list[Event]:
    return [e for e in events if e.kind.split(".")[0] in ("tissue", "force", "tick")]


def _essence(event: Event) -> Event:
    """Leave out of a fault why it was: a replayed device only knows that there was one."""
    if event.kind != "tick.fault":
        return event
    return Event(event.tick, event.time_s, event.kind)


def _first_other_event(recorded: list[Event], again: list[Event]) -> int | None:
    """Tick of the first event that differs or is missing on one side."""
    for one, other in zip(recorded, again, strict=False):
        if _essence(one) != _essence(other):
            return min(one.tick, other.tick)
    longer = recorded if len(recorded) > len(again) else again
    rest = longer[min(len(recorded), len(again)) :]
    return rest[0].tick if rest else None
