"""Chance of a session: from one seed a source of its own for each that needs one."""

from typing import NamedTuple

import numpy as np

__all__ = ["Sources", "sources"]


class Sources(NamedTuple):
    """Generators of a session; one that draws more or less changes nothing of the others."""

    stage: np.random.Generator
    engine: np.random.Generator
    trainee: np.random.Generator
    patient: np.random.Generator
    program: np.random.Generator


def sources(seed: int) -> Sources:
    """Make the generators of a session with this seed, 0 or more."""
    seeds = np.random.SeedSequence(seed).spawn(len(Sources._fields))
    return Sources(*map(np.random.default_rng, seeds))
