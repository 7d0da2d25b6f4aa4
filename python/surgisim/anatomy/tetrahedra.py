"""From a label to an organ's tetrahedra, with the gates that a mesh must pass.

Gates: one piece, a closed surface, no inverted tetrahedron, volume within 3 % of the labels',
smallest dihedral angle of at least 5 degrees. A mesh that fails one is made again with the
lattice shifted; what still fails is refused.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from surgisim.anatomy import quality
from surgisim.anatomy.improve import improve, round_off
from surgisim.anatomy.labels import LabelVolume
from surgisim.anatomy.organ import Isosurface, MeshReport, Organ
from surgisim.anatomy.stuffing import MEAN_EDGE_PER_CELL, stuff
from surgisim.anatomy.support import support_nodes, support_warnings
from surgisim.anatomy.surface import (
    LevelSet,
    Piece,
    at_volume,
    faired,
    label_surface,
    largest_piece,
    smooth,
)
from surgisim.errors import AnatomyError

__all__ = ["Progress", "build_organ"]

Floats = NDArray[np.float64]
Progress = Callable[[str, float], None]

MOST_VOLUME_ERROR = 0.03
LEAST_DIHEDRAL_DEG = 5.0
EDGE_RANGE_M = (0.5e-3, 0.1)
MOST_TETRAHEDRA = 5_000_000
TARGET_HEIGHT = 0.3
"""Height, in cell sides, up to which tetrahedra are improved (regular ones have 0.71)."""
SHIFTS = ((0.0, 0.0, 0.0), (0.25, 0.25, 0.25), (0.5, 0.25, 0.0), (0.0, 0.5, 0.25))
"""Places of the lattice to try, in cell sides."""


@dataclass(frozen=True, slots=True, eq=False)
class _Mesh:
    points: Floats
    tetrahedra: NDArray[np.int32]
    passes: int

    @property
    def volume(self) -> float:
        return float(quality.signed_volumes(self.points, self.tetrahedra).sum())


def build_organ(
    labels: LabelVolume,
    label: int,
    name: str,
    edge_m: float,
    progress: Progress | None = None,
) -> Organ:
    """Build one organ's tetrahedra from a label volume.

    Parameters
    ----------
    labels
        The volume; its affine places the organ in the world.
    label, name
        Number of the organ in the volume, and what to call it.
    edge_m
        Mean edge length of the tetrahedra, m.
    progress
        Called with a stage's name and the fraction done, 0 to 1.

    Returns
    -------
    Organ
        In the volume's own world frame (not centred). The same input gives the same bits.

    Raises
    ------
    AnatomyError
        If the label is missing, or the mesh fails a gate.
    """
    tell = progress or (lambda stage, fraction: None)
    mask = labels.mask(label)
    _check_edge(edge_m, labels.volume_ml(label), name)
    tell(f"{name}: smoothing the labels", 0.0)
    piece = largest_piece(mask)
    with _named(name):
        field = smooth(piece.mask, labels.affine, edge_m)
    target = piece.voxels * labels.voxel_volume
    failures: list[str] = []
    for k, shift in enumerate(SHIFTS):
        tell(f"{name}: filling with tetrahedra", 0.3 + 0.15 * k)
        with _named(name):
            mesh = _mesh(field, target, edge_m, np.array(shift))
        failure = _failed_gate(mesh, target)
        if not failure:
            tell(f"{name}: done", 1.0)
            return _organ(labels, label, name, edge_m, piece, mesh)
        failures.append(failure)
    raise AnatomyError(
        f"The mesh of {name} with edges of {edge_m * 1e3:g} mm is refused: {failures[0]}; "
        "build it with a smaller edge or repair the labels."
    )


@contextmanager
def _named(name: str) -> Iterator[None]:
    """Say of which organ a complaint is."""
    try:
        yield
    except AnatomyError as error:
        raise AnatomyError(f"{name}: {error}") from error


def _check_edge(edge_m: float, volume_ml: float, name: str) -> None:
    if not EDGE_RANGE_M[0] <= edge_m <= EDGE_RANGE_M[1]:
        low, high = (1e3 * e for e in EDGE_RANGE_M)
        raise AnatomyError(
            f"An edge of {edge_m * 1e3:g} mm for {name} is out of range; "
            f"choose {low:g} to {high:g} mm."
        )
    count = 12 * volume_ml * 1e-6 / (edge_m / MEAN_EDGE_PER_CELL) ** 3
    if count > MOST_TETRAHEDRA:
        raise AnatomyError(
            f"Edges of {edge_m * 1e3:g} mm would cut {name} into {count / 1e6:.0f} million "
            f"tetrahedra (at most {MOST_TETRAHEDRA / 1e6:.0f} million); choose a longer edge."
        )


def _mesh(field: LevelSet, target: float, edge_m: float, shift: Floats) -> _Mesh:
    """Stuff the level set, at the level where the tetrahedra have the labels' volume."""
    cell = edge_m / MEAN_EDGE_PER_CELL
    offset = shift * cell

    def stuffed(level_set: LevelSet) -> tuple[Floats, NDArray[np.int32]]:
        lower, upper = level_set.origin - offset, level_set.upper - offset
        points, tets = stuff(lambda p: level_set(p + offset), lower, upper, cell)
        ids = quality.component_ids(tets)
        if ids.max(initial=0) > 0:
            tets = tets[ids == np.bincount(ids).argmax()]
            used, flat = np.unique(tets, return_inverse=True)
            points, tets = points[used], flat.reshape(-1, 4).astype(np.int32)
        return round_off(points, tets, cell) + offset, tets

    def volume(level_set: LevelSet) -> float:
        return float(quality.signed_volumes(*stuffed(level_set)).sum())

    level_set = at_volume(field, target, volume)
    points, tets = stuffed(level_set)
    points, passes = improve(
        points, tets, level_set.project, cell, target_height=TARGET_HEIGHT * cell
    )
    return _Mesh(points, tets, passes)


def _failed_gate(mesh: _Mesh, target: float) -> str:
    """Say which gate the mesh fails; empty if it passes all."""
    volumes = quality.signed_volumes(mesh.points, mesh.tetrahedra)
    if len(volumes) == 0:
        return "no tetrahedron fits inside"
    inverted = int(np.count_nonzero(volumes <= 0))
    if inverted:
        return f"{inverted} tetrahedra are inverted"
    pieces = int(quality.component_ids(mesh.tetrahedra).max()) + 1
    if pieces > 1:
        return f"it falls into {pieces} pieces"
    if not quality.is_closed_manifold(quality.boundary_faces(mesh.tetrahedra)):
        return "its surface is not closed (an edge is not shared by exactly two triangles)"
    error = (volumes.sum() - target) / target
    if abs(error) > MOST_VOLUME_ERROR:
        return f"its volume differs from the labels' by {100 * error:+.1f} % (limit 3 %)"
    angle = float(quality.dihedral_angles(mesh.points, mesh.tetrahedra).min())
    if angle < LEAST_DIHEDRAL_DEG:
        return f"its smallest dihedral angle is {angle:.1f} degrees (limit 5)"
    return ""


def _organ(
    labels: LabelVolume, label: int, name: str, edge_m: float, piece: Piece, mesh: _Mesh
) -> Organ:
    surface = quality.boundary_faces(mesh.tetrahedra)
    support = support_nodes(mesh.points, surface)
    reference = label_surface(piece.mask, labels.affine)
    shown = faired(reference)
    return Organ(
        name=name,
        label=label,
        points=mesh.points,
        tetrahedra=mesh.tetrahedra,
        surface=surface,
        support=support,
        report=_report(labels, edge_m, piece, mesh, surface, support, reference.points),
        isosurface=Isosurface(shown.points, shown.faces),
    )


def _report(
    labels: LabelVolume,
    edge_m: float,
    piece: Piece,
    mesh: _Mesh,
    surface: NDArray[np.int32],
    support: NDArray[np.int32],
    reference: Floats,
) -> MeshReport:
    points, tets = mesh.points, mesh.tetrahedra
    ml = labels.voxel_volume * 1e6
    angles = quality.dihedral_angles(points, tets)
    heights = quality.min_altitudes(points, tets)
    away = quality.surface_distance(reference, points, surface)
    return MeshReport(
        label_volume_ml=piece.voxels * ml,
        volume_ml=mesh.volume * 1e6,
        volume_error=mesh.volume * 1e6 / (piece.voxels * ml) - 1.0,
        dropped_ml=piece.dropped_voxels * ml,
        dropped_pieces=piece.dropped_pieces,
        filled_ml=piece.filled_voxels * ml,
        nodes=len(points),
        tetrahedra=len(tets),
        surface_triangles=len(surface),
        min_dihedral_deg=float(angles.min()),
        max_dihedral_deg=float(angles.max()),
        min_altitude_mm=float(heights.min()) * 1e3,
        median_altitude_mm=float(np.median(heights)) * 1e3,
        edge_mm=edge_m * 1e3,
        mean_edge_mm=quality.mean_edge_length(points, tets) * 1e3,
        deviation_mean_mm=float(away.mean()) * 1e3,
        deviation_max_mm=float(away.max()) * 1e3,
        improvement_passes=mesh.passes,
        warnings=(
            *labels.warnings,
            *_lost_parts(float(away.max()), edge_m),
            *support_warnings(points, surface, support),
        ),
    )


def _lost_parts(deviation: float, edge_m: float) -> tuple[str, ...]:
    """Warn of parts thinner than an element, which the mesh leaves out or rounds off."""
    if deviation <= edge_m:
        return ()
    return (
        f"Thin parts of the labels stand up to {deviation * 1e3:.0f} mm off the mesh; "
        "a smaller edge would keep more of them.",
    )
