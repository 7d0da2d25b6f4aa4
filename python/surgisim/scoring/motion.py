"""Measures of how the tip of the instrument moved.

With p(t) the tip (m), L the length of its path (m), X, Y, Z the spans of the path along the axes:

    path length          L = sum |p_k+1 - p_k|                                        m
    economy of motion    sum of the straight ways from stop to stop / L               0 to 1
    economy of area      sqrt(X Z) / L, y being up                                    0 to 0.71
    economy of volume    cbrt(X Y Z) / L                                              0 to 0.58
    idle time            int [v < 5 mm/s for more than 1 s] dt                        s

Path length after Cotin et al. 2002 (MICCAI, LNCS 2488:35), economies of area and volume after
Oropesa et al. 2013 (Surg Endosc 27:1029): the larger, the more of the room was used for the way
that was taken. The rate of sampling matters: jitter of the device adds to a path at 1 kHz.
"""

import math

import numpy as np
from numpy.typing import NDArray

from surgisim.scoring.metric import Metric
from surgisim.scoring.runs import runs
from surgisim.scoring.smoothness import RATE_HZ, cotin_jerk, ldlj, sparc, strokes

__all__ = [
    "busiest",
    "economy",
    "economy_of_area",
    "economy_of_volume",
    "idle_time",
    "path_length",
    "stroke_smoothness",
]

Values = NDArray[np.float64]

_IDLE_SPEED = 0.005  # m/s
_IDLE_S = 1.0  # shorter rests belong to the movement
_BUSY_S = 10.0  # of the path, these are shown as what made it long


def path_length(time_s: Values, positions: Values) -> Metric:
    """Length of the path, m; its interval is the busiest ten seconds.

    Parameters
    ----------
    time_s
        Rising, shape (n,).
    positions
        Shape (n, 3), m.
    """
    return busiest(time_s, np.linalg.norm(np.diff(positions, axis=0), axis=1), "m")


def busiest(time_s: Values, steps: Values, unit: str) -> Metric:
    """Sum what happened from sample to sample, (n - 1,); the interval is its busiest ten seconds.

    Parameters
    ----------
    time_s
        Rising, shape (n,).
    steps
        Not below 0, shape (n - 1,).
    unit
        SI symbol of a step.
    """
    run = np.concatenate(([0.0], np.cumsum(steps)))
    if run[-1] == 0.0:
        return Metric(0.0, unit)  # nothing moved, and no ten seconds were busier than others
    before = np.interp(time_s - _BUSY_S, time_s, run, left=0.0)
    end = float(time_s[np.argmax(run - before)])
    return Metric(float(run[-1]), unit, max(end - _BUSY_S, float(time_s[0])), end)


def economy(time_s: Values, positions: Values, stops_s: Values) -> Metric:
    """Straight way over the way taken, 0 to 1: from the start to each stop in turn.

    The interval is that of the longest detour. Without stops there is nothing to measure.

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
    share = float(straight.sum() / taken.sum())
    return Metric(share, "1", float(time_s[at[worst]]), float(time_s[at[worst + 1]]))


def economy_of_area(time_s: Values, positions: Values) -> Metric:
    """Side of the horizontal area that the path spans over its length, 0 to 0.71."""
    return _spanned(time_s, positions, (0, 2))


def economy_of_volume(time_s: Values, positions: Values) -> Metric:
    """Side of the volume that the path spans over its length, 0 to 0.58."""
    return _spanned(time_s, positions, (0, 1, 2))


def _spanned(time_s: Values, positions: Values, axes: tuple[int, ...]) -> Metric:
    """Geometric mean of the spans along `axes` over the path's length."""
    path = path_length(time_s, positions)
    if not path.value:
        return Metric(None, "1")
    spans = np.ptp(positions, axis=0)[list(axes)]
    side = float(np.prod(spans)) ** (1.0 / len(axes))
    return Metric(side / path.value, "1", path.moment_s, path.until_s)


def idle_time(time_s: Values, speeds: Values) -> Metric:
    """Time at rest: slower than 5 mm/s for more than 1 s; the interval is the longest rest.

    Parameters
    ----------
    time_s
        At 100 Hz, shape (n,).
    speeds
        Shape (n,), m/s.
    """
    rests = [run for run in runs(speeds < _IDLE_SPEED) if run[1] - run[0] > _IDLE_S * RATE_HZ]
    if not rests:
        return Metric(0.0, "s")
    first, past = max(rests, key=lambda run: run[1] - run[0])
    total = sum(end - start for start, end in rests) / RATE_HZ
    return Metric(total, "s", float(time_s[first]), float(time_s[past - 1]))


def stroke_smoothness(
    time_s: Values, positions: Values, speeds: Values
) -> tuple[Metric, Metric, Metric]:
    """SPARC, LDLJ and Cotin's jerk of the strokes, medians; intervals are the least smooth stroke.

    Parameters
    ----------
    time_s
        At 100 Hz, shape (n,).
    positions
        Shape (n, 3), m.
    speeds
        Shape (n,), m/s.
    """
    found = strokes(speeds)
    if not found:
        return Metric(None, "1"), Metric(None, "1"), Metric(None, "1")
    arc = [sparc(speeds[stroke], RATE_HZ) for stroke in found]
    log_jerk = [ldlj(speeds[stroke], RATE_HZ) for stroke in found]
    jerk = [cotin_jerk(positions[stroke], RATE_HZ) for stroke in found]
    return (
        _median(time_s, found, arc, int(np.argmin(arc))),
        _median(time_s, found, log_jerk, int(np.argmin(log_jerk))),
        _median(time_s, found, jerk, int(np.argmax(jerk))),
    )


def _median(time_s: Values, found: list[slice], values: list[float], worst: int) -> Metric:
    start, stop = found[worst].start, found[worst].stop
    value = float(np.median(values))
    if not math.isfinite(value):
        return Metric(None, "1")
    return Metric(value, "1", float(time_s[start]), float(time_s[stop - 1]))
