"""A trainee who palpates in rows, feels how stiff each spot is, and marks the stiffest."""

from collections import deque
from enum import Enum, auto

import numpy as np

from surgisim.trainees.hands import Hands
from surgisim.trainees.stillness import Stillness
from surgisim.trainees.surface import Site, front_sites
from surgisim.trainees.touch import Felt, contrasts, peaks
from surgisim.trainees.trainee import Action, Sight

__all__ = ["Careful"]

_SPACING_M = 0.012
_LEAST_UP = 0.6
_RIM_M = 0.010
_DEPTH_M = 0.008  # how far below the surface the hand is told to go
_MARK_DEPTH_M = 0.004
_AROUND_M = 0.040
_APART_M = 0.025


class _Stage(Enum):
    SURVEY = auto()
    MARK = auto()
    LEAVE = auto()


class Careful:
    """Palpates everything, then goes back to the stiffest spots and marks them."""

    def __init__(self, rng: np.random.Generator, *, hesitant: bool = False) -> None:
        self._rng = rng
        self._hesitant = hesitant
        self._stage = _Stage.SURVEY
        self._hands = Hands()
        self._stillness = Stillness()
        self._plan: deque[Site] | None = None
        self._aside = False
        self.felt: list[Felt] = []

    def act(self, sight: Sight) -> Action:
        if self._plan is None:
            self._plan = deque(
                front_sites(sight.positions, sight.surface, _SPACING_M, _LEAST_UP, _RIM_M)
            )
        still = self._stillness.look(sight)
        if not still and sight.time_s > 1.0:
            if not self._aside:
                self._hands.lift(sight)
                self._aside = True
            self._hands.act(sight)
            return Action(aim=self._hands.aim)
        self._aside = False
        if self._hands.resting and self._stage is not _Stage.LEAVE:
            self._next(sight)
        felt = self._hands.act(sight)
        if felt is None:
            done = self._stage is _Stage.LEAVE and self._hands.resting
            return Action(aim=self._hands.aim, finish=done)
        self._plan.popleft()
        if self._stage is _Stage.SURVEY:
            self.felt.append(felt)
            return Action(aim=self._hands.aim)
        return Action(aim=self._hands.aim, mark=True)

    def _next(self, sight):
        if not self._plan:
            if self._stage is _Stage.SURVEY:
                self._stage = _Stage.MARK
                self._plan = deque(self._stiffest(sight.wanted))
            else:
                self._stage = _Stage.LEAVE
                self._hands.lift(sight)
                return
        depth = _DEPTH_M if self._stage is _Stage.SURVEY else _MARK_DEPTH_M
        self._hands.visit(self._plan[0], depth, sight)

    def _stiffest(self, count: int) -> list[Site]:
        places = np.array([f.place for f in self.felt])
        values = np.array([f.stiffness for f in self.felt])
        contrast = contrasts(places, values, _AROUND_M)
        return [self.felt[i].site for i in peaks(places, contrast, count, _APART_M)]
