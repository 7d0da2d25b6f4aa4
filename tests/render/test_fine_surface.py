"""What is drawn of a surface, against the slow twin; surfaces that organs bring along."""

from collections.abc import Callable

import numpy as np
import pytest
from numpy.typing import NDArray

from surgisim.errors import RenderError
from surgisim.render.scene import SurfaceMesh
from surgisim.render.tissue import DisplaySurface
from surgisim.simulation import FineSurface, TetMesh

from .slow_surface import LoopSubdivision, slow_frame

MakeShape = Callable[[int], tuple[NDArray[np.float64], NDArray[np.int32]]]


def open_sheet() -> tuple[NDArray[np.float64], NDArray[np.int32]]:
    """A wavy sheet with a border, and a fin that makes an edge of three triangles."""
    rows = 6
    x, z = np.meshgrid(np.arange(rows), np.arange(rows), indexing="ij")
    points = np.stack([x, 0.4 * np.sin(1.3 * x) * np.cos(z), z], axis=-1).reshape(-1, 3)
    a = (np.arange(rows - 1)[:, None] * rows + np.arange(rows - 1)).reshape(-1)
    triangles = np.concatenate(
        [
            np.stack([a, a + 1, a + rows], 1),
            np.stack([a + 1, a + rows + 1, a + rows], 1),
            [[14, 15, rows * rows]],
        ]
    )
    points = np.concatenate([points, [[2.5, 2.0, 2.5]]])
    return 0.01 * points, triangles.astype(np.int32)


@pytest.mark.parametrize("levels", [0, 1, 2, 3])
@pytest.mark.parametrize("shape", ["organ", "sheet"])
def test_a_frame_is_that_of_the_slow_twin(organ_shape: MakeShape, shape: str, levels: int) -> None:
    points, triangles = organ_shape(2) if shape == "organ" else open_sheet()
    x, y, z = points.T
    moved = np.stack([x + 0.3 * y * y, y + 0.02 * np.sin(40.0 * x), z - 0.2 * x], axis=1)
    blood = np.clip(1.0 + 10.0 * y, 0.0, 1.0)
    surface = FineSurface.smooth(triangles, len(points), levels)
    fast = surface.frame(moved, blood)
    slow = slow_frame(moved, triangles, levels, blood)
    np.testing.assert_array_equal(
        surface.triangles, LoopSubdivision(triangles, len(points), levels).triangles
    )
    np.testing.assert_allclose(fast[:, :3], slow[:, :3], atol=3e-8)
    np.testing.assert_allclose(fast[:, 3:6], slow[:, 3:6], atol=2e-4)
    np.testing.assert_allclose(fast[:, 6], slow[:, 6], atol=1e-4)
    np.testing.assert_allclose(fast[:, 7], slow[:, 7], atol=2e-6)


def test_an_organ_may_bring_its_own_fine_surface(organ_shape: MakeShape) -> None:
    mesh = TetMesh.box((0.1, 0.1, 0.1), (4, 4, 4))
    points, triangles = organ_shape(2)
    inside = 0.05 + 0.3 * points
    fine = FineSurface.embedded(mesh.points, mesh.tetrahedra, inside, triangles)
    shown = SurfaceMesh("liver", 2.0 * mesh.points, mesh.points, mesh.surface, fine=fine)
    display = DisplaySurface(shown)
    np.testing.assert_array_equal(display.triangles, triangles)
    np.testing.assert_allclose(display.rest, inside, atol=1e-7)
    np.testing.assert_allclose(display.frame(shown, ())[:, :3], 2.0 * inside, atol=1e-7)
    with pytest.raises(RenderError, match="lies on 125 vertices, not on 162"):
        SurfaceMesh("liver", points, points, triangles, fine=fine)
