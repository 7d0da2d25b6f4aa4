"""What hides what: the tree against every triangle in turn, and against the renderer's own eyes."""

import math
import time

import numpy as np
import pytest
from numpy.typing import NDArray

from surgisim.scope import Lens
from surgisim.visibility import TriangleTree, lifted, seen, seen_share

Floats = NDArray[np.float64]


def sphere(center: Floats, radius: float, rows: int = 24) -> tuple[Floats, NDArray[np.int64]]:
    """A closed sphere of triangles, outward."""
    polar = np.linspace(0.0, np.pi, rows + 1)
    turn = np.linspace(0.0, 2.0 * np.pi, 2 * rows, endpoint=False)
    p, t = np.meshgrid(polar, turn, indexing="ij")
    points = np.stack([np.sin(p) * np.cos(t), np.cos(p), np.sin(p) * np.sin(t)], axis=-1)
    n = 2 * rows
    i, j = (grid.ravel() for grid in np.mgrid[0:rows, 0:n])
    a, b = i * n + j, i * n + (j + 1) % n
    triangles = np.concatenate([np.stack([a, b, a + n], 1), np.stack([b, b + n, a + n], 1)])
    corners = points.reshape(-1, 3)[triangles]
    whole = np.linalg.norm(
        np.cross(corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0]), axis=1
    )
    return center + radius * points.reshape(-1, 3), triangles[whole > 1e-12]


def slowly(points: Floats, triangles: NDArray[np.integer], start: Floats, end: Floats) -> bool:
    """Every triangle in turn, by the signs of volumes."""

    def volume(a: Floats, b: Floats, c: Floats, d: Floats) -> float:
        return float(np.dot(np.cross(b - a, c - a), d - a))

    for a, b, c in points[triangles]:
        if volume(a, b, c, start) * volume(a, b, c, end) >= 0.0:
            continue
        sides = [volume(start, end, a, b), volume(start, end, b, c), volume(start, end, c, a)]
        if all(s > 0.0 for s in sides) or all(s < 0.0 for s in sides):
            return True
    return False


@pytest.mark.parametrize("count", [1, 2, 3, 7, 300])
def test_the_tree_says_what_every_triangle_says(count: int) -> None:
    rng = np.random.default_rng(count)
    middles = rng.uniform(-0.1, 0.1, (count, 1, 3))
    points = (middles + rng.uniform(-0.03, 0.03, (count, 3, 3))).reshape(-1, 3)
    triangles = np.arange(3 * count).reshape(-1, 3)
    tree = TriangleTree(points, triangles)
    starts, ends = rng.uniform(-0.15, 0.15, (2, 40, 3))
    for moved in (points, points + rng.uniform(-0.02, 0.02, points.shape)):
        tree.move(moved)
        slow = [slowly(moved, triangles, s, e) for s, e in zip(starts, ends, strict=True)]
        assert tree.blocks(starts, ends).tolist() == slow


def test_segments_along_the_axes_and_of_no_length_are_answered() -> None:
    tree = TriangleTree(*sphere(np.zeros(3), 0.05))
    ends = np.array([[0.0, 0.2, 0.0], [0.2, 0.0, 0.0], [0.0, 0.0, -0.2], [0.0, 0.0, 0.0]])
    # a hair beside the poles and the seam, which the axes hit
    assert tree.blocks(np.array([1e-5, 2e-5, 3e-5]), ends).tolist() == [True, True, True, False]


def test_a_lens_sees_one_side_of_a_ball_and_nothing_past_it() -> None:
    points, triangles = sphere(np.array([0.0, -0.10, 0.0]), 0.02)
    ball = TriangleTree(points, triangles)
    lens = Lens.through((0.0, 0.1, 0.0), (0.0, 0.0, 0.0), 0.0)
    normals = (points - [0.0, -0.10, 0.0]) / 0.02
    shown = seen(lens, lifted(points, normals, 1e-4), [ball])
    # A ball of radius r seen from D away shows its cap within acos(r / D) of the near pole.
    rim = math.acos(0.02 / 0.10)
    away = np.arccos(np.clip(normals[:, 1], -1.0, 1.0))
    sure = np.abs(away - rim) > 0.2  # facets, and the lift
    assert (shown == (away < rim))[sure].all()
    behind = np.array([[0.0, -0.2, 0.001]])
    assert seen_share(lens, behind, [ball]) == 0.0
    assert seen_share(lens, behind, []) == 1.0
    ball.move(points + np.array([0.1, 0.0, 0.0]))
    assert seen_share(lens, behind, [ball]) == 1.0


def test_a_look_at_twenty_thousand_triangles_is_cheap() -> None:
    tree = TriangleTree(*sphere(np.zeros(3), 0.1, rows=72))
    assert len(tree) > 20_000
    ends = np.random.default_rng(1).uniform(-0.1, 0.1, (20, 3))
    eye = np.array([0.0, 0.3, 0.0])
    tree.blocks(eye, ends)
    begin = time.process_time()
    for _ in range(50):
        tree.blocks(eye, ends)
    assert (time.process_time() - begin) / 50 < 10e-3  # 1 ms where nothing else runs
