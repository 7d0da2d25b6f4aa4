"""The same ellipsoid on grids of every kind gives the same mesh in the same place."""

import numpy as np
import pytest
from numpy.typing import NDArray

from surgisim.anatomy import build_organ, quality, read_labels
from surgisim.errors import AnatomyError

CENTRE_RAS_MM = np.array([41.3, -19.2, 100.7])
RADII_MM = np.array([30.0, 20.0, 40.0])
LABEL = 3


def ellipsoid_labels(affine: NDArray[np.float64], mm_per_unit: float = 1.0) -> NDArray[np.uint8]:
    """Sample the ellipsoid on the grid of an affine (in its own unit), 6 mm margin."""
    corners = np.stack(np.meshgrid(*([-1, 1],) * 3), -1).reshape(-1, 3) * (RADII_MM + 6)
    index = (corners + CENTRE_RAS_MM) / mm_per_unit - affine[:3, 3]
    index = index @ np.linalg.inv(affine[:3, :3]).T
    shape = np.ceil(index.max(axis=0)).astype(int) + 1
    assert index.min() >= -0.5, "the grid must start before the ellipsoid"
    grid = np.stack(np.meshgrid(*map(np.arange, shape), indexing="ij"), -1)
    world = (grid @ affine[:3, :3].T + affine[:3, 3]) * mm_per_unit
    inside = (((world - CENTRE_RAS_MM) / RADII_MM) ** 2).sum(-1) < 1
    return (inside * LABEL).astype(np.uint8)


def rotation(x, y, z):
    """Turn by the three angles (degrees) about the axes."""
    cx, cy, cz = np.cos(np.radians([x, y, z]))
    sx, sy, sz = np.sin(np.radians([x, y, z]))
    about_x = np.array([[1, 0, 0], [0, cx, -sx], [0, sx, cx]])
    about_y = np.array([[cy, 0, sy], [0, 1, 0], [-sy, 0, cy]])
    about_z = np.array([[cz, -sz, 0], [sz, cz, 0], [0, 0, 1]])
    return about_z @ about_y @ about_x


def affine(axes, start):
    whole = np.eye(4)
    whole[:3, :3] = axes
    whole[:3, 3] = start
    return whole


def around(axes):
    """Affine whose grid is centred on the ellipsoid, 70 mm each way."""
    axes = np.asarray(axes, dtype=float)
    index = 70.0 / np.linalg.norm(axes, axis=0)
    return affine(axes, np.round(CENTRE_RAS_MM) - axes @ np.ceil(index))


GRIDS = {
    "isotropic": (around(np.diag([2.0, 2, 2])), "mm", 1.0),
    "anisotropic": (around(np.diag([1.2, 1.5, 3.5])), "mm", 1.0),
    "flipped": (around(np.diag([-2.0, -2, 2])), "mm", 1.0),
    "mirrored": (around(np.diag([-2.0, 2, 2])), "mm", 1.0),
    "permuted": (around(np.array([[0.0, 0, 2], [2, 0, 0], [0, -2, 0]])), "mm", 1.0),
    "oblique": (around(rotation(20, -35, 50) @ np.diag([1.5, 2.0, 3.0])), "mm", 1.0),
    "sheared": (around(np.array([[2.0, 0, 0], [0, 2, 0.5], [0, 0, 2.5]])), "mm", 1.0),
    "metres": (around(np.diag([2.0, 2, 2])), "meter", 1000.0),
}


@pytest.mark.parametrize("kind", GRIDS)
def test_same_volume_and_place(save, kind):
    grid, unit, mm_per_unit = GRIDS[kind]
    grid = np.vstack([grid[:3] / mm_per_unit, grid[3:]])
    labels = read_labels(save(ellipsoid_labels(grid, mm_per_unit), grid, unit))
    organ = build_organ(labels, LABEL, "ellipsoid", 0.008)
    expected = 4 / 3 * np.pi * RADII_MM.prod() * 1e-9
    volumes = quality.signed_volumes(organ.points, organ.tetrahedra)
    assert volumes.sum() == pytest.approx(expected, rel=0.012)
    assert abs(organ.report.volume_error) < 0.005
    centroid = volumes @ organ.points[organ.tetrahedra].mean(axis=1) / volumes.sum()
    right, anterior, superior = CENTRE_RAS_MM * 1e-3
    assert centroid == pytest.approx([-right, anterior, -superior], abs=3e-4)
    half = (organ.points.max(axis=0) - organ.points.min(axis=0)) / 2
    assert half == pytest.approx(RADII_MM * 1e-3, abs=1.5e-3)


def test_pieces_and_holes_are_reported(save):
    grid = GRIDS["isotropic"][0]
    data = ellipsoid_labels(grid)
    i, j, k = np.argwhere(data == LABEL).mean(axis=0).astype(int)
    data[i, j, k] = 0  # an enclosed hole
    data[1:3, 1:3, 1:3] = LABEL  # a speck far away
    report = build_organ(read_labels(save(data, grid)), LABEL, "ellipsoid", 0.008).report
    assert report.filled_ml == pytest.approx(0.008)
    assert report.dropped_ml == pytest.approx(0.064)
    assert report.dropped_pieces == 1


def test_an_organ_too_small_for_its_elements_is_refused(save):
    data = np.zeros((9, 9, 9), np.uint8)
    data[4, 4, 4] = 1
    with pytest.raises(AnatomyError, match=r"^speck.*smaller edge"):
        build_organ(read_labels(save(data)), 1, "speck", 0.02)


def test_a_sheet_thinner_than_its_elements_is_refused(save):
    data = np.zeros((60, 60, 9), np.uint8)
    data[2:58, 2:58, 4] = 1
    with pytest.raises(AnatomyError, match=r"^sheet.*smaller edge"):
        build_organ(read_labels(save(data)), 1, "sheet", 0.02)


@pytest.mark.parametrize("edge", [0.0, 1e-5, 0.5, float("nan")])
def test_an_edge_out_of_range_is_refused(save, edge):
    labels = read_labels(save(ellipsoid_labels(GRIDS["isotropic"][0]), GRIDS["isotropic"][0]))
    with pytest.raises(AnatomyError, match=r"out of range; choose 0\.5 to 100 mm"):
        build_organ(labels, LABEL, "ellipsoid", edge)


def test_millions_of_tetrahedra_are_refused_before_the_work(ct_labels):
    with pytest.raises(AnatomyError, match="million"):
        build_organ(ct_labels, 5, "liver", 0.001)
