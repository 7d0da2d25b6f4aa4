"""What a ray meets first on a surface."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from surgisim.render.normals import vertex_normals
from surgisim.render.view import Ray

__all__ = ["Hit", "pick"]

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class Hit:
    """A point on a surface.

    Attributes
    ----------
    point, normal
        Place (m) and unit outward normal, interpolated from the corners, both (3,).
    distance_m
        From the ray's origin.
    triangle
        Row of the triangle.
    weights
        Barycentric weights of its corners, (3,): with rest vertices they give the same material
        point at rest.
    """

    point: Floats
    normal: Floats
    distance_m: float
    triangle: int
    weights: Floats


def pick(ray: Ray, vertices: NDArray[np.floating], triangles: NDArray[np.integer]) -> Hit | None:
    """Find the nearest triangle that faces the ray's origin.

    Möller and Trumbore (1997), "Fast, minimum storage ray-triangle intersection", on all
    triangles at once: with edges e1, e2 from corner a, p = d x e2, q = (o - a) x e1 and
    det = e1 . p (positive for triangles that face the origin), u = (o - a) . p / det,
    v = d . q / det and distance t = e2 . q / det; a hit has u, v >= 0, u + v <= 1, t > 0.

    Parameters
    ----------
    ray
        Origin in m and unit direction.
    vertices
        (n, 3), m.
    triangles
        (m, 3), outward by the right-hand rule.

    Returns
    -------
    hit
        None where the ray meets nothing.
    """
    corners = np.asarray(vertices, dtype=np.float64)[triangles]
    a = corners[:, 0]
    e1, e2 = corners[:, 1] - a, corners[:, 2] - a
    p = np.cross(ray.direction, e2)
    det = np.einsum("ij,ij->i", e1, p)
    facing = det > 1e-18
    scale = 1.0 / np.where(facing, det, 1.0)
    s = ray.origin - a
    q = np.cross(s, e1)
    u = np.einsum("ij,ij->i", s, p) * scale
    v = q @ ray.direction * scale
    t = np.einsum("ij,ij->i", e2, q) * scale
    # a little slack, so that no ray slips through between two triangles
    met = facing & (u >= -1e-9) & (v >= -1e-9) & (u + v <= 1.0 + 1e-9) & (t > 0.0)
    if not met.any():
        return None
    index = int(np.where(met, t, np.inf).argmin())
    weights = np.array([1.0 - u[index] - v[index], u[index], v[index]])
    normals = vertex_normals(vertices, triangles)[triangles[index]].astype(np.float64)
    normal = weights @ normals
    point = ray.origin + t[index] * ray.direction
    return Hit(point, normal / np.linalg.norm(normal), float(t[index]), index, weights)
