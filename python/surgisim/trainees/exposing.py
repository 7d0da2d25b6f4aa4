"""A trainee who lifts an edge as far as needed and no further, holds it, and lets it down.

Whoever holds an organ that breathes gives way to it: where the force grows the rod goes back a
little, where what is to be seen goes out of view it lifts again. An edge that has slipped off is
taken again from in front. During a cough the rod gives way at once.
"""

from enum import Enum, auto

import numpy as np

from surgisim.trainees.edge import before, lifted, under
from surgisim.trainees.movement import Movement, reach
from surgisim.trainees.trainee import Action, Exposed, Sight
from surgisim.vectors import as_vector

__all__ = ["Exposing"]

_GO_S, _UNDER_S, _AWAY_S = 1.6, 1.0, 1.2
_LIFT_M_S = 0.012
_MORE_M_S = 0.010  # to follow what goes out of view
_EASE_M_S = 0.030
_LET_DOWN_M_S = 0.015
_ENOUGH = 0.15  # of what lies beneath, in view beyond what is wanted
_PLENTY = 0.35
_GENTLE, _HARD = 0.60, 0.72  # of the force limit: lift no further, and give way
_LOST_S = 0.6  # without touching
_LONGER = 1.1  # than asked for
_HIGHEST_M = 0.075
_THINK_S = (0.5, 2.0)  # of one who hesitates
_SLOWER = 0.6


class _Stage(Enum):
    GO = auto()
    UNDER = auto()
    LIFT = auto()
    LET_DOWN = auto()
    AWAY = auto()


class Exposing:
    """Lifts, holds and lets down with care.

    Parameters
    ----------
    rng
        Varies how quickly, and where the hesitant one stops to think.
    hesitant
        Thinks before each movement, and lifts more slowly.
    """

    def __init__(self, rng: np.random.Generator, *, hesitant: bool = False) -> None:
        self._rng = rng
        self._hesitant = hesitant
        self._pace = float(rng.uniform(0.85, 1.15)) * (_SLOWER if hesitant else 1.0)
        self._stage = _Stage.GO
        self._movement: Movement | None = None
        self._lift_m = 0.0
        self._held_s = 0.0
        self._before_s = 0.0
        self._touched_s = 0.0
        self._waits_until_s = 0.0

    def act(self, sight: Sight) -> Action:
        """Go on with the work."""
        exposed = sight.exposed
        assert exposed is not None  # noqa: S101  # chosen for scenes with something beneath
        spent_s, self._before_s = sight.time_s - self._before_s, sight.time_s
        if sight.time_s < self._waits_until_s:
            return Action()
        if self._stage is _Stage.LIFT:
            return self._hold(sight, exposed, spent_s)
        if self._stage is _Stage.LET_DOWN:
            return self._let_down(sight, exposed, spent_s)
        return self._move(sight, exposed)

    def _move(self, sight: Sight, exposed: Exposed) -> Action:
        """Go to where the stage begins, in one movement."""
        if self._movement is None:
            goal = under(exposed) if self._stage is _Stage.UNDER else before(exposed)
            takes_s = {_Stage.GO: _GO_S, _Stage.UNDER: _UNDER_S, _Stage.AWAY: _AWAY_S}
            start = np.asarray(sight.probe.position)
            self._movement = reach(start, goal, sight.time_s, takes_s[self._stage] / self._pace)
        aim = self._movement.at(sight.time_s)
        if sight.time_s < self._movement.end_s:
            return Action(aim=as_vector(aim))
        if self._stage is _Stage.AWAY:
            return Action(aim=as_vector(aim), finish=True)
        self._begin(_Stage.UNDER if self._stage is _Stage.GO else _Stage.LIFT, sight)
        return Action(aim=as_vector(aim))

    def _begin(self, stage: _Stage, sight: Sight) -> None:
        self._stage, self._movement = stage, None
        self._touched_s = sight.time_s
        if stage is _Stage.UNDER:
            self._lift_m = 0.0
        if self._hesitant:
            self._waits_until_s = sight.time_s + float(self._rng.uniform(*_THINK_S))

    def _hold(self, sight: Sight, exposed: Exposed, spent_s: float) -> Action:
        """Lift as far as needed, give way where the tissue presses."""
        force = float(np.linalg.norm(sight.probe.force)) / sight.force_limit_n
        if exposed.share >= exposed.wanted and force <= 1.0:
            self._held_s += spent_s
        if self._held_s >= _LONGER * exposed.asked_s and not sight.alarm:
            self._begin(_Stage.LET_DOWN, sight)
            return Action()
        if sight.probe.touching or self._lift_m < 0.5 * _HIGHEST_M:
            self._touched_s = sight.time_s
        if sight.time_s - self._touched_s > _LOST_S:
            self._begin(_Stage.GO, sight)
            return Action()
        self._lift_m = float(
            np.clip(self._lift_m + self._speed(sight, exposed, force) * spent_s, 0.0, _HIGHEST_M)
        )
        return Action(aim=as_vector(lifted(exposed, self._lift_m)))

    def _speed(self, sight: Sight, exposed: Exposed, force: float) -> float:
        """How quickly to lift now, m/s; negative to give way."""
        if force > _HARD or sight.stretched:
            return -_EASE_M_S
        if sight.alarm and force > 0.5 * _GENTLE:
            return -_EASE_M_S
        if exposed.share > exposed.wanted + _PLENTY and force > 0.5 * _GENTLE:
            return -0.5 * _MORE_M_S
        if exposed.share >= exposed.wanted + _ENOUGH or force > _GENTLE:
            return 0.0
        return self._pace * (_LIFT_M_S if self._held_s == 0.0 else _MORE_M_S)

    def _let_down(self, sight: Sight, exposed: Exposed, spent_s: float) -> Action:
        self._lift_m = max(self._lift_m - self._pace * _LET_DOWN_M_S * spent_s, 0.0)
        if self._lift_m == 0.0:
            self._begin(_Stage.AWAY, sight)
        return Action(aim=as_vector(lifted(exposed, self._lift_m)))
