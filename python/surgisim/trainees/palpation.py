"""The trainees of scenes with something to be felt."""

import numpy as np

from surgisim.trainees.careful import Careful
from surgisim.trainees.dangerous import Dangerous
from surgisim.trainees.skill import Skill
from surgisim.trainees.trainee import Trainee

__all__ = ["player"]


def player(name: str, rng: np.random.Generator, skill: Skill) -> Trainee:
    """Make ``careful``, ``hesitant`` or ``dangerous``."""
    if name == "dangerous":
        return Dangerous(rng)
    return Careful(rng, hesitant=name == "hesitant", skill=skill)
