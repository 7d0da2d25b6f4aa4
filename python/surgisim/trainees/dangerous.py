"""A trainee who is in a hurry: presses hard, tears the capsule, marks by guess and leaves."""

import numpy as np

from surgisim.trainees.surface import front_sites
from surgisim.trainees.trainee import Action, Sight

__all__ = ["Dangerous"]

_SPOTS = 6
_DEPTH_M = 0.045  # how far below the surface the hand is told to go
_PRESS_S = 0.7
_LIFT_S = 0.4


class Dangerous:
    """Presses a few spots with force, whatever the tissue does."""

    def __init__(self, rng: np.random.Generator) -> None:
        self._rng = rng
        self._spots: list[np.ndarray] | None = None
        self._since_s = 0.0
        self._pressing = True

    def act(self, sight: Sight) -> Action:
        """Press, mark every other spot, go on; finish after the last one."""
        if self._spots is None:
            self._spots = self._choose(sight)
        if not self._spots:
            return Action(finish=True)
        x, y, z = self._spots[0]
        spent = sight.time_s - self._since_s
        if self._pressing:
            if spent < _PRESS_S + 0.5:
                return Action(aim=(x, y - _DEPTH_M, z))
            self._pressing, self._since_s = False, sight.time_s
            return Action(aim=(x, y + 0.04, z), mark=len(self._spots) % 2 == 0)
        if spent >= _LIFT_S:
            self._pressing, self._since_s = True, sight.time_s
            self._spots.pop(0)
        return Action(aim=(x, y + 0.04, z))

    def _choose(self, sight: Sight) -> list[np.ndarray]:
        sites = front_sites(sight.positions, sight.surface, 0.02, facing=0.85)
        chosen = self._rng.choice(len(sites), size=min(_SPOTS, len(sites)), replace=False)
        return [sites[i].place for i in sorted(chosen)]
