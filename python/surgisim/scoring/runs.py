"""Stretches of samples in which something holds."""

from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

__all__ = ["longest", "number_apart", "runs", "step_of"]


def runs(holds: NDArray[np.bool_]) -> list[tuple[int, int]]:
    """Give the first and the past-the-last index of every stretch that is true.

    Parameters
    ----------
    holds
        Shape (n,).
    """
    edges = np.flatnonzero(np.diff(np.concatenate(([False], holds, [False])).astype(np.int8)))
    return [(int(a), int(b)) for a, b in zip(edges[::2], edges[1::2], strict=True)]


def longest(found: list[tuple[int, int]]) -> tuple[int, int]:
    """Choose the first of the longest stretches; there must be one."""
    return max(found, key=lambda run: run[1] - run[0])


def number_apart(found: list[tuple[int, int]], apart: float) -> int:
    """Count stretches; one that follows within less than `apart` samples is the same again."""
    gaps = [after[0] - before[1] for before, after in pairwise(found)]
    return min(len(found), 1) + sum(gap >= apart - 1e-9 for gap in gaps)


def step_of(time_s: NDArray[np.float64]) -> float:
    """Time from one sample to the next, s; 0 for a single sample."""
    return float(time_s[-1] - time_s[0]) / (time_s.size - 1) if time_s.size > 1 else 0.0
