"""Measures of how two instruments worked together.

With v_D and v_N the speeds of the dominant and the other tip (m/s), L, T the length of a path and
the time in motion (v > 5 mm/s), mean v the mean speed in motion:

    correlation         Pearson's r of v_D and v_N, -1 to 1
    both                time with both in motion / whole time, 0 to 1
    path ratio          L_D / L_N
    time ratio          T_D / T_N
    speed ratio         mean v_D / mean v_N
    idle                time with neither in motion for more than 1 s, s

Ratios of dominant to non-dominant hand (D:ND) near 1 are a surgeon's who uses both hands
(Hofstad et al. 2013, Surg Endosc 27:854). Valid for two traces of one
clock, both below 10 Hz and at 100 Hz. Sessions have one instrument so far: these are for traces of
your own.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from surgisim.scoring.metric import Metric
from surgisim.scoring.motion import idle_time
from surgisim.scoring.smoothness import RATE_HZ, speed

__all__ = ["Bimanual", "bimanual"]

Values = NDArray[np.float64]

_MOVING = 0.005  # m/s


@dataclass(frozen=True, slots=True)
class Bimanual:
    """How two hands shared the work; None where a measure is not defined.

    Attributes
    ----------
    correlation
        Of the speeds, -1 to 1; None where a hand never changed its speed.
    both
        Share of the time with both in motion, 0 to 1.
    path_ratio, time_ratio, speed_ratio
        Dominant over other hand; None where the other one never moved.
    idle
        Time with neither in motion, with its longest stretch.
    """

    correlation: float | None
    both: float
    path_ratio: float | None
    time_ratio: float | None
    speed_ratio: float | None
    idle: Metric


def bimanual(time_s: Values, dominant: Values, other: Values) -> Bimanual:
    """Compare two hands.

    Parameters
    ----------
    time_s
        At 100 Hz, shape (n,), n >= 2.
    dominant, other
        Positions of the tips, shape (n, 3), m.
    """
    one, two = speed(dominant), speed(other)
    moves_one, moves_two = one > _MOVING, two > _MOVING
    steady = one.std() < 1e-12 or two.std() < 1e-12
    time_one, time_two = (float(np.count_nonzero(m)) / RATE_HZ for m in (moves_one, moves_two))
    way_one, way_two = (
        float(np.linalg.norm(np.diff(p, axis=0), axis=1).sum()) for p in (dominant, other)
    )
    return Bimanual(
        correlation=None if steady else float(np.corrcoef(one, two)[0, 1]),
        both=float(np.mean(moves_one & moves_two)),
        path_ratio=_ratio(way_one, way_two),
        time_ratio=_ratio(time_one, time_two),
        speed_ratio=_ratio(_mean(one[moves_one]), _mean(two[moves_two])),
        idle=idle_time(time_s, np.maximum(one, two)),
    )


def _mean(values: Values) -> float:
    return float(values.mean()) if values.size else 0.0


def _ratio(one: float, two: float) -> float | None:
    return one / two if two > 0.0 else None
