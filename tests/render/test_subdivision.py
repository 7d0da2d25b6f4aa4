"""The slow twin of the displayed surface: unity, the sphere, planes, creases; normals."""

from collections.abc import Callable

import numpy as np
import pytest
from numpy.typing import NDArray

from surgisim.render.normals import vertex_normals

from .slow_surface import LoopSubdivision

MakeShape = Callable[[int], tuple[NDArray[np.float64], NDArray[np.int32]]]


def test_weights_sum_to_one(icosphere: MakeShape) -> None:
    points, triangles = icosphere(1)
    for stencils in LoopSubdivision(triangles, len(points), 2).stencils:
        np.testing.assert_allclose(stencils.weights.sum(axis=1), 1.0, atol=1e-6)


def test_each_level_quadruples_a_closed_surface_and_keeps_it_closed(icosphere: MakeShape) -> None:
    points, triangles = icosphere(0)
    for levels in range(4):
        fine = LoopSubdivision(triangles, len(points), levels)
        assert len(fine.triangles) == 20 * 4**levels
        assert fine.vertex_count == len(fine.triangles) // 2 + 2
        edges = np.sort(fine.triangles[:, [0, 1, 1, 2, 2, 0]].reshape(-1, 2), axis=1)
        assert (np.unique(edges, axis=0, return_counts=True)[1] == 2).all()


def test_a_coarse_sphere_becomes_a_round_one_of_the_same_size(icosphere: MakeShape) -> None:
    points, triangles = icosphere(1)
    fine = LoopSubdivision(triangles, len(points), 2)
    radius = np.linalg.norm(fine.apply(points), axis=1)
    # the coarse faces themselves miss the sphere by 5 %
    assert np.abs(radius - 1.0).max() < 0.015
    assert abs(radius.mean() - 1.0) < 0.005


def test_sphere_error_falls_with_the_square_of_the_edge(icosphere: MakeShape) -> None:
    errors = []
    for level in (1, 2, 3):
        points, triangles = icosphere(level)
        fine = LoopSubdivision(triangles, len(points), 1)
        errors.append(np.abs(np.linalg.norm(fine.apply(points), axis=1) - 1.0).max())
    assert errors[0] > 3.0 * errors[1] > 9.0 * errors[2]


def test_linear_fields_and_constants_are_kept() -> None:
    rows = 6
    x, z = np.meshgrid(np.arange(rows), np.arange(rows), indexing="ij")
    flat = np.stack([x, 0.0 * x, z], axis=-1).reshape(-1, 3).astype(float)
    a = (np.arange(rows - 1)[:, None] * rows + np.arange(rows - 1)).reshape(-1)
    triangles = np.concatenate(
        [np.stack([a, a + 1, a + rows], 1), np.stack([a + 1, a + rows + 1, a + rows], 1)]
    )
    fine = LoopSubdivision(triangles, len(flat), 2)
    spread = fine.apply(np.concatenate([flat, np.full((len(flat), 1), 0.7)], axis=1))
    np.testing.assert_allclose(spread[:, 3], 0.7, atol=1e-6)
    np.testing.assert_allclose(spread[:, 1], 0.0, atol=1e-6)
    # the open border stays a straight border at the same place
    assert spread[:, 0].min() == pytest.approx(0.0, abs=0.1)
    assert spread[:, 0].max() == pytest.approx(rows - 1.0, abs=0.1)


def test_a_vertex_shared_by_two_sheets_is_no_obstacle() -> None:
    points = np.array([[0, 0, 0], [1, 0, 0], [0, 1, 0], [-1, 0, 0.2], [0, -1, 0.1]], dtype=float)
    triangles = np.array([[0, 1, 2], [0, 3, 4]])
    fine = LoopSubdivision(triangles, 5, 2)
    smooth = fine.apply(points)
    assert len(fine.triangles) == 32
    assert np.isfinite(smooth).all()
    np.testing.assert_allclose(smooth[0], points[0], atol=1e-6)


def test_no_levels_changes_nothing(icosphere: MakeShape) -> None:
    points, triangles = icosphere(1)
    fine = LoopSubdivision(triangles, len(points), 0)
    np.testing.assert_array_equal(fine.triangles, triangles)
    np.testing.assert_allclose(fine.apply(points), points, atol=1e-6)


def test_normals_of_a_sphere_are_its_points(icosphere: MakeShape) -> None:
    points, triangles = icosphere(3)
    normals = vertex_normals(points, triangles)
    assert (normals * points).sum(axis=1).min() > 0.9995


def test_a_vertex_without_triangles_has_a_normal() -> None:
    points = np.array([[0, 0, 0], [1, 0, 0], [0, 1, 0], [5, 5, 5]], dtype=float)
    normals = vertex_normals(points, np.array([[0, 1, 2]]))
    np.testing.assert_allclose(normals[[0, 3]], [[0, 0, 1], [0, 1, 0]])
