"""Label volumes: a NIfTI file in which every voxel carries the number of the organ it lies in.

NIfTI's world is RAS+: +x towards the patient's right, +y anterior, +z superior. The simulator's
world is +x towards the patient's left, +y anterior (up: the patient lies on the back), -z towards
the head, in metres: ``x = -R, y = A, z = -S``, a half turn about the anterior axis.
"""

import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from surgisim.errors import AnatomyError

__all__ = ["WORLD_FROM_RAS", "LabelVolume", "read_labels"]

WORLD_FROM_RAS = np.diag([-1.0, 1.0, -1.0, 1.0])

METRES_PER_UNIT = {"mm": 1e-3, "meter": 1.0, "micron": 1e-6}
MOST_LABELS = 1024
"""More distinct values than this are an image, not labels (TotalSegmentator has 118 classes)."""


@dataclass(frozen=True, eq=False)
class LabelVolume:
    """Organ labels on a grid that may be anisotropic, rotated, flipped or sheared.

    Attributes
    ----------
    data
        Labels, shape (i, j, k), unsigned integers; 0 is background.
    affine
        World metres from voxel index (voxel centres at whole numbers), shape (4, 4).
    source
        Where it came from, for people.
    warnings
        What had to be assumed.
    """

    data: NDArray[np.unsignedinteger[Any]]
    affine: NDArray[np.float64]
    source: str
    warnings: tuple[str, ...] = ()

    @property
    def voxel_volume(self) -> float:
        """Volume of a voxel, m^3."""
        return float(abs(np.linalg.det(self.affine[:3, :3])))

    def present(self) -> list[int]:
        """Return the labels in use, without the background."""
        return [int(v) for v in np.unique(self.data) if v != 0]

    def mask(self, label: int) -> NDArray[np.bool_]:
        """Voxels of one label, shape (i, j, k).

        Raises
        ------
        AnatomyError
            If no voxel carries the label.
        """
        found: NDArray[np.bool_] = self.data == label
        if label > 0 and found.any():
            return found
        present = self.present()
        if not present:
            raise AnatomyError(
                f"{self.source} has no label {label}: every voxel is background (0); "
                "choose a volume in which organs are labelled."
            )
        listed = ", ".join(map(str, present[:20])) + (", ..." if len(present) > 20 else "")
        raise AnatomyError(
            f"{self.source} has no voxel with label {label}; labels present: {listed}."
        )

    def volume_ml(self, label: int) -> float:
        """Volume of a label, mL."""
        return float(np.count_nonzero(self.data == label)) * self.voxel_volume * 1e6


def read_labels(path: str | Path) -> LabelVolume:
    """Read a NIfTI label volume (.nii, .nii.gz).

    Parameters
    ----------
    path
        The file. Whole numbers stored as floats are accepted, fractions are not.

    Raises
    ------
    AnatomyError
        If the file is missing, is not NIfTI, is not a 3-D volume of labels, or its affine is
        singular.
    """
    import nibabel as nib

    path = Path(path)
    if not os.path.isfile(path):  # noqa: PTH113  Path.is_file raises on names that are too long
        raise AnatomyError(f"No label volume at {path}; give the path of a .nii or .nii.gz file.")
    try:
        image: Any = nib.load(path)
        raw = np.asanyarray(image.dataobj)
    except Exception as error:  # nibabel raises whatever its parsers met
        raise AnatomyError(
            f"{path} cannot be read as NIfTI ({_first_line(error)}); "
            "export the labels as .nii or .nii.gz."
        ) from error
    if not isinstance(image, nib.Nifti1Image):  # Nifti2Image is a subclass
        raise AnatomyError(
            f"{path} is {type(image).__name__}, not NIfTI; export the labels as .nii or .nii.gz."
        )
    affine, warnings = _world_affine(image.affine, image.header, path)
    return LabelVolume(_as_labels(raw, path), affine, path.name, warnings)


def _first_line(error: BaseException) -> str:
    return str(error).splitlines()[0] if str(error) else type(error).__name__


def _world_affine(
    affine: NDArray[np.float64], header: Any, path: Path
) -> tuple[NDArray[np.float64], tuple[str, ...]]:
    """Metres of the simulator's world from voxel index, with what had to be assumed."""
    warnings = []
    try:
        unit = header.get_xyzt_units()[0]
    except KeyError:  # a code that NIfTI does not define
        unit = "unknown"
    if unit not in METRES_PER_UNIT:
        warnings.append(f"{path.name} names no unit of length; millimetres assumed.")
    if int(header["sform_code"]) == 0 and int(header["qform_code"]) == 0:
        warnings.append(f"{path.name} names no orientation; NIfTI's default axes assumed.")
    scale = METRES_PER_UNIT.get(unit, 1e-3)
    metres = np.diag([scale, scale, scale, 1.0]) @ np.asarray(affine, dtype=np.float64)
    spacing = np.linalg.norm(metres[:3, :3], axis=0)
    if not np.isfinite(metres).all() or (
        abs(np.linalg.det(metres[:3, :3])) <= 1e-6 * float(spacing.prod())
    ):
        raise AnatomyError(
            f"The affine of {path} is singular, so its voxels have no place in space; "
            "repair the header (sform or qform)."
        )
    return WORLD_FROM_RAS @ metres, tuple(warnings)


def _as_labels(raw: NDArray[Any], path: Path) -> NDArray[np.unsignedinteger[Any]]:
    """Check that an array holds labels and return it as unsigned integers."""
    what = f"{path} is not a label volume"
    while raw.ndim > 3 and raw.shape[-1] == 1:
        raw = raw[..., 0]
    if raw.ndim != 3:
        shape = " x ".join(map(str, raw.shape))
        raise AnatomyError(f"{what}: it has {raw.ndim} dimensions ({shape}); give one 3-D volume.")
    if raw.dtype.kind not in "iuf":
        raise AnatomyError(f"{what}: its voxels are {raw.dtype}; labels are whole numbers.")
    if raw.dtype.kind == "f" and not (np.isfinite(raw).all() and (raw == np.rint(raw)).all()):
        raise AnatomyError(
            f"{what}: its voxels are fractions, as in an image or a probability map; "
            "give whole-number labels."
        )
    low, high = int(raw.min(initial=0)), int(raw.max(initial=0))
    if low < 0:
        raise AnatomyError(
            f"{what}: its smallest value is {low}, as in a CT in Hounsfield units; "
            "give the segmentation of that CT."
        )
    kinds = len(np.unique(raw))
    if high > np.iinfo(np.uint32).max or kinds > MOST_LABELS:
        raise AnatomyError(
            f"{what}: it has {kinds} different values up to {high}, as in an image; "
            "give a segmentation."
        )
    return raw.astype(np.min_scalar_type(high))
