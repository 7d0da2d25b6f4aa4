"""Label volumes and organs that several tests share."""

from collections.abc import Callable
from pathlib import Path

import nibabel as nib
import numpy as np
import pytest
from numpy.typing import NDArray

from surgisim.anatomy import LabelVolume, Organ, build_organ, parametric_liver, read_labels


@pytest.fixture
def save(tmp_path: Path) -> Callable[..., Path]:
    """Write an array as NIfTI; the unit is set unless it is None."""

    def write(data: NDArray, affine=None, unit: str | None = "mm", name="labels.nii.gz") -> Path:
        image = nib.Nifti1Image(data, np.diag([2.0, 2.0, 2.0, 1.0]) if affine is None else affine)
        if unit is not None:
            image.header.set_xyzt_units(unit)
        nib.save(image, tmp_path / name)
        return tmp_path / name

    return write


@pytest.fixture(scope="session")
def cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A cache folder that all tests of a session share."""
    return tmp_path_factory.mktemp("cache")


@pytest.fixture
def liver(cache: Path, monkeypatch: pytest.MonkeyPatch) -> Organ:
    """The embedded default."""
    monkeypatch.setenv("SURGISIM_CACHE", str(cache))
    return parametric_liver().organ("liver")


@pytest.fixture(scope="session")
def ct_labels(test_data) -> LabelVolume:
    """The labels of a real abdomen."""
    return read_labels(test_data("ct/abdomen_labels.nii.gz"))


@pytest.fixture(scope="session")
def ct_liver(ct_labels: LabelVolume) -> Organ:
    """A real liver with edges of 10 mm."""
    return build_organ(ct_labels, 5, "liver", 0.010)
