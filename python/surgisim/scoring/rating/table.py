"""From ratings of many sessions by many raters to how far the raters agree.

Every session that every rater has rated gives a row, so that `icc2` has no gap; sessions that
somebody left out are told. Pairs of raters are compared item by item with weighted kappa.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Literal, Protocol

import numpy as np
from numpy.typing import NDArray

from surgisim.scoring.agreement import Estimate, Icc, cronbach_alpha, icc2, weighted_kappa
from surgisim.scoring.rating.scale import HIGHEST, LOWEST, Scale

__all__ = ["Pair", "Rated", "ScaleAgreement", "agreement"]


Values = NDArray[np.float64]


class Rated(Protocol):
    """What agreement needs to know of a rating."""

    @property
    def session(self) -> str:
        """Which session."""

    @property
    def rater(self) -> str:
        """Who rated."""

    @property
    def scores(self) -> dict[str, int]:
        """Score by item."""


@dataclass(frozen=True, slots=True)
class Pair:
    """Two raters: kappas of every item by its id; None where kappa is not defined."""

    one: str
    two: str
    linear: dict[str, Estimate | None]
    quadratic: dict[str, Estimate | None]


@dataclass(frozen=True, slots=True)
class ScaleAgreement:
    """How far raters agree on a scale.

    Attributes
    ----------
    raters
        In their order.
    sessions
        How many every rater has rated.
    incomplete
        Sessions that some rater left out.
    total
        Of the totals, or None where it cannot be told; `why` says why.
    alpha
        How much the items measure one thing, over all ratings; None where it is not defined.
    pairs
        Raters by twos.
    """

    raters: tuple[str, ...]
    sessions: int
    incomplete: tuple[str, ...]
    total: Icc | None
    why: str
    alpha: float | None
    pairs: tuple[Pair, ...]


def agreement(scale: Scale, ratings: Sequence[Rated]) -> ScaleAgreement:
    """Compare the raters of a scale; a rater's last rating of a session counts.

    Items that are optional and were left out by anybody are left out for all.
    """
    found = {(one.session, one.rater): one.scores for one in ratings}
    raters = tuple(sorted({rater for _, rater in found}))
    every = sorted({session for session, _ in found})
    whole = [s for s in every if all((s, rater) in found for rater in raters)]
    rows = [[found[session, rater] for rater in raters] for session in whole]
    items = [item.id for item in scale.items if all(item.id in one for row in rows for one in row)]
    scores = np.array([[[one[i] for i in items] for one in row] for row in rows], np.float64)
    total, why = _icc(scores)
    alpha = None
    if total is not None and len(items) > 1:
        alpha = _alpha(scores.reshape(-1, len(items)))
    return ScaleAgreement(
        raters=raters,
        sessions=len(whole),
        incomplete=tuple(s for s in every if s not in whole),
        total=total,
        why=why,
        alpha=alpha,
        pairs=_pairs(raters, items, scores) if rows else (),
    )


def _icc(scores: Values) -> tuple[Icc | None, str]:
    if not scores.size:
        return None, "no session was rated by every rater"
    try:
        return icc2(scores.sum(axis=2)), ""
    except ValueError as error:
        return None, str(error)


def _alpha(scores: Values) -> float | None:
    try:
        return cronbach_alpha(scores)
    except ValueError:
        return None


def _pairs(raters: tuple[str, ...], items: Sequence[str], scores: Values) -> tuple[Pair, ...]:
    return tuple(
        Pair(
            raters[a],
            raters[b],
            _kappas(items, scores[:, a], scores[:, b], "linear"),
            _kappas(items, scores[:, a], scores[:, b], "quadratic"),
        )
        for a, b in combinations(range(len(raters)), 2)
    )


def _kappas(
    items: Sequence[str], one: Values, two: Values, weights: Literal["linear", "quadratic"]
) -> dict[str, Estimate | None]:
    found: dict[str, Estimate | None] = {}
    for number, item in enumerate(items):
        given = [column[:, number].astype(int).tolist() for column in (one, two)]
        try:
            kappa = weighted_kappa(given[0], given[1], range(LOWEST, HIGHEST + 1), weights)
        except ValueError:
            found[item] = None
        else:
            found[item] = kappa
    return found
