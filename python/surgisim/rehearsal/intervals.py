r"""Intervals of shares and means, and the test of a declared probability.

A share of k in n, 95 % (Wilson 1927, J Am Stat Assoc 22:209), z = 1.96:

    (k/n + z^2/2n -+ z sqrt(k (n - k) / n^3 + z^2 / 4 n^2)) / (1 + z^2/n)

A mean of n values with standard deviation s, 95 % (Student 1908, Biometrika 6:1):

    mean -+ t(0.975, n - 1) s / sqrt(n)

cut off where no value can lie.

A declared probability p is tested with the exact two-sided binomial test: the chance, under p, of
k in n or anything no likelier than it (Clopper and Pearson 1934, Biometrika 26:404, give the
interval that belongs to the one-sided tests). Where m probabilities are tested together each is
tested at (1 - 0.99) / m, so that all hold at 99 % at least (Bonferroni 1936).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import inf, sqrt

import numpy as np

__all__ = ["CONFIDENCE", "Mean", "Share", "differs", "mean_of", "share_of"]

CONFIDENCE = 0.99
"""With which declared probabilities are tested, all together."""

_Z = 1.959963984540054  # quantile 0.975 of the normal distribution


@dataclass(frozen=True, slots=True)
class Share:
    """`count` of `of`, with its interval from `low` to `high`; 0 to 1."""

    count: int
    of: int
    low: float
    high: float

    @property
    def share(self) -> float:
        """The share itself, 0 of nothing."""
        return self.count / self.of if self.of else 0.0


@dataclass(frozen=True, slots=True)
class Mean:
    """A mean of `of` values with its interval, None where one value has none."""

    mean: float
    of: int
    low: float | None
    high: float | None


def share_of(count: int, of: int) -> Share:
    """Share with its Wilson interval; of nothing, from 0 to 1."""
    if of == 0:
        return Share(0, 0, 0.0, 1.0)
    middle = count / of + _Z**2 / (2 * of)
    half = _Z * sqrt(count * (of - count) / of**3 + _Z**2 / (4 * of**2))
    by = 1.0 + _Z**2 / of
    low = 0.0 if count == 0 else (middle - half) / by
    high = 1.0 if count == of else (middle + half) / by
    return Share(count, of, low, high)


def mean_of(values: Sequence[float], highest: float = inf) -> Mean:
    """Mean of values from 0 to `highest`, with its interval by Student's t."""
    array = np.asarray(values, dtype=np.float64)
    if len(array) == 0:
        raise ValueError("no values have no mean")
    mean = float(array.mean())
    if len(array) == 1:
        return Mean(mean, 1, None, None)
    from scipy.stats import t

    half = float(t.ppf(0.975, len(array) - 1) * array.std(ddof=1) / sqrt(len(array)))
    return Mean(mean, len(array), max(mean - half, 0.0), min(mean + half, highest))


def differs(count: int, of: int, declared: float, tests: int = 1) -> bool:
    """Whether `count` of `of` contradict a declared probability.

    Parameters
    ----------
    count, of
        What was seen.
    declared
        The probability, 0 to 1.
    tests
        How many are tested together.
    """
    if of == 0:
        return False
    from scipy.stats import binomtest

    return bool(binomtest(count, of, declared).pvalue < (1.0 - CONFIDENCE) / tests)
