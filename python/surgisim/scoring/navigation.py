"""Measures of how an endoscope was handled: targets found, horizon, losses of view, contacts.

The tilt of the picture is computed again from the tip's path and the turns that were recorded (see
`surgisim.scope`); everything else follows from events: when a target lit up, when it came into view
and left it, when it had been held, and when the lens touched something.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from surgisim.scope import Lens
from surgisim.scoring.left_out import Interval, inside, lasted
from surgisim.scoring.metric import Metric
from surgisim.snapshot import Event, Vector

__all__ = ["UNITS", "Navigated", "measure_navigation", "navigated"]

UNITS = {
    "targets.found": "1",
    "targets.time": "s",
    "target.lost": "s",
    "view.horizon": "rad",
    "lens.touches": "1",
}
"""Every measure of this module, with its SI symbol."""

_EVERY = 20  # ticks from one look at the horizon to the next

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Navigated:
    """What was recorded of an endoscope in the hand.

    Attributes
    ----------
    port, angle
        World, m, and between shaft and line of sight, rad.
    turns
        Time (s) of each turn, and roll of the scope and turn of the camera head from then on, rad.
    lit, found
        When each target lit up, and when each of those found had been held, s.
    views
        When the lit target came into view (True) or left it.
    touches
        When the lens touched something, s.
    """

    port: Vector
    angle: float
    turns: Sequence[tuple[float, float, float]] = ()
    lit: Sequence[float] = ()
    found: Sequence[float] = ()
    views: Sequence[tuple[float, bool]] = ()
    touches: Sequence[float] = ()


def navigated(port: Vector, angle: float, events: Iterable[Event]) -> Navigated:
    """Collect what the events of a session tell of its endoscope."""
    events = list(events)

    def times(kind: str) -> list[float]:
        return [event.time_s for event in events if event.kind == kind]

    kinds = {"target.seen": True, "target.lost": False}
    return Navigated(
        port,
        angle,
        turns=[
            (event.time_s, float(event.values["roll"]), float(event.values["head"]))
            for event in events
            if event.kind == "scope.turned"
        ],
        lit=times("target.lit"),
        found=times("target.found"),
        views=[(event.time_s, kinds[event.kind]) for event in events if event.kind in kinds],
        touches=times("lens.touched"),
    )


def measure_navigation(
    time_s: Floats, tip: Floats, told: Navigated | None, left_out: Sequence[Interval] = ()
) -> dict[str, Metric]:
    """Compute the measures of `UNITS`; without an endoscope in the hand there is nothing to.

    Parameters
    ----------
    time_s, tip
        Rising times, (n,), s, and positions of the tip, (n, 3), m.
    told
        What was recorded.
    left_out
        Times that do not count.
    """
    if told is None or not told.lit:
        return {name: Metric(None, unit) for name, unit in UNITS.items()}
    end_s = told.found[-1] if len(told.found) == len(told.lit) else float(time_s[-1])
    return {
        "targets.found": Metric(float(len(told.found)), "1", max(told.found, default=None)),
        "targets.time": _time(told, left_out),
        "target.lost": _lost(told, end_s, left_out),
        "view.horizon": _horizon(time_s, tip, told, end_s, left_out),
        "lens.touches": Metric(float(len(told.touches)), "1", min(told.touches, default=None)),
    }


def _time(told: Navigated, left_out: Sequence[Interval]) -> Metric:
    """Mean time for a found target; its moment is the end of the longest search."""
    if not told.found:
        return Metric(None, "s")
    spent = [lasted(left_out, start, end) for start, end in zip(told.lit, told.found, strict=False)]
    return Metric(float(np.mean(spent)), "s", told.found[int(np.argmax(spent))])


def _lost(told: Navigated, end_s: float, left_out: Sequence[Interval]) -> Metric:
    """Time out of view after each target was first seen; the moment is the longest loss."""
    losses: list[tuple[float, float]] = []
    for number, lit_s in enumerate(told.lit):
        until_s = told.found[number] if number < len(told.found) else end_s
        gone_s: float | None = None
        was_seen = False
        for time_s, seen in told.views:
            if not lit_s <= time_s <= until_s:
                continue
            if seen and gone_s is not None:
                losses.append((lasted(left_out, gone_s, time_s), gone_s))
            gone_s = None if seen or not was_seen else time_s
            was_seen |= seen
        if gone_s is not None:
            losses.append((lasted(left_out, gone_s, until_s), gone_s))
    return Metric(sum(loss for loss, _ in losses), "s", max(losses)[1] if losses else None)


def _horizon(
    time_s: Floats, tip: Floats, told: Navigated, end_s: float, left_out: Sequence[Interval]
) -> Metric:
    """Mean tilt of the picture while a target was lit; its moment is the largest."""
    counts = (time_s >= told.lit[0]) & (time_s <= end_s) & ~inside(time_s, left_out)
    chosen = np.flatnonzero(counts)[::_EVERY]
    if not len(chosen):
        return Metric(None, "rad")
    turned_s = np.array([turn[0] for turn in told.turns])
    last = np.searchsorted(turned_s, time_s[chosen], side="right") - 1
    tilts = np.array(
        [
            abs(Lens.through(told.port, tip[row], told.angle, *_turn(told, at)).tilt)
            for row, at in zip(chosen, last, strict=True)
        ]
    )
    return Metric(float(tilts.mean()), "rad", float(time_s[chosen[int(tilts.argmax())]]))


def _turn(told: Navigated, at: int) -> tuple[float, float]:
    return (0.0, 0.0) if at < 0 else told.turns[at][1:]
