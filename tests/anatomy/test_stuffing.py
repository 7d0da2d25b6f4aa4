"""Isosurface stuffing and the improvement after it, on shapes whose volume is known."""

import numpy as np
import pytest

from surgisim.anatomy import quality
from surgisim.anatomy.improve import improve, round_off
from surgisim.anatomy.stuffing import MEAN_EDGE_PER_CELL, stuff


def sphere(p):
    return 1.0 - np.linalg.norm(p, axis=1)


def torus(p):
    return 0.35 - np.hypot(np.hypot(p[:, 0], p[:, 1]) - 0.8, p[:, 2])


BOX = np.full(3, -1.3), np.full(3, 1.3)


@pytest.mark.parametrize(
    ("field", "volume", "cell", "tolerance"),
    [
        (sphere, 4 / 3 * np.pi, 0.2, 0.02),
        (sphere, 4 / 3 * np.pi, 0.1, 0.005),
        (torus, 2 * np.pi**2 * 0.8 * 0.35**2, 0.1, 0.03),
    ],
)
def test_known_shapes(field, volume, cell, tolerance):
    points, tets = stuff(field, *BOX, cell)
    volumes = quality.signed_volumes(points, tets)
    assert volumes.min() > 0
    assert volumes.sum() == pytest.approx(volume, rel=tolerance)
    faces = quality.boundary_faces(tets)
    assert quality.is_closed_manifold(faces)
    assert quality.component_ids(tets).max() == 0
    assert quality.dihedral_angles(points, tets).min() > 10
    assert np.abs(field(points[np.unique(faces)])).max() < 1e-6
    edge = quality.mean_edge_length(points, tets)
    assert edge == pytest.approx(cell * MEAN_EDGE_PER_CELL, rel=0.06)


@pytest.mark.parametrize("seed", range(12))
def test_rough_fields_still_give_closed_surfaces(seed):
    """Random bumps meet every stencil and every choice of diagonal."""
    rng = np.random.default_rng(seed)
    waves, phase = rng.normal(0, 3, (6, 3)), rng.uniform(0, 6, 6)

    def bumpy(p):
        return sphere(p) + 0.12 * np.sin(p @ waves.T + phase).sum(axis=1)

    points, tets = stuff(bumpy, BOX[0] - 0.5, BOX[1] + 0.5, 0.23)
    assert quality.signed_volumes(points, tets).min() > 0
    faces = quality.boundary_faces(tets)
    directed = np.concatenate([faces[:, [0, 1]], faces[:, [1, 2]], faces[:, [2, 0]]])
    forward, backward = np.unique(directed, axis=0), np.unique(directed[:, ::-1], axis=0)
    assert (forward == backward).all(), "a crack in the surface"


def test_improvement_raises_the_smallest_height_and_keeps_the_surface():
    cell = 0.2
    points, tets = stuff(sphere, *BOX, cell)

    def project(p):
        return p / np.linalg.norm(p, axis=1, keepdims=True)

    better, passes = improve(points, tets, project, cell, target_height=0.3 * cell)
    assert passes > 0
    before = quality.min_altitudes(points, tets).min()
    assert quality.min_altitudes(better, tets).min() > 1.3 * before
    assert quality.signed_volumes(better, tets).min() > 0
    surface = np.unique(quality.boundary_faces(tets))
    assert np.abs(sphere(better[surface])).max() < 1e-6


def test_rounding_leaves_a_smooth_surface_alone_and_takes_a_tooth_back():
    points, tets = stuff(sphere, *BOX, 0.2)
    assert (round_off(points, tets, 0.2) == points).all()
    tooth = int(np.unique(quality.boundary_faces(tets))[0])
    pulled = points.copy()
    pulled[tooth] *= 1.15
    rounded = round_off(pulled, tets, 0.2)
    assert 0 < np.linalg.norm(rounded[tooth]) < np.linalg.norm(pulled[tooth])
    assert quality.signed_volumes(rounded, tets).min() > 0
