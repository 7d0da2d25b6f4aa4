"""A trainee who guides an endoscope in a hurry: fast, tilted, too near, and never for long.

The tip goes straight at what the trainee wants to see, whatever lies between, and stops short of
touching it only by luck; the camera head hangs as it happens to; a target that is not caught at
once is left for a wild look around.
"""

import numpy as np
from numpy.typing import NDArray

from surgisim.scope import rolled_towards
from surgisim.trainees.movement import Movement, reach
from surgisim.trainees.scope_sight import ScopeSight
from surgisim.trainees.trainee import Action, Sight
from surgisim.vectors import as_vector

__all__ = ["RecklessNavigator"]

Floats = NDArray[np.float64]

_SPEED_M_S = 0.25
_NEAR_M = (0.004, 0.03)  # from what is looked at, by chance
_STAY_S = (0.6, 2.2)  # too short to hold anything
_HANGS = np.radians(28.0)  # how far the camera head is turned, at most
_PATIENCE_S = 40.0  # then the work is declared finished


class RecklessNavigator:
    """Rushes about; `rng` is its own chance."""

    def __init__(self, rng: np.random.Generator) -> None:
        self._rng = rng
        self._movement: Movement | None = None
        self._until_s = 0.0
        self._head = 0.0
        self._place = np.zeros(3)

    def act(self, sight: Sight) -> Action:
        """Rush on."""
        scope = sight.scope
        if scope is None or not scope.target_on or sight.time_s > _PATIENCE_S:
            return Action(finish=True)
        if self._movement is None or sight.time_s > self._until_s:
            self._rush(sight, scope)
        assert self._movement is not None  # noqa: S101  # _rush makes it
        return Action(
            aim=as_vector(self._movement.at(sight.time_s)),
            roll=rolled_towards(scope.port, sight.probe.position, self._place),
            head=self._head,
        )

    def _rush(self, sight: Sight, scope: ScopeSight) -> None:
        tip, port = np.asarray(sight.probe.position), np.asarray(scope.port)
        self._place = self._wanted(sight, scope)
        inside = self._place - port
        depth = float(np.linalg.norm(inside))
        short_m = float(self._rng.uniform(*_NEAR_M))
        goal = port + max(min(depth, scope.reach_m) - short_m, 0.01) * inside / depth
        takes_s = max(float(np.linalg.norm(goal - tip)) / _SPEED_M_S, 0.2)
        self._movement = reach(tip, goal, sight.time_s, takes_s)
        self._until_s = sight.time_s + takes_s + float(self._rng.uniform(*_STAY_S))
        self._head = float(self._rng.uniform(0.4, 1.0) * self._rng.choice((-1.0, 1.0)) * _HANGS)

    def _wanted(self, sight: Sight, scope: ScopeSight) -> Floats:
        """Choose the target where it is in view, else any place of the organ that is named."""
        if scope.target is not None:
            return np.asarray(scope.target)
        points, triangles = scope.beside.get(scope.target_on, (sight.positions, sight.surface))
        corner = int(self._rng.choice(triangles.reshape(-1)))
        return np.asarray(points[corner])
