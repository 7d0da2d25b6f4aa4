"""What an anatomy is made of once it is built: organs as tetrahedra with the figures about them."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from surgisim.errors import AnatomyError
from surgisim.snapshot import Vector

__all__ = ["Anatomy", "Isosurface", "MeshReport", "Organ"]


@dataclass(frozen=True, slots=True)
class MeshReport:
    """Every figure about an organ's mesh.

    Attributes
    ----------
    label_volume_ml
        Volume that the mesh should have: the label's largest piece with closed holes filled.
    volume_ml, volume_error
        Volume of the tetrahedra, and (volume - label volume) / label volume.
    dropped_ml, dropped_pieces
        Smaller pieces of the label that were left out.
    filled_ml
        Holes enclosed by the label (vessels, for example) that were filled.
    nodes, tetrahedra, surface_triangles
        Counts.
    min_dihedral_deg, max_dihedral_deg
        Extreme angles between faces.
    min_altitude_mm, median_altitude_mm
        Heights of the tetrahedra; the smallest one bounds an explicit time step.
    edge_mm, mean_edge_mm
        Edge length asked for, and the mean of the mesh.
    deviation_mean_mm, deviation_max_mm
        Distance from the labels' surface (at their own resolution) to the tetrahedra's surface.
    improvement_passes
        Passes of node moves made to better the worst tetrahedra.
    warnings
        What had to be assumed.
    """

    label_volume_ml: float
    volume_ml: float
    volume_error: float
    dropped_ml: float
    dropped_pieces: int
    filled_ml: float
    nodes: int
    tetrahedra: int
    surface_triangles: int
    min_dihedral_deg: float
    max_dihedral_deg: float
    min_altitude_mm: float
    median_altitude_mm: float
    edge_mm: float
    mean_edge_mm: float
    deviation_mean_mm: float
    deviation_max_mm: float
    improvement_passes: int
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, eq=False)
class Isosurface:
    """The labels' own surface, faired: it shows what the tetrahedra are too large for.

    Attributes
    ----------
    points
        Vertices at rest, shape (v, 3), m, in the frame of the organ's nodes. Where the mesh leaves
        parts of the labels out they lie outside of the tetrahedra.
    faces
        Outward triangles, shape (k, 3), int32.
    """

    points: NDArray[np.float64]
    faces: NDArray[np.int32]


@dataclass(frozen=True, slots=True, eq=False)
class Organ:
    """An organ as tetrahedra, at rest.

    Attributes
    ----------
    name, label
        Name of the organ and its number in the label volume.
    points
        Nodes, shape (n, 3), m, world frame (+x patient's left, +y anterior, -z head).
    tetrahedra
        Node ids, shape (m, 4), int32, positive volumes.
    surface
        Outward boundary triangles, shape (k, 3), int32.
    support
        Ids of the nodes that hold the organ in place, ascending, int32.
    report
        Figures about the mesh.
    isosurface
        The surface of the labels it was built from, to be shown, or None.
    """

    name: str
    label: int
    points: NDArray[np.float64]
    tetrahedra: NDArray[np.int32]
    surface: NDArray[np.int32]
    support: NDArray[np.int32]
    report: MeshReport
    isosurface: Isosurface | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Anatomy:
    """Organs in one frame.

    Attributes
    ----------
    organs
        At least one; the first is the main one, its centroid the origin.
    source
        Where the labels came from, for people.
    offset_m
        Point of the label volume's world that became the origin, m.
    image
        File of the image that the labels were drawn in, in the label volume's world, or None.
    """

    organs: tuple[Organ, ...]
    source: str
    offset_m: Vector
    image: Path | None = None

    def organ(self, name: str) -> Organ:
        """Return one organ by name.

        Raises
        ------
        AnatomyError
            If the anatomy has no organ of that name.
        """
        for organ in self.organs:
            if organ.name == name:
                return organ
        present = ", ".join(o.name for o in self.organs)
        raise AnatomyError(f"This anatomy ({self.source}) has no {name!r}; it has: {present}.")
