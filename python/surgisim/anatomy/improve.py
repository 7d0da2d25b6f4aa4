"""Moves nodes so that the worst tetrahedra become better ones, the surface kept.

For each node of a poor tetrahedron a few moves are tried: towards the mean of its neighbours and
along the height of its worst tetrahedron. A node on the surface is pulled back onto it after each
move. The best move is taken if it raises the smallest height among the node's tetrahedra; two
nodes of one tetrahedron never move in the same pass, so a pass cannot make the mesh worse.
Freitag and Ollivier-Gooch (1997), Int. J. Numer. Meth. Eng. 40:3979, call this local
optimisation-based smoothing; heights (not angles) are improved here because the smallest height
bounds the explicit time step.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from surgisim.anatomy.quality import FACES, boundary_faces, min_altitudes, signed_volumes

__all__ = ["improve", "round_off"]

Floats = NDArray[np.float64]
Ids = NDArray[np.int64]

LAPLACE_STEPS = (0.25, 0.5, 1.0)
HEIGHT_STEPS = (0.04, 0.1, 0.2)  # of the cell's side
MIN_GAIN = 1e-3  # of the cell's side
TOOTH = 0.3  # of the cell's side
LEAST_HEIGHT = 0.15  # of the cell's side


@dataclass(frozen=True, slots=True)
class _Stars:
    """The tetrahedra around the chosen nodes: flat (node, tetrahedron, corner) rows."""

    nodes: Ids  # (s,) chosen nodes
    row: Ids  # (r,) index into nodes, ascending
    tet: Ids  # (r,)
    corner: Ids  # (r,) place of the node in the tetrahedron


def _stars(tetrahedra: NDArray[np.int32], chosen: NDArray[np.bool_]) -> _Stars:
    tet, corner = np.nonzero(chosen[tetrahedra])
    nodes, row = np.unique(tetrahedra[tet, corner], return_inverse=True)
    order = np.argsort(row, kind="stable")
    return _Stars(nodes.astype(np.int64), row[order], tet[order], corner[order])


def _signed_altitudes(points: Floats, tetrahedra: NDArray[np.int32]) -> Floats:
    """Smallest height, negative for inverted tetrahedra, (m,), m."""
    heights: Floats = np.copysign(
        min_altitudes(points, tetrahedra), signed_volumes(points, tetrahedra)
    )
    return heights


def _star_quality(
    points: Floats, tetrahedra: NDArray[np.int32], stars: _Stars, moved: Floats
) -> Floats:
    """Smallest height around each chosen node if it stood at ``moved``, (s,)."""
    x = points[tetrahedra[stars.tet]]
    x[np.arange(len(stars.tet)), stars.corner] = moved[stars.row]
    flat = x.reshape(-1, 3)
    heights = _signed_altitudes(flat, np.arange(len(flat), dtype=np.int32).reshape(-1, 4))
    starts = np.flatnonzero(np.diff(stars.row, prepend=-1))
    quality: Floats = np.minimum.reduceat(heights, starts)
    return quality


def _neighbour_mean(points: Floats, cells: NDArray[np.int32]) -> Floats:
    """Mean of the nodes that share a cell with each node (weighted by the number of cells)."""
    total, count = np.zeros_like(points), np.zeros(len(points))
    whole = points[cells].sum(axis=1)
    for corner in range(cells.shape[1]):
        np.add.at(total, cells[:, corner], whole - points[cells[:, corner]])
        np.add.at(count, cells[:, corner], cells.shape[1] - 1)
    mean: Floats = total / np.maximum(count, 1.0)[:, None]
    return mean


def _height_direction(
    points: Floats, tetrahedra: NDArray[np.int32], stars: _Stars, heights: Floats
) -> Floats:
    """Return unit vectors (s, 3) that lift nodes off their worst tetrahedra's opposite faces."""
    order = np.lexsort((heights[stars.tet], stars.row))
    worst = order[np.flatnonzero(np.diff(stars.row[order], prepend=-1))]
    face = FACES[stars.corner[worst]]
    x = points[np.take_along_axis(tetrahedra[stars.tet[worst]], face, axis=1)]
    normal = np.cross(x[:, 1] - x[:, 0], x[:, 2] - x[:, 0])
    unit: Floats = -normal / np.linalg.norm(normal, axis=1, keepdims=True)
    return unit


def _independent(gain: Floats, stars: _Stars, tetrahedra: NDArray[np.int32], n: int) -> Ids:
    """Rows of ``nodes`` with the largest gain in each of their tetrahedra (ties: lowest node)."""
    rank = np.zeros(n, dtype=np.int64)
    order = np.lexsort((-stars.nodes, gain))
    rank[stars.nodes[order]] = np.arange(1, len(order) + 1)
    rank[stars.nodes[gain <= 0]] = 0
    best = rank[tetrahedra[stars.tet]].max(axis=1)
    wins = np.ones(len(stars.nodes), dtype=bool)
    np.logical_and.at(wins, stars.row, best == rank[stars.nodes[stars.row]])
    return np.flatnonzero(wins & (gain > 0))


def _moves(
    points: Floats,
    tetrahedra: NDArray[np.int32],
    surface: NDArray[np.int32],
    on_surface: NDArray[np.bool_],
    stars: _Stars,
    heights: Floats,
    cell: float,
) -> list[Floats]:
    """Displacements to try for each chosen node, each (s, 3), m."""
    mean = _neighbour_mean(points, tetrahedra)
    mean[on_surface] = _neighbour_mean(points, surface)[on_surface]
    to_mean = mean[stars.nodes] - points[stars.nodes]
    lift = _height_direction(points, tetrahedra, stars, heights)
    return [s * to_mean for s in LAPLACE_STEPS] + [s * cell * lift for s in HEIGHT_STEPS]


def _best_moves(
    points: Floats,
    tetrahedra: NDArray[np.int32],
    on_surface: NDArray[np.bool_],
    stars: _Stars,
    moves: list[Floats],
    project: Callable[[Floats], Floats],
    cell: float,
) -> tuple[Floats, Floats]:
    """Best place of each chosen node, (s, 3), and what it gains in height, (s,), 0 for none."""
    here = points[stars.nodes]
    before = _star_quality(points, tetrahedra, stars, here)
    best, gain = here.copy(), np.zeros(len(here))
    held = on_surface[stars.nodes]
    for move in moves:
        tried = here + move
        tried[held] = project(tried[held])
        gained = _star_quality(points, tetrahedra, stars, tried) - before
        better = (gained > gain) & (gained > MIN_GAIN * cell)  # NaN, a failed projection, is not
        best[better], gain[better] = tried[better], gained[better]
    return best, gain


def improve(
    points: Floats,
    tetrahedra: NDArray[np.int32],
    project: Callable[[Floats], Floats],
    cell: float,
    *,
    target_height: float,
    passes: int = 40,
) -> tuple[Floats, int]:
    """Improve the tetrahedra whose smallest height is under a target.

    Parameters
    ----------
    points : (n, 3) array, m
    tetrahedra : (m, 4) node ids, positive volumes
    project : callable
        (k, 3) points near the surface -> the same pulled onto it.
    cell : float, m
        Side of the lattice's cube: the scale of the moves.
    target_height : float, m
        Tetrahedra lower than this are worked on.
    passes : int
        At most this many.

    Returns
    -------
    points : (n, 3) array, m
    used : int
        Passes that moved a node.
    """
    points = points.copy()
    surface = boundary_faces(tetrahedra)
    on_surface = np.zeros(len(points), dtype=bool)
    on_surface[surface] = True
    for done in range(passes):
        heights = _signed_altitudes(points, tetrahedra)
        chosen = np.zeros(len(points), dtype=bool)
        chosen[tetrahedra[heights < target_height]] = True
        if not chosen.any():
            return points, done
        stars = _stars(tetrahedra, chosen)
        moves = _moves(points, tetrahedra, surface, on_surface, stars, heights, cell)
        best, gain = _best_moves(points, tetrahedra, on_surface, stars, moves, project, cell)
        rows = _independent(gain, stars, tetrahedra, len(points))
        if len(rows) == 0:
            return points, done
        points[stars.nodes[rows]] = best[rows]
    return points, passes


def round_off(
    points: Floats, tetrahedra: NDArray[np.int32], cell: float, *, passes: int = 6
) -> Floats:
    """Round the teeth that a rim thinner than the lattice leaves on the surface.

    A surface node that stands off the mean of its neighbours on the surface by more than a share
    of the cell moves half way to it, unless that would flatten a tetrahedron.

    Parameters
    ----------
    points : (n, 3) array, m
    tetrahedra : (m, 4) node ids, positive volumes
    cell : float, m
        Side of the lattice's cube.
    passes : int
        Number of rounds.

    Returns
    -------
    (n, 3) array, m
    """
    points = points.copy()
    surface = boundary_faces(tetrahedra)
    on_surface = np.unique(surface)
    for _ in range(passes):
        mean = _neighbour_mean(points, surface)
        off = np.zeros(len(points))
        off[on_surface] = np.linalg.norm(mean[on_surface] - points[on_surface], axis=1)
        chosen = off > TOOTH * cell
        if not chosen.any():
            break
        stars = _stars(tetrahedra, chosen)
        here = points[stars.nodes]
        tried = 0.5 * (here + mean[stars.nodes])
        after = _star_quality(points, tetrahedra, stars, tried)
        least = np.minimum(_star_quality(points, tetrahedra, stars, here), LEAST_HEIGHT * cell)
        gain = np.where(after >= least, off[stars.nodes], 0.0)
        rows = _independent(gain, stars, tetrahedra, len(points))
        points[stars.nodes[rows]] = tried[rows]
    return points
