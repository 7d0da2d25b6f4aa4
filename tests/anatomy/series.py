"""DICOM series written slice by slice, for tests."""

from pathlib import Path

import numpy as np
from pydicom.dataset import Dataset, FileDataset, FileMetaDataset
from pydicom.uid import CTImageStorage, ExplicitVRLittleEndian, generate_uid

NAME = "Secret^Patient"
SERIES = generate_uid()


def dataset(pixels: np.ndarray, position, *, row=(1, 0, 0), column=(0, 1, 0), **fields) -> Dataset:
    """Return one slice: stored int16 pixels (rows, columns) at a place in LPS millimetres."""
    meta = FileMetaDataset()
    meta.TransferSyntaxUID = ExplicitVRLittleEndian
    meta.MediaStorageSOPClassUID = CTImageStorage
    meta.MediaStorageSOPInstanceUID = generate_uid()
    data = FileDataset("x", {}, file_meta=meta, preamble=b"\0" * 128)
    data.SOPClassUID, data.SOPInstanceUID = CTImageStorage, meta.MediaStorageSOPInstanceUID
    data.PatientName, data.PatientID = NAME, "4711"
    data.SeriesDescription = f"abdomen of {NAME}"
    data.Modality, data.SeriesInstanceUID = "CT", SERIES
    data.Rows, data.Columns = pixels.shape
    data.PixelSpacing = [0.8, 0.5]
    data.ImagePositionPatient = [f"{v:.6g}" for v in position]
    data.ImageOrientationPatient = [f"{v:.6g}" for v in (*row, *column)]
    data.SamplesPerPixel, data.PhotometricInterpretation = 1, "MONOCHROME2"
    data.BitsAllocated, data.BitsStored, data.HighBit, data.PixelRepresentation = 16, 16, 15, 1
    data.RescaleSlope, data.RescaleIntercept = "2", "-1024"
    data.PixelData = pixels.astype("<i2").tobytes()
    for name, value in fields.items():
        if value is None:
            delattr(data, name)
        else:
            setattr(data, name, value)
    return data


def write(folder: Path, name: str, data: Dataset) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    data.save_as(folder / name, enforce_file_format=True)
    return folder / name


def block(count: int = 6, rows: int = 4, columns: int = 5) -> np.ndarray:
    """Stored values, (slices, rows, columns), each different."""
    return np.arange(count * rows * columns, dtype=np.int16).reshape(count, rows, columns)


def write_block(folder: Path, *, step=(0.0, 0.0, 1.5), order=None, **fields) -> np.ndarray:
    """Write `block`, slice k at (10, 20, 30) + k step; names follow `order`."""
    stored = block()
    for name, k in enumerate(order if order is not None else range(len(stored))):
        place = np.array([10.0, 20.0, 30.0]) + k * np.asarray(step)
        write(folder, f"{name:03d}", dataset(stored[k], place, **fields))
    return stored
