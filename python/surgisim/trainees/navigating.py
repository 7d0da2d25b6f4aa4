"""Those who can guide an endoscope to targets; see `register` beside."""

from dataclasses import replace

import numpy as np

from surgisim.trainees.navigator import CALM, HESITANT, Navigator
from surgisim.trainees.reckless_navigator import RecklessNavigator
from surgisim.trainees.skill import Skill
from surgisim.trainees.trainee import Trainee

__all__ = ["player"]

_OVERLOOKS = 1.6  # targets that come into view, `missed` at 1
_CARELESS = 0.5  # share of the clearance that those give up who see nothing, `missed` at 1


def player(name: str, rng: np.random.Generator, skill: Skill) -> Trainee:
    """Make a trainee of this name; those who see less overlook targets, and what they pass."""
    if name == "dangerous":
        return RecklessNavigator(rng)
    habits = HESITANT if name == "hesitant" else CALM
    clear_m = habits.clear_m * (1.0 - _CARELESS * skill.missed)
    overlooks = _OVERLOOKS * skill.missed
    return Navigator(rng, replace(habits, clear_m=clear_m, overlooks=overlooks))
