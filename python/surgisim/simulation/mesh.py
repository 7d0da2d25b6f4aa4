"""Tetrahedral meshes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Self

import numpy as np
from numpy.typing import ArrayLike

from surgisim import _core
from surgisim.errors import MeshError
from surgisim.simulation.checks import Floats, Ids, as_ids, as_points

__all__ = ["MeshReport", "TetMesh"]


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

    def __init__(self, points: ArrayLike, tetrahedra: ArrayLike) -> None:
        ids = as_ids(tetrahedra, "tetrahedra")
        if ids.ndim != 2 or ids.shape[1] != 4:
            raise MeshError(f"tetrahedra has shape {ids.shape}; give an (m, 4) array")
        native = _core.TetMesh(as_points(points, "points"), ids.astype(np.uint32))
        self._adopt(native, unused=0)

    def _adopt(self, native: _core.TetMesh, unused: int) -> None:
        self._native = native
        self.points: Floats = native.points
        self.tetrahedra: Ids = native.tetrahedra
        self.surface: Ids = native.surface
        for array in (self.points, self.tetrahedra, self.surface):
            array.flags.writeable = False
        self.report = MeshReport(unused=unused, **native.report)

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
        mesh = cls.__new__(cls)
        counts = [int(n) for n in cells]
        if len(size) != 3 or len(counts) != 3 or min(counts) < 1:
            raise MeshError(f"a box needs three sizes and three counts of cells, not {cells!r}")
        mesh._adopt(_core.TetMesh.box([float(s) for s in size], counts), unused=0)
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
        import meshio  # half a second that only readers of files should pay

        if not Path(path).is_file():
            raise MeshError(f"{path} does not exist; give the path of a mesh file")
        try:
            content = meshio.read(path)
        except (meshio.ReadError, ValueError, KeyError, IndexError, SystemExit) as error:
            raise MeshError(f"{path} cannot be read as a mesh: {error}") from error
        tetrahedra = content.cells_dict.get("tetra")
        if tetrahedra is None:
            kinds = ", ".join(sorted(content.cells_dict)) or "nothing"
            raise MeshError(f"{path} holds no tetrahedra (but {kinds}); export a volume mesh")
        used, ids = np.unique(tetrahedra, return_inverse=True)
        points = as_points(content.points[used], f"the nodes of {path}")
        native = _core.TetMesh(points, ids.reshape(-1, 4).astype(np.uint32))
        mesh = cls.__new__(cls)
        mesh._adopt(native, unused=len(content.points) - len(used))
        return mesh
