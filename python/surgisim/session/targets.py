"""Where the targets of a scene lie: seeded places that the scope can reach, some around corners.

Every place is tried as a trainee has to: there is a viewpoint (`surgisim.viewpoints`) at a distance
that counts, with the tip clear of all surfaces. A place is `behind` where something lies on the
straight line from the port: a straight scope, whose line of sight goes through the port, cannot
centre it.
"""

from collections.abc import Sequence
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

_CANDIDATES = 1500
_CLEAR_M = 0.012  # between tip and surfaces at the viewpoint of a target, at least
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
    areas = np.array([_area(piece) for piece in surfaces])
    counts = rng.multinomial(_CANDIDATES, areas / areas.sum())
    parts = [spread(p.points, p.triangles, int(n), rng) for p, n in zip(surfaces, counts)]  # noqa: B905
    owners = np.repeat(np.arange(len(surfaces)), counts)
    places = np.concatenate([part[0] for part in parts])
    normals = np.concatenate([part[1] for part in parts])
    lifts = lifted(places, normals, LIFT_M)
    behind = around.blocked(around.port, lifts)
    wanted = {True: spec.behind, False: spec.count - spec.behind}
    chosen: list[int] = []
    for index in rng.permutation(len(places)):
        hidden = bool(behind[index])
        if wanted[hidden] and _fits(index, chosen, places, spec, lifts, normals, around):
            wanted[hidden] -= 1
            chosen.append(int(index))
        if len(chosen) == spec.count:
            break
    else:
        raise AnatomyError(
            f"{spec.count} targets, {spec.behind} of them out of a straight scope's sight, do not "
            f"fit on this anatomy ({len(chosen)} do): ask for fewer, let them lie nearer together, "
            "or move the port"
        )
    order = rng.permutation(chosen)
    return tuple(
        Target(
            surfaces[owners[i]].name, as_vector(places[i]), as_vector(normals[i]), bool(behind[i])
        )
        for i in order
    )


def _area(piece: Piece) -> float:
    corners = piece.points[piece.triangles]
    sides = np.cross(corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0])
    return float(np.linalg.norm(sides, axis=1).sum())


def _fits(
    index: int,
    chosen: Sequence[int],
    places: Floats,
    spec: TargetsSpec,
    lifts: Floats,
    normals: Floats,
    around: Surroundings,
) -> bool:
    """Whether a place is far enough from those chosen and can be looked at."""
    if any(np.linalg.norm(places[index] - places[one]) < spec.apart for one in chosen):
        return False
    low, high = spec.distance.low, spec.distance.high
    return all(
        len(around.viewpoints(lifts[index], normals[index], low + share * (high - low), _CLEAR_M))
        for share in _TRIED
    )
