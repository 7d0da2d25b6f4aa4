"""Stiff regions inside an organ: found by touch, invisible from outside.

A nodule is a sphere. It lies under the part of the surface that can be palpated from the front:
facing up, away from the silhouette's edge, thick enough to give, and not over the support.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from surgisim.anatomy.organ import Organ
from surgisim.anatomy.quality import surface_distance
from surgisim.errors import AnatomyError
from surgisim.snapshot import Vector

__all__ = ["Nodule", "nodule_fractions", "place_nodules", "tet_stiffness"]

Floats = NDArray[np.float64]
Range = tuple[float, float]

LEAST_UPWARD = 0.7  # y of the unit normal above the nodule: within 45 degrees of straight up
AROUND_M = 0.020  # the surface faces up all around there, on average: no spur in a steep slope
RIM_M = 0.012  # from the nodule's edge to the silhouette's edge, seen from the front
BEHIND_M = 0.010  # tissue behind the nodule
COLUMN_M = 0.002  # raster of the front view
TRIES = 400  # in a row without success
RESTARTS = 8
SUBDIVISIONS = 10


@dataclass(frozen=True, slots=True)
class Nodule:
    """A stiff sphere inside an organ.

    Attributes
    ----------
    center
        Rest position, m.
    radius_m
        Radius, m.
    stiffness_ratio
        Its stiffness over that of the tissue around.
    """

    center: Vector
    radius_m: float
    stiffness_ratio: float


class _FrontView:
    """The organ seen along -y: height of the front and of the back, distance to the outline."""

    def __init__(self, organ: Organ) -> None:
        from scipy import ndimage

        corners = organ.points[organ.surface]
        self._low = corners.min(axis=(0, 1))[[0, 2]] - 2 * COLUMN_M
        shape = np.ceil((corners.max(axis=(0, 1))[[0, 2]] - self._low) / COLUMN_M).astype(int) + 3
        size = float(np.linalg.norm(corners - np.roll(corners, 1, axis=1), axis=2).max())
        samples = _triangle_samples(corners, max(2, int(np.ceil(size / (0.7 * COLUMN_M)))))
        i, j = self._columns(samples).T
        self.front = np.full(shape, -np.inf)
        self.back = np.full(shape, np.inf)
        np.maximum.at(self.front, (i, j), samples[:, 1])
        np.minimum.at(self.back, (i, j), samples[:, 1])
        self.rim = ndimage.distance_transform_edt(np.isfinite(self.front)) * COLUMN_M

    def _columns(self, points: Floats) -> NDArray[np.int64]:
        columns: NDArray[np.int64] = np.rint((points[:, [0, 2]] - self._low) / COLUMN_M).astype(int)
        return columns

    def at(self, point: Floats) -> tuple[float, float, float]:
        """Front height, back height and distance to the outline in a point's column, m."""
        i, j = self._columns(point[None])[0]
        return float(self.front[i, j]), float(self.back[i, j]), float(self.rim[i, j])


def _triangle_samples(corners: Floats, n: int) -> Floats:
    """Points spread over triangles, barycentric coordinates in steps of 1/n."""
    i, j = np.meshgrid(np.arange(n + 1), np.arange(n + 1), indexing="ij")
    keep = (i + j) <= n
    w = np.stack([i[keep], j[keep], n - i[keep] - j[keep]], axis=-1) / n
    samples: Floats = np.einsum("sk,tkd->tsd", w, corners).reshape(-1, 3)
    return samples


def place_nodules(
    organ: Organ,
    count: int,
    radius_m: Range,
    stiffness: Range,
    depth_m: Range,
    rng: np.random.Generator,
    min_distance_m: float,
) -> tuple[Nodule, ...]:
    """Place nodules under the surface that can be palpated from the front.

    Parameters
    ----------
    organ
        Where.
    count
        How many.
    radius_m, stiffness, depth_m
        Ranges (low, high) to draw from, uniformly: radius, m; stiffness ratio; depth of the
        nodule's top below the nearest surface, m.
    rng
        Source of the draws: the same state gives the same nodules.
    min_distance_m
        Least distance between two nodules' centres, m. However small, two never overlap.

    Raises
    ------
    AnatomyError
        If a range is not valid, or the nodules do not fit.
    """
    for name, (low, high) in (("radius", radius_m), ("stiffness", stiffness), ("depth", depth_m)):
        if not 0.0 < low <= high:
            raise AnatomyError(
                f"The nodules' {name} range ({low:g}, {high:g}) is not valid; "
                "give two positive numbers, the lower one first."
            )
    view, front = _FrontView(organ), _palpable(organ)
    most = 0
    for _ in range(RESTARTS):
        placed = _try_to_place(
            organ, view, front, count, radius_m, stiffness, depth_m, rng, min_distance_m
        )
        if len(placed) == count:
            return placed
        most = max(most, len(placed))
    raise AnatomyError(
        f"Only {most} of {count} nodules of {radius_m[0] * 1e3:g} to {radius_m[1] * 1e3:g} mm "
        f"radius fit under the front of {organ.name}; ask for fewer, smaller or closer ones."
    )


def _try_to_place(
    organ: Organ,
    view: _FrontView,
    front: Floats,
    count: int,
    radius_m: Range,
    stiffness: Range,
    depth_m: Range,
    rng: np.random.Generator,
    min_distance_m: float,
) -> tuple[Nodule, ...]:
    """One round of rejection sampling over the surface that faces up."""
    if len(front) == 0:
        return ()
    area = np.cross(front[:, 1] - front[:, 0], front[:, 2] - front[:, 0])
    size = np.linalg.norm(area, axis=1)
    chance = size / size.sum()
    placed: list[Nodule] = []
    failures = 0
    while len(placed) < count and failures < TRIES:
        k = rng.choice(len(front), p=chance)
        u, v = np.sort(rng.random(2))
        top = np.array([u, v - u, 1.0 - v]) @ front[k]
        radius, ratio, depth = (float(rng.uniform(*r)) for r in (radius_m, stiffness, depth_m))
        center = top - area[k] / size[k] * (radius + depth)
        if _fits(organ, view, center, radius, depth_m, placed, min_distance_m):
            x, y, z = map(float, center)
            placed.append(Nodule((x, y, z), radius, ratio))
            failures = 0
        else:
            failures += 1
    return tuple(placed)


def _palpable(organ: Organ) -> Floats:
    """Corners (k, 3, 3) of the surface triangles that face up, alone and with what is around."""
    corners = organ.points[organ.surface]
    area = np.cross(corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0])
    size = np.linalg.norm(area, axis=1)
    facing = _mean_normals(corners.mean(axis=1), area)
    return np.asarray(corners[(area[:, 1] >= LEAST_UPWARD * size) & (facing[:, 1] >= LEAST_UPWARD)])


def _mean_normals(middles: Floats, area: Floats) -> Floats:
    """Return unit normals (k, 3) of the surface within `AROUND_M` of triangles, by their areas."""
    from scipy.spatial import cKDTree

    near = cKDTree(middles).query_ball_point(middles, AROUND_M)
    sums = np.array([area[ids].sum(axis=0) for ids in near])
    return np.asarray(sums / np.linalg.norm(sums, axis=1, keepdims=True))


def _fits(
    organ: Organ,
    view: _FrontView,
    center: Floats,
    radius: float,
    depth_m: Range,
    placed: Sequence[Nodule],
    min_distance_m: float,
) -> bool:
    """Whether a nodule is palpable, hidden, and apart from the others."""
    for other in placed:
        between = float(np.linalg.norm(center - np.asarray(other.center)))
        if between < max(min_distance_m, radius + other.radius_m):
            return False
    front, back, rim = view.at(center)
    if rim < radius + RIM_M or not back + radius + BEHIND_M <= center[1] <= front:
        return False
    cover = float(surface_distance(center[None], organ.points, organ.surface, 64)[0]) - radius
    if not depth_m[0] <= cover <= depth_m[1]:
        return False
    held = organ.points[organ.support] - center
    return bool((np.linalg.norm(held, axis=1) > radius + BEHIND_M).all())


def _barycentric_samples(n: int) -> tuple[Floats, Floats]:
    """Midpoint rule over a tetrahedron cut n times: barycentric points (s, 4), weights (s,).

    Parallel cuts leave upright tetrahedra, octahedra of four times their volume, and inverted
    tetrahedra; each is sampled at its centre.
    """
    grid = np.stack(np.meshgrid(*(np.arange(n),) * 3, indexing="ij"), -1).reshape(-1, 3)
    total = grid.sum(axis=1)
    points, weights = [], []
    for centre, most, volume in ((0.25, n - 1, 1.0), (0.5, n - 2, 4.0), (0.75, n - 3, 1.0)):
        cells = grid[total <= most]
        points.append((cells + centre) / n)
        weights.append(np.full(len(cells), volume / n**3))
    first = np.concatenate(points)
    return np.column_stack([first, 1.0 - first.sum(axis=1)]), np.concatenate(weights)


def nodule_fractions(points: Floats, tets: NDArray[np.int32], nodules: Sequence[Nodule]) -> Floats:
    """Share of each tetrahedron's volume that lies inside any nodule.

    Parameters
    ----------
    points : (n, 3) array, m
    tets : (m, 4) node ids
    nodules
        Spheres.

    Returns
    -------
    (m,) array, 0 to 1, from 505 samples in each tetrahedron that a nodule can reach
    """
    where, weights = _barycentric_samples(SUBDIVISIONS)
    corners = points[tets]
    middle = corners.mean(axis=1)
    reach = np.linalg.norm(corners - middle[:, None], axis=2).max(axis=1)
    inside = np.zeros((len(tets), len(weights)), dtype=bool)
    for nodule in nodules:
        c = np.asarray(nodule.center)
        near = np.flatnonzero(np.linalg.norm(middle - c, axis=1) < reach + nodule.radius_m)
        samples = np.einsum("sk,mkd->msd", where, corners[near])
        inside[near] |= np.linalg.norm(samples - c, axis=2) < nodule.radius_m
    fractions: Floats = np.minimum(inside @ weights, 1.0)
    return fractions


def tet_stiffness(points: Floats, tets: NDArray[np.int32], nodules: Sequence[Nodule]) -> Floats:
    """Stiffness multiplier of each tetrahedron.

    The mean of the stiffness over the volume, ``1 + sum f_i (s_i - 1)`` (Voigt 1889: parts share
    the strain, which bounds the true stiffness from above). f_i: share of the volume inside
    nodule i; s_i: its stiffness ratio.

    Returns
    -------
    (m,) array, 1 away from nodules
    """
    ratio = np.ones(len(tets))
    for nodule in nodules:
        ratio += nodule_fractions(points, tets, [nodule]) * (nodule.stiffness_ratio - 1.0)
    return ratio
