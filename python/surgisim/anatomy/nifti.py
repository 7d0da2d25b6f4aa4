"""NIfTI files: the image, its place in the simulator's world, and the names it carries.

NIfTI's world is RAS+: +x towards the patient's right, +y anterior, +z superior. The simulator's
world is +x towards the patient's left, +y anterior (up: the patient lies on the back), -z towards
the head, in metres: ``x = -R, y = A, z = -S``, a half turn about the anterior axis.
"""

import html
import math
import os
import re
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from surgisim.errors import AnatomyError

__all__ = ["MOST_VOXELS", "WORLD_FROM_RAS", "label_names", "open_nifti", "world_affine"]

WORLD_FROM_RAS = np.diag([-1.0, 1.0, -1.0, 1.0])
METRES_PER_UNIT = {"mm": 1e-3, "meter": 1.0, "micron": 1e-6}
MOST_VOXELS = 2**30
"""1024 x 1024 x 1024: more than any clinical image, less than a forged header may ask for."""

_LABEL = re.compile(
    r'<Label\b[^>]*?\bKey="(\d{1,10})"[^>]*>\s*(?:<!\[CDATA\[(.{1,128}?)\]\]>|([^<]{1,128}))', re.S
)


def open_nifti(path: Path, what: str) -> tuple[Any, NDArray[Any]]:
    """Open a .nii or .nii.gz file.

    Parameters
    ----------
    path
        The file.
    what
        What it should hold, for messages: "label volume".

    Returns
    -------
    image, voxels
        nibabel's image, and its values with slope and intercept applied.

    Raises
    ------
    AnatomyError
        If the file is missing, is not NIfTI, or is larger than any image.
    """
    import nibabel as nib

    if not os.path.isfile(path):  # noqa: PTH113  Path.is_file raises on names that are too long
        raise AnatomyError(f"No {what} at {path}; give the path of a .nii or .nii.gz file.")
    export = f"export the {what.split()[0]}s as .nii or .nii.gz."
    try:
        image: Any = nib.load(path)
        _refuse_beyond_memory(image.shape)
        voxels = np.asanyarray(image.dataobj)
    except Exception as error:  # nibabel raises whatever its parsers met
        raise AnatomyError(
            f"{path} cannot be read as NIfTI ({_first_line(error)}); {export}"
        ) from (error)
    if not isinstance(image, nib.Nifti1Image):  # Nifti2Image is a subclass
        raise AnatomyError(f"{path} is {type(image).__name__}, not NIfTI; {export}")
    return image, voxels


def _refuse_beyond_memory(shape: tuple[int, ...]) -> None:
    if math.prod(int(n) for n in shape) > MOST_VOXELS:
        size = " x ".join(map(str, shape))
        raise ValueError(f"its header names {size} voxels, more than {MOST_VOXELS}")


def _first_line(error: BaseException) -> str:
    return str(error).splitlines()[0] if str(error) else type(error).__name__


def world_affine(image: Any, path: Path) -> tuple[NDArray[np.float64], tuple[str, ...]]:
    """Metres of the simulator's world from voxel index (4, 4), with what had to be assumed.

    Raises
    ------
    AnatomyError
        If the affine is singular.
    """
    header = image.header
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
    metres = np.diag([scale, scale, scale, 1.0]) @ np.asarray(image.affine, dtype=np.float64)
    spacing = np.linalg.norm(metres[:3, :3], axis=0)
    if not np.isfinite(metres).all() or (
        abs(np.linalg.det(metres[:3, :3])) <= 1e-6 * float(spacing.prod())
    ):
        raise AnatomyError(
            f"The affine of {path} is singular, so its voxels have no place in space; "
            "repair the header (sform or qform)."
        )
    return WORLD_FROM_RAS @ metres, tuple(warnings)


def label_names(image: Any) -> dict[int, str]:
    """Names of labels from the label table that some tools write into the header.

    The table is the XML of Caret and the Connectome Workbench: ``<Label Key="5">liver</Label>``
    or the same with CDATA. It is searched by pattern, so nothing in it is ever expanded.
    """
    names: dict[int, str] = {}
    for extension in image.header.extensions:
        content = extension.get_content()
        text = content.decode("utf-8", "replace") if isinstance(content, bytes) else str(content)
        for key, quoted, plain in _LABEL.findall(text[:1_000_000]):
            name = " ".join((quoted or html.unescape(plain)).split())
            if name.isprintable() and name:
                names.setdefault(int(key), name)
    return names
