"""The endoscope's geometry and optics: where it looks, what turning does, how lines bend."""

import math
from dataclasses import replace

import numpy as np
import pytest

from surgisim.errors import RenderError
from surgisim.render.endoscope import Endoscope, inset
from surgisim.render.optics import Optics
from surgisim.render.view import View, Viewport

PIVOT = np.array([0.05, 0.20, 0.15])
TARGET = np.array([-0.01, 0.03, 0.02])
SCREEN = Viewport(0, 0, 640, 360)


@pytest.mark.parametrize("angle_deg", [0.0, 30.0, 45.0])
def test_an_aimed_scope_looks_at_its_target_from_its_distance(angle_deg: float) -> None:
    scope = Endoscope.aimed(PIVOT, TARGET, 0.09, math.radians(angle_deg))
    view = scope.view()
    sight = -view.rotation[:, 2]
    np.testing.assert_allclose(view.position + 0.09 * sight, TARGET, atol=1e-12)
    shaft = (view.position - PIVOT) / np.linalg.norm(view.position - PIVOT)
    assert math.degrees(math.acos(shaft @ sight)) == pytest.approx(angle_deg, abs=1e-5)
    assert np.linalg.norm(view.position - PIVOT) == pytest.approx(scope.insertion_m)


@pytest.mark.parametrize(
    "shaft", [(0, -1, 0), (0.3, -0.8, -0.5), (0, 1, -1), (0, -1, 1), (1, 0, 0)]
)
def test_the_camera_is_a_right_handed_frame_for_any_shaft(
    shaft: tuple[float, float, float],
) -> None:
    scope = Endoscope((0.0, 0.2, 0.0), shaft, 0.1, 0.5, scope_roll=0.7, head_roll=-1.1)
    rotation = scope.view().rotation
    np.testing.assert_allclose(rotation.T @ rotation, np.eye(3), atol=1e-12)
    assert np.linalg.det(rotation) == pytest.approx(1.0)


def test_turning_the_scope_swings_the_sight_and_turning_the_head_turns_the_picture() -> None:
    straight = Endoscope((0.0, 0.2, 0.0), (0.2, -1.0, -0.1), 0.1)
    angled = replace(straight, angle=math.radians(30.0))
    sight = -angled.view().rotation[:, 2]
    up = straight.view().rotation[:, 1]
    assert sight @ up == pytest.approx(-0.5)  # bent towards the picture's lower edge
    opposite = -replace(angled, scope_roll=math.pi).view().rotation[:, 2]
    assert opposite @ up == pytest.approx(0.5)
    quarter = -replace(angled, scope_roll=math.pi / 2).view().rotation[:, 2]
    assert quarter @ straight.view().rotation[:, 0] == pytest.approx(0.5)
    turned = replace(angled, head_roll=0.4).view().rotation
    np.testing.assert_allclose(-turned[:, 2], sight, atol=1e-12)
    assert turned[:, 1] @ angled.view().rotation[:, 1] == pytest.approx(math.cos(0.4))
    np.testing.assert_array_equal(
        replace(straight, scope_roll=1.0).view().rotation[:, 2], straight.view().rotation[:, 2]
    )


def test_the_field_of_view_reaches_to_the_rim_of_the_round_field() -> None:
    optics = Optics(1.25, distortion=0.15)
    scope = Endoscope((0.0, 0.0, 0.0), (0.0, -1.0, 0.0), 0.1, fov=math.radians(70.0), optics=optics)
    view = scope.view()
    for angle_deg, inside in ((34.9, True), (35.1, False)):
        a = math.radians(angle_deg)
        point = view.position + view.rotation @ np.array([math.sin(a), 0.0, -math.cos(a)])
        pixels, seen = view.project(point, SCREEN)
        assert seen[0] == inside
        assert pixels[0, 0] - 320.0 == pytest.approx(1.25 * 180.0, abs=2.0)


def test_a_target_at_the_port_is_refused() -> None:
    with pytest.raises(RenderError, match="90 mm at a place that is 50 mm from its port"):
        Endoscope.aimed((0, 0.05, 0), (0, 0, 0), 0.09)


def test_the_light_comes_from_beside_the_lens() -> None:
    scope = Endoscope.aimed(PIVOT, TARGET, 0.09, 0.5)
    (light,) = scope.lights(0.09)
    gap = np.asarray(light.position) - scope.tip
    assert 0.001 < np.linalg.norm(gap) < 0.005
    assert abs(gap @ scope.view().rotation[:, 2]) < 1e-9
    assert light.reach_m == 0.09
    np.testing.assert_allclose(scope.instrument().tip, scope.tip)


@pytest.mark.parametrize("distortion", [0.0, 1e-6, 0.12, 0.3])
def test_bending_and_straightening_are_inverse_and_keep_the_rim(distortion: float) -> None:
    optics = Optics(distortion=distortion)
    places = np.random.default_rng(5).uniform(-0.75, 0.75, (50, 2))
    np.testing.assert_allclose(optics.bent(optics.straight(places)), places, atol=1e-9)
    rim = np.array([[math.cos(a), math.sin(a)] for a in np.linspace(0.0, 6.0, 7)])
    np.testing.assert_allclose(optics.bent(rim), rim, atol=1e-12)
    np.testing.assert_array_equal(optics.bent(np.zeros(2)), np.zeros(2))


def test_distortion_of_a_fifth_is_that_of_published_endoscopes() -> None:
    """At the rim 80 % of the distance and 52 % of the size in the middle (Laryngoscope, 2015)."""
    optics, step = Optics(distortion=0.2), 1e-5
    middle = optics.bent([step, 0.0])[0] / step
    assert 1.0 / middle == pytest.approx(0.80, abs=0.01)
    size = (optics.bent([1.0, 0.0]) - optics.bent([1.0 - step, 0.0]))[0] / step
    assert size / middle == pytest.approx(0.52, abs=0.02)


def test_a_ray_through_optics_meets_what_is_seen_there() -> None:
    view = replace(View.look_at((0, 0.1, 0.3), (0, 0, 0)), optics=Optics(1.1, distortion=0.3))
    points = np.array([[0.05, 0.02, 0.0], [-0.06, -0.03, 0.02], [0.0, 0.06, 0.0]])
    pixels, seen = view.project(points, SCREEN)
    assert seen.all()
    for point, pixel in zip(points, pixels, strict=True):
        ray = view.ray((float(pixel[0]), float(pixel[1])), SCREEN)
        way = (point - ray.origin) / np.linalg.norm(point - ray.origin)
        np.testing.assert_allclose(ray.direction, way, atol=1e-9)


def test_wrong_optics_are_refused() -> None:
    with pytest.raises(RenderError, match=r"from 0 to below 0\.4, not 0\.5"):
        Optics(distortion=0.5)
    with pytest.raises(RenderError, match="at most 12 droplets, not 13"):
        Optics(droplets=((0.0, 0.0, 0.1),) * 13)


@pytest.mark.parametrize("size", [(1280, 720), (640, 360), (200, 400)])
def test_the_inset_lies_inside_the_picture(size: tuple[int, int]) -> None:
    large, small = inset(*size)
    assert (large.width, large.height) == size
    assert small.x >= 0
    assert small.x + small.width <= size[0]
    assert small.y + small.height <= size[1]
