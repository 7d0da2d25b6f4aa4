"""Ways of a scope's tip from one place to another without touching anything.

The straight way is taken where it is free. Otherwise the scope is drawn back along its shaft, swung
about its port, and pushed in again: as far back as is needed for the swing to be free.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from surgisim.trainees.movement import Movement, reach
from surgisim.viewpoints import Surroundings

__all__ = ["Walk", "way"]

Floats = NDArray[np.float64]

_BACK_M = (0.16, 0.12, 0.09, 0.06, 0.04)  # depths at which a swing is tried, the deepest first
_STEPS = 9
_LEAST_S = 0.25
_NOTHING_M = 1e-4


def way(around: Surroundings, start: Floats, goal: Floats, clear_m: float) -> list[Floats]:
    """Corners of a way to `goal`, that among them, (3,) each, m."""
    if _is_free(around, np.linspace(start, goal, _STEPS), clear_m):
        return [goal]
    port = around.port
    (a, from_m), (b, to_m) = _polar(start - port), _polar(goal - port)
    for depth_m in _BACK_M:
        if depth_m > min(from_m, to_m):
            continue
        swing = [port + depth_m * _between(a, b, share) for share in np.linspace(0.0, 1.0, _STEPS)]
        if _is_free(around, np.array(swing), clear_m) or depth_m == _BACK_M[-1]:
            return [*swing[:: (_STEPS - 1) // 4], goal]
    return [goal]


def _is_free(around: Surroundings, tips: Floats, clear_m: float) -> bool:
    if not around.skin.keeps_clear(tips[1:], clear_m).all():
        return False
    return not around.blocked(around.port, tips).any()


def _polar(inside: Floats) -> tuple[Floats, float]:
    depth = float(np.linalg.norm(inside))
    return inside / max(depth, 1e-9), depth


def _between(a: Floats, b: Floats, share: float) -> Floats:
    direction = a + share * (b - a)
    return np.asarray(direction / np.linalg.norm(direction))


@dataclass(slots=True)
class Walk:
    """A hand on its way over corners, each leg begun a little before the last one has ended.

    Attributes
    ----------
    speed_m_s
        Mean over a leg.
    """

    speed_m_s: float
    _legs: list[Movement] = field(default_factory=list)
    _aim: Floats | None = None

    def go(self, start: Floats, corners: Sequence[Floats], now_s: float) -> None:
        """Set out from `start`, (3,), m."""
        self._legs = []
        for corner in corners:
            length = float(np.linalg.norm(corner - start))
            if length < _NOTHING_M:
                continue
            takes_s = max(length / self.speed_m_s, _LEAST_S)
            self._legs.append(reach(start, corner, now_s, takes_s))
            start, now_s = corner, now_s + takes_s

    def at(self, now_s: float) -> Floats | None:
        """Where the hand is to be now, (3,), m; None before the first way."""
        while len(self._legs) > 1 and now_s >= self._legs[0].end_s:
            self._legs.pop(0)
        return self._legs[0].at(now_s) if self._legs else None

    def arrived(self, now_s: float) -> bool:
        """Whether the way is over."""
        return not self._legs or (len(self._legs) == 1 and now_s >= self._legs[0].end_s)
