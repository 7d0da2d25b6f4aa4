"""Whether the organ moves by itself: seen where the probe does not press."""

from collections import deque

import numpy as np
from numpy.typing import NDArray

from surgisim.trainees.trainee import Sight

__all__ = ["Stillness"]

Floats = NDArray[np.float64]

_WINDOW_S = 0.1
_AWAY_M = 0.04  # a press moves the surface near it, not further away
_MOVES_M_S = 0.004
_QUIET_S = 1.0  # a breath is held for less


class Stillness:
    """Watches the surface away from the probe.

    The organ moves when the median of what is seen there goes faster than 4 mm/s for a tenth of a
    second: the wobble after a press is slower, or goes to and fro. It lies still again when it has
    not moved for a second.
    """

    def __init__(self) -> None:
        self._seen: deque[tuple[float, Floats]] = deque()
        self._nodes: NDArray[np.integer] | None = None
        self._moved_s = -np.inf

    def look(self, sight: Sight) -> bool:
        """Whether the organ lies still."""
        if self._nodes is None:
            self._nodes = np.unique(sight.surface)
        now = sight.positions[self._nodes]
        self._seen.append((sight.time_s, now))
        while sight.time_s - self._seen[0][0] > _WINDOW_S + 1e-9:
            self._seen.popleft()
        then_s, then = self._seen[0]
        if sight.time_s > then_s:
            gap = np.linalg.norm(now - np.asarray(sight.probe.position), axis=1)
            away = gap > _AWAY_M
            moved = (now - then)[away if away.any() else slice(None)]
            speed = np.linalg.norm(np.median(moved, axis=0)) / (sight.time_s - then_s)
            if speed > _MOVES_M_S:
                self._moved_s = sight.time_s
        return sight.time_s - self._moved_s > _QUIET_S
