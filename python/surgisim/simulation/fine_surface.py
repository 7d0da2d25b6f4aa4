"""The displayed surface of deforming tissue, finer than the mechanical mesh and carried by it."""

from __future__ import annotations

from typing import Self

import numpy as np
from numpy.typing import ArrayLike, NDArray

from surgisim import _core
from surgisim.errors import MeshError
from surgisim.simulation.checks import Floats, Ids, as_ids, as_points, whole_number
from surgisim.simulation.topology import Topology

__all__ = ["FineSurface"]

Packed = NDArray[np.float32]

_ROW = 8


class FineSurface:
    """A surface whose vertices are sums, with fixed weights, of what carries them.

    Made by `smooth` from a mechanical surface, or by `embedded` from any surface and the tetrahedra
    around it. `frame` gives what the GPU draws; other Python threads run meanwhile.
    """

    __slots__ = ("__weakref__", "_native")

    _native: _core.FineSurface

    @classmethod
    def _of(cls, native: _core.FineSurface) -> Self:
        surface = cls.__new__(cls)
        surface._native = native
        return surface

    @classmethod
    def smooth(cls, triangles: ArrayLike, vertices: int, levels: int = 2) -> Self:
        """Subdivide a mechanical surface by Loop's scheme, its cage moved outward first.

        Parameters
        ----------
        triangles
            Of the coarse surface, (k, 3).
        vertices
            Number of its vertices, which carry the fine ones. The first fine vertices stem from
            them, in their order.
        levels
            Each makes four triangles of one; 0 to 6.

        Raises
        ------
        MeshError
            No triangles, vertices that are not there, too many levels.
        """
        corners = _triangles(triangles)
        count = whole_number(vertices, "the number of vertices", 1, MeshError)
        times = whole_number(levels, "levels", 0, MeshError)
        return cls._of(_core.FineSurface.smooth(corners, count, min(times, 2**31)))

    @classmethod
    def embedded(
        cls, points: ArrayLike, tetrahedra: ArrayLike, rest: ArrayLike, triangles: ArrayLike
    ) -> Self:
        """Embed a surface in tetrahedra by barycentric coordinates.

        A vertex outside of all tetrahedra goes with the nearest; see `distances`.

        Parameters
        ----------
        points, tetrahedra
            Nodes at rest, (n, 3) m, which carry the surface, and the elements, (m, 4).
        rest, triangles
            Vertices of the surface at rest, (v, 3) m, and its triangles, (k, 3).

        Raises
        ------
        MeshError
            Wrong shapes, points that are not there or not finite, nothing to embed in.
        """
        elements = as_ids(tetrahedra, "tetrahedra")
        if elements.ndim != 2 or elements.shape[1] != 4:
            raise MeshError(f"tetrahedra has shape {elements.shape}; give an (m, 4) array")
        nodes = as_points(points, "points")
        whole = np.zeros(len(elements), dtype=np.bool_)
        tissue = (nodes, elements.astype(np.uint32), whole)
        return cls._of(
            _core.FineSurface.embedded(tissue, as_points(rest, "rest"), _triangles(triangles))
        )

    def __repr__(self) -> str:
        vertices, carriers, hidden = self._native.counts()
        return f"<FineSurface: {vertices} vertices on {carriers}, {hidden} triangles hidden>"

    def __len__(self) -> int:
        """Return the number of vertices."""
        return self._native.counts()[0]

    @property
    def carriers(self) -> int:
        """Number of vertices or nodes that carry it."""
        return self._native.counts()[1]

    @property
    def hidden(self) -> int:
        """Number of triangles left out of `triangles`: their tissue is gone, or has parted."""
        return self._native.counts()[2]

    @property
    def triangles(self) -> Ids:
        """Triangles to be shown, oriented as those given, (k, 3); a copy."""
        return self._native.triangles()

    @property
    def distances(self) -> Floats:
        """How far outside of the tetrahedra each vertex lies at rest, (v,), m; 0 inside."""
        return self._native.distances()

    def follow(self, topology: Topology) -> None:
        """Take over what was cut of the body that an embedded surface lies in.

        Triangles in removed tissue and across a gap are hidden; the bare surface inside a wound has
        no triangles here. Vertices in split tetrahedra follow the parts.

        Raises
        ------
        MeshError
            A subdivided surface, or the topology of another body.
        """
        self._native.follow((topology.points, topology.tetrahedra, topology.removed))

    def frame(
        self, positions: ArrayLike, blood: ArrayLike | None = None, out: Packed | None = None
    ) -> Packed:
        """Compute the surface as it is now.

        Parameters
        ----------
        positions
            Of the carriers, (n, 3) float64 or float32, m.
        blood
            Its film's thickness at them, (n,), 0 to 1; by default none.
        out
            Where to write, (v, 8) float32, C-contiguous; by default a new array.

        Returns
        -------
        ndarray
            `out`: position (3, m), unit normal (3), openness to light (1 on a plane, less in a
            hollow), blood; (v, 8) float32.

        Raises
        ------
        MeshError
            Wrong shapes.
        """
        places = np.asarray(positions)
        if places.dtype not in (np.float32, np.float64):
            places = as_points(positions, "positions")
        if places.ndim != 2 or places.shape[1] != 3:
            raise MeshError(f"positions has shape {places.shape}; give an (n, 3) array")
        places = np.require(places, requirements=["C", "A"])
        film = None if blood is None else np.ascontiguousarray(blood, dtype=np.float32).ravel()
        if out is None:
            out = np.empty((len(self), _ROW), dtype=np.float32)
        flags = out.flags
        usable = flags.c_contiguous and flags.aligned and flags.writeable
        if out.dtype != np.float32 or out.ndim != 2 or out.shape[1] != _ROW or not usable:
            raise MeshError(
                f"out is {out.dtype} of shape {out.shape}; give a writeable, C-contiguous "
                f"({len(self)}, {_ROW}) array of float32"
            )
        self._native.frame(places, film, out)
        return out


def _triangles(value: ArrayLike) -> Ids:
    corners = as_ids(value, "triangles")
    if corners.ndim != 2 or corners.shape[1] != 3:
        raise MeshError(f"triangles has shape {corners.shape}; give a (k, 3) array")
    return corners.astype(np.uint32)
