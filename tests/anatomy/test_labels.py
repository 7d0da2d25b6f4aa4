"""Reading label volumes: what is accepted, and each refusal with its reason."""

import nibabel as nib
import numpy as np
import pytest

from surgisim.anatomy import read_labels
from surgisim.errors import AnatomyError


def block(dtype=np.uint8):
    data = np.zeros((6, 7, 8), dtype)
    data[1:4, 1:4, 1:4] = 5
    data[4:6, 4:6, 4:6] = 2
    return data


def test_labels_volume_and_presence(save):
    labels = read_labels(save(block()))
    assert labels.present() == [2, 5]
    assert labels.data.dtype == np.uint8
    assert labels.volume_ml(5) == pytest.approx(27 * 0.008)
    assert labels.mask(2).sum() == 8
    assert labels.warnings == ()


def test_world_axes_are_left_anterior_feet(save):
    """RAS (1, 0, 0) mm is the patient's right: world (-1, 0, 0) mm; superior is world -z."""
    affine = np.diag([2.0, 3.0, 4.0, 1.0])
    affine[:3, 3] = [10.0, 20.0, 30.0]
    world = read_labels(save(block(), affine)).affine
    assert world @ [0, 0, 0, 1] == pytest.approx([-0.010, 0.020, -0.030, 1])
    assert world @ [1, 1, 1, 1] == pytest.approx([-0.012, 0.023, -0.034, 1])


@pytest.mark.parametrize(("unit", "metres"), [("mm", 1e-3), ("meter", 1.0), ("micron", 1e-6)])
def test_units_come_from_the_header(save, unit, metres):
    assert read_labels(save(block(), unit=unit)).voxel_volume == pytest.approx(8 * metres**3)


def test_unknown_unit_is_told(save):
    labels = read_labels(save(block(), unit=None))
    assert labels.voxel_volume == pytest.approx(8e-9)
    assert "millimetres assumed" in labels.warnings[0]


def test_missing_orientation_is_told(save):
    path = save(block(), name="plain.nii")
    image = nib.load(path)
    image.header["sform_code"] = image.header["qform_code"] = 0
    nib.Nifti1Image(block(), None, image.header).to_filename(path)
    assert any("no orientation" in w for w in read_labels(path).warnings)


def test_whole_numbers_stored_as_floats_are_labels(save):
    assert read_labels(save(block(np.float32))).data.dtype == np.uint8


def test_a_trailing_axis_of_one_is_dropped(save):
    assert read_labels(save(block()[..., None])).data.shape == (6, 7, 8)


def many_values():
    return np.arange(6 * 20 * 20, dtype=np.uint16).reshape(6, 20, 20)


def hounsfield():
    data = block(np.int16)
    data[0, 0, 0] = -1024
    return data


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (lambda: block(np.float32) * 0.5, "fractions"),
        (lambda: np.full((4, 4, 4), np.nan, np.float32), "fractions"),
        (hounsfield, "smallest value is -1024, as in a CT"),
        (many_values, "2400 different values"),
        (lambda: np.zeros((4, 4, 4, 3), np.uint8), "4 dimensions (4 x 4 x 4 x 3)"),
        (lambda: np.zeros((4, 4), np.uint8), "2 dimensions"),
        (lambda: np.zeros((4, 4, 4), np.complex64), "complex64"),
    ],
)
def test_what_is_not_a_label_volume_is_refused(save, data, reason):
    with pytest.raises(AnatomyError, match="is not a label volume") as refusal:
        read_labels(save(data()))
    assert reason in str(refusal.value)


def test_missing_file(tmp_path):
    with pytest.raises(AnatomyError, match="No label volume at"):
        read_labels(tmp_path / "nothing.nii.gz")


@pytest.mark.parametrize("name", ["text.nii.gz", "text.nii", "text.txt"])
def test_a_file_that_is_not_nifti(tmp_path, name):
    (tmp_path / name).write_text("This is not an image. " * 40)
    with pytest.raises(AnatomyError, match="cannot be read as NIfTI"):
        read_labels(tmp_path / name)


def test_a_truncated_file(save):
    path = save(np.random.default_rng(1).integers(0, 9, (30, 30, 30)).astype(np.uint8))
    path.write_bytes(path.read_bytes()[:2000])
    with pytest.raises(AnatomyError, match="cannot be read as NIfTI"):
        read_labels(path)


def test_a_damaged_archive(save):
    path = save(np.random.default_rng(1).integers(0, 9, (30, 30, 30)).astype(np.uint8))
    whole = path.read_bytes()
    start = whole.index(b"\0", 10) + 1 if whole[3] & 8 else 10  # after the name, if it has one
    for damage in (b"\xff" * 8, b"\x00" * 8):
        path.write_bytes(whole[:start] + damage + whole[start + 8 :])
        with pytest.raises(AnatomyError, match="cannot be read as NIfTI"):
            read_labels(path)


@pytest.mark.parametrize(
    ("at", "value"),
    [
        (70, b"\x03\x00"),  # a data type that NIfTI does not define
        (42, b"\xff\x7f\xff\x7f\xff\x7f"),  # a size far beyond the file
        (42, b"\xff\xff"),  # a negative size
        (108, b"\x00\x00\xc0\x7f"),  # no number where the voxels begin
    ],
)
def test_a_damaged_header(save, at, value):
    path = save(block(), name="header.nii")
    header = path.read_bytes()
    path.write_bytes(header[:at] + value + header[at + len(value) :])
    with pytest.raises(AnatomyError, match="cannot be read as NIfTI"):
        read_labels(path)


def test_a_unit_that_nifti_does_not_define_is_told(save):
    path = save(block(), name="unit.nii")
    header = path.read_bytes()
    path.write_bytes(header[:123] + b"\x06" + header[124:])
    assert "millimetres assumed" in read_labels(path).warnings[0]


def test_a_name_too_long_for_the_file_system():
    with pytest.raises(AnatomyError, match="No label volume at"):
        read_labels("a" * 300)


def test_another_image_format(tmp_path):
    path = tmp_path / "image.mgz"
    nib.MGHImage(block(), np.eye(4)).to_filename(path)
    with pytest.raises(AnatomyError, match="is MGHImage, not NIfTI"):
        read_labels(path)


def test_singular_affine(save):
    path = save(block(), np.array([[2.0, 2, 0, 0], [0, 0, 0, 0], [0, 0, 2, 0], [0, 0, 0, 1]]))
    with pytest.raises(AnatomyError, match="singular"):
        read_labels(path)


def test_missing_label_names_those_present(save):
    with pytest.raises(AnatomyError, match=r"no voxel with label 7; labels present: 2, 5\."):
        read_labels(save(block())).mask(7)


def test_background_is_no_organ(save):
    with pytest.raises(AnatomyError, match="no voxel with label 0"):
        read_labels(save(block())).mask(0)


def test_a_volume_without_any_label(save):
    with pytest.raises(AnatomyError, match="every voxel is background"):
        read_labels(save(np.zeros((4, 4, 4), np.uint8))).mask(5)
