"""Contrasting groups: a pass mark between those who can and those who cannot yet.

With scores of novices N(m_n, s_n) and of experts N(m_e, s_e) the cut c lies between the means where
both densities are equal (Livingston and Zieky 1982; Jorgensen, Konge and Subhi 2018, Adv Simul
3:5):

    (c - m_n)^2 / s_n^2 - (c - m_e)^2 / s_e^2 + 2 ln(s_n / s_e) = 0
    false positives  FP = 1 - Phi((c - m_n) / s_n)      novices who pass
    false negatives  FN = Phi((c - m_e) / s_e)          experts who fail

Theoretical rates stand beside the observed ones: with groups of ten, one person is 10 %. Where less
is better (time, force) scores are mirrored. Valid for scores that are about normal and groups whose
densities cross between their means.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from surgisim.scoring.proficiency.experts import LEAST

__all__ = ["Contrast", "contrast", "contrasting_groups"]

_ROUNDING = 1e-9  # of the scores' size: a spread that is less is none


@dataclass(frozen=True, slots=True)
class Contrast:
    """A pass mark and what it costs.

    Attributes
    ----------
    cut
        The pass mark, in the unit of the scores.
    false_positive, false_negative
        Shares of novices who pass and experts who fail, from the fitted normals.
    observed_false_positive, observed_false_negative
        The same counted; None where only means and spreads are known.
    """

    cut: float
    false_positive: float
    false_negative: float
    observed_false_positive: float | None = None
    observed_false_negative: float | None = None


def contrast(novices: tuple[float, float], experts: tuple[float, float]) -> Contrast:
    """Find the cut between two normals, each given by mean and standard deviation.

    Raises
    ------
    ValueError
        Equal means, a spread of 0, or densities that do not cross between the means.
    """
    from scipy.special import ndtr

    (m_n, s_n), (m_e, s_e) = novices, experts
    if min(s_n, s_e) <= _ROUNDING * max(abs(m_n), abs(m_e)):
        raise ValueError("a group whose scores are all equal has no spread to fit")
    if m_n == m_e:
        raise ValueError("the groups have the same mean: there is nothing between them")
    sign = 1.0 if m_e > m_n else -1.0  # less is better: mirrored
    cut = sign * _crossing(sign * m_n, s_n, sign * m_e, s_e)
    return Contrast(
        cut,
        float(ndtr(-sign * (cut - m_n) / s_n)),
        float(ndtr(sign * (cut - m_e) / s_e)),
    )


def _crossing(m_n: float, s_n: float, m_e: float, s_e: float) -> float:
    a = 1.0 / s_n**2 - 1.0 / s_e**2
    b = 2.0 * (m_e / s_e**2 - m_n / s_n**2)
    c = (m_n / s_n) ** 2 - (m_e / s_e) ** 2 + 2.0 * math.log(s_n / s_e)
    if abs(a) < 1e-12 * (1.0 / s_n**2):
        roots = [-c / b]
    else:
        under = b * b - 4.0 * a * c
        # The form without cancellation; the other root is c / (a root).
        q = -0.5 * (b + math.copysign(math.sqrt(max(under, 0.0)), b))
        roots = [q / a, c / q if q else math.inf] if under >= 0.0 else []
    between = [root for root in roots if m_n < root < m_e]
    if not between:
        raise ValueError("the densities of the groups do not cross between their means")
    return between[0]


def contrasting_groups(novices: Sequence[float], experts: Sequence[float]) -> Contrast:
    """Find the cut between two groups of scores.

    Parameters
    ----------
    novices, experts
        Scores, at least 3 of each.

    Raises
    ------
    ValueError
        Too few scores, or groups that cannot be told apart (see `contrast`).
    """
    if min(len(novices), len(experts)) < LEAST:
        raise ValueError(
            f"contrasting groups need at least {LEAST} scores of each, and there are "
            f"{len(novices)} of novices and {len(experts)} of experts"
        )
    low, high = np.asarray(novices, np.float64), np.asarray(experts, np.float64)
    fitted = contrast(
        (float(low.mean()), float(low.std(ddof=1))), (float(high.mean()), float(high.std(ddof=1)))
    )
    up = high.mean() > low.mean()
    passing = low >= fitted.cut if up else low <= fitted.cut
    failing = high < fitted.cut if up else high > fitted.cut
    return Contrast(
        fitted.cut,
        fitted.false_positive,
        fitted.false_negative,
        float(passing.mean()),
        float(failing.mean()),
    )
