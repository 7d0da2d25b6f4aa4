"""Chance, drawn before the session starts, in the order of the file.

A fixed number of draws whatever their outcome, so that one probability changed in a file leaves all
that is drawn after it as it was.
"""

import numpy as np

from surgisim.procedure.model import Procedure

__all__ = ["draw_chances", "draw_delays"]


def draw_delays(procedure: Procedure, rng: np.random.Generator) -> dict[str, float | None]:
    """Draw for every complication its delay, s, or None: two numbers each.

    Those with the same `one_of` share the first number of their first: each takes the part of
    0 to 1 above those before it that is as long as its probability.
    """
    delays: dict[str, float | None] = {}
    shared: dict[str, float] = {}
    below: dict[str, float] = {}
    for complication in procedure.complications:
        chance = complication.random
        if chance is None:
            delays[complication.id] = None
            continue
        drawn = float(rng.random())
        delay = float(rng.uniform(chance.window.low, chance.window.high))
        low = 0.0
        if chance.one_of is not None:
            drawn = shared.setdefault(chance.one_of, drawn)
            low = below.get(chance.one_of, 0.0)
            below[chance.one_of] = low + chance.p
        delays[complication.id] = delay if low <= drawn < low + chance.p else None
    return delays


def draw_chances(procedure: Procedure, rng: np.random.Generator) -> dict[str, bool]:
    """Draw for every wrong response that may cause a complication whether it would: one number."""
    return {
        wrong.id: bool(rng.random() < wrong.p)
        for complication in procedure.complications
        for wrong in complication.wrong
        if wrong.may_cause is not None
    }
