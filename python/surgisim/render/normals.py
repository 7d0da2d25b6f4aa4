"""Normals of triangle meshes, for what is made once; those of each frame come with its surface."""

import numpy as np
from numpy.typing import NDArray

__all__ = ["vertex_normals"]

Floats = NDArray[np.float32]


def vertex_normals(vertices: NDArray[np.floating], triangles: NDArray[np.integer]) -> Floats:
    """Compute unit normals (n, 3) of the vertices (n, 3), each triangle weighing with its area.

    A vertex without area gets the normal (0, 1, 0).
    """
    corners = vertices[triangles]
    a = corners[:, 1] - corners[:, 0]
    b = corners[:, 2] - corners[:, 0]
    face = np.empty_like(a)
    face[:, 0] = a[:, 1] * b[:, 2] - a[:, 2] * b[:, 1]
    face[:, 1] = a[:, 2] * b[:, 0] - a[:, 0] * b[:, 2]
    face[:, 2] = a[:, 0] * b[:, 1] - a[:, 1] * b[:, 0]
    index = triangles.T.reshape(-1)
    count = len(vertices)
    sums = [np.bincount(index, np.tile(face[:, k], 3), minlength=count) for k in range(3)]
    normals = np.stack(sums, axis=1)
    length = np.sqrt((normals * normals).sum(axis=1, keepdims=True))
    empty = length[:, 0] < 1e-20
    normals[empty], length[empty] = (0.0, 1.0, 0.0), 1.0
    unit: Floats = (normals / length).astype(np.float32)
    return unit
