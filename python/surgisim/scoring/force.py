"""Measures of how hard the instrument pressed.

With F(t) the size of the force on the instrument (N) and L a limit (N):

    peak      max F                        mean      mean of F where F > 0
    sd        standard deviation there     integral  int F dt                          N s
    time above L     int [F > L] dt        excess    int max(0, F - L) dt              N s
    times above L    how often F rose above L after at least 0.2 s at or below it

Largest, mean non-zero and standard deviation are those of Horeman et al. 2010 (Surg Endosc
24:3102), who found 2.6 and 0.9 N for experts, 4.7 and 2.1 N for novices driving a needle. Valid
for forces that were summed over every tick: a slower reader misses short knocks.
"""

import numpy as np
from numpy.typing import NDArray

from surgisim.scoring.metric import Metric
from surgisim.scoring.runs import longest, number_apart, runs, step_of

__all__ = [
    "force_integral",
    "force_sd",
    "mean_force",
    "over_limit_count",
    "over_limit_integral",
    "over_limit_time",
    "peak_force",
]

Values = NDArray[np.float64]

_APART_S = 0.2  # below the limit for less, it was the same push


def peak_force(time_s: Values, force: Values) -> Metric:
    """Largest force, N, and when.

    Parameters
    ----------
    time_s
        Rising, shape (n,).
    force
        Magnitudes, shape (n,), N.
    """
    at = int(np.argmax(force))
    return Metric(float(force[at]), "N", float(time_s[at]) if force[at] > 0.0 else None)


def mean_force(time_s: Values, force: Values) -> Metric:
    """Mean of the force where it is not zero, N (Horeman et al. 2010); the moment is the peak's.

    Where nothing was pressed there is no such mean.
    """
    pressing = force[force > 0.0]
    if pressing.size == 0:
        return Metric(None, "N")
    return Metric(float(pressing.mean()), "N", peak_force(time_s, force).moment_s)


def force_sd(time_s: Values, force: Values) -> Metric:
    """How much the force varies where it is not zero: its standard deviation, N."""
    pressing = force[force > 0.0]
    if pressing.size == 0:
        return Metric(None, "N")
    return Metric(float(pressing.std()), "N", peak_force(time_s, force).moment_s)


def force_integral(time_s: Values, force: Values) -> Metric:
    """Force summed over time, N s; the interval is the contact that brought most of it."""
    found = runs(force > 0.0)
    if not found:
        return Metric(0.0, "N s")
    sums = [float(np.sum(force[start:end])) * step_of(time_s) for start, end in found]
    return _over(sum(sums), "N s", time_s, found[int(np.argmax(sums))])


def over_limit_time(time_s: Values, force: Values, limit: float) -> Metric:
    """Time above `limit` (N), s; the longest stretch, or the peak where there is none."""
    found = runs(force > limit)
    if not found:
        return Metric(0.0, "s", peak_force(time_s, force).moment_s)
    total = sum(end - start for start, end in found) * step_of(time_s)
    return _over(total, "s", time_s, longest(found))


def over_limit_integral(time_s: Values, force: Values, limit: float) -> Metric:
    """Force above `limit` (N) summed over time, N s; the heaviest stretch, or the peak."""
    found = runs(force > limit)
    if not found:
        return Metric(0.0, "N s", peak_force(time_s, force).moment_s)
    sums = [float(np.sum(force[start:end] - limit)) * step_of(time_s) for start, end in found]
    return _over(sum(sums), "N s", time_s, found[int(np.argmax(sums))])


def over_limit_count(time_s: Values, force: Values, limit: float) -> Metric:
    """How often the force rose above `limit` (N); the first time, or the peak."""
    found = runs(force > limit)
    if not found:
        return Metric(0.0, "1", peak_force(time_s, force).moment_s)
    step = step_of(time_s)
    number = number_apart(found, _APART_S / step if step else 1.0)
    return _over(float(number), "1", time_s, found[0])


def _over(value: float, unit: str, time_s: Values, run: tuple[int, int]) -> Metric:
    """Name the interval of a stretch; a single sample is a moment."""
    return Metric(value, unit, float(time_s[run[0]]), float(time_s[run[1] - 1]))
