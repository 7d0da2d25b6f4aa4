"""From where an endoscope in its port can look at a place without touching anything.

A viewpoint of a place T at a distance d is a tip t on the circle of `scope.centring_tips`. It can
be taken when the shaft from the port to t meets nothing, the tip keeps clear of every surface there
and on its way along the shaft, nothing lies between t and T, and T is not seen edge-on.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from surgisim.scope import centring_tips
from surgisim.visibility import TriangleTree

__all__ = ["AROUND", "Skin", "Surroundings", "spread"]

Floats = NDArray[np.float64]

AROUND = np.linspace(0.0, 2.0 * np.pi, 16, endpoint=False)
"""Places on the circle that are tried, rad."""

_SPACING_M = 0.002  # of the points that stand for a surface: 0.1 mm off at a distance of 5 mm
_EDGE_ON = 0.3  # cosine between the surface's normal and the way to the lens
_LEAST_DEPTH_M = 0.02
_ALONG = np.linspace(0.25, 1.0, 16)  # of the way in, where room is looked for
_ROOM = 0.75  # of the clearance at the tip's place, on the way there


def spread(
    points: Floats, triangles: NDArray[np.integer], count: int, rng: np.random.Generator
) -> tuple[Floats, Floats]:
    """Spread points evenly by chance over a surface.

    Returns
    -------
    places, normals
        (count, 3), m, and unit outward normals, (count, 3).
    """
    corners = points[triangles]
    normals = np.cross(corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0])
    areas = np.linalg.norm(normals, axis=1)
    chosen = rng.choice(len(areas), size=count, p=areas / areas.sum())
    u, v = rng.random((2, count, 1))
    over = u + v > 1.0
    u, v = np.where(over, 1.0 - u, u), np.where(over, 1.0 - v, v)
    a, b, c = (corners[chosen, k] for k in range(3))
    places = a + u * (b - a) + v * (c - a)
    return places, normals[chosen] / areas[chosen][:, None]


class Skin:
    """Surfaces as a cloud of points: how near a place is to them, and to which.

    Parameters
    ----------
    surfaces
        Corners (n, 3), m, and triangles (k, 3) of each.
    """

    def __init__(self, surfaces: Sequence[tuple[Floats, NDArray[np.integer]]]) -> None:
        from scipy.spatial import cKDTree

        rng = np.random.default_rng(0)
        clouds = []
        for points, triangles in surfaces:
            corners = points[triangles]
            sides = np.cross(corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0])
            area = 0.5 * float(np.linalg.norm(sides, axis=1).sum())
            count = max(round(area / _SPACING_M**2), 1)
            clouds.append(spread(points, triangles, count, rng)[0])
        self._of = np.repeat(np.arange(len(clouds)), [len(cloud) for cloud in clouds])
        self._tree = cKDTree(np.concatenate(clouds))

    def keeps_clear(self, places: ArrayLike, by_m: float) -> NDArray[np.bool_]:
        """Whether each of places (n, 3) is at least so far from every surface."""
        return np.asarray(np.isinf(self._tree.query(places, distance_upper_bound=by_m)[0]))

    def touched(self, place: ArrayLike, radius_m: float) -> int | None:
        """Which surface a ball about one place touches; the nearest of several, None of none."""
        gap, index = self._tree.query(place, distance_upper_bound=radius_m)
        return None if np.isinf(gap) else int(self._of[index])


@dataclass(frozen=True, slots=True, eq=False)
class Surroundings:
    """What a scope in a port looks at and must not touch.

    Attributes
    ----------
    port, angle
        Of the scope, world m, and rad.
    reach_m
        How deep its tip goes at most.
    trees, skin
        All surfaces.
    """

    port: Floats
    angle: float
    reach_m: float
    trees: Sequence[TriangleTree]
    skin: Skin

    def blocked(self, starts: ArrayLike, ends: ArrayLike) -> NDArray[np.bool_]:
        """Whether something lies between starts and ends, (n, 3) or (3,) both."""
        found = self.trees[0].blocks(starts, ends)
        for tree in self.trees[1:]:
            found |= tree.blocks(starts, ends)
        return found

    def viewpoints(
        self, place: Floats, normal: Floats, distance_m: float, clear_m: float
    ) -> Floats:
        """Tips from which a place on a surface, lifted a little, can be looked at, (n, 3), m.

        Parameters
        ----------
        place, normal
            World, (3,), m, and unit normal of the surface there.
        distance_m
            From the lens.
        clear_m
            Least distance of the tip from every surface.
        """
        tips = centring_tips(self.port, place, distance_m, self.angle, AROUND)
        if len(tips):
            depths = np.linalg.norm(tips - self.port, axis=1)
            facing = (tips - place) @ normal > _EDGE_ON * distance_m
            tips = tips[facing & (depths > _LEAST_DEPTH_M) & (depths < self.reach_m)]
        if len(tips):
            tips = tips[self.skin.keeps_clear(tips, clear_m)]
        if len(tips):
            tips = tips[~self.blocked(place, tips)]
        if len(tips):
            tips = tips[~self.blocked(self.port, tips)]
        if len(tips):
            tips = tips[self._has_room(tips, _ROOM * clear_m)]
        return tips

    def _has_room(self, tips: Floats, clear_m: float) -> NDArray[np.bool_]:
        """Whether each tip, (n, 3), can be pushed in from the port along its shaft."""
        ways = self.port + _ALONG[:, None, None] * (tips - self.port)
        clear = self.skin.keeps_clear(ways.reshape(-1, 3), clear_m)
        return np.asarray(clear.reshape(len(_ALONG), len(tips)).all(axis=0))
