"""DICOM series: where each value lies, what is refused, and that the patient stays unnamed."""

import logging
from importlib.util import find_spec

import numpy as np
import pytest
from pydicom import dcmread
from pydicom.encaps import encapsulate
from pydicom.uid import JPEGLosslessSV1

from surgisim.anatomy import read_volume
from surgisim.errors import AnatomyError

from .series import NAME, block, dataset, write, write_block


def test_values_and_places_of_a_series_in_any_order_of_files(tmp_path):
    stored = write_block(tmp_path, order=[3, 0, 5, 1, 4, 2])
    volume = read_volume(tmp_path)
    assert volume.values.dtype == np.int16
    assert volume.values.shape == (5, 4, 6)
    np.testing.assert_array_equal(volume.values, 2 * stored.T.astype(int) - 1024)
    column, row, k = 3, 2, 4
    lps = np.array([10 + 0.5 * column, 20 + 0.8 * row, 30 + 1.5 * k])
    place = volume.world([(column, row, k)])[0]
    np.testing.assert_allclose(place, lps * [1e-3, -1e-3, -1e-3], atol=1e-12)
    np.testing.assert_allclose(volume.sample([place]), 2 * stored[k, row, column] - 1024)
    assert np.linalg.det(volume.affine[:3, :3]) > 0
    assert (volume.modality, volume.source, volume.warnings) == ("CT", "CT, 6 slices", ())


def test_a_sagittal_series(tmp_path):
    stored = write_block(tmp_path, step=(1.5, 0, 0), row=(0, 1, 0), column=(0, 0, -1))
    volume = read_volume(tmp_path)
    place = np.array([10 + 1.5 * 2, 20 + 0.5 * 4, 30 - 0.8 * 1]) * [1e-3, -1e-3, -1e-3]
    np.testing.assert_allclose(volume.sample([place]), 2 * stored[2, 1, 4] - 1024)


def test_a_tilted_gantry_is_kept_as_a_sheared_grid(tmp_path):
    write_block(tmp_path, step=(0.0, 0.4, 1.5))
    volume = read_volume(tmp_path)
    assert "tilted by 14.9 degrees" in volume.warnings[0]
    np.testing.assert_allclose(
        volume.world([(0, 0, 5)])[0], [0.010, -(0.020 + 5 * 0.0004), -(0.030 + 5 * 0.0015)]
    )


def test_fractional_slopes_become_floats(tmp_path):
    stored = write_block(tmp_path, RescaleSlope="0.25", RescaleIntercept="0.5", Modality="MR")
    volume = read_volume(tmp_path)
    assert volume.values.dtype == np.float32
    assert volume.modality == "MR"
    assert volume.values[1, 2, 3] == 0.25 * stored[3, 2, 1] + 0.5


def test_what_is_neither_ct_nor_mri_is_not_called_one(tmp_path):
    write_block(tmp_path, Modality="PT")  # a PET
    volume = read_volume(tmp_path)
    assert (volume.modality, volume.source) == ("", "PT, 6 slices")


def test_a_missing_slice_is_told(tmp_path):
    write_block(tmp_path)
    (tmp_path / "003").unlink()
    with pytest.raises(AnatomyError, match=r"after slice 3 the step is 3\.00 mm and not 1\.50 mm"):
        read_volume(tmp_path)


def test_a_slice_written_twice_is_taken_once(tmp_path):
    write_block(tmp_path)
    write(tmp_path, "again", dataset(block()[2], (10, 20, 33)))
    volume = read_volume(tmp_path)
    assert volume.values.shape == (5, 4, 6)
    assert "twice" in volume.warnings[0]


def test_two_phases_at_one_place_are_refused(tmp_path):
    write_block(tmp_path)
    write(tmp_path, "again", dataset(block()[2] + 7, (10, 20, 33)))
    with pytest.raises(AnatomyError, match=r"Files 3 and 7 .* several phases"):
        read_volume(tmp_path)


def test_of_two_series_one_must_be_chosen(tmp_path):
    write_block(tmp_path / "a")
    write_block(tmp_path / "b", SeriesInstanceUID="1.2.3", Modality="MR")
    with pytest.raises(AnatomyError, match=r"2 series \(1: CT, 6 slices of 4 x 5; 2: MR, 6 sli"):
        read_volume(tmp_path)
    assert read_volume(tmp_path, series=2).modality == "MR"
    with pytest.raises(AnatomyError, match="has no series 3"):
        read_volume(tmp_path, series=3)


def test_a_scout_beside_a_series_is_left_out(tmp_path):
    write_block(tmp_path)
    write(tmp_path, "scout", dataset(block()[0], (0, 0, 0), row=(0, 1, 0), column=(0, 0, -1)))
    volume = read_volume(tmp_path)
    assert volume.values.shape == (5, 4, 6)
    assert "1 shorter series" in volume.warnings[0]


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"SamplesPerPixel": 3, "PhotometricInterpretation": "RGB"}, "colour"),
        ({"PhotometricInterpretation": "PALETTE COLOR"}, "palette"),
        ({"NumberOfFrames": 4}, "many frames"),
        ({"ImagePositionPatient": None}, "no place in the patient"),
        ({"PixelSpacing": [0, 0.5]}, "pixels have no size"),
        ({"ImageOrientationPatient": [1, 0, 0, 1, 0, 0]}, "no right-angled orientation"),
        ({"PixelData": b"\0\0"}, "is damaged"),
    ],
)
def test_what_is_no_grey_slice_is_refused(tmp_path, fields, said):
    write_block(tmp_path, **fields)
    with pytest.raises(AnatomyError, match=said):
        read_volume(tmp_path)


def test_a_compression_that_cannot_be_read_is_named(tmp_path):
    if find_spec("gdcm") is not None:
        pytest.skip("python-gdcm is installed")
    data = write_block(tmp_path)
    for path in sorted(tmp_path.iterdir()):
        one = dcmread(path)
        one.file_meta.TransferSyntaxUID = JPEGLosslessSV1
        one.PixelData = encapsulate([data[0].tobytes()])
        one["PixelData"].is_undefined_length = True
        one.save_as(path, enforce_file_format=True)
    with pytest.raises(AnatomyError, match=r"JPEG Lossless.*install python-gdcm"):
        read_volume(tmp_path)


def test_other_files_are_passed_over_and_broken_ones_are_told(tmp_path):
    with pytest.raises(AnatomyError, match="holds no DICOM image"):
        read_volume(tmp_path)
    (tmp_path / "notes.txt").write_text("a note")
    with pytest.raises(AnatomyError, match="holds no DICOM image"):
        read_volume(tmp_path)
    write_block(tmp_path)
    assert read_volume(tmp_path).values.shape == (5, 4, 6)
    path = tmp_path / "002"
    path.write_bytes(path.read_bytes()[:400])
    with pytest.raises(AnatomyError):
        read_volume(tmp_path)


def test_one_slice_alone_is_told_to_give_its_folder(tmp_path):
    write_block(tmp_path)
    with pytest.raises(AnatomyError, match="one DICOM slice; give the folder"):
        read_volume(tmp_path / "002")


@pytest.mark.parametrize("seed", range(40))
def test_scrambled_files_end_in_one_sentence(tmp_path, seed):
    """Whatever bytes change, there is a volume or an AnatomyError, and no name in it."""
    write_block(tmp_path)
    rng = np.random.default_rng(seed)
    path = tmp_path / "001"
    content = np.frombuffer(path.read_bytes(), np.uint8).copy()
    content[rng.integers(132, len(content), 6)] = rng.integers(0, 256, 6)
    path.write_bytes(content.tobytes())
    said = ""
    try:
        read_volume(tmp_path)
    except AnatomyError as error:
        said = str(error)
    assert "\n" not in said
    assert "Secret" not in said


def test_the_patient_is_named_nowhere(tmp_path, caplog, capsys):
    caplog.set_level(logging.DEBUG)
    write_block(tmp_path)
    volume = read_volume(tmp_path)
    write_block(tmp_path, PatientBirthDate="19700101", PixelSpacing=None)
    with pytest.raises(AnatomyError) as refused:
        read_volume(tmp_path)
    out = capsys.readouterr()
    said = " ".join([repr(volume), str(refused.value), caplog.text, out.out, out.err])
    for word in NAME.split("^"):
        assert word not in said
    assert "4711" not in said


def test_a_real_series_of_jpeg_2000(test_data):
    volume = read_volume(test_data("ct/dicom"))
    assert volume.values.shape == (512, 512, 20)
    assert (volume.values.min(), volume.values.max()) == (-1024, 1839)
    np.testing.assert_allclose(volume.spacing, [0.9765625e-3, 0.9765625e-3, 2e-3])
    assert volume.warnings == ()
    # the files' names run towards the feet, the stack towards the head
    np.testing.assert_allclose(volume.affine[:3, 2], [0, 0, -2e-3])


def test_large_unsigned_values_do_not_wrap_around(tmp_path):
    stored = block().astype(np.uint32) + np.uint32(3_000_000_000)
    wide = {"BitsAllocated": 32, "BitsStored": 32, "HighBit": 31, "PixelRepresentation": 0}
    for k, pixels in enumerate(stored):
        fields = wide | {"RescaleSlope": "1", "RescaleIntercept": "0", "Modality": "MR"}
        data = dataset(pixels.astype(np.int16), (10, 20, 30 + 1.5 * k), **fields)
        data.PixelData = pixels.astype("<u4").tobytes()
        write(tmp_path, f"{k:03}", data)
    values = read_volume(tmp_path).values
    np.testing.assert_allclose(values, stored.T.astype(np.float64), rtol=1e-6)
