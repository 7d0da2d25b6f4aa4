"""What eyes make of a surface: where the front of an organ is, and which way it faces."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

__all__ = ["Site", "facing", "front_nodes", "front_sites", "heights", "place_sites", "with_room"]

Floats = NDArray[np.float64]
Triangles = NDArray[np.integer]

_TIP_M = 0.012  # what lies under a fingertip or a probe's tip
_AROUND = 8  # places looked at around a site, to see whether a rim is near


@dataclass(frozen=True, slots=True, eq=False)
class Site:
    """A spot on the organ: surface triangle, barycentric weights in it, place (3,) m at sight.

    It is a material point: it goes where the organ goes.
    """

    triangle: int
    weights: Floats
    place: Floats

    def now(self, positions: Floats, surface: Triangles) -> Floats:
        """Where it is now, (3,), m."""
        return np.asarray(self.weights @ positions[surface[self.triangle]])


def _areas(positions: Floats, surface: Triangles) -> Floats:
    """Twice the outward area vectors of the triangles, (k, 3), m^2."""
    a, b, c = (positions[surface[:, i]] for i in range(3))
    return np.asarray(np.cross(b - a, c - a))


def front_nodes(positions: Floats, surface: Triangles) -> NDArray[np.int64]:
    """Nodes of the surface that face up, (s,): what is seen of the organ from in front."""
    sums = np.zeros_like(positions)
    areas = _areas(positions, surface)
    for corner in range(3):
        np.add.at(sums, surface[:, corner], areas)
    return np.flatnonzero(sums[:, 1] > 0.0)


def facing(place: Floats, positions: Floats, surface: Triangles, within: float) -> Floats:
    """Way the surface faces around a place, (3,): the mean normal of what lies `within` (m).

    Edges of the mesh do not show in it. Only triangles that face up count, so that the far side
    of a thin lobe does not; the nearest one counts in any case.
    """
    areas = _areas(positions, surface)
    up = areas[:, 1] > 0.0
    if not up.any():
        return np.array([0.0, 1.0, 0.0])
    gaps = np.linalg.norm(positions[surface[up]].mean(axis=1) - place, axis=1)
    total = areas[up][gaps <= max(within, gaps.min())].sum(axis=0)
    return np.asarray(total / np.linalg.norm(total))


def heights(at: Floats, positions: Floats, surface: Triangles) -> tuple[NDArray[np.int64], Floats]:
    """Look straight down (-y) at points: the highest triangle there and the weights in it.

    Parameters
    ----------
    at
        Points (x, z), (n, 2), m.
    positions, surface
        Nodes (m, 3) and triangles (k, 3).

    Returns
    -------
    triangle (n,), -1 where nothing is; weights (n, 3)
    """
    corners = positions[surface]
    a, b, c = (corners[:, i][:, [0, 2]] for i in range(3))
    area = _cross(b - a, c - a)
    best = np.full(len(at), -1, dtype=np.int64)
    weights = np.zeros((len(at), 3))
    for i, p in enumerate(at):
        with np.errstate(divide="ignore", invalid="ignore"):
            v = _cross(p - a, c - a) / area
            w = _cross(b - a, p - a) / area
            inside = (v >= 0.0) & (w >= 0.0) & (v + w <= 1.0)  # false in triangles on edge
        hits = np.flatnonzero(inside)
        if len(hits):
            shares = np.stack([1.0 - v[hits] - w[hits], v[hits], w[hits]], axis=1)
            levels = np.einsum("hk,hk->h", shares, corners[hits, :, 1])
            top = int(np.argmax(levels))
            best[i], weights[i] = hits[top], shares[top]
    return best, weights


def _cross(u: Floats, v: Floats) -> Floats:
    return np.asarray(u[..., 0] * v[..., 1] - u[..., 1] * v[..., 0])


def place_sites(at: Floats, positions: Floats, surface: Triangles) -> list[Site]:
    """Sites under points (x, z), (n, 2), m, seen from above; points beside the organ give none."""
    triangles, weights = heights(at, positions, surface)
    return [
        Site(int(triangle), share, np.asarray(share @ positions[surface[triangle]]))
        for triangle, share in zip(triangles, weights, strict=True)
        if triangle >= 0
    ]


def front_sites(
    positions: Floats, surface: Triangles, spacing: float, least_up: float, rim: float
) -> list[Site]:
    """Spots of the front, `spacing` (m) apart, row by row in alternating direction.

    Parameters
    ----------
    positions, surface
        Nodes and triangles.
    spacing
        Between rows and within a row, m.
    least_up
        Least y component of the way the surface faces there.
    rim
        How far from the outline, m: a tip needs room, and a thin rim bends instead of yielding.
    """
    low, high = positions.min(axis=0), positions.max(axis=0)
    xs = np.arange(low[0] + 0.5 * spacing, high[0], spacing)
    zs = np.arange(low[2] + 0.5 * spacing, high[2], spacing)
    sites: list[Site] = []
    for row, z in enumerate(zs):
        line = np.stack([xs if row % 2 == 0 else xs[::-1], np.full(len(xs), z)], axis=1)
        sites += with_room(place_sites(line, positions, surface), positions, surface, least_up, rim)
    return sites


def with_room(
    sites: list[Site], positions: Floats, surface: Triangles, least_up: float, rim: float
) -> list[Site]:
    """Keep the sites that face up and have the organ for `rim` around; see `front_sites`."""
    return [
        site
        for site in sites
        if facing(site.place, positions, surface, _TIP_M)[1] >= least_up
        and _has_room(site.place, positions, surface, rim)
    ]


def _has_room(place: Floats, positions: Floats, surface: Triangles, rim: float) -> bool:
    """Whether the organ goes on for `rim` to every side, seen from above."""
    angles = np.arange(_AROUND) * (2.0 * np.pi / _AROUND)
    around = place[[0, 2]] + rim * np.stack([np.cos(angles), np.sin(angles)], axis=1)
    triangles, _ = heights(around, positions, surface)
    return bool((triangles >= 0).all())
