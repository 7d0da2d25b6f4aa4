"""Images from NIfTI: where each value lies, what is kept, what is refused."""

import nibabel as nib
import numpy as np
import pytest

from surgisim.anatomy import read_labels, read_volume
from surgisim.anatomy.volume import Volume, write_volume
from surgisim.errors import AnatomyError

OBLIQUE = np.array([[-1.9, 0.3, 0, 40], [0.3, 2.1, 0.2, -7], [0, -0.2, 3.1, 12], [0, 0, 0, 1.0]])


def ramp(dtype=np.int16):
    i, j, k = np.meshgrid(*map(np.arange, (6, 7, 8)), indexing="ij")
    return (3 * i - 20 * j + 5 * k - 600).astype(dtype)


def test_values_and_places(save):
    volume = read_volume(save(ramp(), OBLIQUE))
    ras_mm = OBLIQUE @ [2, 3, 4, 1]
    place = volume.world([(2, 3, 4)])[0]
    np.testing.assert_allclose(place, ras_mm[:3] * [-1e-3, 1e-3, -1e-3], atol=1e-7)
    np.testing.assert_allclose(volume.index([place]), [(2, 3, 4)], atol=1e-6)
    assert volume.values.dtype == np.int16
    assert volume.modality == "CT"


def test_samples_between_voxels_are_trilinear_and_nothing_outside(save):
    volume = read_volume(save(ramp(), OBLIQUE))
    inside = np.array([(0.25, 3.5, 6.9), (4.9, 0.1, 0.0)])
    expected = inside @ [3, -20, 5] - 600
    np.testing.assert_allclose(volume.sample(volume.world(inside)), expected, atol=1e-3)
    assert np.isnan(volume.sample(volume.world([(-0.2, 3, 3), (3, 3, 7.2)]))).all()


def test_fractions_and_what_is_not_a_number(save):
    data = ramp(np.float32) * 0.3 + 500.0
    data[1, 2, 3] = np.nan
    volume = read_volume(save(data))
    assert volume.values.dtype == np.float32
    assert volume.values[1, 2, 3] == data[np.isfinite(data)].min()
    assert volume.modality == ""
    assert "1 voxels that are not numbers" in volume.warnings[0]


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (np.zeros((4, 5), np.int16), "not an image volume"),
        (np.zeros((4, 5, 6, 2), np.int16), "not an image volume"),
        (np.zeros((4, 5, 1), np.int16), "not an image volume"),
        (np.zeros((4, 5, 6), np.complex64), "not a grey image"),
    ],
)
def test_what_is_no_image_is_refused(save, data, said):
    with pytest.raises(AnatomyError, match=said):
        read_volume(save(data))


def test_an_image_written_is_read_as_it_was(save, tmp_path):
    volume = read_volume(save(ramp(), OBLIQUE))
    write_volume(volume.moved((0.1, 0.2, 0.3)), tmp_path / "again.nii.gz")
    again = read_volume(tmp_path / "again.nii.gz")
    np.testing.assert_array_equal(again.values, volume.values)
    np.testing.assert_allclose(
        again.affine[:3, 3], volume.affine[:3, 3] + [0.1, 0.2, 0.3], atol=1e-6
    )
    np.testing.assert_allclose(again.affine[:3, :3], volume.affine[:3, :3], atol=1e-9)
    assert again.warnings == ()


@pytest.mark.parametrize("modality", ["CT", "MR"])
def test_an_image_written_remembers_what_it_is(tmp_path, modality):
    image = Volume(np.zeros((3, 4, 5), np.int16), np.eye(4), modality, "x")
    write_volume(image, tmp_path / "image.nii.gz")
    assert read_volume(tmp_path / "image.nii.gz").modality == modality


def test_the_corners_are_those_of_the_voxels(save):
    volume = read_volume(save(ramp(), np.diag([2.0, 2.0, 3.0, 1.0])))
    size = np.ptp(volume.corners(), axis=0)
    np.testing.assert_allclose(size, [0.012, 0.014, 0.024])


def test_names_of_labels_come_from_the_header(tmp_path):
    image = nib.Nifti1Image(np.eye(4, dtype=np.uint8)[..., None].repeat(4, -1) * 5, np.eye(4))
    table = (
        b"<CaretExtension><LabelTable><Label Key='7'>no</Label>"
        b'<Label Key="5" Red="0"><![CDATA[liver]]></Label><Label Key="6" >a &amp; b</Label>'
        b'<!ENTITY x "y"><Label Key="9">&x;</Label></LabelTable></CaretExtension>'
    )
    image.header.extensions.append(nib.nifti1.Nifti1Extension(0, table))
    image.header.set_xyzt_units("mm")
    nib.save(image, tmp_path / "named.nii.gz")
    assert read_labels(tmp_path / "named.nii.gz").names == {5: "liver", 6: "a & b", 9: "&x;"}


def test_a_real_image_lies_on_its_labels(test_data):
    image = read_volume(test_data("ct/abdomen_ct.nii.gz"))
    labels = read_labels(test_data("ct/abdomen_labels.nii.gz"))
    assert image.modality == "CT"
    np.testing.assert_allclose(image.affine, labels.affine)
    liver = image.values[labels.mask(5)]
    assert 35 < np.median(liver) < 70  # HU of a liver without contrast medium
    assert labels.names[5] == "liver"
