"""Scene data, looks, grain and scenery: everything that needs no OpenGL."""

import subprocess
import sys
from collections.abc import Callable
from itertools import pairwise

import numpy as np
import pytest
from numpy.typing import NDArray

from surgisim.errors import RenderError
from surgisim.render.cavity import cavity_around
from surgisim.render.materials import MATERIALS, look_of
from surgisim.render.noise import detail_volume, fractal, lobule_volume
from surgisim.render.scene import (
    BloodPool,
    Char,
    Highlight,
    Instrument,
    Mark,
    Suctioned,
    SurfaceMesh,
)
from surgisim.render.tissue import DisplaySurface

MakeShape = Callable[[int], tuple[NDArray[np.float64], NDArray[np.int32]]]

POINTS = np.eye(3)


def test_scene_data_is_described_without_importing_graphics() -> None:
    code = (
        "import sys, surgisim.render; "
        "assert not {'moderngl', 'glfw', 'PIL', 'xr'} & set(sys.modules), 'graphics imported'"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


@pytest.mark.parametrize(
    ("vertices", "triangles", "blood", "words"),
    [
        (POINTS[:2], [[0, 1, 2]], None, "must both have shape"),
        (POINTS, [[0, 1, 3]], None, "must name vertices 0 to 2, not 0 to 3"),
        (POINTS, [[0, 1]], None, "triangles must have shape"),
        (POINTS, [[0, 1, 2]], np.zeros(2), "blood must have shape"),
    ],
)
def test_a_malformed_surface_is_refused(
    vertices: np.ndarray, triangles: list[list[int]], blood: np.ndarray | None, words: str
) -> None:
    with pytest.raises(RenderError, match=words):
        SurfaceMesh("liver", vertices, POINTS, np.array(triangles), blood=blood)


def test_more_lost_blood_covers_more_up_to_a_bound() -> None:
    pools = [BloodPool.from_volume((0, 0, 0), ml) for ml in (0.0, 0.5, 2.0, 8.0, 500.0)]
    assert pools[0].radius_m == 0.0
    assert all(a.radius_m < b.radius_m for a, b in pairwise(pools[:-1]))
    assert all(a.film_length_m <= b.film_length_m for a, b in pairwise(pools))
    assert pools[-1].radius_m == 0.025


def test_an_unknown_material_is_named_with_the_known_ones() -> None:
    with pytest.raises(RenderError, match=r"'livr'.*bowel.*liver"):
        look_of("livr")


@pytest.mark.parametrize("name", sorted(MATERIALS))
def test_looks_are_physical(name: str) -> None:
    look = look_of(name)
    assert all(0.0 < c < 0.9 for c in (*look.deep, *look.pale))
    assert 0.05 <= look.roughness <= 1.0


def test_grain_tiles_without_a_seam() -> None:
    value = fractal(32, 2.0, seed=3)
    inner = np.abs(np.diff(value, axis=0)).mean()
    seam = np.abs(value[0] - value[-1]).mean()
    assert seam < 1.3 * inner
    assert detail_volume().shape == (64, 64, 64, 4)
    assert abs(detail_volume()[..., :3].mean() - 127.5) < 1.0  # the surface is level on average
    assert lobule_volume().shape == (64, 64, 64, 2)


def test_the_cavity_surrounds_the_organ_and_faces_it(organ_shape: MakeShape) -> None:
    points, _ = organ_shape(2)
    cavity = cavity_around(points, 48)
    places, normals = cavity.vertices[:, :3], cavity.vertices[:, 3:6]
    reach = np.abs(points).max()
    assert (places.max(axis=0) > 1.5 * reach).all()
    above = points.mean(axis=0) + np.array([0.0, 0.5 * reach, 0.0])
    assert ((above - places) * normals).sum(axis=1).mean() > 0.0
    assert cavity.vertices[:, 6:].min() >= 0.0


@pytest.fixture(scope="module")
def display_surface(organ_shape: MakeShape) -> tuple[SurfaceMesh, DisplaySurface]:
    points, triangles = organ_shape(2)
    mesh = SurfaceMesh("liver", points, points, triangles)
    return mesh, DisplaySurface(mesh)


def test_the_display_follows_a_rigid_motion(
    display_surface: tuple[SurfaceMesh, DisplaySurface],
) -> None:
    mesh, display = display_surface
    shift = np.array([0.1, 0.2, 0.3])
    moved = SurfaceMesh("liver", mesh.vertices + shift, mesh.rest_vertices, mesh.triangles)
    still, shifted = display.frame(mesh, ()), display.frame(moved, ())
    np.testing.assert_allclose(
        shifted[:, :3] - still[:, :3], np.broadcast_to(shift, (len(still), 3)), atol=1e-6
    )
    np.testing.assert_allclose(shifted[:, 3:], still[:, 3:], atol=2e-3)


def test_blood_lies_around_the_tear_and_runs_down_from_it(
    display_surface: tuple[SurfaceMesh, DisplaySurface],
) -> None:
    mesh, display = display_surface
    tear = tuple(float(v) for v in mesh.rest_vertices[mesh.rest_vertices[:, 1].argmax()])
    small = display.frame(mesh, (BloodPool(tear, 0.006),))[:, 7]
    large = display.frame(mesh, (BloodPool(tear, 0.012),))[:, 7]
    running = display.frame(mesh, (BloodPool(tear, 0.006, 0.10),))[:, 7]
    assert 0 < (small > 0.3).sum() < (large > 0.3).sum() < len(large) / 4
    wet = display.rest[(running > 0.3) & (small < 0.1)]
    assert len(wet) > 5
    assert wet[:, 1].min() < tear[1] - 0.02


def test_blood_on_a_level_place_stays_where_it_is() -> None:
    points = np.array([[-1.0, 0, -1], [-1, 0, 1], [1, 0, 1], [1, 0, -1], [0, 0, 0]]) * 0.05
    triangles = np.array([[0, 1, 4], [1, 2, 4], [2, 3, 4], [3, 0, 4]])
    mesh = SurfaceMesh("liver", points, points, triangles)
    pool = BloodPool((0.0, 0.0, 0.0), 0.01, 0.1)
    blood = DisplaySurface(mesh).frame(mesh, (pool,))[:, 7]
    far = np.linalg.norm(DisplaySurface(mesh).rest, axis=1) > 0.02
    assert blood.max() == 1.0
    assert (blood[far] == 0.0).all()


def test_a_hollow_is_darker_than_a_ridge(organ_shape: MakeShape) -> None:
    points, triangles = organ_shape(3)
    top = points[:, 1].argmax()
    distance = np.linalg.norm(points - points[top], axis=1)
    dented = points - 0.015 * np.exp(-((distance / 0.02) ** 2))[:, None] * [[0.0, 1.0, 0.0]]
    mesh = SurfaceMesh("liver", dented, points, triangles)
    display = DisplaySurface(mesh)
    openness = display.frame(mesh, ())[:, 6]
    assert openness[top] < 0.8 < np.median(openness) <= 1.08


def test_a_changed_vertex_count_without_a_new_topology_is_refused(
    organ_shape: MakeShape, display_surface: tuple[SurfaceMesh, DisplaySurface]
) -> None:
    points, triangles = organ_shape(1)
    other = SurfaceMesh("liver", points, points, triangles)
    with pytest.raises(RenderError, match="raise topology"):
        display_surface[1].frame(other, ())


@pytest.mark.parametrize("direction", [(0.0, 0.0, 0.0), (0.0, float("nan"), 1.0)])
def test_a_shaft_without_a_direction_is_refused(direction: tuple[float, float, float]) -> None:
    with pytest.raises(RenderError, match="shaft_direction is"):
        Instrument((0.0, 0.0, 0.0), direction)


def test_places_on_tissue_may_be_given_as_arrays() -> None:
    place = np.array([0.01, 0.02, 0.03])
    plain = (0.01, 0.02, 0.03)
    for given, wanted in (
        (Mark(place, np.array([0.0, 1.0, 0.0]), 1), Mark(plain, (0.0, 1.0, 0.0), 1)),
        (BloodPool(place, 0.01), BloodPool(plain, 0.01)),
        (Suctioned(place), Suctioned(plain)),
        (Char(place), Char(plain)),
        (Highlight(place, 0.01), Highlight(plain, 0.01)),
    ):
        assert given == wanted
        assert hash(given) == hash(wanted)
