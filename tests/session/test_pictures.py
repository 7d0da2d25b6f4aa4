"""Pictures of the key moments: what is chosen, and what can be seen in each."""

import io
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from surgisim.anatomy import build_organ, read_labels
from surgisim.procedure.load import loads
from surgisim.record import SessionRecord, load
from surgisim.render.view import View, Viewport
from surgisim.report import Picture
from surgisim.report.words import clock
from surgisim.scoring.left_out import Interval
from surgisim.session import Order, play
from surgisim.session.at_frame import force_at, hardest
from surgisim.session.organ_look import Look
from surgisim.session.organ_view import OrganView, bleeding_sites, isosurface_of
from surgisim.session.pictures import key_pictures
from surgisim.session.recording import recording_of

from .heavy import Heavy


@pytest.fixture(scope="module")
def record(tmp_path_factory: pytest.TempPathFactory, coarse_liver: Path) -> SessionRecord:
    out = tmp_path_factory.mktemp("session")
    order = Order("liver_palpation", out, anatomy=coarse_liver, trainee="heavy")
    play(order, lambda *_: Heavy(5.5))
    return load(out)


@pytest.fixture(scope="module")
def pictures(gl: None, record: SessionRecord) -> list[Picture]:
    procedure = loads(str(record.header["procedure_text"]), "liver_palpation.yaml")
    return key_pictures(record, recording_of(record, procedure))


def test_every_key_moment_has_its_picture(pictures: list[Picture]) -> None:
    titles = [picture.title.split(":")[0] for picture in pictures]
    expected = ["The capsule tears", "Pressed too hard", "It bleeds", "Mark 1"]
    assert titles == [*expected, "The end, with what was hidden"]
    assert all(picture.caption for picture in pictures)


def test_where_nothing_was_hidden_nothing_is_said_to_be_found(
    gl: None, record: SessionRecord
) -> None:
    """The end was captioned 'found 0, missed 0, false marks 1'."""
    procedure = loads(str(record.header["procedure_text"]), "liver_palpation.yaml")
    drawn = key_pictures(record, replace(recording_of(record, procedure), nodules=()))
    assert [picture.title for picture in drawn[-2:]] == ["Mark 1", "The end"]
    for picture in drawn[-2:]:
        assert not set(picture.caption.split()) & {"found", "missed", "false", "nodules"}


def test_a_press_that_does_not_count_is_no_picture(record: SessionRecord) -> None:
    """'Pressed too hard' showed the hand that was not tracked, which the score leaves out."""
    procedure = loads(str(record.header["procedure_text"]), "liver_palpation.yaml")
    whole = recording_of(record, procedure)
    found = hardest(record, whole)
    assert found is not None
    frame, force_n = found
    assert force_n > whole.force_limit
    assert force_n == max(force_at(record, one) for one in record.frames)
    lost = Interval("lost", frame.time_s - 0.01, record.duration_s)
    other = hardest(record, replace(whole, left_out=(lost,)))
    assert other is not None
    assert other[0].time_s < frame.time_s
    assert hardest(record, replace(whole, left_out=(lost,), held=True)) == found
    assert hardest(record, replace(whole, left_out=(Interval("lost", 0.0, 1e9),))) is None


def test_a_picture_and_its_caption_tell_one_time(
    pictures: list[Picture], record: SessionRecord
) -> None:
    shapes = {frame.time_s for frame in record.frames}
    assert {picture.time_s for picture in pictures} <= shapes  # which their captions tell
    (marked,) = (e.time_s for e in record.events if e.kind == "mark.set")
    (mark,) = (picture for picture in pictures if picture.title.startswith("Mark 1"))
    assert mark.moment_s == marked < mark.time_s
    assert f"set at {clock(marked)}; " in mark.caption


def test_pictures_show_an_organ_from_outside(pictures: list[Picture]) -> None:
    for picture in pictures:
        pixels = np.asarray(Image.open(io.BytesIO(picture.png)))
        assert pixels.shape == (540, 960, 3)
        assert pixels.std() > 25.0, picture.title
        red = pixels[..., 0].astype(int) - pixels[..., 2]
        assert (red > 60).mean() > 0.2, picture.title


def test_a_record_without_shapes_has_no_pictures(record: SessionRecord) -> None:
    procedure = loads(str(record.header["procedure_text"]), "liver_palpation.yaml")
    bare = replace(record, frames=())
    assert key_pictures(bare, recording_of(record, procedure)) == []


def test_tears_of_one_press_are_one_site() -> None:
    tears = [(0.0, 0.0, 0.0), (0.01, 0.0, 0.0), (0.08, 0.0, 0.0), (0.0, 0.0, 0.02)]
    assert bleeding_sites(tears) == [(0.0, 0.0, 0.0), (0.08, 0.0, 0.0)]


@pytest.fixture
def organ(record: SessionRecord) -> OrganView:
    arrays = record.arrays
    return OrganView("liver", arrays["points"], arrays["surface"], 0.008)


def test_the_home_view_holds_the_whole_organ(organ: OrganView) -> None:
    _, visible = organ.camera.view().project(organ.surface.rest, Viewport(0, 0, 1280, 720))
    assert visible.all()


def test_what_lies_behind_the_organ_is_hidden(organ: OrganView, record: SessionRecord) -> None:
    points = record.arrays["points"]
    view = View.look_at((0.0, 0.5, 0.1), (0.0, 0.0, 0.0), (0.0, 0.0, -1.0))
    assert organ.surface.is_hidden(view, (0.0, -0.2, -0.08), points)
    assert not organ.surface.is_hidden(view, (0.0, 0.2, 0.05), points)


def test_a_place_is_seen_edge_on_from_beside_it(organ: OrganView, record: SessionRecord) -> None:
    points = record.arrays["points"]
    x, y, z = top = tuple(float(v) for v in organ.surface.rest[organ.surface.rest[:, 1].argmax()])
    above = View.look_at((x, y + 0.3, z + 0.05), top)
    beside = View.look_at((x, y + 0.02, z + 0.3), top)
    assert not organ.surface.is_edge_on(above, top, points)
    assert organ.surface.is_edge_on(beside, top, points)


def test_a_hidden_region_is_shown_on_the_surface_above_it(
    organ: OrganView, record: SessionRecord
) -> None:
    for nodule in record.header["nodules"]:
        center = tuple(nodule["center"])
        above = organ.surface.above(center)
        nearest = np.linalg.norm(organ.surface.rest - np.array(center), axis=1).min()
        assert np.linalg.norm(np.subtract(above, center)) < nearest + 2e-3


def test_blood_begins_with_a_tear_and_is_shared_between_sites(
    organ: OrganView, record: SessionRecord
) -> None:
    points = record.arrays["points"]
    one, two = organ.surface.rest[0], organ.surface.rest[-1]
    places = [(float(p[0]), float(p[1]), float(p[2])) for p in (one, two)]
    tip = (0.0, 0.2, 0.0)
    assert organ.scene(Look(points, tip, blood_ml=5.0)).blood == ()
    (alone,) = organ.scene(Look(points, tip, tears=places[:1], blood_ml=4.0)).blood
    shared = organ.scene(Look(points, tip, tears=places, blood_ml=4.0)).blood
    assert len(shared) == 2
    assert shared[0].radius_m < alone.radius_m


def test_an_organ_from_labels_is_shown_with_their_surface(
    test_data: Callable[[str], Path],
) -> None:
    labels = read_labels(test_data("ct/abdomen_labels.nii.gz"))
    liver = build_organ(labels, 5, "liver", 0.02)
    view = OrganView("liver", liver.points, liver.surface, 0.008, fine=isosurface_of(liver))
    moved = liver.points + np.array([0.0, 0.01, 0.0])
    (shown,) = view.scene(Look(moved, (0.0, 0.2, 0.0))).surfaces
    assert liver.isosurface is not None
    assert shown.fine is not None
    np.testing.assert_array_equal(shown.fine.triangles, liver.isosurface.faces)
    places = shown.fine.frame(shown.vertices)[:, :3]
    expected = liver.isosurface.points + np.array([0.0, 0.01, 0.0])
    np.testing.assert_allclose(places, expected, atol=1e-6)
    unlabelled = replace(liver, isosurface=None)
    assert isosurface_of(unlabelled) is None
