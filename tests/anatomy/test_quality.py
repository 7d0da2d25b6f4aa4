"""Mesh measures against values known by hand and against slow twins."""

import numpy as np
import pytest

from surgisim.anatomy import quality

REGULAR = np.array([[1.0, 1, 1], [1, -1, -1], [-1, 1, -1], [-1, -1, 1]])
ONE = np.array([[0, 1, 2, 3]], dtype=np.int32)


def test_regular_tetrahedron():
    edge = np.sqrt(8.0)
    assert abs(quality.signed_volumes(REGULAR, ONE)[0]) == pytest.approx(edge**3 / np.sqrt(72))
    assert quality.dihedral_angles(REGULAR, ONE) == pytest.approx(np.degrees(np.arccos(1 / 3)))
    assert quality.min_altitudes(REGULAR, ONE)[0] == pytest.approx(edge * np.sqrt(2 / 3))
    assert quality.mean_edge_length(REGULAR, ONE) == pytest.approx(edge)


def test_corner_tetrahedron_faces_point_outward():
    points = np.vstack([np.zeros(3), np.eye(3)])
    assert quality.signed_volumes(points, ONE)[0] == pytest.approx(1 / 6)
    faces = quality.boundary_faces(ONE)
    assert quality.is_closed_manifold(faces)
    assert quality.enclosed_volume(points, faces) == pytest.approx(1 / 6)
    normals = quality.vertex_normals(points, faces)
    assert normals[0] @ np.ones(3) < 0


def test_open_and_doubled_surfaces_are_not_closed():
    faces = quality.boundary_faces(ONE)
    assert not quality.is_closed_manifold(faces[:3])
    assert not quality.is_closed_manifold(np.concatenate([faces, faces]))
    assert not quality.is_closed_manifold(np.concatenate([faces[:3], faces[3:, ::-1]]))


def test_components_hang_together_by_faces():
    by_face = np.array([[0, 1, 2, 3], [1, 2, 3, 4]], dtype=np.int32)
    by_edge = np.array([[0, 1, 2, 3], [2, 3, 4, 5]], dtype=np.int32)
    assert quality.component_ids(by_face).max() == 0
    assert quality.component_ids(by_edge).max() == 1


def test_surface_distance_against_dense_samples(liver):
    rng = np.random.default_rng(5)
    queries = rng.uniform(liver.points.min(0), liver.points.max(0), (40, 3))
    weights = rng.dirichlet(np.ones(3), 400)
    dense = np.einsum("sk,tkd->tsd", weights, liver.points[liver.surface]).reshape(-1, 3)
    slow = np.array([np.linalg.norm(dense - q, axis=1).min() for q in queries])
    fast = quality.surface_distance(queries, liver.points, liver.surface)
    assert (fast <= slow + 1e-12).all()
    assert fast == pytest.approx(slow, abs=6e-4)
