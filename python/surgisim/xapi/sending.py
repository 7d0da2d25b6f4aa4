"""Delivers what waits in an outbox: in order, in batches, and each statement once.

A batch that a store refuses is halved until the one is found that it will not take; that one is set
aside with the store's reason, and the rest goes on. A store that is away, or turns us away, ends
the delivery, and what was not taken waits.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from surgisim.xapi.lrs import Lrs, LrsRefusedError, LrsUnreachableError
from surgisim.xapi.outbox import Outbox, Pending

__all__ = ["Delivery", "deliver"]

_BATCH = 50
_CONFLICT = 409


@dataclass(frozen=True, slots=True)
class Delivery:
    """What came of it.

    Attributes
    ----------
    sent, refused
        How many the store has now, and how many it will never take.
    stopped
        Why it ended early, or nothing.
    """

    sent: int
    refused: int
    stopped: str = ""


def deliver(
    outbox: Outbox, lrs: Lrs, progress: Callable[[str, float], None] | None = None
) -> Delivery:
    """Send all that waits, or as much as the store takes."""
    sent = refused = 0
    total = outbox.counts().waiting
    try:
        while batch := outbox.waiting(_BATCH):
            for one in _taken(outbox, lrs, batch):
                sent += one
                refused += not one
            if progress is not None:
                progress("sending", min((sent + refused) / total, 1.0))
    except LrsUnreachableError as error:
        return Delivery(sent, refused, str(error))
    return Delivery(sent, refused)


def _taken(outbox: Outbox, lrs: Lrs, batch: list[Pending]) -> list[bool]:
    """Hand over a batch; say of each statement whether the store has it."""
    try:
        lrs.post([one.content for one in batch])
    except LrsRefusedError as error:
        if len(batch) > 1:
            half = len(batch) // 2
            return _taken(outbox, lrs, batch[:half]) + _taken(outbox, lrs, batch[half:])
        if error.status != _CONFLICT or not _holds(lrs.stored(batch[0].id), batch[0].content):
            outbox.mark_refused(batch[0].id, f"{error.status}: {error}")
            return [False]
    outbox.mark_sent(one.id for one in batch)
    return [True] * len(batch)


def _holds(theirs: Any, ours: Any) -> bool:
    """Whether what a store has says all that we say; it adds keys of its own."""
    if isinstance(ours, dict):
        return isinstance(theirs, dict) and all(
            key in theirs and _holds(theirs[key], value) for key, value in ours.items()
        )
    if isinstance(ours, list):
        return (
            isinstance(theirs, list) and len(theirs) == len(ours) and all(map(_holds, theirs, ours))
        )
    return bool(theirs == ours)
