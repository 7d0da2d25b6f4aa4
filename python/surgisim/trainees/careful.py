"""A trainee who palpates in rows, feels how stiff each spot is, and marks the stiffest.

First a survey of the whole front, then a closer look around the spots that stand out, then the
marks. When the organ moves by itself the trainee lifts the probe, waits until it lies still, and
does the present spot again. Where the briefing names nothing to look for, the trainee lays the
probe on the middle of the organ for a while, and leaves.
"""

from collections import deque
from dataclasses import replace
from enum import Enum, auto

import numpy as np
from numpy.typing import NDArray

from surgisim.trainees.hands import Hands
from surgisim.trainees.skill import Skill
from surgisim.trainees.stillness import Stillness
from surgisim.trainees.surface import Site, front_sites, place_sites, with_room
from surgisim.trainees.touch import Felt, contrasts, peaks
from surgisim.trainees.trainee import Action, Sight

__all__ = ["Careful"]

Floats = NDArray[np.float64]

_SPACING_M = 0.010
_LEAST_UP = 0.7
_RIM_M = 0.016  # nearer to the outline there is no surface around the tip to compare with
_CLOSER_RIM_M = 0.010
_DEPTH_M = 0.0045  # how far below the surface the hand is told to go
_MARK_DEPTH_M = 0.003
_STAY_S = 3.0  # on an organ with nothing to look for
_AROUND_M = 0.040  # neighbours that a spot is compared with
_SUSPECTS_APART_M = 0.018  # one nodule may be felt at two spots, and two nodules lie close
_SUSPECTS_MORE = 3  # beyond what the briefing names
_CLOSER_M = 0.006  # from a suspect to the spots felt around it
_ONE_M = 0.010  # spots this near to a suspect tell where its middle is
_MARKS_APART_M = 0.022
_OFTEN = 3  # interruptions, after which a spot is left out
_DOUBTFUL_S = 0.6  # felt this short before the organ was seen to move

_PAUSE_S = (0.4, 2.0)  # of one who hesitates
_THINK_M = 0.012  # above the surface meanwhile
_AGAIN = 0.15  # how often that one goes back to the spot before


class _Stage(Enum):
    SURVEY = auto()
    CLOSER = auto()
    MARK = auto()
    LEAVE = auto()


class Careful:
    """Palpates everything, looks closer where it is stiff, marks, leaves.

    Parameters
    ----------
    rng
        Decides where the hesitant one stops to think.
    hesitant
        Thinks before each press, and feels some places twice.
    skill
        What it lacks: the share of the front that it misses, and how roughly it tells stiffness.

    Attributes
    ----------
    felt
        What was felt so far.
    """

    def __init__(
        self, rng: np.random.Generator, *, hesitant: bool = False, skill: Skill | None = None
    ) -> None:
        self.felt: list[Felt] = []
        self._surveyed = 0
        self._rng = rng
        self._hesitant = hesitant
        self._skill = skill or Skill()
        self._stage = _Stage.SURVEY
        self._hands = Hands()
        self._stillness = Stillness()
        self._plan: deque[Site] = deque()
        self._suspects: list[Site] = []
        self._waits_until_s = 0.0
        self._interrupted = 0
        self._aside = False

    def act(self, sight: Sight) -> Action:
        """Go on with the work, or keep away while the organ moves."""
        if not self.felt and not self._plan:
            sites = front_sites(sight.positions, sight.surface, _SPACING_M, _LEAST_UP, _RIM_M)
            middle = sites[len(sites) // 2 :][:1]
            self._plan.extend(self._searched(sites) if sight.wanted else middle)
        if not self._stillness.look(sight):
            self._keep_away(sight)
        elif self._hands.resting and self._stage is not _Stage.LEAVE:
            self._aside = False
            self._set_out(sight)
        felt = self._hands.act(sight)
        if felt is not None:
            mark = self._take(felt)
            if self._hesitant:
                self._hands.lift(sight, _THINK_M)
            return Action(aim=self._hands.aim, mark=mark)
        left = self._stage is _Stage.LEAVE and self._hands.arrived(sight)
        return Action(aim=self._hands.aim, finish=left)

    def _keep_away(self, sight: Sight) -> None:
        """Lift; the spot under way stays in the plan, one felt just before goes back into it."""
        if self._aside:
            return
        self._aside = True
        self._interrupted += not self._hands.resting
        self._hands.lift(sight)
        if self._interrupted == _OFTEN:  # it is the press itself that moves the organ
            self._interrupted = 0
            self._plan.popleft()
            return
        doubtful = self.felt and sight.time_s - self.felt[-1].time_s < _DOUBTFUL_S
        if doubtful and self._stage in (_Stage.SURVEY, _Stage.CLOSER):
            self._plan.appendleft(self.felt.pop().site)

    def _set_out(self, sight: Sight) -> None:
        if sight.time_s < self._waits_until_s:
            return
        while not self._plan and self._stage is not _Stage.LEAVE:
            self._go_on(sight)
        if self._plan:
            if not sight.wanted:
                self._hands.visit(self._plan[0], _DEPTH_M, sight, feel=False, stay_s=_STAY_S)
            elif self._stage is _Stage.MARK:
                self._hands.visit(self._plan[0], _MARK_DEPTH_M, sight, feel=False)
            else:
                self._hands.visit(self._plan[0], _DEPTH_M, sight)
        else:
            self._hands.lift(sight)

    def _take(self, felt: Felt) -> bool:
        """Remember what was felt; whether to mark it."""
        self._plan.popleft()
        self._interrupted = 0
        if self._hesitant:
            self._waits_until_s = felt.time_s + float(self._rng.uniform(*_PAUSE_S))
            if self._stage is _Stage.SURVEY and self._rng.random() < _AGAIN:
                self._plan.appendleft(felt.site)
        if self._stage is _Stage.MARK:
            return True
        if self._skill.weber:
            told = float(np.exp(self._skill.weber * self._rng.standard_normal()))
            felt = replace(felt, stiffness=told * felt.stiffness)
        self.felt.append(felt)
        return False

    def _searched(self, sites: list[Site]) -> list[Site]:
        """Leave out what is missed: one stretch of the way over the front."""
        missed = round(self._skill.missed * len(sites))
        if not missed:
            return sites
        first = int(self._rng.integers(len(sites)))
        return [site for i, site in enumerate(sites) if (i - first) % len(sites) >= missed]

    def _go_on(self, sight: Sight) -> None:
        """Make the next plan, after one is done."""
        if self._stage is _Stage.SURVEY:
            self._stage, self._surveyed = _Stage.CLOSER, len(self.felt)
            self._suspects = self._choose_suspects(sight.wanted)
            for suspect in self._suspects:
                self._plan.extend(_around(suspect, sight))
        elif self._stage is _Stage.CLOSER:
            self._stage = _Stage.MARK
            self._plan.extend(self._choose_marks(sight))
        else:
            self._stage = _Stage.LEAVE

    def _stiffness(self) -> tuple[Floats, Floats]:
        """Places where something was felt, (n, 3), m, and how much each stands out, (n,)."""
        places = np.array([felt.place for felt in self.felt]).reshape(-1, 3)
        return places, contrasts(self.felt, self.felt[: self._surveyed], _AROUND_M)

    def _choose_suspects(self, wanted: int) -> list[Site]:
        places, contrast = self._stiffness()
        count = wanted + _SUSPECTS_MORE if wanted else 0
        chosen = peaks(places, contrast, count, _SUSPECTS_APART_M)
        return [self.felt[i].site for i in chosen]

    def _choose_marks(self, sight: Sight) -> list[Site]:
        """Choose suspects that are stiff all around, each at the middle of its stiffness."""
        places, contrast = self._stiffness()
        middles, stands_out = [], []
        for suspect in self._suspects:
            near = np.linalg.norm(places - suspect.place, axis=1) < _ONE_M
            weight = np.maximum(contrast[near] - 1.0, 0.0) + 1e-3
            middles.append(weight @ places[near] / weight.sum())
            stands_out.append(float(np.mean(contrast[near])))
        middle = np.array(middles).reshape(-1, 3)
        best = peaks(middle, np.array(stands_out), sight.wanted, _MARKS_APART_M)
        return place_sites(middle[best][:, [0, 2]], sight.positions, sight.surface)


def _around(suspect: Site, sight: Sight) -> list[Site]:
    """Four spots beside a suspect."""
    beside = _CLOSER_M * np.array([[1.0, 0.0], [0.0, 1.0], [-1.0, 0.0], [0.0, -1.0]])
    sites = place_sites(suspect.place[[0, 2]] + beside, sight.positions, sight.surface)
    return with_room(sites, sight.positions, sight.surface, _LEAST_UP, _CLOSER_RIM_M)
