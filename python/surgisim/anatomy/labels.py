"""Label volumes: a NIfTI file in which every voxel carries the number of the organ it lies in.

`nifti` says how a file's axes become the simulator's world.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from surgisim.anatomy.nifti import label_names, open_nifti, world_affine
from surgisim.errors import AnatomyError

__all__ = ["LabelVolume", "read_labels"]

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
    names
        Names of labels, where the file carries them.
    """

    data: NDArray[np.unsignedinteger[Any]]
    affine: NDArray[np.float64]
    source: str
    warnings: tuple[str, ...] = ()
    names: Mapping[int, str] = field(default_factory=dict)

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
    path = Path(path)
    image, raw = open_nifti(path, "label volume")
    affine, warnings = world_affine(image, path)
    return LabelVolume(_as_labels(raw, path), affine, path.name, warnings, label_names(image))


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
