"""How a hand moves: straight submovements of minimum jerk that may overlap.

A reaching movement of duration T goes along (Flash and Hogan 1985, J Neurosci 5:1688)

    s(u) = 10 u^3 - 15 u^4 + 6 u^5,    u = t / T in [0, 1]

and a movement around a corner is the sum of two of them, the second begun before the first has
ended (Flash and Henis 1991, J Cogn Neurosci 3:220).
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

__all__ = ["Movement", "Submovement", "hop", "reach"]

Floats = NDArray[np.float64]

_OVERLAP = 0.55  # share of a lift after which the way across begins
_NOTHING_M = 1e-5  # not worth a movement


@dataclass(frozen=True, slots=True, eq=False)
class Submovement:
    """A displacement `by` (3,), m, made from `begin_s` to `end_s`."""

    by: Floats
    begin_s: float
    end_s: float

    def at(self, time_s: float) -> Floats:
        """Its part done by `time_s`, (3,), m."""
        u = min(max((time_s - self.begin_s) / (self.end_s - self.begin_s), 0.0), 1.0)
        return np.asarray(self.by * (u**3 * (10.0 - 15.0 * u + 6.0 * u * u)))


@dataclass(frozen=True, slots=True, eq=False)
class Movement:
    """Submovements that start from a point `start` (3,), m."""

    start: Floats
    parts: tuple[Submovement, ...]

    def at(self, time_s: float) -> Floats:
        """Where it has come by `time_s`, (3,), m."""
        place = self.start.copy()
        for part in self.parts:
            place += part.at(time_s)
        return place

    @property
    def end_s(self) -> float:
        """When it has ended."""
        return max((part.end_s for part in self.parts), default=0.0)


def reach(start: Floats, goal: Floats, begin_s: float, takes_s: float) -> Movement:
    """Go straight from `start` to `goal`, (3,), m."""
    return Movement(start, (Submovement(goal - start, begin_s, begin_s + takes_s),))


def hop(
    start: Floats, goal: Floats, over: float, begin_s: float, lift_s: float, across_s: float
) -> Movement:
    """Go up to the height `over` (y, m), across, and down to `goal`, in one rounded movement.

    Parameters
    ----------
    start, goal
        Points (3,), m.
    over
        Height of the way across; taken as the higher end where it is lower.
    begin_s, lift_s, across_s
        When it begins, and how long the ways up (as the way down) and across take.
    """
    top = max(over, float(start[1]), float(goal[1]))
    up, down = np.zeros(3), np.zeros(3)
    up[1], down[1] = top - start[1], goal[1] - top
    across = goal - start
    across[1] = 0.0
    leave = begin_s + _OVERLAP * lift_s
    arrive = leave + across_s
    fall = max(arrive - _OVERLAP * lift_s, begin_s + lift_s)
    parts = [
        Submovement(up, begin_s, begin_s + lift_s),
        Submovement(across, leave, arrive),
        Submovement(down, fall, fall + lift_s),
    ]
    return Movement(start, tuple(p for p in parts if np.linalg.norm(p.by) > _NOTHING_M))
