"""How a rod gets under an organ's edge and lifts it: where its tip goes.

What lies beneath has its middle at m; the port is at p, to one side. The rod lies under the edge
with its tip beyond m, by `REACH_M` on the side away from the port, so that it is the shaft that
lifts:

    tip(s) = m + a + s w,    w = (0, sin e, -cos e)

with the lift s and the rise e: mostly towards the head, as the side that the rod lies against falls
off steeply, and up. Far in front, towards the feet, the rod touches nothing.
"""

import numpy as np
from numpy.typing import NDArray

from surgisim.trainees.trainee import Exposed

__all__ = ["before", "lifted", "under"]

Floats = NDArray[np.float64]

REACH_M = 0.04
_ABOVE_M = 0.013  # over the middle of what lies beneath: near the edge, where it gives way most
_UNDER_M = 0.012  # in front of it
_BEFORE_M = 0.055
_WAY = np.array([0.0, np.sin(0.32), -np.cos(0.32)])


def before(exposed: Exposed) -> Floats:
    """Where the tip is in front of the edge, free, (3,), m."""
    return _beyond(exposed, _BEFORE_M)


def under(exposed: Exposed) -> Floats:
    """Where the tip is under the edge and does not lift yet, (3,), m."""
    return _beyond(exposed, _UNDER_M)


def lifted(exposed: Exposed, by_m: float) -> Floats:
    """Where the tip is when it has lifted by so much, (3,), m."""
    return under(exposed) + by_m * _WAY


def _beyond(exposed: Exposed, before_m: float) -> Floats:
    middle = np.asarray(exposed.middle)
    side = 1.0 if exposed.port is None or exposed.port[0] < middle[0] else -1.0
    return np.asarray(middle + np.array([side * REACH_M, _ABOVE_M, before_m]))
