"""Solids made by code, instruments of them, and how thick an organ is."""

from collections.abc import Callable

import numpy as np
import pytest
from numpy.typing import NDArray

from surgisim.errors import RenderError
from surgisim.render.frame import lamps_of, shadow_lamp
from surgisim.render.instruments import FINISHES, parts_of
from surgisim.render.scene import Instrument, Light, Scene, SurfaceMesh
from surgisim.render.solids import Solid, frame_along, lofted, swept, turned
from surgisim.render.thickness import margin_thickness
from surgisim.render.view import View

Floats = NDArray[np.float64]
MakeShape = Callable[[int], tuple[Floats, NDArray[np.int32]]]

KINDS = ("probe", "grasper", "scissors", "hook", "suction", "endoscope")
SQUARE = np.array([[1.0, 0, 0], [0, 1, 0], [-1, 0, 0], [0, -1, 0]])


def volume(solid: Solid) -> float:
    """Enclosed volume by the divergence theorem; negative if the faces look inward."""
    vertices, triangles = solid
    a, b, c = (vertices[triangles[:, k], :3].astype(float) for k in range(3))
    return float(np.einsum("ij,ij->i", a, np.cross(b, c)).sum() / 6.0)


def test_solids_face_outward_and_enclose_what_they_should() -> None:
    ball = turned([(-np.cos(t), np.sin(t)) for t in np.linspace(0, np.pi, 33)], 64)
    assert volume(ball) == pytest.approx(4.0 / 3.0 * np.pi, rel=0.01)
    prism = lofted([SQUARE, SQUARE + np.array([0.0, 0.0, 3.0])])
    assert volume(prism) == pytest.approx(6.0)
    rod = swept(np.array([[2.0, 0, 0], [1.0, 0, 0], [0.0, 0, 0]]), 0.1, 48)
    assert volume(rod) == pytest.approx(2.0 * np.pi * 0.01, rel=0.01)


def test_edges_are_hard_and_round_sides_smooth() -> None:
    vertices, _ = turned([(0.0, 0.0), (0.0, 1.0), (2.0, 1.0)], 64)
    np.testing.assert_allclose(np.linalg.norm(vertices[:, 3:], axis=1), 1.0, atol=1e-5)
    rim = vertices[np.abs(np.hypot(vertices[:, 0], vertices[:, 1]) - 1.0) < 1e-6]
    flat, side = rim[np.abs(rim[:, 5]) > 0.5], rim[np.abs(rim[:, 5]) < 0.5]
    np.testing.assert_allclose(flat[:, 5], -1.0, atol=1e-5)
    np.testing.assert_allclose((side[:, :2] * side[:, 3:5]).sum(axis=1), 1.0, atol=1e-3)


def test_a_frame_points_where_it_should_and_rolls_about_that() -> None:
    plain, rolled = frame_along((1, 2, 3), (0, 2, 0)), frame_along((1, 2, 3), (0, 2, 0), 0.5)
    np.testing.assert_allclose(plain[:3, 2], (0, 1, 0))
    np.testing.assert_allclose(plain[:3, 3], (1, 2, 3))
    np.testing.assert_allclose(rolled[:3, 2], plain[:3, 2])
    assert rolled[:3, 0] @ plain[:3, 0] == pytest.approx(np.cos(0.5))
    assert np.linalg.det(rolled[:3, :3]) == pytest.approx(1.0)


def _points(instrument: Instrument) -> Floats:
    places = []
    for part in parts_of(instrument):
        solid = part.solid[0][:, :3].astype(float)
        places.append(solid @ part.place[:3, :3].T + part.place[:3, 3])
    return np.concatenate(places)


@pytest.mark.parametrize("kind", KINDS)
def test_an_instrument_lies_along_z_with_its_tip_at_the_origin(kind: str) -> None:
    instrument = Instrument((0.0, 0.0, 0.0), kind=kind, insulated=True)
    points = _points(instrument)
    foremost = 0.005 if kind == "probe" else 0.0008
    assert points[:, 2].min() == pytest.approx(-foremost, abs=0.0009)
    assert 0.29 < points[:, 2].max() < 0.35
    assert np.abs(points[:, :2]).max() < 0.006
    assert {part.finish for part in parts_of(instrument)} <= FINISHES.keys()


@pytest.mark.parametrize("kind", ["grasper", "scissors"])
def test_jaws_open_by_their_angle_and_do_not_cross_when_closed(kind: str) -> None:
    def gap(opening: float) -> float:
        upper, lower = parts_of(Instrument((0, 0, 0), kind=kind, opening=opening))[:2]
        tips = []
        for part in (upper, lower):
            points = part.solid[0][:, :3] @ part.place[:3, :3].T + part.place[:3, 3]
            tips.append(points[points[:, 2] < points[:, 2].min() + 0.001][:, 0])
        return float(tips[0].min() - tips[1].max())

    assert 0.0 <= gap(0.0) < 0.001
    assert gap(0.6) == pytest.approx(2 * 0.019 * np.sin(0.3), rel=0.2)


def test_an_unknown_kind_is_named_with_the_known_ones() -> None:
    with pytest.raises(RenderError, match=r"'saw'.*grasper.*suction"):
        parts_of(Instrument((0, 0, 0), kind="saw"))


def test_a_plate_is_as_thick_as_it_is_and_a_margin_thinner_than_the_middle(
    icosphere: MakeShape, organ_shape: MakeShape
) -> None:
    sphere, triangles = icosphere(4)
    plate = (sphere * [0.05, 0.004, 0.05]).astype(np.float32)
    middle = np.hypot(plate[:, 0], plate[:, 2]) < 0.02
    thickness = margin_thickness(plate, triangles)
    assert np.median(thickness[middle]) == pytest.approx(0.0078, abs=0.0008)
    points, triangles = organ_shape(3)
    organ = margin_thickness(points.astype(np.float32), triangles)
    thin_lobe = points[:, 0] > 0.09
    assert np.median(organ[thin_lobe]) < 0.5 * organ[points[:, 1].argmax()]


def test_after_a_cut_only_new_vertices_are_measured(icosphere: MakeShape) -> None:
    sphere, triangles = icosphere(3)
    plate = (sphere * [0.05, 0.004, 0.05]).astype(np.float32)
    before = np.full(len(plate), 0.123, dtype=np.float32)
    longer = np.concatenate([plate, plate[:5]])
    moved = longer.copy()
    moved[7] += 0.001
    after = margin_thickness(moved, triangles, (plate, before))
    measured = np.flatnonzero(after != np.float32(0.123))
    assert set(measured) == {7, *range(len(plate), len(longer))}


def test_the_mapped_lamp_sees_the_whole_organ(organ: tuple[Floats, NDArray[np.int32]]) -> None:
    points, triangles = organ
    scene = Scene(
        (SurfaceMesh("liver", points, points, triangles),),
        lights=(Light((0.01, 0.03, 0.0), on_camera=True), Light((0.2, 0.2, 0.1), shadows=True)),
    )
    view = View.look_at((0.0, 0.2, 0.2), (0.0, 0.0, 0.0))
    lamps = lamps_of(scene, [view], mapped=True)
    assert shadow_lamp(lamps) == 1
    seen = lamps[1].clip_from_world
    assert seen is not None
    clip = np.concatenate([points, np.ones((len(points), 1))], axis=1) @ seen.T
    assert (np.abs(clip[:, :3]) <= clip[:, 3:]).all()
    np.testing.assert_allclose(lamps[0].position, view.position + view.rotation @ [0.01, 0.03, 0.0])
    assert shadow_lamp(lamps_of(scene, [view], mapped=False)) == -1


def test_an_instrument_is_built_once_wherever_it_is() -> None:
    here = Instrument((0.0, 0.0, 0.0), kind="grasper", opening=0.3)
    there = Instrument(np.array([0.1, 0.2, 0.3]), (0.0, 1.0, 0.0), kind="grasper", opening=0.3)
    assert parts_of(here) is parts_of(there)
    assert parts_of(here) is not parts_of(Instrument((0.0, 0.0, 0.0), kind="grasper"))
