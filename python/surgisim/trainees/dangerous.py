"""A trainee who is in a hurry: presses hard, tears the capsule, marks by guess and leaves."""

import numpy as np

from surgisim.snapshot import Vector
from surgisim.trainees.surface import Site, facing, front_sites
from surgisim.trainees.trainee import Action, Sight

__all__ = ["Dangerous"]

_SPOTS = 6
_DEPTH_M = 0.045  # how far below the surface the hand is told to go
_PRESS_S = 1.2
_LIFT_S = 0.4
_ABOVE_M = 0.03
"""The hand's arm has 400 N/m: told to go 45 mm deep it presses with 9 to 10 N."""


class Dangerous:
    """Presses a few spots with force, whatever the tissue does."""

    def __init__(self, rng: np.random.Generator) -> None:
        self._rng = rng
        self._spots: list[Site] | None = None
        self._since_s = 0.0
        self._pressing = False
        self._aim: Vector | None = None

    def act(self, sight: Sight) -> Action:
        """Press, mark every other spot, go on; finish after the last one."""
        if self._spots is None:
            self._spots = self._choose(sight)
        if not self._spots:
            return Action(finish=True)
        if self._aim is None:
            self._aim = self._above_or_below(self._spots[0], sight)
        spent = sight.time_s - self._since_s
        if spent < (_PRESS_S if self._pressing else _LIFT_S):
            return Action(aim=self._aim)
        self._since_s, self._pressing, self._aim = sight.time_s, not self._pressing, None
        mark = not self._pressing and len(self._spots) % 2 == 0
        if not self._pressing:
            self._spots.pop(0)
        return Action(mark=mark)

    def _above_or_below(self, spot: Site, sight: Sight) -> Vector:
        """Where the hand is told to go, before the press dents what it faces."""
        up = np.array([0.0, 1.0, 0.0])
        if self._pressing:
            up = facing(spot.place, sight.positions, sight.surface, 2.0 * sight.probe_radius_m)
        far = sight.probe_radius_m + (-_DEPTH_M if self._pressing else _ABOVE_M)
        x, y, z = (float(v) for v in spot.place + far * up)
        return (x, y, z)

    def _choose(self, sight: Sight) -> list[Site]:
        sites = front_sites(sight.positions, sight.surface, 0.02, least_up=0.8, rim=0.02)
        chosen = self._rng.choice(len(sites), size=min(_SPOTS, len(sites)), replace=False)
        return [sites[i] for i in sorted(chosen)]
