"""Which scripted trainee plays in which scene.

A scene asks for something by one of its keys: `nodules` are to be found. For each such key there is
a module that makes the trainees who can do it, by a function

    player(name: str, rng: numpy.random.Generator, skill: Skill) -> Trainee

for every name of `SCRIPTED` but ``random``, who needs to know nothing of the work. To let scripts
play in a new kind of scene, write such a module and add a line to `PLAYERS`.
"""

import importlib
import inspect
from typing import cast

import numpy as np

from surgisim.errors import SurgisimError
from surgisim.trainees.skill import Skill
from surgisim.trainees.trainee import Trainee
from surgisim.trainees.unsteady import Unsteady

__all__ = ["PLAYERS", "SCRIPTED", "scripted"]

SCRIPTED = ("careful", "hesitant", "dangerous", "random")
"""Names of the scripted trainees."""

PLAYERS = {
    "nodules": "surgisim.trainees.palpation",
    "targets": "surgisim.trainees.navigating",
    "beneath": "surgisim.trainees.lifting",
}
"""Key of a scene that asks for something, and the module of those who can do it."""

_OTHERWISE = "surgisim.trainees.palpation"  # lays the probe on the organ for a while


def scripted(
    name: str, rng: np.random.Generator, scene: object = None, skill: Skill | None = None
) -> Trainee:
    """Make a scripted trainee.

    Parameters
    ----------
    name
        One of `SCRIPTED`, or ``module:Class`` for one of your own, which is called with `rng`.
    rng
        Its own source of chance.
    scene
        The procedure's scene, whose keys say what is to be done.
    skill
        What it lacks; nothing by default.

    Raises
    ------
    SurgisimError
        An unknown name, or a class that is not there or makes no trainee.
    """
    skill = skill or Skill()
    trainee = _make(name, rng, scene, skill)
    # Its hands have a chance of their own: the script draws the same whatever the hands do.
    return trainee if skill.perfect else Unsteady(trainee, skill, rng.spawn(1)[0])


def _make(name: str, rng: np.random.Generator, scene: object, skill: Skill) -> Trainee:
    if ":" in name:
        return _own(name, rng)
    if name not in SCRIPTED:
        raise SurgisimError(
            f"trainee '{name}' is not known; choose {', '.join(SCRIPTED)}, or give your own as "
            "module:Class"
        )
    if name == "random":
        from surgisim.trainees.aimless import Aimless

        return Aimless(rng)
    asked = [module for key, module in PLAYERS.items() if getattr(scene, key, None) is not None]
    module = importlib.import_module(asked[0] if asked else _OTHERWISE)
    return cast("Trainee", module.player(name, rng, skill))


def _own(name: str, rng: np.random.Generator) -> Trainee:
    """Make a trainee of the class that `name` leads to."""
    place, _, called = name.partition(":")
    try:
        make = getattr(importlib.import_module(place), called)
    except (ImportError, AttributeError, ValueError) as error:
        raise SurgisimError(
            f"no trainee '{name}': {error}; give module:Class, the module where Python finds it "
            "(the current folder, or PYTHONPATH)"
        ) from error
    trainee = make(rng)
    if not inspect.isroutine(getattr(trainee, "act", None)):
        raise SurgisimError(f"'{name}' makes no trainee: it has no method act(sight)")
    return cast("Trainee", trainee)
