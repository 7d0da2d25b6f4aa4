"""Whether the organ moves by itself: seen where the probe does not press."""

from collections import deque

import numpy as np
from numpy.typing import NDArray

from surgisim.trainees.trainee import Sight

__all__ = ["Stillness"]

Floats = NDArray[np.float64]

_WINDOW_S = 0.3
_MOVES_M = 0.0012  # within the window
_LEAST_M = 0.57 * _MOVES_M  # on one axis at least: below the square root of a third
_AWAY_M = 0.04  # a press moves the surface near it, not further away
_QUIET_S = 1.2  # a breath is held for less


class Stillness:
    """Watches the surface away from the probe.

    The organ moves when the median of what is seen there has gone 1.2 mm within 0.3 s. Presses make
    the organ wobble as quickly, but to and fro by a few tenths of a millimetre. It lies still again
    when it has not moved for a while.
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
        moved = now - self._seen[0][1]
        # A median is no larger than the largest: most looks need no more than this.
        if np.abs(moved).max() > _LEAST_M and self._moves(now, moved, sight):
            self._moved_s = sight.time_s
        return bool(sight.time_s - self._moved_s > _QUIET_S)

    @staticmethod
    def _moves(now: Floats, moved: Floats, sight: Sight) -> bool:
        away = np.linalg.norm(now - np.asarray(sight.probe.position), axis=1) > _AWAY_M
        median = np.median(moved[away if away.any() else slice(None)], axis=0)
        return bool(np.linalg.norm(median) > _MOVES_M)
