"""A small body: two organs in an image, as files and as a subject."""

from pathlib import Path

import nibabel as nib
import numpy as np
import pytest

from surgisim.explore import Subject, read_subject

AFFINE = np.array([[-4.0, 0, 0, 60], [0, 4.0, 0, -60], [0, 0, 4.0, -60], [0, 0, 0, 1.0]])


def voxels() -> tuple[np.ndarray, np.ndarray]:
    """Labels 5 (a ball on the patient's right) and 2 (on the left), and the CT they lie in."""
    grid = np.stack(np.meshgrid(*[np.arange(31)] * 3, indexing="ij"), axis=-1)
    ras = grid @ AFFINE[:3, :3].T + AFFINE[:3, 3]
    labels = np.zeros((31, 31, 31), np.uint8)
    labels[np.linalg.norm(ras - (28.0, 0.0, 0.0), axis=-1) < 24] = 5
    labels[np.linalg.norm(ras - (-32.0, 0.0, 8.0), axis=-1) < 16] = 2
    body = np.linalg.norm(ras * (1.0, 1.3, 1.0), axis=-1) < 59
    values = np.where(body, -80, -1000) + 140 * (labels == 5) + 250 * (labels == 2)
    return labels, values.astype(np.int16)


@pytest.fixture(scope="session")
def body(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Folder with ct.nii.gz, labels.nii.gz and names.txt."""
    folder = tmp_path_factory.mktemp("body")
    for name, data in zip(("labels", "ct"), voxels(), strict=True):
        image = nib.Nifti1Image(data, AFFINE)
        image.header.set_xyzt_units("mm")
        nib.save(image, folder / f"{name}.nii.gz")
    (folder / "names.txt").write_text("# two organs\n5 liver\n2 = kidney_left\n", "utf-8")
    return folder


@pytest.fixture(scope="session")
def subject(body: Path) -> Subject:
    return read_subject(body / "ct.nii.gz", body / "labels.nii.gz", body / "names.txt")
