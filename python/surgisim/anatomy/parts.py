"""All organs of a label volume as smooth surfaces, for looking at.

For the tetrahedra that are simulated see `tetrahedra`: there one piece is kept, holes are filled
and the surface is as smooth as the elements need. Here every labelled voxel counts, and the grid
is the labels' own. The mask is blurred by a Gaussian of one voxel along each axis, and the level
of the surface is the value that as many voxels exceed as the label has: the volume stays, also
that of thin ribs and vessels. Normals are the field's gradients, smoother than those of the
triangles.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from surgisim.anatomy.labels import LabelVolume
from surgisim.errors import AnatomyError

__all__ = ["OrganSurface", "label_parts"]

BLUR_VOXELS = 1.0
LEVELS = (0.12, 0.6)
MOST_DIRECT = 10_000


@dataclass(frozen=True, slots=True, eq=False)
class OrganSurface:
    """A closed surface of one label, which may have several pieces.

    Attributes
    ----------
    name, label
        Name of the organ and its number in the label volume.
    points, normals
        Corners (m) and unit outward normals, both (n, 3).
    triangles
        (m, 3) int32, outward by the right-hand rule.
    volume_ml
        Volume of the labelled voxels.
    """

    name: str
    label: int
    points: NDArray[np.float32]
    normals: NDArray[np.float32]
    triangles: NDArray[np.int32]
    volume_ml: float


def label_parts(
    labels: LabelVolume,
    names: Mapping[int, str] | None = None,
    progress: Callable[[str, float], None] | None = None,
) -> tuple[OrganSurface, ...]:
    """Make a surface of each label in use.

    Parameters
    ----------
    labels
        The volume.
    names
        Names of labels; those without come from the file, else are "label 5".
    progress
        Called with a part's name and the fraction done, 0 to 1.

    Raises
    ------
    AnatomyError
        If no voxel is labelled.
    """
    boxes = _boxes(labels)
    if not boxes:
        raise AnatomyError(
            f"{labels.source} has no labelled voxel; choose a volume in which organs are labelled."
        )
    known = {**labels.names, **(names or {})}
    parts = []
    taken: set[str] = set()
    for k, (label, box) in enumerate(boxes):
        name = _unlike(
            " ".join(known.get(label, f"label {label}").replace("_", " ").split()), taken
        )
        if progress:
            progress(name, k / len(boxes))
        parts.append(_surface(labels, label, name, box))
    return tuple(parts)


def _unlike(name: str, taken: set[str]) -> str:
    """Return a name that no other part has."""
    unique, count = name, 1
    while unique in taken:
        count += 1
        unique = f"{name} {count}"
    taken.add(unique)
    return unique


def _boxes(labels: LabelVolume) -> list[tuple[int, tuple[slice, ...]]]:
    """Labels in use and where each lies."""
    from scipy import ndimage

    data: NDArray[Any] = labels.data
    present = np.array(labels.present())
    numbers = present
    if not len(present):
        return []
    if present[-1] > MOST_DIRECT:  # a box is looked for up to the largest number
        data = np.searchsorted(np.array([0, *present]), data).astype(np.int32)
        numbers = np.arange(1, len(present) + 1)
    boxes = ndimage.find_objects(data)
    return [(int(v), boxes[n - 1]) for v, n in zip(present, numbers, strict=True)]


def _surface(labels: LabelVolume, label: int, name: str, box: tuple[slice, ...]) -> OrganSurface:
    from scipy import ndimage
    from skimage.measure import marching_cubes

    margin = 5
    mask = labels.data[box] == label
    field = np.pad(mask.astype(np.float32), margin)
    ndimage.gaussian_filter(field, BLUR_VOXELS, output=field, truncate=4.0)
    count = int(np.count_nonzero(mask))
    level = _level(field, count)
    corners, faces, _, _ = marching_cubes(  # type: ignore[no-untyped-call]
        field, level, gradient_direction="ascent"
    )
    axes = labels.affine[:3, :3]
    first = axes @ (np.array([s.start for s in box]) - margin) + labels.affine[:3, 3]
    points = corners.astype(np.float64) @ axes.T + first
    if np.linalg.det(axes) < 0:
        faces = faces[:, ::-1]
    return OrganSurface(
        name, label, points.astype(np.float32), _normals(field, corners, axes),
        np.ascontiguousarray(faces, dtype=np.int32), count * labels.voxel_volume * 1e6,
    )  # fmt: skip


def _level(field: NDArray[np.float32], count: int) -> float:
    """Value between the one that `count` voxels reach and the next lower one."""
    reached = np.partition(field.ravel(), field.size - count)[field.size - count]
    lower = field[field < reached - 1e-6].max()
    return min(max(0.5 * float(reached + lower), LEVELS[0]), LEVELS[1], 0.9 * float(field.max()))


def _normals(
    field: NDArray[np.float32], corners: NDArray[np.floating], axes: NDArray[np.float64]
) -> NDArray[np.float32]:
    """Compute unit downhill directions: gradients of index space turn by the inverse axes."""
    from scipy import ndimage

    slopes = [ndimage.map_coordinates(slope, corners.T, order=1) for slope in np.gradient(field)]
    downhill = -np.stack(slopes, axis=-1).astype(np.float64) @ np.linalg.inv(axes)
    length = np.linalg.norm(downhill, axis=1, keepdims=True)
    unit: NDArray[np.float32] = (downhill / np.maximum(length, 1e-12)).astype(np.float32)
    return unit
