"""What there is to see, and how keys change how it is looked at; no window, no graphics."""

import itertools
import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from surgisim import anatomy
from surgisim.errors import AnatomyError
from surgisim.explore import Looking, Subject, read_areas, read_subject
from surgisim.explore.colors import organ_color
from surgisim.explore.looking import GLASS
from surgisim.explore.subject import read_names
from surgisim.render.body_camera import SIDES, BodyCamera
from surgisim.render.exhibit import GreyWindow
from surgisim.render.view import Viewport


def test_a_ct_with_labels_has_parts_and_image_in_one_place(subject: Subject) -> None:
    assert subject.part_names() == ("kidney left", "liver")
    assert subject.modality == "CT"
    kidney, liver = subject.parts
    np.testing.assert_allclose(liver.vertices.mean(axis=0), [-0.028, 0, 0], atol=1e-3)
    np.testing.assert_allclose(kidney.vertices.mean(axis=0), [0.032, 0, -0.008], atol=1e-3)
    np.testing.assert_allclose(np.ptp(liver.vertices, axis=0), 0.048, atol=4e-3)
    assert subject.image is not None
    voxel = np.linalg.inv(subject.image.affine) @ [-0.028, 0, 0, 1]
    assert subject.image.values[tuple(np.rint(voxel[:3]).astype(int))] == 60


def test_labels_alone_and_an_image_alone(body: Path) -> None:
    alone = read_subject(body / "labels.nii.gz")
    assert alone.image is None
    assert alone.part_names() == ("label 2", "label 5")
    image = read_subject(body / "ct.nii.gz")
    assert image.parts == ()
    looking = Looking.at(image)
    size = np.ptp(image.bounds(), axis=0)  # the body, not the air around it
    np.testing.assert_allclose(size, [0.118, 0.091, 0.118], atol=9e-3)
    assert (looking.volume, dict(looking.slices)) == ("soft", {"axial": 0.0})


def test_anatomies_that_come_along_are_known_by_their_names() -> None:
    """Of the two only one was; the other was looked for as a file."""
    for name in ("parametric_liver", "parametric_abdomen"):
        shown = read_subject(Path(name)).part_names()
        assert shown == tuple(one.replace("_", " ") for one in anatomy.organ_names(name))


def test_an_anatomy_folder_brings_its_organs_and_its_image(body: Path, tmp_path: Path) -> None:
    anatomy.build(
        body / "labels.nii.gz", {5: "liver"}, 0.012, tmp_path / "a",
        image_path=body / "ct.nii.gz",
    )  # fmt: skip
    built = read_subject(tmp_path / "a")
    assert built.part_names() == ("liver",)
    assert built.image is not None
    np.testing.assert_allclose(built.parts[0].vertices.mean(axis=0), 0.0, atol=1e-3)
    voxel = np.linalg.inv(built.image.affine) @ [0, 0, 0, 1]
    assert built.image.values[tuple(np.rint(voxel[:3]).astype(int))] == 60
    with pytest.raises(AnatomyError, match="has its organs already"):
        read_subject(tmp_path / "a", body / "labels.nii.gz")


def test_labels_beside_the_image_are_refused(body: Path, tmp_path: Path) -> None:
    import nibabel as nib

    far = nib.load(body / "labels.nii.gz")
    affine = far.affine.copy()
    affine[:3, 3] += 500.0
    nib.save(nib.Nifti1Image(np.asarray(far.dataobj), affine), tmp_path / "far.nii.gz")
    with pytest.raises(AnatomyError, match="lie beside the image"):
        read_subject(body / "ct.nii.gz", tmp_path / "far.nii.gz")


def test_names_with_a_mistake_are_told_with_their_line(tmp_path: Path) -> None:
    path = tmp_path / "names.txt"
    path.write_text("1 spleen\nliver 5\n", "utf-8")
    with pytest.raises(AnatomyError, match="line 2: 'liver 5'"):
        read_names(path)


def test_parts_are_hidden_shown_alone_and_made_transparent(subject: Subject) -> None:
    looking = Looking.at(subject)
    names = subject.part_names()

    def opacities(one: Looking) -> list[float]:
        return [p.opacity for p in one.exhibit(subject).parts]

    assert opacities(looking) == [1.0, 1.0]
    hidden = looking.toggled("liver")
    assert opacities(hidden) == [1.0, 0.0]
    assert opacities(hidden.toggled("liver")) == [1.0, 1.0]
    assert opacities(hidden.glazed("liver")) == [1.0, GLASS]
    assert opacities(looking.alone("liver", names)) == [0.0, 1.0]
    assert opacities(looking.alone("liver", names).alone("liver", names)) == [1.0, 1.0]
    assert opacities(looking.with_others_glass("liver", names)) == [GLASS, 1.0]
    assert opacities(looking.toggled("liver").glazed("kidney left").with_all()) == [1.0, 1.0]
    rows = hidden.panel(subject, hovered="liver").rows
    assert [(r.text, r.shown, r.lit) for r in rows] == [
        ("kidney left", 1.0, False),
        ("liver", 0.0, True),
    ]


def test_cuts_go_round_flip_and_move(subject: Subject) -> None:
    looking = replace(Looking.at(subject), focus=(0.0, 0.0, 0.0))
    cut = looking.next_cut()
    plane = cut.moved(5).plane()
    assert plane is not None
    assert (plane.point, plane.normal) == ((0.0, pytest.approx(0.01), 0.0), (0.0, 1.0, 0.0))
    flipped = cut.moved(5).flipped().plane()
    assert flipped is not None
    assert flipped.point == plane.point
    assert flipped.normal == (0.0, -1.0, 0.0)
    seen = [cut.cut]
    while cut.cut:
        cut = cut.next_cut()
        seen.append(cut.cut)
    assert seen == ["coronal", "axial", "sagittal", None]
    oblique = looking.cut_across((0.0, 3.0, 4.0)).plane()
    assert oblique is not None
    np.testing.assert_allclose(oblique.normal, (0.0, 0.6, 0.8))
    assert looking.cut_across((0.0, 3.0, 4.0)).next_cut().cut == "coronal"


def test_slices_move_together_unless_there_is_a_cut(subject: Subject) -> None:
    looking = Looking.at(subject).with_slice("axial").with_slice("sagittal")
    assert looking.moved(-3).slices == {"axial": -0.006, "sagittal": -0.006}
    assert looking.next_cut().moved(1).slices == {"axial": 0.0, "sagittal": 0.0}
    assert looking.with_slice("axial").slices == {"sagittal": 0.0}
    assert len(looking.exhibit(subject).slices) == 2


def test_a_slice_across_any_direction(subject: Subject) -> None:
    looking = Looking.at(subject).with_oblique_slice((0.0, 3.0, 4.0)).moved(5)
    (slice_,) = looking.exhibit(subject).slices
    np.testing.assert_allclose(slice_.plane.normal, (0.0, 0.6, 0.8))
    np.testing.assert_allclose(np.subtract(slice_.plane.point, looking.focus), (0, 0.006, 0.008))
    assert looking.with_oblique_slice((0.0, 3.0, 4.0)).slices == {}
    assert looking.with_oblique_slice((1.0, 0.0, 0.0)).slice_normal == (1.0, 0.0, 0.0)


def test_a_cut_face_tells_the_value_under_the_mouse(subject: Subject) -> None:
    looking = replace(Looking.at(subject), focus=(0.0, 0.0, 0.0))
    cut = looking.next_cut()
    assert cut.said_of(subject, "liver", (-0.028, 0.0, 0.0)) == "liver, 60 HU"
    assert cut.said_of(subject, "kidney left", (0.032, 0.0, -0.008)) == "kidney left, 170 HU"
    assert cut.said_of(subject, "liver", (-0.028, -0.02, 0.0)) == "liver"  # behind the face
    assert cut.said_of(subject, "liver", (5.0, 0.0, 0.0)) == "liver"
    assert looking.said_of(subject, "liver", (-0.028, 0.0, 0.0)) == "liver"


def test_the_grey_window_widens_and_brightens(subject: Subject) -> None:
    looking = Looking.at(subject)
    assert looking.window.ends == (-160.0, 240.0)
    wider = looking.windowed(0.5, 0.0)
    assert wider.window.width == 600.0
    brighter = looking.windowed(0.0, 0.1)
    assert brighter.window.level == 0.0
    assert looking.windowed(-5.0, 0.0).window.width == 1.0
    narrow = replace(looking, window=GreyWindow(0.001, 0.002))  # as of a map of diffusion
    assert narrow.windowed(0.5, 0.0).window.width == pytest.approx(0.003)
    assert "grey 0.001 / 0.002" in narrow.panel(subject).notes


def test_volume_presets_go_round(subject: Subject) -> None:
    looking = Looking.at(subject)
    seen = []
    for _ in range(5):
        looking = looking.next_volume(subject)
        seen.append(looking.volume)
    assert seen == ["soft", "bone", "vessels", "skin", None]
    resonance = replace(subject, modality="MR")
    assert Looking.at(resonance).next_volume(resonance).volume == "mri"
    without = replace(subject, image=None)
    assert looking.next_volume(without) is looking
    assert looking.exhibit(without).volume is None


def test_areas_of_concern_are_spheres_with_names(tmp_path: Path, subject: Subject) -> None:
    path = tmp_path / "areas.json"
    path.write_text(json.dumps([{"name": "lesion", "point_m": [0, 0.01, 0], "radius_m": 0.01}]))
    looking = replace(Looking.at(subject), areas=read_areas(path))
    scene = looking.scene(subject)
    assert scene.exhibit is not None
    assert scene.exhibit.highlights[0].radius_m == 0.01
    assert scene.labels[0].text == "lesion"
    for bad, said in (
        ([{"point_m": [0, 0], "radius_m": 0.1}], "0.point_m"),
        ([{"point_m": [0, 0, 0], "radius_m": 0}], "0.radius_m"),
        ([{"point_m": [0, 0, 0], "radius_m": 0.1, "x": 1}], "0.x"),
    ):
        path.write_text(json.dumps(bad))
        with pytest.raises(AnatomyError, match=said):
            read_areas(path)


def test_sides_are_those_of_the_patient() -> None:
    """From the front the patient's left (+x) is at the right and the head (-z) up."""
    camera = BodyCamera((0.0, 0.0, 0.0), 1.0)
    expected = {
        "front": ((0, 1, 0), (1, 0, 0)),
        "back": ((0, -1, 0), (-1, 0, 0)),
        "left": ((1, 0, 0), (0, -1, 0)),
        "right": ((-1, 0, 0), (0, 1, 0)),
        "feet": ((0, 0, 1), (1, 0, 0)),
        "head": ((0, 0, -1), (1, 0, 0)),
    }
    assert set(expected) == set(SIDES)
    for side, (eye, right) in expected.items():
        view = camera.seen_from(side).view()
        np.testing.assert_allclose(view.position, eye, atol=0.02)
        np.testing.assert_allclose(view.rotation[:, 0], right, atol=0.02)


def test_the_camera_turns_without_tipping_over_and_keeps_its_distance() -> None:
    camera = BodyCamera((0.1, 0.2, 0.3), 0.7)
    for _ in range(50):
        camera = camera.turned(0.3, -0.2)
    assert np.linalg.norm(camera.view().position - camera.target) == pytest.approx(0.7)
    assert camera.view().rotation[2, 1] < 0.02
    shifted = camera.shifted(0.1, 0.0)
    moved = np.subtract(shifted.target, camera.target)
    np.testing.assert_allclose(moved, 0.07 * camera.view().rotation[:, 0], atol=1e-9)
    assert camera.zoomed(1e9).distance_m == 5.0


def test_colours_follow_names() -> None:
    assert organ_color("kidney left") != organ_color("liver")
    artery, vein = organ_color("iliac artery left"), organ_color("iliac vena left")
    assert artery[0] > 3 * artery[2]
    assert vein[2] > 3 * vein[0]
    green = organ_color("gallbladder")
    assert green[1] == max(green)
    assert organ_color("label 7") == organ_color("label 7") != organ_color("label 8")
    for name in ("rib left 1", "unknown", "tumor", "label 3"):
        assert all(0.0 <= c <= 1.0 for c in organ_color(name))


@pytest.mark.parametrize(
    ("size", "broad"),
    [((0.3, 0.3, 0.02), (0, 0, 1)), ((0.02, 0.3, 0.3), (1, 0, 0)), ((0.3, 0.02, 0.3), (0, 1, 0))],
)
def test_a_thin_stack_of_slices_is_not_looked_at_from_its_edge(
    size: tuple[float, ...], broad: tuple[int, ...]
) -> None:
    corners = np.array(list(itertools.product(*((-0.5 * s, 0.5 * s) for s in size))))
    view = BodyCamera.framing(corners).view()
    assert abs(float(view.rotation[:, 2] @ np.array(broad))) > 0.8


def test_a_focus_is_neared_as_the_zoom_nears_it_and_stays_in_sight() -> None:
    corners = np.array([(-0.2, -0.1, -0.4), (0.2, 0.1, 0.4)])
    framed = BodyCamera.framing(corners)
    focus = (0.1, 0.0, 0.3)
    assert framed.towards(focus, 1.0) == framed  # all stays in the picture
    for zoom in (1.5, 3.0, 10.0):
        camera = framed.towards(focus, zoom).zoomed(1.0 / zoom)
        _, visible = camera.view().project(np.array([focus]), Viewport(0, 0, 640, 360))
        assert visible.all()
    assert framed.towards(focus, 2.0).target == pytest.approx(focus)
