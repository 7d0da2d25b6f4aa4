"""From a coarse deformed surface to what the GPU draws: one packed array a frame.

`DisplaySurface` is built once for each topology; places, normals and hollows of a frame are
computed natively, straight into the array that is handed to the GPU.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from surgisim.errors import RenderError
from surgisim.render.normals import vertex_normals
from surgisim.render.scene import BloodPool, SurfaceMesh, Vector
from surgisim.simulation.fine_surface import FineSurface

__all__ = ["DisplaySurface"]

Floats = NDArray[np.float32]

_FILM_HALF_WIDTH_M = 0.006
_DOWN = np.array([0.0, -1.0, 0.0])


@dataclass(frozen=True, slots=True, eq=False)
class _Course:
    """How blood from one place would run, at each fine vertex, m.

    `radial` distance from the tear, `sideways` from the course downhill, `along` it.
    """

    radial: Floats
    sideways: Floats
    along: Floats


class DisplaySurface:
    """The fine, smooth surface of one topology.

    Attributes
    ----------
    triangles
        Fine triangles, (m, 3) int32.
    rest
        Fine vertices at rest, (n, 3) float32, m.
    """

    def __init__(self, mesh: SurfaceMesh) -> None:
        self._count = len(mesh.vertices)
        self._fine = mesh.fine or FineSurface.smooth(mesh.triangles, self._count, mesh.subdivisions)
        self.triangles = self._fine.triangles.astype(np.int32)
        self.rest = np.ascontiguousarray(self._fine.frame(mesh.rest_vertices)[:, :3])
        self._courses: dict[Vector, _Course] = {}

    def frame(
        self, mesh: SurfaceMesh, pools: tuple[BloodPool, ...], out: Floats | None = None
    ) -> Floats:
        """Pack the surface as it is now: position, normal, openness, blood, (n, 8) float32.

        It is written into `out`, or into a new array.
        """
        if len(mesh.vertices) != self._count:
            raise RenderError(
                f"surface '{mesh.name}' has {len(mesh.vertices)} vertices but topology "
                f"{mesh.topology} was shown with {self._count}; raise topology when it changes"
            )
        packed = self._fine.frame(mesh.vertices, mesh.blood, out)
        for pool in pools:
            np.maximum(packed[:, 7], self._film(pool), out=packed[:, 7])
        return packed

    def nearby(self, point: Vector, radius_m: float) -> NDArray[np.int32]:
        """Fine triangles that may lie within `radius_m` of a rest point."""
        offset = self.rest - np.asarray(point, dtype=np.float32)
        distance = np.sqrt(np.einsum("ij,ij->i", offset, offset))
        a, b, c = (distance[corner] for corner in self._corners)
        nearest = np.minimum(np.minimum(a, b), c)
        near: NDArray[np.int32] = self.triangles[nearest <= radius_m + self._reach]
        return near

    @cached_property
    def _corners(self) -> NDArray[np.int32]:
        return np.ascontiguousarray(self.triangles.T)

    @cached_property
    def _reach(self) -> Floats:
        """Longer edge at each triangle's first corner, at rest, m."""
        a, b, c = (self.rest[corner] for corner in self._corners)
        reach: Floats = np.maximum(np.linalg.norm(b - a, axis=1), np.linalg.norm(c - a, axis=1))
        return reach

    def _film(self, pool: BloodPool) -> Floats:
        if pool.point not in self._courses:
            self._courses[pool.point] = self._course(pool.point)
        course = self._courses[pool.point]
        thickness = np.clip(1.3 - course.radial / max(pool.radius_m, 1e-4), 0.0, 1.0)
        if pool.film_length_m > 0.0:
            left = 1.0 - course.along / pool.film_length_m
            width = _FILM_HALF_WIDTH_M * np.clip(0.55 + left, 0.0, 1.0)
            film = np.clip(0.95 - course.sideways / np.maximum(width, 1e-5) * 0.62, 0.0, 1.0)
            film *= np.clip(left * 8.0, 0.0, 1.0)
            thickness = np.maximum(thickness, 0.8 * film)
        film_thickness: Floats = thickness.astype(np.float32)
        return film_thickness

    def _course(self, point: Vector) -> _Course:
        path = self._downhill(np.asarray(point, dtype=np.float64))
        rest = self.rest.astype(np.float64)
        radial = np.linalg.norm(rest - path[0], axis=1)
        sideways, along = np.full(len(rest), np.inf), np.zeros(len(rest))
        run = 0.0
        for a, b in pairwise(path):
            segment = b - a
            length = float(np.linalg.norm(segment))
            if length < 1e-9:
                continue  # a level place: nothing runs
            t = np.clip((rest - a) @ segment / length**2, 0.0, 1.0)
            distance = np.linalg.norm(rest - (a + t[:, None] * segment), axis=1)
            closer = distance < sideways
            sideways[closer], along[closer] = distance[closer], (run + t * length)[closer]
            run += length
        return _Course(*(values.astype(np.float32) for values in (radial, sideways, along)))

    def _downhill(self, start: NDArray[np.float64], step_m: float = 0.004) -> NDArray[np.float64]:
        """Path of steepest descent over the surface at rest, at most 160 mm, (k, 3) with k >= 2."""
        rest = self.rest.astype(np.float64)
        normals = vertex_normals(rest, self.triangles)
        path = [start]
        heading = _DOWN
        for _ in range(40):
            nearest = int(((rest - path[-1]) ** 2).sum(axis=1).argmin())
            normal = normals[nearest].astype(np.float64)
            if len(path) > 1 and normal @ _DOWN > 0.7:
                break  # the underside: it drips
            slope = _DOWN - normal * (_DOWN @ normal)
            # a film wets what lies ahead of it: the heading changes gradually
            heading = 0.5 * heading + slope
            heading = heading - normal * (heading @ normal)
            heading /= max(float(np.linalg.norm(heading)), 1e-9)
            ahead = path[-1] + heading * step_m
            place = rest[int(((rest - ahead) ** 2).sum(axis=1).argmin())]
            ahead += normal * ((place - ahead) @ normal)
            path.append(ahead)
        return np.array(path)
