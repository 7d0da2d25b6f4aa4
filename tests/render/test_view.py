"""Projection, rays, viewports, the circling camera and picking."""

import math
from collections.abc import Callable

import numpy as np
import pytest
from numpy.typing import NDArray

from surgisim.errors import RenderError
from surgisim.render.orbit import OrbitCamera
from surgisim.render.pick import pick
from surgisim.render.view import Fov, Ray, View, Viewport, side_by_side

MakeShape = Callable[[int], tuple[NDArray[np.float64], NDArray[np.int32]]]

WIDE = Viewport(0, 0, 640, 360)


def test_the_target_is_in_the_middle_of_the_picture() -> None:
    view = View.look_at((0.1, 0.3, 0.4), (0.02, 0.01, -0.03))
    pixels, visible = view.project([(0.02, 0.01, -0.03)], WIDE)
    np.testing.assert_allclose(pixels[0], [320.0, 180.0], atol=1e-9)
    assert visible[0]


def test_right_is_right_and_up_is_up() -> None:
    view = View.look_at((0, 0, 1), (0, 0, 0))
    pixels, _ = view.project([(0.1, 0, 0), (0, 0.1, 0)], WIDE)
    assert pixels[0, 0] > 320.0
    assert pixels[1, 1] > 180.0


def test_what_lies_behind_or_beside_is_not_visible() -> None:
    view = View.look_at((0, 0, 1), (0, 0, 0))
    _, visible = view.project([(0, 0, 2), (9, 0, 0), (0, 0, 0)], WIDE)
    assert visible.tolist() == [False, False, True]


def test_asymmetric_angles_put_the_axis_off_the_middle() -> None:
    left_eye = Fov(-math.atan(1.5), math.atan(0.5), -math.atan(1.0), math.atan(1.0))
    view = View(np.zeros(3), np.eye(3), left_eye)
    pixels, _ = view.project([(0, 0, -1)], Viewport(0, 0, 200, 100))
    np.testing.assert_allclose(pixels[0], [150.0, 50.0])


def test_four_equal_angles_are_the_symmetric_projection() -> None:
    simple = View.look_at((0, 0, 1), (0, 0, 0), fov_y=0.8)
    explicit = View(simple.position, simple.rotation, Fov.symmetric(0.8, WIDE.aspect))
    np.testing.assert_allclose(
        simple.clip_from_world(WIDE.aspect), explicit.clip_from_world(WIDE.aspect)
    )


@pytest.mark.parametrize("fov", [0.7, Fov(-0.9, 0.5, -0.6, 0.8)])
def test_a_ray_through_a_point_s_pixel_meets_the_point(fov: float | Fov) -> None:
    looking = View.look_at((0.2, 0.3, 0.4), (0, 0, 0))
    view = View(looking.position, looking.rotation, fov)
    point = np.array([0.03, -0.02, 0.05])
    pixels, _ = view.project([point], WIDE)
    ray = view.ray((pixels[0, 0], pixels[0, 1]), WIDE)
    along = (point - ray.origin) @ ray.direction
    np.testing.assert_allclose(ray.origin + along * ray.direction, point, atol=1e-12)


@pytest.mark.parametrize(("eye", "up"), [((0, 0, 0), (0, 1, 0)), ((0, 1, 0), (0, 1, 0))])
def test_a_view_without_direction_is_refused(eye: tuple[float, ...], up: tuple[float, ...]) -> None:
    with pytest.raises(RenderError, match="no direction"):
        View.look_at(eye, (0, 0, 0), up)


def test_views_share_a_target_without_overlap() -> None:
    assert side_by_side(1, 100, 50) == (Viewport(0, 0, 100, 50),)
    assert side_by_side(2, 100, 50) == (Viewport(0, 0, 50, 50), Viewport(50, 0, 50, 50))
    assert [(v.x, v.y) for v in side_by_side(4, 100, 50)] == [(0, 25), (50, 25), (0, 0), (50, 0)]
    with pytest.raises(RenderError, match="1, 2 or 4"):
        side_by_side(3, 100, 50)


def test_the_circling_camera_frames_turns_and_stays_above_the_patient(icosphere: MakeShape) -> None:
    points = 0.1 * icosphere(2)[0]
    camera = OrbitCamera.framing(points)
    _, visible = camera.view().project(points, WIDE)
    assert visible.mean() > 0.95
    turned = camera.turned(math.pi / 2, 0.0)
    assert turned.view().position[0] > abs(turned.view().position[2])
    for step in (-10.0, 10.0):
        assert math.radians(4.9) < camera.turned(0.0, step).elevation < math.radians(85.1)


def _brute_force(ray: Ray, vertices: np.ndarray, triangles: np.ndarray) -> float | None:
    """Distance by solving one 3 x 3 system for each triangle."""
    best = None
    for a, b, c in vertices[triangles]:
        matrix = np.stack([b - a, c - a, -ray.direction], axis=1)
        if np.linalg.det(matrix) <= 1e-15:
            continue
        u, v, t = np.linalg.solve(matrix, ray.origin - a)
        if min(u, v, t) >= 0.0 and u + v <= 1.0 and (best is None or t < best):
            best = float(t)
    return best


def test_picking_agrees_with_brute_force(rng: np.random.Generator, icosphere: MakeShape) -> None:
    vertices, triangles = icosphere(1)
    vertices = vertices + 0.1 * rng.standard_normal(vertices.shape)
    met = 0
    for _ in range(60):
        origin = 3.0 * rng.standard_normal(3)
        direction = 0.6 * rng.standard_normal(3) - origin
        ray = Ray(origin, direction / np.linalg.norm(direction))
        hit, expected = pick(ray, vertices, triangles), _brute_force(ray, vertices, triangles)
        assert (hit is None) == (expected is None)
        if hit is not None and expected is not None:
            met += 1
            assert hit.distance_m == pytest.approx(expected, rel=1e-9)
            np.testing.assert_allclose(
                hit.weights @ vertices[triangles[hit.triangle]], hit.point, atol=1e-9
            )
    assert 20 < met < 60


def test_picking_a_sphere_gives_its_near_side_and_outward_normal(icosphere: MakeShape) -> None:
    vertices, triangles = icosphere(3)
    ray = Ray(np.array([0.3, 0.2, 5.0]), np.array([0.0, 0.0, -1.0]))
    hit = pick(ray, vertices, triangles)
    assert hit is not None
    expected = np.array([0.3, 0.2, math.sqrt(1 - 0.13)])
    np.testing.assert_allclose(hit.point, expected, atol=0.005)
    assert hit.normal @ expected > 0.999


def test_a_surface_is_not_met_from_inside(icosphere: MakeShape) -> None:
    vertices, triangles = icosphere(1)
    assert pick(Ray(np.zeros(3), np.array([0.0, 0.0, 1.0])), vertices, triangles) is None


@pytest.fixture
def rng() -> np.random.Generator:
    return np.random.default_rng(5)
