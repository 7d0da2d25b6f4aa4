"""A folder of DICOM files, one slice each, as a volume.

Only the attributes in `GEOMETRY` and `PIXELS` are taken from a file: name, birth date, number and
all else that a file says of the patient is passed over unread, so that it can neither be shown nor
written. Messages name files by their number, since file names hold names of patients, too.

Uncompressed, deflated, run-length coded and JPEG 2000 pixels can be read with what is installed;
JPEG Lossless and JPEG-LS need the package python-gdcm (Apache-2.0).
"""

import logging
import warnings
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from surgisim.anatomy.dicom_stack import SliceHeader, Stack, stack
from surgisim.anatomy.nifti import MOST_VOXELS
from surgisim.anatomy.volume import Modality, Volume, compact
from surgisim.errors import AnatomyError

__all__ = ["read_series"]

GEOMETRY = [
    "SOPClassUID", "Modality", "SeriesInstanceUID", "ImageType", "SamplesPerPixel",
    "PhotometricInterpretation", "NumberOfFrames", "Rows", "Columns", "PixelSpacing",
    "ImagePositionPatient", "ImageOrientationPatient",
]  # fmt: skip
PIXELS = [
    "SamplesPerPixel", "PhotometricInterpretation", "NumberOfFrames", "Rows", "Columns",
    "BitsAllocated", "BitsStored", "HighBit", "PixelRepresentation", "PlanarConfiguration",
    "RescaleSlope", "RescaleIntercept", "PixelData",
]  # fmt: skip

MOST_FILES = 20_000
_MODALITIES: dict[str, Modality] = {"CT": "CT", "MR": "MR"}
SCOUT_SLICES = 3
"""Series of up to so many slices beside one long series are scouts, which show where it lies."""


@dataclass(frozen=True, slots=True)
class _File:
    path: Path
    modality: str
    header: SliceHeader
    key: tuple[Any, ...]


def read_series(folder: Path, series: int | None = None) -> Volume:
    """Read the series of a folder.

    Parameters
    ----------
    folder
        Searched with the folders in it; files that are not DICOM are passed over.
    series
        Which of several, from 1.

    Raises
    ------
    AnatomyError
        If there is no series, several and none was chosen, or it makes no volume.
    """
    groups = _grouped(_files(folder), folder)
    files, notes = _chosen(groups, folder, series)
    placed = stack([f.header for f in files], str(folder))
    rows, columns = files[0].header.shape
    if rows * columns * len(placed.order) > MOST_VOXELS:
        raise AnatomyError(
            f"The series in {folder} has {len(placed.order)} slices of {rows} x {columns}, more "
            f"than {MOST_VOXELS} voxels; give a coarser one."
        )
    notes += _doubles(files, placed, folder)
    if placed.tilt_deg > 0.5:
        notes.append(f"The gantry was tilted by {placed.tilt_deg:.1f} degrees; kept as it was.")
    raw = np.stack([_pixels(files[k], folder) for k in placed.order])  # slice, row, column
    values, _ = compact(raw.T)
    modality = _MODALITIES.get(files[0].modality, "")
    source = f"{files[0].modality}, {len(placed.order)} slices"
    return Volume(values, placed.affine, modality, source, tuple(notes))


@contextmanager
def _quiet() -> Iterator[None]:
    """Keep pydicom's warnings and log to itself: they quote what the file says."""
    logger = logging.getLogger("pydicom")
    before = logger.disabled
    logger.disabled = True
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    finally:
        logger.disabled = before


def _files(folder: Path) -> list[_File]:
    """Headers of the DICOM images of a folder, in the order of their names."""
    from pydicom import dcmread
    from pydicom.errors import InvalidDicomError

    paths = sorted(p for p in folder.rglob("*") if p.is_file() and p.name != "DICOMDIR")
    if len(paths) > MOST_FILES:
        raise AnatomyError(
            f"{folder} holds {len(paths)} files, more than {MOST_FILES}; give one series' folder."
        )
    found = []
    for number, path in enumerate(paths, start=1):
        try:
            with _quiet():
                data = dcmread(path, stop_before_pixels=True, specific_tags=list(GEOMETRY))
                if "Rows" in data:
                    found.append(_file(data, path, number, folder))
        except InvalidDicomError:
            continue
        except AnatomyError:
            raise
        except Exception as error:  # pydicom raises whatever its parsers met
            raise _broken(number, folder, type(error).__name__) from None
    if not found:
        raise AnatomyError(
            f"{folder} holds no DICOM image; give the folder of a series, or a .nii.gz file."
        )
    return found


def _broken(number: int, folder: Path, why: str) -> AnatomyError:
    return AnatomyError(
        f"File {number} in {folder} (in the order of names) is damaged ({why}); "
        "export the series again."
    )


def _file(data: Any, path: Path, number: int, folder: Path) -> _File:
    """Keep what is needed of one file's header."""
    where = f"File {number} in {folder} (in the order of names)"
    if int(data.get("NumberOfFrames") or 1) > 1:
        raise AnatomyError(
            f"{where} holds many frames in one file; export the series with a file for each "
            "slice, or as NIfTI."
        )
    if int(data.get("SamplesPerPixel") or 1) != 1 or (
        data.get("PhotometricInterpretation", "MONOCHROME2") != "MONOCHROME2"
    ):
        raise AnatomyError(
            f"{where} is a colour, palette or inverted picture, not a grey slice; "
            "give the original CT or MR series."
        )
    shape = (int(data.Rows), int(data.Columns))
    place, turn = data.get("ImagePositionPatient"), data.get("ImageOrientationPatient")
    spacing = data.get("PixelSpacing")
    if not place or not turn or not spacing:
        raise AnatomyError(
            f"{where} has no place in the patient (position, orientation or pixel spacing is "
            "missing), as in a photographed or projected picture; give a CT or MR series."
        )
    x, y = tuple(map(float, turn[:3])), tuple(map(float, turn[3:6]))
    p, d = tuple(map(float, place)), tuple(map(float, spacing))
    if not np.isfinite((*p, *x, *y, *d)).all() or (len(p), len(x), len(y), len(d)) != (3, 3, 3, 2):
        raise _broken(number, folder, "its place is not three numbers")
    if min(d) <= 0.0 or min(shape) < 1:
        raise _broken(number, folder, "its pixels have no size")
    header = SliceHeader(number, p, x, y, d, shape)  # type: ignore[arg-type]
    turned = tuple(round(v, 3) for v in (*x, *y))
    key = (str(data.get("SeriesInstanceUID") or ""), shape, turned, tuple(round(v, 4) for v in d))
    return _File(path, str(data.get("Modality") or "OT")[:2], header, key)


def _grouped(files: Sequence[_File], folder: Path) -> list[list[_File]]:
    """Files by series, grid and orientation, in the order of their first file."""
    groups: dict[tuple[Any, ...], list[_File]] = {}
    for file in files:
        groups.setdefault(file.key, []).append(file)
    return list(groups.values())


def _chosen(
    groups: list[list[_File]], folder: Path, series: int | None
) -> tuple[list[_File], list[str]]:
    listed = "; ".join(
        f"{n}: {g[0].modality}, {len(g)} slices of {g[0].header.shape[0]} x {g[0].header.shape[1]}"
        for n, g in enumerate(groups, start=1)
    )
    if series is not None:
        if not 1 <= series <= len(groups):
            raise AnatomyError(f"{folder} has no series {series}; it holds {listed}.")
        return groups[series - 1], []
    long = [g for g in groups if len(g) > SCOUT_SLICES]
    if len(groups) == 1:
        return groups[0], []
    if len(long) == 1:
        count = len(groups) - 1
        return long[0], [f"{count} shorter series in {folder} was left out." if count == 1 else
                         f"{count} shorter series in {folder} were left out."]  # fmt: skip
    raise AnatomyError(
        f"{folder} holds {len(groups)} series ({listed}); choose one with --series NUMBER."
    )


def _doubles(files: Sequence[_File], placed: Stack, folder: Path) -> list[str]:
    """Leave out slices that were exported twice; refuse different ones at one place."""
    for kept, other in placed.doubles:
        if not np.array_equal(_pixels(files[kept], folder), _pixels(files[other], folder)):
            a, b = files[kept].header.number, files[other].header.number
            raise AnatomyError(
                f"Files {a} and {b} in {folder} are different slices of the same place, as in a "
                "series with several phases or echoes; export one of them alone."
            )
    count = len(placed.doubles)
    return [f"{count} slices were there twice; each was taken once."] if count else []


def _pixels(file: _File, folder: Path) -> NDArray[np.generic]:
    """Values of one slice, (rows, columns): slope * stored + intercept (PS3.3 C.11.1)."""
    from pydicom import dcmread

    number = file.header.number
    try:
        with _quiet():
            data = dcmread(file.path, specific_tags=list(PIXELS))
            syntax = data.file_meta.TransferSyntaxUID.name
            stored = data.pixel_array
            slope = float(data.get("RescaleSlope") or 1.0)
            intercept = float(data.get("RescaleIntercept") or 0.0)
    except (RuntimeError, NotImplementedError):
        raise AnatomyError(
            f"File {number} in {folder} is compressed as {syntax}, which cannot be read here; "
            "install python-gdcm, or export without compression."
        ) from None
    except Exception as error:  # pydicom and the decoders raise whatever they met
        raise _broken(number, folder, type(error).__name__) from None
    if stored.shape != file.header.shape:
        raise _broken(number, folder, "its pixels do not fill its rows and columns")
    if slope == int(slope) and intercept == int(intercept):
        return stored.astype(np.int64) * int(slope) + int(intercept)
    return (stored * slope + intercept).astype(np.float32)
