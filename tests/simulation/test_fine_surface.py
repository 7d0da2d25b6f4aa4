"""The displayed surface from Python: what it takes, what it gives, and what cutting does to it."""

import threading

import numpy as np
import pytest

from surgisim import Material, TetMesh, World
from surgisim.errors import MeshError
from surgisim.simulation import FineSurface

MESH = TetMesh.box((0.03, 0.02, 0.02), (3, 2, 2))
TISSUE = Material(young_modulus=5e3, poisson_ratio=0.45, density=1060.0)


def sheet() -> tuple[np.ndarray, np.ndarray]:
    """Return the top of the block as a finer sheet: points and upward triangles."""
    rows = 13
    x, z = np.meshgrid(np.linspace(0, 0.03, rows), np.linspace(0, 0.02, rows), indexing="ij")
    points = np.stack([x, np.full_like(x, 0.02), z], axis=-1).reshape(-1, 3)
    a = (np.arange(rows - 1)[:, None] * rows + np.arange(rows - 1)).ravel()
    first = np.stack([a, a + 1, a + rows], axis=1)
    second = np.stack([a + 1, a + rows + 1, a + rows], axis=1)
    return points, np.concatenate([first, second])


def embedded() -> FineSurface:
    points, triangles = sheet()
    return FineSurface.embedded(MESH.points, MESH.tetrahedra, points, triangles)


def test_an_embedded_sheet_lies_where_it_was_put_and_faces_up() -> None:
    surface = embedded()
    packed = surface.frame(MESH.points)
    np.testing.assert_allclose(packed[:, :3], sheet()[0], atol=1e-8)
    level = np.tile([0.0, 1.0, 0.0, 1.0, 0.0], (len(surface), 1))
    np.testing.assert_allclose(packed[:, 3:], level, atol=1e-5)
    assert surface.carriers == len(MESH.points)
    assert surface.distances.max() < 1e-12
    assert "0 triangles hidden" in repr(surface)


def test_a_frame_is_written_where_it_is_wanted() -> None:
    surface = embedded()
    out = np.zeros((len(surface), 8), dtype=np.float32)
    assert surface.frame(MESH.points, out=out) is out
    np.testing.assert_array_equal(out, surface.frame(MESH.points))
    # as read-only, as transposed, as float32, or as a list
    np.testing.assert_array_equal(out, surface.frame(np.asfortranarray(MESH.points)))
    np.testing.assert_array_equal(out, surface.frame(MESH.points.tolist()))
    np.testing.assert_allclose(out, surface.frame(MESH.points.astype(np.float32)), atol=1e-5)


def test_blood_of_the_nodes_is_carried() -> None:
    surface = embedded()
    packed = surface.frame(MESH.points, blood=MESH.points[:, 0] / 0.03)
    np.testing.assert_allclose(packed[:, 7], sheet()[0][:, 0] / 0.03, atol=1e-6)


def test_removed_tissue_takes_its_triangles_along() -> None:
    surface = embedded()
    world = World(gravity=(0.0, 0.0, 0.0))
    body = world.add_soft_body(MESH, TISSUE)
    middle = MESH.points[MESH.tetrahedra].mean(axis=1)
    body.remove(np.flatnonzero(middle[:, 0] > 0.02))
    all_of_them = len(surface.triangles)
    surface.follow(body.topology)
    assert surface.hidden == all_of_them - len(surface.triangles) > 0.3 * all_of_them
    assert sheet()[0][surface.triangles.ravel()][:, 0].max() < 0.02 + 1e-9
    surface.frame(body.positions)


def test_a_cut_gives_the_surface_more_nodes() -> None:
    surface = embedded()
    world = World(gravity=(0.0, 0.0, 0.0))
    body = world.add_soft_body(MESH, TISSUE)
    body.split(MESH.tetrahedra[0, :2])
    surface.follow(body.topology)
    assert surface.carriers == len(MESH.points) + 1
    np.testing.assert_allclose(surface.frame(body.positions)[:, :3], sheet()[0], atol=1e-7)


def test_other_threads_may_compute_other_surfaces() -> None:
    surfaces = [embedded() for _ in range(4)]
    frames: list[np.ndarray] = []

    def compute(surface: FineSurface) -> None:
        for _ in range(20):
            frame = surface.frame(MESH.points)
        frames.append(frame)

    threads = [threading.Thread(target=compute, args=(one,)) for one in surfaces]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(frames) == 4
    for frame in frames[1:]:
        np.testing.assert_array_equal(frame, frames[0])


def test_wrong_arguments_are_refused_with_what_is_wanted() -> None:
    surface = embedded()
    with pytest.raises(MeshError, match="positions has 1 rows where 36"):
        surface.frame(MESH.points[:1])
    with pytest.raises(MeshError, match=r"shape \(36, 2\)"):
        surface.frame(MESH.points[:, :2])
    with pytest.raises(MeshError, match="blood has 2 rows"):
        surface.frame(MESH.points, blood=np.zeros(2))
    for wrong in (
        np.zeros((len(surface), 8)),
        np.zeros((len(surface), 4), dtype=np.float32),
        np.zeros((len(surface), 16), dtype=np.float32)[:, ::2],
    ):
        with pytest.raises(MeshError, match="give a writeable, C-contiguous"):
            surface.frame(MESH.points, out=wrong)
    with pytest.raises(MeshError, match="out has 3 rows"):
        surface.frame(MESH.points, out=np.zeros((3, 8), dtype=np.float32))
    with pytest.raises(MeshError, match="give 6 or fewer"):
        FineSurface.smooth(MESH.surface, len(MESH.points), 7)
    with pytest.raises(MeshError, match="at least one triangle"):
        FineSurface.smooth(np.zeros((0, 3), dtype=int), 3)
    with pytest.raises(MeshError, match=r"give a \(k, 3\) array"):
        FineSurface.smooth(MESH.tetrahedra, len(MESH.points))
    smooth = FineSurface.smooth(MESH.surface, len(MESH.points), 1)
    world = World()
    body = world.add_soft_body(MESH, TISSUE)
    with pytest.raises(MeshError, match="follows no tetrahedra"):
        smooth.follow(body.topology)
