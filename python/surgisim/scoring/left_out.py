"""Times that do not count: the procedure stood, or the hand that moves the tool was not tracked.

A session records `session.paused` and `session.resumed`, `tool.lost` and `tool.found`; an interval
that is not closed goes on to the end. Forces in either are left out of the measures, as nobody
made them on purpose; the time in which the procedure stood is taken off its duration. A device that
a person holds is pressed on purpose meanwhile, too: its forces count.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from surgisim.snapshot import Event

__all__ = ["Interval", "inside", "intervals", "lasted", "length"]

_KINDS = {
    "session.paused": ("paused", True),
    "session.resumed": ("paused", False),
    "tool.lost": ("lost", True),
    "tool.found": ("lost", False),
}


@dataclass(frozen=True, slots=True)
class Interval:
    """From when to when, s; ``"paused"`` or ``"lost"``."""

    kind: str
    from_s: float
    to_s: float


def intervals(events: Sequence[Event], end_s: float) -> tuple[Interval, ...]:
    """Find the intervals in a session that ended at `end_s`, in order of their ends."""
    open_: dict[str, float] = {}
    found = []
    for event in events:
        kind, begins = _KINDS.get(event.kind, ("", False))
        if kind and begins:
            open_.setdefault(kind, event.time_s)
        elif kind and kind in open_:
            found.append(Interval(kind, open_.pop(kind), event.time_s))
    found += [Interval(kind, from_s, end_s) for kind, from_s in open_.items()]
    return tuple(found)


def inside(times_s: NDArray[np.float64], found: Sequence[Interval]) -> NDArray[np.bool_]:
    """Tell which times, (n,), lie in any of the intervals."""
    within = np.zeros(len(times_s), dtype=np.bool_)
    for one in found:
        within |= (times_s > one.from_s) & (times_s <= one.to_s)
    return within


def length(found: Sequence[Interval], kind: str) -> float:
    """Sum of the intervals of one kind, s."""
    return float(sum(one.to_s - one.from_s for one in found if one.kind == kind))


def lasted(found: Sequence[Interval], from_s: float, to_s: float) -> float:
    """Time between two moments, less how long the procedure stood in between, s."""
    stood = (min(one.to_s, to_s) - max(one.from_s, from_s) for one in found if one.kind == "paused")
    return to_s - from_s - float(sum(one for one in stood if one > 0.0))
