"""Which marks belong to which nodules.

A mark lies on the surface, the nodule below it. With centre c, radius r and a mark at m (all in
the undeformed organ) the mark can belong to the nodule when |m - c| <= r + tolerance. Under depth
d of healthy tissue a mark right above the centre is at |m - c| = r + d, so that the tolerance
must cover the depth and what the finger may stray: with 3 mm of depth, r = 10 mm and a tolerance
of 10 mm a mark may lie sqrt(20^2 - 13^2) = 15 mm to the side.

Every nodule takes one mark at most and every mark belongs to one nodule at most; of all such
assignments the one is taken that finds most nodules, and of these the one with the least sum of
distances (Hungarian method, Kuhn 1955). Marks left over are false, also a second one over the
same nodule.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np

from surgisim.snapshot import Vector

__all__ = ["Found", "Mark", "Marking", "NoduleLike", "match_marks"]

_FAR = 1e6  # m, the cost of a pair that is out of reach: more than any sum of distances


@dataclass(frozen=True, slots=True)
class Mark:
    """A mark that the trainee set.

    Attributes
    ----------
    tick, time_s
        When.
    point_rest
        Where on the undeformed organ, m.
    """

    tick: int
    time_s: float
    point_rest: Vector


class NoduleLike(Protocol):
    """What matching needs to know of a nodule; lengths in m, in the undeformed organ."""

    @property
    def center(self) -> Vector:
        """Its centre."""

    @property
    def radius_m(self) -> float:
        """Its radius."""


@dataclass(frozen=True, slots=True)
class Found:
    """A nodule and its mark, by their indices; distance from the centre in m."""

    nodule: int
    mark: int
    time_s: float
    distance_m: float


@dataclass(frozen=True, slots=True)
class Marking:
    """What came of the marks.

    Attributes
    ----------
    found
        In the order of the nodules.
    missed
        Indices of nodules without a mark.
    false
        Indices of marks without a nodule.
    """

    found: tuple[Found, ...]
    missed: tuple[int, ...]
    false: tuple[int, ...]


def match_marks(
    marks: Sequence[Mark], nodules: Sequence[NoduleLike], tolerance_m: float
) -> Marking:
    """Assign marks to nodules, one to one.

    Parameters
    ----------
    marks, nodules
        In any order.
    tolerance_m
        How far beyond a nodule's radius a mark may be from its centre, m.
    """
    from scipy.optimize import linear_sum_assignment

    if not marks or not nodules:
        return Marking((), tuple(range(len(nodules))), tuple(range(len(marks))))
    centers = np.array([nodule.center for nodule in nodules])
    points = np.array([mark.point_rest for mark in marks])
    distance = np.linalg.norm(centers[:, None] - points[None], axis=2)
    reach = np.array([nodule.radius_m for nodule in nodules]) + tolerance_m
    near = distance <= reach[:, None]
    rows, columns = linear_sum_assignment(np.where(near, distance, _FAR))
    found = tuple(
        Found(int(n), int(m), marks[m].time_s, float(distance[n, m]))
        for n, m in zip(rows, columns, strict=True)
        if near[n, m]
    )
    hit_nodules = {pair.nodule for pair in found}
    hit_marks = {pair.mark for pair in found}
    return Marking(
        found,
        tuple(n for n in range(len(nodules)) if n not in hit_nodules),
        tuple(m for m in range(len(marks)) if m not in hit_marks),
    )
