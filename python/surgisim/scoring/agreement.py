"""How far raters agree: intraclass correlation, weighted kappa, Cronbach's alpha.

**ICC(2,1)** (Shrout and Fleiss 1979, Psychol Bull 86:420): n subjects, each rated by the same k
raters, who stand for any raters; absolute agreement of a single rater. With the mean squares of
subjects BMS, raters JMS and error EMS:

    ICC(2,1) = (BMS - EMS) / (BMS + (k - 1) EMS + k (JMS - EMS) / n)
    ICC(2,k) = (BMS - EMS) / (BMS + (JMS - EMS) / n)             mean of the k raters

Interval by Satterthwaite's degrees of freedom v, their eqs. on p. 424; v is held at k - 1, below
which it falls only where ICC(2,1) is negative and the approximation says nothing. Valid without
missing ratings, n >= 2, k >= 2, scores on an interval scale. Raters who contradict each other make
ICC(2,1) negative; at -1 / (k - 1) and below, the mean of k has no reliability at all, and ICC(2,k)
is given as minus infinity, where its formula would turn round to positive values.

**Weighted kappa** (Cohen 1968, Psychol Bull 70:213): two raters, ordered categories, v_ij the
weight of disagreement, p_ij observed shares, p_i. p_.j those by chance:

    kappa_w = 1 - sum v_ij p_ij / sum v_ij p_i. p_.j,    v = |i - j| (linear), (i - j)^2 (quadratic)

Standard error of Fleiss, Cohen and Everitt 1969 (Psychol Bull 72:323), for many subjects (20 and
more); the interval ends at 1. Quadratic weights give nearly the ICC. Undefined where both raters
use one category alone.

**Cronbach's alpha** (1951, Psychometrika 16:297) of the k items of a scale:

    alpha = k / (k - 1) (1 - sum var(item) / var(total))
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

__all__ = ["Estimate", "Icc", "cohen_kappa", "cronbach_alpha", "icc2", "weighted_kappa"]

Values = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Estimate:
    """A value with its interval."""

    value: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Icc:
    """Agreement of raters.

    Attributes
    ----------
    single, mean
        Of one rater, ICC(2,1), and of the mean of all, ICC(2,k).
    subjects, raters
        n and k.
    """

    single: Estimate
    mean: Estimate
    subjects: int
    raters: int


def icc2(ratings: ArrayLike, confidence: float = 0.95) -> Icc:
    """Intraclass correlations of two-way random effects, absolute agreement.

    Parameters
    ----------
    ratings
        Shape (n, k): a row for each subject, a column for each rater.
    confidence
        Of the intervals.

    Raises
    ------
    ValueError
        Fewer than 2 subjects or raters, something missing, or neither subjects nor raters that
        differ.
    """
    x = np.asarray(ratings, np.float64)
    if x.ndim != 2 or min(x.shape) < 2 or not np.all(np.isfinite(x)):
        raise ValueError("agreement needs at least 2 subjects, each rated by the same 2 or more")
    n, k = x.shape
    bms, jms, ems = _mean_squares(x)
    if bms + jms + ems == 0.0:
        raise ValueError("all ratings are equal: agreement cannot be told from having no opinion")
    whole = bms + (k - 1) * ems + k * (jms - ems) / n
    if whole <= 0.0:
        raise ValueError("two raters who only contradict each other on two subjects tell nothing")
    rho = (bms - ems) / whole
    low, high = _interval(n, k, bms, jms, ems, rho, confidence)
    single = Estimate(float(rho), low, high)
    mean = Estimate(*(_of_mean(r, k) for r in (single.value, low, high)))
    return Icc(single, mean, n, k)


def _of_mean(single: float, k: int) -> float:
    """Go from one rater to the mean of k (Spearman and Brown)."""
    under = 1.0 + (k - 1) * single
    return k * single / under if under > 0.0 else -math.inf


def _mean_squares(x: Values) -> tuple[float, float, float]:
    """Mean squares of subjects, raters and error."""
    n, k = x.shape
    grand = x.mean()
    subjects, raters = x.mean(axis=1), x.mean(axis=0)
    bms = k * float(np.sum((subjects - grand) ** 2)) / (n - 1)
    jms = n * float(np.sum((raters - grand) ** 2)) / (k - 1)
    left = x - subjects[:, None] - raters[None] + grand
    return bms, jms, float(np.sum(left**2)) / ((n - 1) * (k - 1))


def _interval(
    n: int, k: int, bms: float, jms: float, ems: float, rho: float, confidence: float
) -> tuple[float, float]:
    """Interval of ICC(2,1); raters without any error of their own leave none."""
    from scipy.special import fdtri

    if ems == 0.0:
        ems = 1e-12 * (bms + jms)
    fj = jms / ems
    inner = n * (1.0 + (k - 1) * rho) - k * rho
    over = (k - 1) * (n - 1) * (k * rho * fj + inner) ** 2
    under = (n - 1) * k**2 * rho**2 * fj**2 + inner**2
    v = max(over / under if under > 0.0 else 0.0, k - 1.0)
    upper_tail = 0.5 + 0.5 * confidence
    f_low = float(fdtri(n - 1, v, upper_tail))
    f_high = float(fdtri(v, n - 1, upper_tail))
    rest = k * jms + (k * n - k - n) * ems
    low = n * (bms - f_low * ems) / (f_low * rest + n * bms)
    high = n * (f_high * bms - ems) / (rest + n * f_high * bms)
    return min(float(low), rho), max(float(high), rho)


def weighted_kappa(
    one: Sequence[int],
    two: Sequence[int],
    categories: Sequence[int],
    weights: Literal["linear", "quadratic"] = "quadratic",
    confidence: float = 0.95,
) -> Estimate:
    """Weighted kappa of two raters.

    Parameters
    ----------
    one, two
        What each gave the same subjects, in the same order.
    categories
        All that could be given, in their order.
    weights
        Of disagreement: by the distance of the categories, or its square.
    confidence
        Of the interval.

    Raises
    ------
    ValueError
        Raters of different length, a rating that is no category, or no disagreement possible.
    """
    place = {category: index for index, category in enumerate(categories)}
    unknown = {*one, *two} - place.keys()
    if unknown or len(one) != len(two) or not one:
        raise ValueError("both raters must give every subject one of the categories")
    table = np.zeros((len(place), len(place)))
    for a, b in zip(one, two, strict=True):
        table[place[a], place[b]] += 1.0
    gap = np.abs(np.subtract.outer(np.arange(len(place)), np.arange(len(place)))).astype(float)
    return cohen_kappa(table, gap if weights == "linear" else gap**2, confidence)


def cohen_kappa(table: ArrayLike, weights: ArrayLike, confidence: float = 0.95) -> Estimate:
    """Weighted kappa of a table of counts, with any weights of disagreement.

    Parameters
    ----------
    table
        Counts, (c, c): a row for each category of one rater, a column for each of the other.
    weights
        Of disagreement, (c, c), 0 on the diagonal. All 1 elsewhere: Cohen's (1960) kappa.
    confidence
        Of the interval.

    Raises
    ------
    ValueError
        Nothing was counted, or no disagreement is possible by chance: one category is all that was
        used.
    """
    from scipy.special import ndtri

    counts, v = np.asarray(table, np.float64), np.asarray(weights, np.float64)
    n = float(counts.sum())
    if n == 0.0:
        raise ValueError("both raters gave nothing: kappa is not defined")
    p = counts / n
    rows, columns = p.sum(axis=1), p.sum(axis=0)
    chance = np.outer(rows, columns)
    by_chance = float(np.sum(v * chance))
    if by_chance == 0.0:
        raise ValueError("both raters used one category alone: kappa is not defined")
    kappa = 1.0 - float(np.sum(v * p)) / by_chance
    w = 1.0 - v / v.max()
    expected = float(np.sum(w * chance))
    mean_w = (w @ columns)[:, None] + (rows @ w)[None]
    spread = float(np.sum(p * (w - mean_w * (1.0 - kappa)) ** 2))
    variance = (spread - (kappa - expected * (1.0 - kappa)) ** 2) / (n * (1.0 - expected) ** 2)
    half = float(ndtri(0.5 + 0.5 * confidence)) * float(np.sqrt(max(variance, 0.0)))
    return Estimate(kappa, kappa - half, min(kappa + half, 1.0))


def cronbach_alpha(items: ArrayLike) -> float:
    """How much the items of a scale measure one thing.

    Parameters
    ----------
    items
        Scores, (n, k): a row for each subject, a column for each item, n >= 2, k >= 2.

    Raises
    ------
    ValueError
        Too few, something missing, or totals that are all equal.
    """
    x = np.asarray(items, np.float64)
    if x.ndim != 2 or min(x.shape) < 2 or not np.all(np.isfinite(x)):
        raise ValueError("alpha needs at least 2 subjects and 2 items, none of them missing")
    total = float(x.sum(axis=1).var(ddof=1))
    if total == 0.0:
        raise ValueError("all totals are equal: alpha is not defined")
    k = x.shape[1]
    return float(k / (k - 1)) * (1.0 - float(x.var(axis=0, ddof=1).sum()) / total)
