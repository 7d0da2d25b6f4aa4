"""Surfaces of all labels: where they lie, what they enclose, what they are called; the image
that is kept with an anatomy lies on its organs."""

import dataclasses

import nibabel as nib
import numpy as np
import pytest

from surgisim import anatomy
from surgisim.anatomy import LabelVolume, label_parts, quality, read_labels
from surgisim.anatomy.parametric import parametric_labels
from surgisim.errors import AnatomyError

AFFINES = [
    np.diag([0.002, 0.002, 0.003, 1.0]),
    np.array([[-0.002, 0, 0, 0.1], [0, 0.0016, 0.0012, 0], [0, -0.0012, 0.0016, 0], [0, 0, 0, 1]]),
]


def two_balls(affine) -> LabelVolume:
    grid = np.stack(np.meshgrid(*[np.arange(40)] * 3, indexing="ij"), axis=-1)
    data = np.zeros((40, 40, 40), np.uint8)
    data[np.linalg.norm(grid - 12.0, axis=-1) < 9] = 3
    data[np.linalg.norm(grid - 30.0, axis=-1) < 5] = 8
    return LabelVolume(data, affine, "balls", names={3: "big_ball"})


def enclosed(part) -> float:
    return quality.enclosed_volume(part.points.astype(float), part.triangles) * 1e6


@pytest.mark.parametrize("affine", AFFINES)
def test_a_surface_encloses_its_label_and_nothing_else(affine):
    labels = two_balls(affine)
    parts = label_parts(labels)
    assert [p.name for p in parts] == ["big ball", "label 8"]
    for part in parts:
        assert part.volume_ml == pytest.approx(labels.volume_ml(part.label))
        assert enclosed(part) == pytest.approx(part.volume_ml, rel=0.03)
        centre = labels.affine[:3, :3] @ ([12.0] * 3 if part.label == 3 else [30.0] * 3)
        centre = centre + labels.affine[:3, 3]
        outward = part.points - centre
        assert (np.einsum("ij,ij->i", outward, part.normals) > 0).mean() > 0.99
        np.testing.assert_allclose(np.linalg.norm(part.normals, axis=1), 1.0, atol=1e-5)


def test_names_given_win_and_doubled_ones_are_told_apart():
    labels = two_balls(AFFINES[0])
    assert [p.name for p in label_parts(labels, {3: "x", 8: "x"})] == ["x", "x 2"]


def test_large_numbers_are_labels_like_any_others():
    labels = two_balls(AFFINES[0])
    large = np.where(labels.data == 8, 70_000, labels.data.astype(np.uint32))
    parts = label_parts(dataclasses.replace(labels, data=large))
    assert [(p.name, p.label) for p in parts] == [("big ball", 3), ("label 70000", 70_000)]
    np.testing.assert_array_equal(parts[1].points, label_parts(labels)[1].points)


def test_nothing_labelled_is_refused():
    labels = dataclasses.replace(two_balls(AFFINES[0]), data=np.zeros((4, 4, 4), np.uint8))
    with pytest.raises(AnatomyError, match="no labelled voxel"):
        label_parts(labels)
    none = dataclasses.replace(labels, data=np.zeros((0, 4, 4), np.uint8))
    with pytest.raises(AnatomyError, match="no labelled voxel"):
        label_parts(none)


def inside(points, triangles, queries) -> np.ndarray:
    """Winding number (solid angles of van Oosterom and Strackee, 1983) above one half."""
    found = []
    for query in queries:
        a, b, c = (points[triangles] - query).transpose(1, 0, 2)
        la, lb, lc = (np.linalg.norm(v, axis=1) for v in (a, b, c))
        top = np.einsum("ij,ij->i", a, np.cross(b, c))
        ab, bc, ca = ((x * y).sum(axis=1) for x, y in ((a, b), (b, c), (c, a)))
        angle = 2 * np.arctan2(top, la * lb * lc + ab * lc + bc * la + ca * lb)
        found.append(angle.sum() / (4 * np.pi))
    return np.array(found) > 0.5


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    """The parametric liver as a file, with an image of its distance to the skin, built coarsely."""
    folder = tmp_path_factory.mktemp("registered")
    labels = parametric_labels()
    millimetres = np.diag([-1e3, 1e3, -1e3, 1.0]) @ labels.affine
    from scipy import ndimage

    depth = ndimage.distance_transform_edt(labels.data > 0) - ndimage.distance_transform_edt(
        labels.data == 0
    )
    for name, data in (("labels", labels.data), ("image", depth.astype(np.float32))):
        image = nib.Nifti1Image(data, millimetres)
        image.header.set_xyzt_units("mm")
        nib.save(image, folder / f"{name}.nii.gz")
    anatomy.build(
        folder / "labels.nii.gz", {5: "liver"}, 0.018, folder / "out",
        image_path=folder / "image.nii.gz",
    )  # fmt: skip
    return folder


def test_labelled_voxels_lie_inside_the_organ_built_from_them(built):
    read = anatomy.read(built / "out")
    image = anatomy.registered_image(read)
    assert image is not None
    organ = read.organ("liver")
    labels = read_labels(built / "labels.nii.gz")
    depth = image.values
    rng = np.random.default_rng(1)
    deep = np.argwhere((labels.data == 5) & (depth > 3))
    outside = np.argwhere((labels.data == 0) & (depth < -3) & (depth > -6))
    for voxels, expected in ((deep, True), (outside, False)):
        chosen = voxels[rng.choice(len(voxels), 60, replace=False)]
        assert (inside(organ.points, organ.surface, image.world(chosen)) == expected).mean() >= 0.95


def test_the_image_is_registered_to_less_than_a_tenth_of_a_millimetre(built):
    """The organ's surface is where the image's depth is zero, on average and in each direction."""
    read = anatomy.read(built / "out")
    image = anatomy.registered_image(read)
    assert image is not None
    labels = read_labels(built / "labels.nii.gz")
    there = np.array([[40, 50, 20]])
    place = labels.affine[:3, :3] @ there[0] + labels.affine[:3, 3] - read.offset_m
    np.testing.assert_allclose(image.world(there)[0], place, atol=1e-7)
    organ = read.organ("liver")
    skin = organ.points[np.unique(organ.surface)]
    np.testing.assert_allclose(np.mean(image.sample(skin)) * 0.003, 0.0, atol=1.5e-3)


def test_an_image_from_elsewhere_is_refused(built, tmp_path):
    far = nib.load(built / "image.nii.gz")
    affine = far.affine.copy()
    affine[0, 3] += 150.0
    moved = nib.Nifti1Image(np.asarray(far.dataobj), affine)
    nib.save(moved, tmp_path / "far.nii.gz")
    with pytest.raises(AnatomyError, match=r"covers only \d+ % of 'liver'"):
        anatomy.build(
            built / "labels.nii.gz", {5: "liver"}, 0.018, tmp_path / "out",
            image_path=tmp_path / "far.nii.gz",
        )  # fmt: skip


def test_an_image_that_was_removed_is_told(built, tmp_path):
    import shutil

    shutil.copytree(built / "out", tmp_path / "out")
    (tmp_path / "out" / "image.nii.gz").unlink()
    with pytest.raises(AnatomyError, match="No image volume at"):
        anatomy.registered_image(anatomy.read(tmp_path / "out"))


def test_every_labelled_voxel_of_a_real_abdomen_lies_in_its_part(test_data):
    labels = read_labels(test_data("ct/abdomen_labels.nii.gz"))
    parts = label_parts(labels)
    assert len(parts) == 61
    by_name = {p.name: p for p in parts}
    assert {"liver", "kidney right", "vertebrae L3", "aorta"} <= set(by_name)
    for part in parts:
        # ribs of one or two voxels lose most
        tolerance = 0.02 if part.volume_ml > 100 else 0.3
        assert enclosed(part) == pytest.approx(part.volume_ml, rel=tolerance)
    from scipy import ndimage

    rng = np.random.default_rng(2)
    for name in ("liver", "kidney right", "spleen"):
        part = by_name[name]
        core = np.argwhere(ndimage.binary_erosion(labels.data == part.label))
        chosen = core[rng.choice(len(core), 40, replace=False)]
        centres = chosen @ labels.affine[:3, :3].T + labels.affine[:3, 3]
        assert inside(part.points.astype(float), part.triangles, centres).all()
