"""What is shown at a time to come: states of the past, carried on to it.

Between two states x0 at t0 and x1 at t1 everything is interpolated, beyond t1 carried on in a
straight line, the tool with its own velocity v:

    x(t) = x0 + (t - t0) / (t1 - t0) (x1 - x0)      tip(t) = tip1 + v (t - t1)      t - t1 <= LIMIT

Times are the headset's, in nanoseconds. What would be carried further than `LIMIT_S` stands still
there: a guess of a fifth of a heartbeat is a lie.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from surgisim.snapshot import Snapshot, Vector

__all__ = ["LIMIT_S", "Latency", "Prediction", "Shown"]

LIMIT_S = 0.030
"""Longest time that a state is carried on, s."""

_LARGEST_M = 0.010  # of a node's or the tip's way beyond what is known

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class Shown:
    """What is to be drawn for one moment: nodes (n, 3) and tip, m."""

    positions: Floats
    tip: Vector


class Prediction:
    """The last two states, and what lies between and beyond them."""

    def __init__(self) -> None:
        self._before: tuple[int, Snapshot] | None = None
        self._last: tuple[int, Snapshot] | None = None

    @property
    def last_ns(self) -> int | None:
        """Time of the latest state."""
        return None if self._last is None else self._last[0]

    def add(self, time_ns: int, snapshot: Snapshot) -> None:
        """Take in a state; one that is not newer than the last replaces it."""
        if self._last is not None and time_ns > self._last[0]:
            self._before = self._last
        self._last = (time_ns, snapshot)

    def at(self, time_ns: int) -> Shown:
        """Return what to draw for `time_ns`.

        Raises
        ------
        LookupError
            Nothing was added yet.
        """
        if self._last is None:
            raise LookupError("no state was added yet")
        last_ns, last = self._last
        ahead_s = min(1e-9 * (time_ns - last_ns), LIMIT_S)
        if self._before is None or self._before[0] >= last_ns:
            return Shown(last.positions, _moved(last, max(ahead_s, 0.0)))
        before_ns, before = self._before
        span_s = 1e-9 * (last_ns - before_ns)
        share = max(ahead_s / span_s, -1.0)
        way = share * (last.positions - before.positions)
        if ahead_s > 0.0:
            return Shown(last.positions + _limited(way), _moved(last, ahead_s))
        back = share * (np.asarray(last.probe.position) - np.asarray(before.probe.position))
        x, y, z = np.asarray(last.probe.position) + back
        return Shown(last.positions + way, (float(x), float(y), float(z)))


def _moved(snapshot: Snapshot, seconds: float) -> Vector:
    way = _limited(seconds * np.asarray(snapshot.probe.velocity)[None])[0]
    x, y, z = np.asarray(snapshot.probe.position) + way
    return (float(x), float(y), float(z))


def _limited(ways: Floats) -> Floats:
    lengths = np.linalg.norm(ways, axis=1, keepdims=True)
    return np.asarray(ways * np.minimum(1.0, _LARGEST_M / np.maximum(lengths, 1e-12)))


class Latency:
    """From a movement of the hand to light: when the pose was, and when the picture is shown."""

    def __init__(self) -> None:
        self._taken: list[float] = []

    def show(self, moved_ns: int, shown_ns: int) -> None:
        """Count a picture shown at `shown_ns` whose tool follows the hand as of `moved_ns`."""
        self._taken.append(1e-6 * (shown_ns - moved_ns))

    def percentile_ms(self, share: float) -> float | None:
        """Return the time within which a `share` (0 to 1) of the pictures followed, ms."""
        return float(np.quantile(self._taken, share)) if self._taken else None
