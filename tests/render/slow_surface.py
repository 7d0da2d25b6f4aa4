"""The slow twin of the displayed surface: Loop subdivision, level by level, in float64.

Loop (1987), "Smooth subdivision surfaces based on triangles", with the weights of Warren (1995)
for vertices of valence n:

    edge point    e = 3/8 (a + b) + 1/8 (c + d)         a, b its ends, c, d the opposite corners
    vertex point  v' = (1 - n beta) v + beta sum(v_i)   beta = 3/(8 n) for n > 3, 3/16 for n = 3
    crease        e = 1/2 (a + b), v' = 3/4 v + 1/8 (v_a + v_b)
    limit         v_inf = (1 - n gamma) v + gamma sum(v_i),  gamma = 1 / (n + 3 / (8 beta))

Edges with one or more than two triangles are creases; a vertex with other than two of them is
kept. Loop's limit lies inside a convex cage: on a mesh of edge h and radius R by about h^2 / (8 R),
so that the display would miss the surface that an instrument touches. The cage is therefore moved
outward first, by one step of Richardson's iteration towards interpolation: p' = p + (p - L p)
with L the limit weights; what is left over is (1 - L)^2 p.

Normals weigh each triangle with its area. Openness is estimated on the cage from the height of
the neighbours' mean over the tangent plane, per mean edge length, and carried like a place.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

__all__ = ["LoopSubdivision", "Stencils", "slow_frame", "slow_normals"]

Ints = NDArray[np.int32]
Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class Stencils:
    """Weighted sums: row i is the sum over k of weights[i, k] * values[indices[i, k]].

    `indices` (r, k) int32 and `weights` (r, k) float64; unused places have index 0, weight 0.
    """

    indices: Ints
    weights: Floats

    def apply(self, values: Floats) -> Floats:
        """Sum `values` (n, c) into (r, c)."""
        total = values[self.indices[:, 0]] * self.weights[:, :1]
        for k in range(1, self.indices.shape[1]):
            total += values[self.indices[:, k]] * self.weights[:, k : k + 1]
        return total


@dataclass(frozen=True, slots=True, eq=False)
class _Edges:
    """Unique edges of a triangle mesh.

    `ends` (e, 2) vertices, `opposite` (e, 2) the corners across, valid where not `crease` (e,),
    `of_triangle` (m, 3) the edges 01, 12, 20 of each triangle.
    """

    ends: Ints
    opposite: Ints
    crease: NDArray[np.bool_]
    of_triangle: Ints


def _edges(triangles: Ints) -> _Edges:
    ends = np.concatenate([triangles[:, [0, 1]], triangles[:, [1, 2]], triangles[:, [2, 0]]])
    across = np.concatenate([triangles[:, 2], triangles[:, 0], triangles[:, 1]])
    ends.sort(axis=1)
    unique, which, uses = np.unique(ends, axis=0, return_inverse=True, return_counts=True)
    which = which.reshape(-1)
    order = np.argsort(which, kind="stable")
    first = np.concatenate([[0], np.cumsum(uses)[:-1]])
    last = first + uses - 1
    opposite = np.stack([across[order[first]], across[order[last]]], axis=1)
    of_triangle = which.reshape(3, -1).T
    return _Edges(
        unique.astype(np.int32), opposite.astype(np.int32), uses != 2, of_triangle.astype(np.int32)
    )


def _neighbours(ends: Ints, count: int) -> tuple[Ints, Ints]:
    """Vertices joined to each vertex: padded table (count, k) and valences (count,)."""
    start = np.concatenate([ends[:, 0], ends[:, 1]])
    stop = np.concatenate([ends[:, 1], ends[:, 0]])
    order = np.lexsort((stop, start))
    start, stop = start[order], stop[order]
    valence = np.bincount(start, minlength=count)
    place = np.arange(len(start)) - np.repeat(np.cumsum(valence) - valence, valence)
    table = np.zeros((count, max(int(valence.max(initial=0)), 1)), dtype=np.int32)
    table[start, place] = stop
    return table, valence.astype(np.int32)


def _ring(edges: _Edges, count: int, inner: Floats, crease: float) -> Stencils:
    """Stencils over a vertex and its ring.

    Each neighbour weighs `inner` (count,) inside the surface and `crease` along a crease.
    """
    table, valence = _neighbours(edges.ends, count)
    used = np.arange(table.shape[1]) < valence[:, None]
    weights = np.where(used, inner[:, None], 0.0)
    creases, crease_valence = _neighbours(edges.ends[edges.crease], count)
    on_crease = np.flatnonzero(crease_valence)
    table[on_crease] = 0
    weights[on_crease] = 0.0
    smooth = on_crease[crease_valence[on_crease] == 2]
    table[smooth, :2] = creases[smooth, :2]
    weights[smooth, :2] = crease
    indices = np.concatenate([np.arange(count)[:, None], table], axis=1)
    weights = np.concatenate([1.0 - weights.sum(axis=1, keepdims=True), weights], axis=1)
    return Stencils(indices.astype(np.int32), weights)


def _beta(edges: _Edges, count: int) -> NDArray[np.float64]:
    valence = np.bincount(edges.ends.reshape(-1), minlength=count)
    return np.where(valence == 3, 3.0 / 16.0, 3.0 / (8.0 * np.maximum(valence, 1)))


def _limit(edges: _Edges, count: int) -> Stencils:
    valence = np.bincount(edges.ends.reshape(-1), minlength=count)
    gamma = 1.0 / (np.maximum(valence, 1) + 3.0 / (8.0 * _beta(edges, count)))
    return _ring(edges, count, gamma, 1.0 / 6.0)


def _edge_points(edges: _Edges) -> Stencils:
    weights = np.array([[0.375, 0.375, 0.125, 0.125]], dtype=np.float64)
    weights = np.repeat(weights, len(edges.ends), axis=0)
    weights[edges.crease] = [0.5, 0.5, 0.0, 0.0]
    return Stencils(np.concatenate([edges.ends, edges.opposite], axis=1), weights)


class LoopSubdivision:
    """Smoothing subdivision of one topology.

    Attributes
    ----------
    triangles
        (4^levels m, 3) int32: the fine triangles, in the orientation of the coarse ones.
    vertex_count
        Number of fine vertices; the first ones stem from the coarse vertices, in their order.
    """

    def __init__(self, triangles: NDArray[np.integer], vertex_count: int, levels: int) -> None:
        fine: Ints = np.ascontiguousarray(triangles, dtype=np.int32)
        count = vertex_count
        self._cage: Stencils | None = None
        self._levels: list[tuple[Stencils, Stencils]] = []
        for level in range(levels):
            edges = _edges(fine)
            if level == 0:
                self._cage = _limit(edges, count)
            beta = _beta(edges, count)
            self._levels.append((_ring(edges, count, beta, 0.125), _edge_points(edges)))
            fine = _split(fine, edges.of_triangle + np.int32(count))
            count += len(edges.ends)
        self.triangles = fine
        self.vertex_count = count

    @property
    def stencils(self) -> tuple[Stencils, ...]:
        """Every table of weights, coarse to fine; each row sums to one."""
        cage = () if self._cage is None else (self._cage,)
        return cage + tuple(stencil for pair in self._levels for stencil in pair)

    def apply(self, values: NDArray[np.floating]) -> Floats:
        """Carry values (n, c) of the coarse vertices to the fine ones, (vertex_count, c)."""
        fine: Floats = np.asarray(values, dtype=np.float64)
        if self._cage is not None:
            fine = 2.0 * fine - self._cage.apply(fine)
        for vertex_points, edge_points in self._levels:
            fine = np.concatenate([vertex_points.apply(fine), edge_points.apply(fine)])
        return fine


def _split(triangles: Ints, midpoints: Ints) -> Ints:
    a, b, c = triangles.T
    ab, bc, ca = midpoints.T
    quarters = [(a, ab, ca), (ab, b, bc), (ca, bc, c), (ab, bc, ca)]
    # the four quarters of one triangle stay together: better for the GPU's vertex cache
    return np.stack([np.stack(q, axis=1) for q in quarters], axis=1).reshape(-1, 3)


def slow_normals(vertices: NDArray[np.floating], triangles: NDArray[np.integer]) -> Floats:
    """Sum the areas at each vertex, triangle by triangle; (n, 3) unit normals."""
    a, b, c = (vertices[triangles[:, k]] for k in range(3))
    sums = np.zeros((len(vertices), 3))
    for k in range(3):
        np.add.at(sums, triangles[:, k], np.cross(b - a, c - a))
    length = np.linalg.norm(sums, axis=1, keepdims=True)
    unit: Floats = np.where(length > 0.0, sums / np.maximum(length, 1e-300), (0.0, 1.0, 0.0))
    return unit


def slow_frame(
    vertices: NDArray[np.floating],
    triangles: NDArray[np.integer],
    levels: int,
    blood: NDArray[np.floating],
) -> Floats:
    """Position, normal, openness and blood of the subdivided surface, (n, 8)."""
    loop = LoopSubdivision(triangles, len(vertices), levels)
    normals = slow_normals(vertices, triangles)
    openness = np.empty(len(vertices))
    for v in range(len(vertices)):
        ring = np.setdiff1d(triangles[(triangles == v).any(axis=1)], v)
        offset = vertices[ring] - vertices[v]
        length = np.linalg.norm(offset, axis=1).mean()
        hollow = offset.mean(axis=0) @ normals[v] / length
        openness[v] = np.clip(1.0 - 1.6 * hollow, 0.25, 1.08)
    fine = loop.apply(np.column_stack([vertices, openness, blood]))
    return np.column_stack([fine[:, :3], slow_normals(fine[:, :3], loop.triangles), fine[:, 3:]])
