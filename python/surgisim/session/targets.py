"""Where the targets of a scene lie: seeded places that the scope can reach, some around corners.

Every place is tried as a trainee has to: there is a viewpoint (`surgisim.viewpoints`) at a distance
that counts, with the tip clear of all surfaces, and some from farther away, so that a search comes
upon it. A place is `behind` where something lies on the
straight line from the port: a straight scope, whose line of sight goes through the port, cannot
centre it.
"""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from surgisim.errors import AnatomyError
from surgisim.procedure.targets import TargetsSpec
from surgisim.session.scenery import Piece
from surgisim.snapshot import Vector
from surgisim.vectors import as_vector
from surgisim.viewpoints import Surroundings, spread
from surgisim.visibility import lifted

__all__ = ["LIFT_M", "Target", "place_targets"]

Floats = NDArray[np.float64]

LIFT_M = 0.0015
"""A target is looked at this far above its surface: it is a raised disc, not a tint."""

_ROUNDS, _A_ROUND = 12, 400  # places that are tried
_CLEAR_M = 0.012  # between tip and surfaces at the viewpoint of a target, at least
_FAR_M, _FROM_FAR = 0.075, 2  # so many viewpoints from so far: it can be come upon
_TRIED = (0.4, 0.7)  # of the way from the nearest distance that counts to the farthest


@dataclass(frozen=True, slots=True)
class Target:
    """One target.

    Attributes
    ----------
    organ
        That it lies on.
    point, normal
        At rest, m, and the unit outward normal of the surface there.
    behind
        Whether only an angled scope can centre it.
    """

    organ: str
    point: Vector
    normal: Vector
    behind: bool


def place_targets(
    spec: TargetsSpec,
    surfaces: Sequence[Piece],
    around: Surroundings,
    rng: np.random.Generator,
) -> tuple[Target, ...]:
    """Draw the targets of a scene.

    Parameters
    ----------
    spec
        From the procedure.
    surfaces
        That they may lie on, the organ's own among them.
    around
        The scope, and all that is in its way.
    rng
        Chance.

    Raises
    ------
    AnatomyError
        There are not as many places on this anatomy.
    """
    wanted = {True: spec.behind, False: spec.count - spec.behind}
    chosen: list[Target] = []
    for target, lift in _candidates(surfaces, around, rng):
        if wanted[target.behind] and _fits(target, lift, chosen, spec, around):
            wanted[target.behind] -= 1
            chosen.append(target)
            if len(chosen) == spec.count:
                return tuple(chosen[i] for i in rng.permutation(spec.count))
    raise AnatomyError(
        f"{spec.count} targets, {spec.behind} of them out of a straight scope's sight, do not "
        f"fit on this anatomy ({len(chosen)} do): ask for fewer, let them lie nearer together, or "
        "move the port"
    )


def _candidates(
    surfaces: Sequence[Piece], around: Surroundings, rng: np.random.Generator
) -> Iterator[tuple[Target, Floats]]:
    """Draw places evenly over all surfaces, each with the point above it that is looked at."""
    areas = np.array([_area(piece) for piece in surfaces])
    for _ in range(_ROUNDS):
        owners = rng.choice(len(surfaces), size=_A_ROUND, p=areas / areas.sum())
        places, normals = np.zeros((_A_ROUND, 3)), np.zeros((_A_ROUND, 3))
        for number, piece in enumerate(surfaces):
            mine = owners == number
            places[mine], normals[mine] = spread(
                piece.points, piece.triangles, int(mine.sum()), rng
            )
        lifts = lifted(places, normals, LIFT_M)
        behind = around.blocked(around.port, lifts)
        for owner, place, normal, lift, hidden in zip(
            owners, places, normals, lifts, behind, strict=True
        ):
            name = surfaces[int(owner)].name
            yield Target(name, as_vector(place), as_vector(normal), bool(hidden)), lift


def _area(piece: Piece) -> float:
    corners = piece.points[piece.triangles]
    sides = np.cross(corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0])
    return float(np.linalg.norm(sides, axis=1).sum())


def _fits(
    target: Target,
    lift: Floats,
    chosen: Sequence[Target],
    spec: TargetsSpec,
    around: Surroundings,
) -> bool:
    """Whether a place is far enough from those chosen and can be looked at."""
    if any(math.dist(target.point, one.point) < spec.apart for one in chosen):
        return False
    low, high, normal = spec.distance.low, spec.distance.high, np.asarray(target.normal)
    if len(around.viewpoints(lift, normal, _FAR_M, _CLEAR_M)) < _FROM_FAR:
        return False
    return any(
        len(around.viewpoints(lift, normal, low + share * (high - low), _CLEAR_M))
        for share in _TRIED
    )
