"""Images of the body as volumes: CT and MRI, from NIfTI files and DICOM series.

A voxel's value is what the scanner stored after its own scaling: Hounsfield units for CT (air
-1000, water 0), numbers without a unit for MRI. The affine takes voxel indices (centres at whole
numbers) to the simulator's world: metres, +x patient's left, +y anterior, -z towards the head.
"""

import os
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from surgisim.anatomy.nifti import WORLD_FROM_RAS, open_nifti, world_affine
from surgisim.errors import AnatomyError

__all__ = ["Modality", "Volume", "read_volume", "write_volume"]

Floats = NDArray[np.float64]
Modality = Literal["CT", "MR", ""]

AIR_HU = -500.0
"""A NIfTI image that goes below is taken for a CT: only Hounsfield units put air so low."""


@dataclass(frozen=True, slots=True, eq=False)
class Volume:
    """An image on a grid that may be anisotropic, oblique, flipped or sheared.

    Attributes
    ----------
    values
        Shape (i, j, k), int16 where every value is whole and fits, else float32.
    affine
        World metres from voxel index, shape (4, 4).
    modality
        "CT" (values are Hounsfield units), "MR", or "" where that is not known.
    source
        What it is, for people; never holds what a file says of the patient.
    warnings
        What had to be assumed.
    """

    values: NDArray[np.int16] | NDArray[np.float32]
    affine: Floats
    modality: Modality
    source: str
    warnings: tuple[str, ...] = ()

    @property
    def spacing(self) -> Floats:
        """Distance between neighbouring voxels along each axis, (3,) m."""
        lengths: Floats = np.linalg.norm(self.affine[:3, :3], axis=0)
        return lengths

    def world(self, index: ArrayLike) -> Floats:
        """World places (n, 3), m, of voxel indices (n, 3)."""
        points: Floats = np.asarray(index, dtype=np.float64) @ self.affine[:3, :3].T
        return points + self.affine[:3, 3]

    def index(self, points: ArrayLike) -> Floats:
        """Voxel indices (n, 3), fractions included, of world places (n, 3), m."""
        offset = np.asarray(points, dtype=np.float64) - self.affine[:3, 3]
        found: Floats = offset @ np.linalg.inv(self.affine[:3, :3]).T
        return found

    def corners(self) -> Floats:
        """Outer corners of the outermost voxels, (8, 3) m."""
        ends = [(-0.5, n - 0.5) for n in self.values.shape]
        grid = np.stack(np.meshgrid(*ends, indexing="ij"), axis=-1).reshape(-1, 3)
        return self.world(grid)

    def sample(self, points: ArrayLike) -> Floats:
        """Values at world places (n, 3), m: trilinear, NaN outside of the outermost centres."""
        from scipy import ndimage

        index = self.index(points)
        values: Floats = ndimage.map_coordinates(
            self.values, index.T, order=1, mode="nearest", output=np.float64
        )
        last = np.array(self.values.shape) - 1
        values[((index < -1e-9) | (index > last + 1e-9)).any(axis=1)] = np.nan
        return values

    def moved(self, offset_m: ArrayLike) -> "Volume":
        """Return the same image moved by an offset (3,), m."""
        affine = self.affine.copy()
        affine[:3, 3] += np.asarray(offset_m, dtype=np.float64)
        return replace(self, affine=affine)


def read_volume(path: str | Path, series: int | None = None) -> Volume:
    """Read an image: a NIfTI file, or a folder with a DICOM series.

    Parameters
    ----------
    path
        The file or the folder.
    series
        Which series of a folder that holds several, counted from 1 in the order of a refusal.

    Raises
    ------
    AnatomyError
        If there is nothing to read or it has no place in space.
    """
    if os.path.isdir(path):  # noqa: PTH112  Path.is_dir raises on names that are too long
        from surgisim.anatomy.dicom import read_series

        return read_series(Path(path), series)
    if _is_dicom(Path(path)):
        raise AnatomyError(f"{path} is one DICOM slice; give the folder that holds its series.")
    return _read_nifti(Path(path))


def _is_dicom(path: Path) -> bool:
    """Whether a file has DICOM's mark after its preamble of 128 bytes (PS3.10, 7.1)."""
    try:
        with path.open("rb") as file:
            return file.read(132)[128:] == b"DICM"
    except OSError:
        return False


def _read_nifti(path: Path) -> Volume:
    image, raw = open_nifti(path, "image volume")
    while raw.ndim > 3 and raw.shape[-1] == 1:
        raw = raw[..., 0]
    if raw.ndim != 3 or min(raw.shape) < 2:
        shape = " x ".join(map(str, raw.shape))
        raise AnatomyError(
            f"{path} is not an image volume: its shape is {shape}; give one 3-D image."
        )
    if raw.dtype.kind not in "iuf":
        raise AnatomyError(
            f"{path} is not a grey image: its voxels are {raw.dtype}; give one number a voxel."
        )
    affine, warnings = world_affine(image, path)
    values, repaired = compact(raw)
    if repaired:
        warnings += (f"{path.name} has {repaired} voxels that are not numbers; shown as empty.",)
    written = bytes(image.header["descrip"]).rstrip(b"\0")  # by `write_volume`
    modality: Modality = "MR" if written == b"MR" else ""
    if written == b"CT" or (not modality and float(values.min()) < AIR_HU):
        modality = "CT"
    return Volume(values, affine, modality, path.name, warnings)


def compact(raw: NDArray[np.generic]) -> tuple[NDArray[np.int16] | NDArray[np.float32], int]:
    """Store values as int16 where that loses nothing, else as float32.

    Returns
    -------
    values, repaired
        And how many were not finite; those take the smallest finite value.
    """
    bound = np.iinfo(np.int16)
    if raw.dtype.kind in "iu":
        if raw.min() >= bound.min and raw.max() <= bound.max:
            return raw.astype(np.int16), 0
        return raw.astype(np.float32), 0
    values = raw.astype(np.float32)
    broken = ~np.isfinite(values)
    count = int(np.count_nonzero(broken))
    if count:
        values[broken] = values[~broken].min() if count < values.size else 0.0
    if (
        values.min() >= bound.min
        and values.max() <= bound.max
        and (values == np.rint(values)).all()
    ):
        return values.astype(np.int16), count
    return values, count


def write_volume(volume: Volume, path: Path) -> None:
    """Write an image as NIfTI in millimetres; nothing but voxels, place and unit is written."""
    import nibabel as nib

    nifti: Any = nib
    millimetres = np.diag([1e3, 1e3, 1e3, 1.0]) @ np.linalg.inv(WORLD_FROM_RAS) @ volume.affine
    image: Any = nifti.Nifti1Image(volume.values, millimetres)
    image.header.set_xyzt_units("mm")
    image.header["descrip"] = volume.modality.encode()
    nib.save(image, path)
