"""Measures of how the tip of the instrument moved."""

import numpy as np
from numpy.typing import NDArray

from surgisim.scoring.metric import Metric
from surgisim.scoring.smoothness import RATE_HZ, ldlj, sparc, strokes

__all__ = ["economy", "idle_time", "path_length", "stroke_smoothness"]

Values = NDArray[np.float64]

_IDLE_SPEED = 0.005  # m/s
_IDLE_S = 1.0  # shorter rests belong to the movement


def path_length(time_s: Values, positions: Values) -> Metric:
    """Length of the path, m; its moment is the end of the busiest ten seconds.

    Parameters
    ----------
    time_s
        Rising, shape (n,).
    positions
        Shape (n, 3), m.
    """
    steps = np.linalg.norm(np.diff(positions, axis=0), axis=1)
    run = np.concatenate(([0.0], np.cumsum(steps)))
    before = np.interp(time_s - 10.0, time_s, run, left=0.0)
    return Metric(float(run[-1]), "m", float(time_s[np.argmax(run - before)]))


def economy(time_s: Values, positions: Values, stops_s: Values) -> Metric:
    """Straight way over the way taken, 0 to 1: from the start to each stop in turn.

    The moment is the stop with the longest detour. Without stops there is nothing to measure.

    Parameters
    ----------
    time_s
        Rising, shape (n,).
    positions
        Shape (n, 3), m.
    stops_s
        Times of the stops, such as marks, shape (k,), rising.
    """
    if stops_s.size == 0:
        return Metric(None, "1")
    steps = np.linalg.norm(np.diff(positions, axis=0), axis=1)
    run = np.concatenate(([0.0], np.cumsum(steps)))
    at = np.concatenate(([0], np.clip(np.searchsorted(time_s, stops_s), 0, time_s.size - 1)))
    taken = np.diff(run[at])
    straight = np.linalg.norm(np.diff(positions[at], axis=0), axis=1)
    if taken.sum() == 0.0:
        return Metric(None, "1")
    worst = int(np.argmax(taken - straight))
    return Metric(float(straight.sum() / taken.sum()), "1", float(stops_s[worst]))


def idle_time(time_s: Values, speeds: Values) -> Metric:
    """Time at rest: slower than 5 mm/s for more than 1 s; the moment begins the longest rest.

    Parameters
    ----------
    time_s
        At 100 Hz, shape (n,).
    speeds
        Shape (n,), m/s.
    """
    still = np.concatenate(([False], speeds < _IDLE_SPEED, [False]))
    edges = np.flatnonzero(np.diff(still.astype(np.int8)))
    lengths = (edges[1::2] - edges[::2]) / RATE_HZ
    long = lengths > _IDLE_S
    if not np.any(long):
        return Metric(0.0, "s")
    longest = edges[::2][np.argmax(np.where(long, lengths, 0.0))]
    return Metric(float(lengths[long].sum()), "s", float(time_s[longest]))


def stroke_smoothness(time_s: Values, speeds: Values) -> tuple[Metric, Metric]:
    """SPARC and LDLJ of the strokes, medians; the moments begin the least smooth stroke.

    Parameters
    ----------
    time_s
        At 100 Hz, shape (n,).
    speeds
        Shape (n,), m/s.
    """
    found = strokes(speeds)
    if not found:
        return Metric(None, "1"), Metric(None, "1")
    metrics = []
    for measure in (sparc, ldlj):
        values = np.array([measure(speeds[stroke], RATE_HZ) for stroke in found])
        worst = found[int(np.argmin(values))]
        metrics.append(Metric(float(np.median(values)), "1", float(time_s[worst.start])))
    return metrics[0], metrics[1]
