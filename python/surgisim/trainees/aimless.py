"""A trainee who goes anywhere, presses now and then, marks anything, and leaves.

What a procedure must bear without an error, and must not pass. All that it does is bounded: it
stays over the organ, is told to go 25 mm deep at most, sets two marks more than are asked for, and
has finished after a minute.
"""

import numpy as np

from surgisim.trainees.movement import Movement, reach
from surgisim.trainees.surface import place_sites
from surgisim.trainees.trainee import Action, Sight

__all__ = ["Aimless"]

_DEPTH_M = (-0.03, 0.025)  # below the surface; above it where negative
_TAKES_S = (0.3, 1.5)
_STAYS_S = (15.0, 60.0)
_MARKS = 0.1  # how often the end of a movement is marked
_MORE_MARKS = 2  # than asked for


class Aimless:
    """Goes from one place drawn by chance to the next."""

    def __init__(self, rng: np.random.Generator) -> None:
        self._rng = rng
        self._until_s = float(rng.uniform(*_STAYS_S))
        self._movement: Movement | None = None

    def act(self, sight: Sight) -> Action:
        """Go on; at the end of a movement perhaps set a mark, and set out again."""
        if sight.time_s >= self._until_s:
            return Action(finish=True)
        mark = False
        if self._movement is None or sight.time_s >= self._movement.end_s:
            may = self._movement is not None and sight.marks < sight.wanted + _MORE_MARKS
            mark = may and bool(self._rng.random() < _MARKS)
            self._movement = self._set_out(sight)
        x, y, z = (float(v) for v in self._movement.at(sight.time_s))
        return Action(aim=(x, y, z), mark=mark)

    def _set_out(self, sight: Sight) -> Movement:
        start = np.asarray(sight.probe.position)
        if self._movement is not None:
            start = self._movement.at(self._movement.end_s)
        low, high = sight.positions.min(axis=0), sight.positions.max(axis=0)
        goal = self._rng.uniform(low, high)
        depth, takes_s = self._rng.uniform(*_DEPTH_M), self._rng.uniform(*_TAKES_S)
        sites = place_sites(goal[None, [0, 2]], sight.positions, sight.surface)
        goal[1] = (sites[0].place[1] if sites else high[1]) + sight.probe_radius_m - depth
        return reach(start, goal, sight.time_s, float(takes_s))
