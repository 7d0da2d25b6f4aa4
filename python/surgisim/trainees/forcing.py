"""A trainee in a hurry who tears an edge up: fast, as far as the hand goes, whatever it meets."""

import numpy as np

from surgisim.trainees.edge import before, lifted, under
from surgisim.trainees.movement import Movement, reach
from surgisim.trainees.trainee import Action, Sight
from surgisim.vectors import as_vector

__all__ = ["Forcing"]

_TIMES = 3
_GO_S, _UNDER_S, _LIFT_S, _AWAY_S = 0.7, 0.35, 0.6, 0.25
_STAY_S = (2.5, 4.0)
_LIFT_M = (0.080, 0.110)  # the hand's arm is elastic: it stays behind by what the tissue presses


class Forcing:
    """Lifts an edge with force, holds stiffly, lets it snap back; three times, then leaves."""

    def __init__(self, rng: np.random.Generator) -> None:
        self._rng = rng
        self._plan: list[Movement] = []

    def act(self, sight: Sight) -> Action:
        """Follow the plan, whatever happens."""
        if not self._plan:
            self._plan = self._make_plan(sight)
        while len(self._plan) > 1 and sight.time_s >= self._plan[1].parts[0].begin_s:
            self._plan.pop(0)
        now = self._plan[0]
        over = len(self._plan) == 1 and sight.time_s >= now.end_s
        return Action(aim=as_vector(now.at(sight.time_s)), finish=over)

    def _make_plan(self, sight: Sight) -> list[Movement]:
        exposed = sight.exposed
        assert exposed is not None  # noqa: S101  # chosen for scenes with something beneath
        at, time_s = np.asarray(sight.probe.position), sight.time_s
        plan = []
        for _ in range(_TIMES):
            high = lifted(exposed, float(self._rng.uniform(*_LIFT_M)))
            stay_s = float(self._rng.uniform(*_STAY_S))
            for goal, takes_s, then_s in (
                (before(exposed), _GO_S, 0.0),
                (under(exposed), _UNDER_S, 0.0),
                (high, _LIFT_S, stay_s),
                (before(exposed), _AWAY_S, 0.3),
            ):
                plan.append(reach(at, goal, time_s, takes_s))
                at, time_s = goal, time_s + takes_s + then_s
        return plan
