"""Measures of a tetrahedral mesh: volume, angles, heights, connectedness, closedness.

A tetrahedron's faces are listed so that their normals point outward when its signed volume
``V = det[x1-x0, x2-x0, x3-x0] / 6`` is positive. Angles in degrees, lengths in metres.
"""

import numpy as np
from numpy.typing import NDArray

__all__ = [
    "boundary_faces",
    "component_ids",
    "dihedral_angles",
    "enclosed_volume",
    "is_closed_manifold",
    "mean_edge_length",
    "min_altitudes",
    "signed_volumes",
    "surface_distance",
    "vertex_normals",
]

Floats = NDArray[np.float64]
Ids = NDArray[np.int32]

FACES = np.array([(1, 2, 3), (0, 3, 2), (0, 1, 3), (0, 2, 1)])
"""Face i lies opposite node i, outward."""

EDGES = np.array([(0, 1), (0, 2), (0, 3), (1, 2), (1, 3), (2, 3)])


def signed_volumes(points: Floats, tetrahedra: Ids) -> Floats:
    """Signed volume of each tetrahedron.

    Parameters
    ----------
    points : (n, 3) array, m
    tetrahedra : (m, 4) node ids

    Returns
    -------
    (m,) array, m^3
    """
    x = points[tetrahedra]
    a, b, c = x[:, 1] - x[:, 0], x[:, 2] - x[:, 0], x[:, 3] - x[:, 0]
    volumes: Floats = np.einsum("ij,ij->i", a, np.cross(b, c)) / 6.0
    return volumes


def _area_vectors(points: Floats, tetrahedra: Ids) -> Floats:
    """Twice the outward area vector of the four faces, shape (m, 4, 3)."""
    x = points[tetrahedra][:, FACES]
    vectors: Floats = np.cross(x[:, :, 1] - x[:, :, 0], x[:, :, 2] - x[:, :, 0])
    return vectors


def dihedral_angles(points: Floats, tetrahedra: Ids) -> Floats:
    """Inner angles between the faces of each tetrahedron.

    Returns
    -------
    (m, 6) array, degrees
    """
    n = _area_vectors(points, tetrahedra)
    n = n / np.maximum(np.linalg.norm(n, axis=2, keepdims=True), 1e-300)
    cosines = -np.einsum("mek,mek->me", n[:, EDGES[:, 0]], n[:, EDGES[:, 1]])
    angles: Floats = np.degrees(np.arccos(np.clip(cosines, -1.0, 1.0)))
    return angles


def min_altitudes(points: Floats, tetrahedra: Ids) -> Floats:
    """Smallest height of each tetrahedron, (m,), m: what bounds an explicit time step."""
    double_areas = np.linalg.norm(_area_vectors(points, tetrahedra), axis=2).max(axis=1)
    heights: Floats = 6.0 * np.abs(signed_volumes(points, tetrahedra)) / double_areas
    return heights


def mean_edge_length(points: Floats, tetrahedra: Ids) -> float:
    """Mean length of the mesh's distinct edges, m."""
    edges = np.unique(np.sort(tetrahedra[:, EDGES].reshape(-1, 2), axis=1), axis=0)
    return float(np.linalg.norm(points[edges[:, 0]] - points[edges[:, 1]], axis=1).mean())


def boundary_faces(tetrahedra: Ids) -> Ids:
    """Faces that belong to one tetrahedron only, outward, (k, 3), in a fixed order."""
    faces = tetrahedra[:, FACES].reshape(-1, 3)
    _, index, counts = np.unique(
        np.sort(faces, axis=1), axis=0, return_index=True, return_counts=True
    )
    return np.ascontiguousarray(faces[index[counts == 1]], dtype=np.int32)


def is_closed_manifold(faces: Ids) -> bool:
    """Whether every edge is shared by exactly two faces that run through it in opposite senses."""
    directed = np.concatenate([faces[:, [0, 1]], faces[:, [1, 2]], faces[:, [2, 0]]])
    _, counts = np.unique(directed, axis=0, return_counts=True)
    _, undirected = np.unique(np.sort(directed, axis=1), axis=0, return_counts=True)
    return bool((counts == 1).all() and (undirected == 2).all())


def component_ids(tetrahedra: Ids) -> NDArray[np.int32]:
    """Return each tetrahedron's piece, (m,): pieces hang together by faces."""
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import connected_components

    faces = np.sort(tetrahedra[:, FACES].reshape(-1, 3), axis=1)
    owner = np.repeat(np.arange(len(tetrahedra)), 4)
    order = np.lexsort(faces.T)
    same = (faces[order[1:]] == faces[order[:-1]]).all(axis=1)
    i, j = owner[order[:-1]][same], owner[order[1:]][same]
    graph = coo_array((np.ones(len(i), np.int8), (i, j)), shape=(len(tetrahedra),) * 2)
    ids: NDArray[np.int32] = connected_components(graph, directed=False)[1]
    return ids


def enclosed_volume(points: Floats, faces: Ids) -> float:
    """Volume inside a closed outward surface, m^3 (divergence theorem: sum of a.(b x c)/6)."""
    x = points[faces]
    return float(np.einsum("ij,ij->", x[:, 0], np.cross(x[:, 1], x[:, 2])) / 6.0)


def vertex_normals(points: Floats, faces: Ids) -> Floats:
    """Area-weighted outward unit normals; zero for nodes that are on no face, (n, 3)."""
    x = points[faces]
    area = np.cross(x[:, 1] - x[:, 0], x[:, 2] - x[:, 0])
    normals = np.zeros_like(points)
    for corner in range(3):
        np.add.at(normals, faces[:, corner], area)
    lengths = np.linalg.norm(normals, axis=1, keepdims=True)
    unit: Floats = np.divide(normals, lengths, out=np.zeros_like(normals), where=lengths > 0)
    return unit


def _triangle_distance(p: Floats, a: Floats, b: Floats, c: Floats) -> Floats:
    """Distance from points to triangles abc, row by row (inside the prism, else to an edge)."""
    normal = np.cross(b - a, c - a)
    normal /= np.maximum(np.linalg.norm(normal, axis=-1, keepdims=True), 1e-300)
    best = np.full(p.shape[:-1], np.inf)
    over = np.ones(p.shape[:-1], dtype=bool)
    for u, v in ((a, b), (b, c), (c, a)):
        edge, reach = v - u, p - u
        along = (reach * edge).sum(-1) / np.maximum((edge * edge).sum(-1), 1e-300)
        foot = reach - np.clip(along, 0.0, 1.0)[..., None] * edge
        best = np.minimum(best, np.linalg.norm(foot, axis=-1))
        over &= (np.cross(normal, edge) * reach).sum(-1) >= 0
    plane = np.abs(((p - a) * normal).sum(-1))
    distance: Floats = np.where(over, plane, best)
    return distance


def surface_distance(queries: Floats, points: Floats, faces: Ids, candidates: int = 24) -> Floats:
    """Distance from each query point to a triangle surface.

    Exact among the triangles with the nearest centroids, which is exact for triangles of similar
    size such as those made here.

    Parameters
    ----------
    queries : (q, 3) array, m
    points, faces : the surface
    candidates : number of triangles measured for each query

    Returns
    -------
    (q,) array, m
    """
    from scipy.spatial import cKDTree

    corners = points[faces]
    near = cKDTree(corners.mean(axis=1)).query(queries, k=min(candidates, len(faces)))[1]
    x = corners[near.reshape(len(queries), -1)]
    p = np.broadcast_to(queries[:, None, :], (*x.shape[:2], 3))
    distance: Floats = _triangle_distance(p, x[:, :, 0], x[:, :, 1], x[:, :, 2]).min(axis=1)
    return distance
