"""Isosurface stuffing: a level set filled with well-shaped tetrahedra of one size.

Labelle and Shewchuk (2007), "Isosurface stuffing: fast tetrahedral meshes with good dihedral
angles", ACM Trans. Graph. 26(3):57. Space is tiled by the body-centred cubic (BCC) lattice of
cell side ``a``: cube corners and cube centres, joined by long edges (length a, along the axes)
and short edges (a sqrt(3)/2). Where the surface cuts an edge closer to an end than a share
``alpha`` of the edge, that end is moved onto the surface; every tetrahedron that the surface
still cuts is replaced by one of a few stencils. The result depends on the input alone: no
random number, no thread.

Signs below: + inside, - outside, 0 on the surface.
"""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

__all__ = ["MEAN_EDGE_PER_CELL", "stuff"]

Floats = NDArray[np.float64]
Ids = NDArray[np.int64]
Field = Callable[[Floats], Floats]

ALPHA_LONG, ALPHA_SHORT = 0.24999, 0.41189
"""Warp shares: the paper's choice for the least extreme angles with the surface flat in a cell."""

MEAN_EDGE_PER_CELL = (8 * np.sqrt(3) / 2 + 6) / 14
"""Mean BCC edge length / cell side: a node has 8 short and 6 long edges."""

BISECTIONS = 24


class _Lattice:
    """BCC tetrahedra around a box: nodes, which tetrahedra, which edges are long, parity."""

    def __init__(self, lower: Floats, upper: Floats, cell: float) -> None:
        first = np.floor(lower / cell).astype(np.int64) - 1
        cells = np.ceil(upper / cell).astype(np.int64) + 1 - first
        corner_grid = np.stack(np.meshgrid(*(np.arange(n + 1) for n in cells), indexing="ij"), -1)
        centre_grid = np.stack(np.meshgrid(*(np.arange(n) for n in cells), indexing="ij"), -1)
        corners, centres = corner_grid.reshape(-1, 3), centre_grid.reshape(-1, 3)
        self.points: Floats = np.concatenate([corners + first, centres + first + 0.5]) * cell
        self.is_centre = np.arange(len(self.points)) >= len(corners)
        self.even = np.concatenate([corners.sum(1), centres.sum(1)]) % 2 == 0
        self.corner_ids = np.arange(len(corners)).reshape(cells + 1)
        self.centre_ids = len(corners) + np.arange(len(centres)).reshape(cells)

    def tetrahedra(self, inside: NDArray[np.bool_]) -> Ids:
        """Tetrahedra (two neighbouring centres, one edge of the face between) that touch inside."""
        found = []
        for axis in range(3):
            centres = np.moveaxis(self.centre_ids, axis, 0)
            corners = np.moveaxis(self.corner_ids, axis, 0)[1:-1]
            near, far = centres[:-1], centres[1:]
            ring = [
                corners[:, :-1, :-1],
                corners[:, 1:, :-1],
                corners[:, 1:, 1:],
                corners[:, :-1, 1:],
            ]
            for k in range(4):
                four = np.stack([near, far, ring[k], ring[(k + 1) % 4]], axis=-1).reshape(-1, 4)
                found.append(four[inside[four].any(axis=1)])
        return np.concatenate(found)


def _cut_points(field: Field, inside: Floats, outside: Floats) -> Floats:
    """Where the field crosses zero on each segment, as the share from the inner end, (k,)."""
    low, high = np.zeros(len(inside)), np.ones(len(inside))
    for _ in range(BISECTIONS):
        middle = 0.5 * (low + high)
        positive = field(inside + middle[:, None] * (outside - inside)) > 0
        low, high = np.where(positive, middle, low), np.where(positive, high, middle)
    return 0.5 * (low + high)


def _warp(points: Floats, sign: NDArray[np.int8], edges: Ids, share: Floats, alpha: Floats) -> None:
    """Move nodes that a cut comes too close to onto the nearest such cut (in place)."""
    ends = np.concatenate([edges[:, 0], edges[:, 1]])
    others = np.concatenate([edges[:, 1], edges[:, 0]])
    t = np.concatenate([share, 1.0 - share])
    close = np.flatnonzero(t < np.concatenate([alpha, alpha]))
    length = np.linalg.norm(points[ends[close]] - points[others[close]], axis=1)
    order = close[np.lexsort((others[close], t[close] * length, ends[close]))]
    _, nearest = np.unique(ends[order], return_index=True)
    chosen = order[nearest]
    moved = points[ends[chosen]] + t[chosen, None] * (points[others[chosen]] - points[ends[chosen]])
    points[ends[chosen]] = moved
    sign[ends[chosen]] = 0


class _Cuts:
    """Ids of the new nodes on cut edges."""

    def __init__(self, edges: Ids, first_id: int, node_count: int) -> None:
        self._count = node_count
        keys = edges[:, 0] * node_count + edges[:, 1]
        self._order = np.argsort(keys)
        self._keys = keys[self._order]
        self._first = first_id

    def __call__(self, inside: Ids, outside: Ids) -> Ids:
        where = np.searchsorted(self._keys, inside * self._count + outside)
        return np.asarray(self._first + self._order[where])


def _sorted_by_sign(tets: Ids, sign: NDArray[np.int8]) -> Ids:
    """Nodes of each tetrahedron with + first, then 0, then -."""
    order = np.argsort(-sign[tets], axis=1, kind="stable")
    return np.take_along_axis(tets, order, axis=1)


def _prism(a: Ids, b: Ids, c: Ids, a2: Ids, b2: Ids, c2: Ids) -> list[Ids]:
    """Prism abc-a2b2c2 cut along the diagonals a-b2, a-c2 and b-c2."""
    return [np.stack(t, -1) for t in ((a, b, c, c2), (a, b, b2, c2), (a, a2, b2, c2))]


def _pivot_first(lattice: _Lattice, a: Ids, b: Ids, m: Ids) -> tuple[Ids, Ids]:
    """Order two inner nodes of a face whose outer node is m: the diagonal starts at the first.

    Neighbours see the same three nodes and so choose the same diagonal. The node on the long cut
    edge comes first; where both cut edges are short, the even node of the long edge a-b.
    """
    a_long = lattice.is_centre[a] == lattice.is_centre[m]
    b_long = lattice.is_centre[b] == lattice.is_centre[m]
    swap = b_long | (~a_long & ~lattice.even[a])
    return np.where(swap, b, a), np.where(swap, a, b)


def _two_inside(lattice: _Lattice, cut: _Cuts, tets: Ids) -> list[Ids]:
    """Stencil ++--: a prism between the two inner nodes' edges."""
    a, b, m, n = tets.T
    first, _ = _pivot_first(lattice, a, b, m)
    swap = first != a
    a, b = np.where(swap, b, a), np.where(swap, a, b)  # on face (a, b, m) the diagonal starts at a
    same = _pivot_first(lattice, a, b, n)[0] == a
    out = []
    for pick, lower in ((same, True), (~same, False)):
        p, q, u, v = a[pick], b[pick], m[pick], n[pick]
        pu, pv, qu, qv = cut(p, u), cut(p, v), cut(q, u), cut(q, v)
        # diagonals p-qu and (p-qv or pv-q): the order of the prism's columns follows from them
        out += _prism(p, pu, pv, q, qu, qv) if lower else _prism(pv, p, pu, qv, q, qu)
    return out


def _three_inside(lattice: _Lattice, cut: _Cuts, tets: Ids) -> list[Ids]:
    """Stencil +++-: a prism from the inner face to the three cuts."""
    a, b, c, m = tets.T
    a, b = _pivot_first(lattice, a, b, m)
    b, c = _pivot_first(lattice, b, c, m)
    a, b = _pivot_first(lattice, a, b, m)
    return _prism(a, b, c, cut(a, m), cut(b, m), cut(c, m))


def _pyramid(lattice: _Lattice, cut: _Cuts, tets: Ids) -> list[Ids]:
    """Stencil ++0-: a pyramid over the quadrilateral a, b, cut b, cut a."""
    a, b, zero, m = tets.T
    a, b = _pivot_first(lattice, a, b, m)
    return [np.stack(t, -1) for t in ((a, b, cut(b, m), zero), (a, cut(b, m), cut(a, m), zero))]


def _one_inside(cut: _Cuts, tets: Ids, sign: NDArray[np.int8]) -> Ids:
    """Stencils +---, +0--, +00-: the corner that the surface cuts off."""
    corner = tets.copy()
    for column in (1, 2, 3):
        outer = sign[tets[:, column]] < 0
        corner[outer, column] = cut(tets[outer, 0], tets[outer, column])
    return corner


def _apply_stencils(lattice: _Lattice, cut: _Cuts, tets: Ids, sign: NDArray[np.int8]) -> Ids:
    """Replace the lattice tetrahedra by what lies inside of the surface."""
    tets = _sorted_by_sign(tets, sign)
    plus, minus = (sign[tets] > 0).sum(1), (sign[tets] < 0).sum(1)
    parts = [
        tets[(minus == 0) & (plus > 0)],
        _one_inside(cut, tets[(plus == 1) & (minus > 0)], sign),
    ]
    parts += _pyramid(lattice, cut, tets[(plus == 2) & (minus == 1)])
    parts += _two_inside(lattice, cut, tets[(plus == 2) & (minus == 2)])
    parts += _three_inside(lattice, cut, tets[(plus == 3) & (minus == 1)])
    return np.concatenate(parts)


def stuff(
    field: Field, lower: Floats, upper: Floats, cell: float
) -> tuple[Floats, NDArray[np.int32]]:
    """Fill ``field > 0`` with tetrahedra.

    Parameters
    ----------
    field : callable
        (k, 3) points in m -> (k,) values, positive inside, continuous.
    lower, upper : (3,) arrays, m
        A box around the inside.
    cell : float, m
        Side of the lattice's cube; the mean edge is `MEAN_EDGE_PER_CELL` times as long.

    Returns
    -------
    points : (n, 3) array, m
    tetrahedra : (m, 4) int32, positive signed volume
    """
    lattice = _Lattice(lower, upper, cell)
    points = lattice.points.copy()
    sign = np.where(field(points) > 0, 1, -1).astype(np.int8)
    tets = lattice.tetrahedra(sign > 0)
    pairs = tets[:, [(0, 1), (0, 2), (0, 3), (1, 2), (1, 3), (2, 3)]].reshape(-1, 2)
    pairs = np.unique(pairs[sign[pairs[:, 0]] != sign[pairs[:, 1]]], axis=0)
    outward = sign[pairs[:, 0]] > 0
    edges = np.unique(np.where(outward[:, None], pairs, pairs[:, ::-1]), axis=0)
    share = _cut_points(field, points[edges[:, 0]], points[edges[:, 1]])
    is_long = lattice.is_centre[edges[:, 0]] == lattice.is_centre[edges[:, 1]]
    _warp(points, sign, edges, share, np.where(is_long, ALPHA_LONG, ALPHA_SHORT))
    left = (sign[edges] != 0).all(axis=1)
    edges, share = edges[left], share[left, None]
    cut = _Cuts(edges, len(points), len(points))
    new = points[edges[:, 0]] * (1.0 - share) + points[edges[:, 1]] * share
    tets = _apply_stencils(lattice, cut, tets, sign)
    return _compact(np.concatenate([points, new]), tets)


def _compact(points: Floats, tets: Ids) -> tuple[Floats, NDArray[np.int32]]:
    """Drop unused nodes and turn every tetrahedron the right way round."""
    used, flat = np.unique(tets, return_inverse=True)
    points, tets = points[used], flat.reshape(-1, 4)
    x = points[tets]
    a, b, c = x[:, 1] - x[:, 0], x[:, 2] - x[:, 0], x[:, 3] - x[:, 0]
    inverted = np.einsum("ij,ij->i", a, np.cross(b, c)) < 0
    tets[inverted] = tets[inverted][:, [0, 1, 3, 2]]
    return points, tets.astype(np.int32)
