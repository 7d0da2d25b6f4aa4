"""Tetrahedral meshes."""

from __future__ import annotations

import io
import math
import os
from collections.abc import Sequence
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

import numpy as np
from numpy.typing import ArrayLike, NDArray

from surgisim import _core
from surgisim.errors import MeshError
from surgisim.simulation.checks import (
    Floats,
    Ids,
    as_ids,
    as_points,
    check_memory,
    listed,
    shown,
    vector,
    whole_number,
)

__all__ = ["MeshReport", "TetMesh"]

# Of a tetrahedron while a mesh is made, its share of the nodes included; measured.
_BYTES = 300


@dataclass(frozen=True, slots=True)
class MeshReport:
    """What was found while a mesh was validated.

    Attributes
    ----------
    flipped
        Tetrahedra given in the other orientation and turned over.
    unused
        Nodes of the file that no tetrahedron uses and that were left out.
    volume
        m^3.
    min_dihedral_deg
        Smallest angle between two faces of one tetrahedron (70.5 in a regular one).
    edge_range
        Shortest and longest edge, m.
    """

    flipped: int
    unused: int
    volume: float
    min_dihedral_deg: float
    edge_range: tuple[float, float]


class TetMesh:
    """A validated tetrahedral mesh.

    Parameters
    ----------
    points
        Nodes, shape (n, 3), m.
    tetrahedra
        Node ids, shape (m, 4), integers from 0; either orientation is accepted and reported.

    Raises
    ------
    MeshError
        NaN, wrong shapes, ids out of range, flat, overlapping or duplicate elements, nodes that
        no element uses.
    """

    __slots__ = ("__weakref__", "_native", "_points", "_report", "_surface", "_tetrahedra")

    def __init__(self, points: ArrayLike, tetrahedra: ArrayLike) -> None:
        ids = as_ids(tetrahedra, "tetrahedra")
        if ids.ndim != 2 or ids.shape[1] != 4:
            raise MeshError(f"tetrahedra has shape {ids.shape}; give an (m, 4) array")
        nodes = as_points(points, "points")
        _check_corners(ids)
        self._adopt(_core.TetMesh(nodes, ids.astype(np.uint32)), unused=0)

    def _adopt(self, native: _core.TetMesh, unused: int) -> None:
        self._native = native
        self._points, self._tetrahedra, self._surface = (
            native.points,
            native.tetrahedra,
            native.surface,
        )
        for array in (self._points, self._tetrahedra, self._surface):
            array.flags.writeable = False
        self._report = MeshReport(unused=unused, **native.report)

    def __repr__(self) -> str:
        size = " x ".join(f"{length:.3g}" for length in np.ptp(self._points, axis=0))
        return f"<TetMesh: {len(self._points)} nodes, {len(self._tetrahedra)} tetrahedra, {size} m>"

    @property
    def points(self) -> Floats:
        """Nodes, shape (n, 3), m; read-only."""
        return self._points

    @property
    def tetrahedra(self) -> Ids:
        """Node ids, shape (m, 4), all of one orientation; read-only."""
        return self._tetrahedra

    @property
    def surface(self) -> Ids:
        """Node ids of the boundary's triangles, outward, shape (k, 3); read-only."""
        return self._surface

    @property
    def report(self) -> MeshReport:
        """What was found while it was validated."""
        return self._report

    @classmethod
    def box(cls, size: Sequence[float], cells: Sequence[int]) -> Self:
        """Box with a corner at the origin, six tetrahedra a cell, alternating diagonals.

        Parameters
        ----------
        size
            Edge lengths along x, y, z, m.
        cells
            Cells along x, y, z.

        Raises
        ------
        MeshError
            Sizes or counts that are not positive.
        """
        edges = vector(size, "the size of a box", MeshError, "three lengths, m")
        counts = _counts(cells)
        tetrahedra = 6 * math.prod(counts)
        check_memory(_BYTES * tetrahedra, f"a box of {tetrahedra} tetrahedra")
        mesh = cls.__new__(cls)
        mesh._adopt(_core.TetMesh.box(list(edges), counts), unused=0)
        return mesh

    @classmethod
    def read(cls, path: str | Path) -> Self:
        """Tetrahedra of a .vtu, .vtk, .msh or .mesh file, through meshio; its length unit is m.

        Nodes that no tetrahedron uses are left out and counted in ``report.unused``.

        Raises
        ------
        MeshError
            The file is missing, unreadable or holds no tetrahedra.
        """
        content = _read(path)
        tetrahedra = content.cells_dict.get("tetra")
        if tetrahedra is None:
            kinds = ", ".join(sorted(content.cells_dict)) or "nothing"
            raise MeshError(f"{path} holds no tetrahedra (but {kinds}); export a volume mesh")
        used, ids = np.unique(tetrahedra, return_inverse=True)
        points = as_points(content.points[used], f"the nodes of {path}")
        corners = ids.reshape(-1, 4)
        _check_corners(corners)
        mesh = cls.__new__(cls)
        native = _core.TetMesh(points, corners.astype(np.uint32))
        mesh._adopt(native, unused=len(content.points) - len(used))
        return mesh


def _counts(cells: object) -> list[int]:
    """Return three counts of cells, each 1 or more."""
    given = listed(cells)
    if given is None or len(given) != 3:
        raise MeshError(f"the cells of a box are {shown(cells)}; give three whole numbers")
    return [whole_number(n, "a count of cells", 1, MeshError) for n in given]


def _check_corners(tetrahedra: NDArray[np.integer[Any]]) -> None:
    """Raise a MeshError if a tetrahedron names a node twice."""
    corners = np.sort(tetrahedra, axis=1)
    twice = corners[:, 1:] == corners[:, :-1]
    if not twice.any():
        return
    wrong = int(np.flatnonzero(twice.any(axis=1))[0])
    node = int(corners[wrong, 1:][twice[wrong]][0])
    raise MeshError(
        f"tetrahedron {wrong} names node {node} twice; give four different nodes, or leave it out"
    )


def _read(path: str | Path) -> Any:
    """Return what meshio makes of a file."""
    import meshio  # half a second that only readers of files should pay

    if not isinstance(path, (str, os.PathLike)):
        raise MeshError(f"the path of a mesh is {shown(path)}; give a file's name")
    # Path.is_file raises on names that are too long.
    if os.path.isdir(path):  # noqa: PTH112
        raise MeshError(f"{path} is a folder; give the path of a mesh file")
    if not os.path.isfile(path):  # noqa: PTH113
        raise MeshError(f"{path} does not exist; give the path of a mesh file")
    try:
        with redirect_stdout(io.StringIO()), redirect_stderr(io.StringIO()):  # it also prints
            return meshio.read(path)
    except SystemExit as error:  # so it ends where no reader for the ending takes the file
        raise MeshError(f"{path} cannot be read as a mesh: it is not what its name says") from error
    except Exception as error:  # a damaged file makes its readers raise anything
        raise MeshError(f"{path} cannot be read as a mesh: {error}") from error
