"""Casting a scripted trainee for a stage, by its name and its skill."""

from collections.abc import Callable
from typing import TypeAlias

import numpy as np

from surgisim.session.stage import Stage
from surgisim.trainees import Skill, Trainee, scripted

__all__ = ["Casting", "script", "titled"]

Casting: TypeAlias = Callable[[Stage, np.random.Generator], Trainee]
"""Makes who plays, given the stage and a generator of their own."""


def script(name: str, level: float = 1.0) -> Casting:
    """Cast the trainee `name`, or a class of one's own as ``module:Class``.

    `level` is the skill, from 0 to 1; see `surgisim.trainees.skill`.
    """
    skill = Skill.at(level)
    return lambda stage, rng: scripted(name, rng, stage.procedure.scene, skill)


def titled(name: str, level: float = 1.0) -> str:
    """Name a trainee with its skill, where it is not the full one."""
    return name if level == 1.0 else f"{name}, skill {level:g}"
