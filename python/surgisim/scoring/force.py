"""Measures of how hard the instrument pressed."""

import numpy as np
from numpy.typing import NDArray

from surgisim.scoring.metric import Metric

__all__ = ["mean_force", "over_limit_integral", "over_limit_time", "peak_force"]

Values = NDArray[np.float64]


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
    """Mean of the force where it is not zero, N (Horeman et al. 2010); the moment is the peak's."""
    pressing = force[force > 0.0]
    if pressing.size == 0:
        return Metric(0.0, "N")
    return Metric(float(pressing.mean()), "N", peak_force(time_s, force).moment_s)


def over_limit_time(time_s: Values, force: Values, limit: float) -> Metric:
    """Time above `limit` (N), s; the moment begins the longest stretch."""
    runs = _runs(force > limit)
    if not runs:
        return Metric(0.0, "s")
    step = _step(time_s)
    longest = max(runs, key=lambda run: run[1] - run[0])
    total = sum(end - start for start, end in runs) * step
    return Metric(total, "s", float(time_s[longest[0]]))


def over_limit_integral(time_s: Values, force: Values, limit: float) -> Metric:
    """Force above `limit` (N) summed over time, N s; the moment begins the heaviest stretch."""
    runs = _runs(force > limit)
    if not runs:
        return Metric(0.0, "N s")
    step = _step(time_s)
    sums = [float(np.sum(force[start:end] - limit)) * step for start, end in runs]
    return Metric(sum(sums), "N s", float(time_s[runs[int(np.argmax(sums))][0]]))


def _runs(above: NDArray[np.bool_]) -> list[tuple[int, int]]:
    """Give first and past-the-last index of every stretch that is true."""
    edges = np.flatnonzero(np.diff(np.concatenate(([False], above, [False])).astype(np.int8)))
    return [(int(a), int(b)) for a, b in zip(edges[::2], edges[1::2], strict=True)]


def _step(time_s: Values) -> float:
    return float(time_s[-1] - time_s[0]) / (time_s.size - 1) if time_s.size > 1 else 0.0
