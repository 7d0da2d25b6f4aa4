"""Measures of what instruments do besides moving: out of view, dropping, wasted energy, collisions.

Each takes what holds at every sample (n,) and gives the total time or the number of times, with the
longest or the first stretch as its evidence:

    out of view      int [tip not seen] dt, s; and the path taken meanwhile, m
    drops            how often what was held fell without being handed over
    wasted energy    int [energy on and not on its target] dt, s
    collisions       how often instruments met, at least 0.1 s apart

These are the measures that robotic simulators report (names: Surgeons as Educators 2018, ch. 5).
Energy "misapplied" there is energy that is on while the instrument touches nothing or something
else than the target. Sessions have no energy and nothing to hold so far: these are for traces of
your own.
"""

import numpy as np
from numpy.typing import NDArray

from surgisim.scoring.metric import Metric
from surgisim.scoring.runs import longest, number_apart, runs, step_of

__all__ = ["collisions", "drops", "out_of_view_path", "out_of_view_time", "wasted_energy"]

Values = NDArray[np.float64]
Flags = NDArray[np.bool_]

_APART_S = 0.1


def out_of_view_time(time_s: Values, seen: Flags) -> Metric:
    """Time in which the tip was not seen, s.

    Parameters
    ----------
    time_s
        Rising, shape (n,).
    seen
        Whether the tip is in the picture and nothing is before it, shape (n,).
    """
    return _time(time_s, ~seen)


def out_of_view_path(time_s: Values, positions: Values, seen: Flags) -> Metric:
    """Way of the tip while it was not seen, m; positions (n, 3), m."""
    steps = np.linalg.norm(np.diff(positions, axis=0), axis=1)
    hidden = ~seen
    way = float(steps[hidden[:-1] & hidden[1:]].sum())
    where = _time(time_s, hidden)
    return Metric(way, "m", where.moment_s, where.until_s)


def drops(time_s: Values, held: Flags, safe: Flags) -> Metric:
    """How often something held was let go where it was not to be.

    Parameters
    ----------
    time_s
        Rising, shape (n,).
    held
        Whether an instrument holds it, shape (n,).
    safe
        Whether it may be let go: over its target, or another instrument holds it, shape (n,).
    """
    let_go = np.flatnonzero(held[:-1] & ~held[1:] & ~safe[1:]) + 1
    first = float(time_s[let_go[0]]) if let_go.size else None
    return Metric(float(let_go.size), "1", first)


def wasted_energy(time_s: Values, active: Flags, on_target: Flags) -> Metric:
    """Time in which energy was on beside its target, s; flags of shape (n,)."""
    return _time(time_s, active & ~on_target)


def collisions(time_s: Values, touching: Flags) -> Metric:
    """How often two instruments met; `touching` says when they do, shape (n,)."""
    found = runs(touching)
    if not found:
        return Metric(0.0, "1")
    step = step_of(time_s)
    number = number_apart(found, _APART_S / step if step else 1.0)
    return Metric(float(number), "1", float(time_s[found[0][0]]))


def _time(time_s: Values, holds: Flags) -> Metric:
    found = runs(holds)
    if not found:
        return Metric(0.0, "s")
    total = sum(end - start for start, end in found) * step_of(time_s)
    start, end = longest(found)
    return Metric(total, "s", float(time_s[start]), float(time_s[end - 1]))
