"""The surface of an organ: where its places are once it is deformed, and what can be seen of it."""

import numpy as np
from numpy.typing import NDArray

from surgisim.render import View
from surgisim.render.normals import vertex_normals
from surgisim.render.pick import pick
from surgisim.render.view import Ray
from surgisim.snapshot import Vector
from surgisim.vectors import as_vector

__all__ = ["SeenSurface"]

_EDGE_ON = 0.35  # cosine of the angle between normal and line of sight

Floats = NDArray[np.float64]


class SeenSurface:
    """The surface of a mesh, without the nodes inside.

    Parameters
    ----------
    points, surface
        The mesh at rest, (n, 3) m, and its outward triangles, (k, 3).

    Attributes
    ----------
    rest, triangles
        Its vertices at rest, (v, 3) m, and triangles of them, (k, 3).
    """

    def __init__(self, points: NDArray[np.floating], surface: NDArray[np.integer]) -> None:
        self._nodes, triangles = np.unique(surface, return_inverse=True)
        self.triangles = triangles.reshape(-1, 3)
        self.rest: Floats = np.asarray(points, dtype=np.float64)[self._nodes]
        self._normals = vertex_normals(self.rest, self.triangles).astype(np.float64)

    def at(self, positions: NDArray[np.floating]) -> Floats:
        """Positions of the surface's vertices, (v, 3), m."""
        return np.asarray(positions, dtype=np.float64)[self._nodes]

    def normal_at(self, rest: Vector) -> Floats:
        """Outward unit normal at rest of the vertex nearest to a place, (3,)."""
        return np.asarray(self._normals[self._nearest(rest)])

    def above(self, inside: Vector) -> Vector:
        """Point of the surface at rest nearest above a place inside the organ, m."""
        normal = self.normal_at(inside)
        hit = pick(Ray(np.asarray(inside) + 0.1 * normal, -normal), self.rest, self.triangles)
        return as_vector(self.rest[self._nearest(inside)] if hit is None else hit.point)

    def now(self, rest: Vector, positions: NDArray[np.floating]) -> Vector:
        """Where a place on the surface at rest is in the deformed organ, m."""
        nearest = self._nearest(rest)
        moved = self.at(positions)[nearest] - self.rest[nearest]
        return as_vector(np.asarray(rest) + moved)

    def is_hidden(self, view: View, point: Vector, positions: NDArray[np.floating]) -> bool:
        """Whether the organ lies between the eye and a point (m) in the world."""
        way = np.asarray(point) - view.position
        distance = float(np.linalg.norm(way))
        hit = pick(Ray(view.position, way / distance), self.at(positions), self.triangles)
        return hit is not None and hit.distance_m < distance - 1e-3

    def is_edge_on(self, view: View, rest: Vector, positions: NDArray[np.floating]) -> bool:
        """Whether a place on the surface at rest is seen at the rim, too narrow to be read."""
        toward = view.position - np.asarray(self.now(rest, positions))
        cosine = toward @ self.normal_at(rest) / np.linalg.norm(toward)
        return bool(cosine < _EDGE_ON)

    def _nearest(self, point: Vector) -> int:
        gaps = self.rest - np.asarray(point)
        return int(np.argmin(np.einsum("ij,ij->i", gaps, gaps)))
