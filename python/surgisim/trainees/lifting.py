"""Those who can lift an edge and hold in view what lies beneath; see `register` beside."""

import numpy as np

from surgisim.trainees.exposing import Exposing
from surgisim.trainees.forcing import Forcing
from surgisim.trainees.skill import Skill
from surgisim.trainees.trainee import Trainee

__all__ = ["player"]


def player(name: str, rng: np.random.Generator, _skill: Skill) -> Trainee:
    """Make a trainee of this name; what skill changes lies in the hands alone."""
    return Forcing(rng) if name == "dangerous" else Exposing(rng, hesitant=name == "hesitant")
