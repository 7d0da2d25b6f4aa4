"""A liver-like organ made by code, one OpenGL context for all pictures, and an X server."""

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

from surgisim.errors import RenderError
from surgisim.render.context import GLContext
from surgisim.render.normals import vertex_normals
from surgisim.render.offscreen import encode_png
from surgisim.render.scene import BloodPool, Hud, Instrument, Mark, Scene, SurfaceMesh
from surgisim.render.view import View

from .slow_surface import LoopSubdivision

Floats = NDArray[np.float64]
Ints = NDArray[np.int32]
Shape = tuple[Floats, Ints]
Picture = NDArray[np.uint8]
Compare = Callable[[Picture, str], None]
GOLDEN = Path(__file__).parent / "golden"


def _icosphere(levels: int) -> Shape:
    """Unit sphere of 20 * 4^levels triangles, corners exactly on it."""
    g = 0.5 * (1.0 + 5.0**0.5)
    points = [(-1, g, 0), (1, g, 0), (-1, -g, 0), (1, -g, 0), (0, -1, g), (0, 1, g)]
    points += [(0, -1, -g), (0, 1, -g), (g, 0, -1), (g, 0, 1), (-g, 0, -1), (-g, 0, 1)]
    faces = [(0, 11, 5), (0, 5, 1), (0, 1, 7), (0, 7, 10), (0, 10, 11), (1, 5, 9), (5, 11, 4)]
    faces += [(11, 10, 2), (10, 7, 6), (7, 1, 8), (3, 9, 4), (3, 4, 2), (3, 2, 6), (3, 6, 8)]
    faces += [(3, 8, 9), (4, 9, 5), (2, 4, 11), (6, 2, 10), (8, 6, 7), (9, 8, 1)]
    vertices, triangles = np.array(points, dtype=float), np.array(faces, dtype=np.int32)
    for _ in range(levels):
        split = LoopSubdivision(triangles, len(vertices), 1)
        vertices, triangles = split.apply(vertices).astype(float), split.triangles
        vertices /= np.linalg.norm(vertices, axis=1, keepdims=True)
    return vertices / np.linalg.norm(vertices, axis=1, keepdims=True), triangles


def _organ_shape(levels: int = 3) -> Shape:
    """A wedge with a thick right and a thin left lobe and a fissure between them, metres."""
    sphere, triangles = _icosphere(levels)
    x, y, z = sphere.T
    thickness = 0.62 - 0.38 * x
    fissure = 0.10 * np.exp(-(((x - 0.25) / 0.10) ** 2)) * np.clip(z + 0.3, 0.0, 1.0)
    wave = 0.05 * np.sin(3.1 * x + 1.0) * np.cos(2.3 * z)
    y = y * thickness * np.where(y > 0.0, 1.0, 0.55) - fissure + wave
    z = z * (0.85 - 0.25 * x) - 0.12 * x * x
    return 0.10 * np.stack([x, y, z], axis=1), triangles


def pressed(points: Floats, at: Floats, normal: Floats, depth_m: float) -> Floats:
    """Push a dent of 15 mm radius into the points."""
    distance = np.linalg.norm(points - at, axis=1)
    return points - depth_m * np.exp(-((distance / 0.015) ** 2))[:, None] * normal


@pytest.fixture(scope="session")
def icosphere() -> Callable[[int], Shape]:
    """Return a maker of unit spheres of 20 * 4^levels triangles."""
    return _icosphere


@pytest.fixture(scope="session")
def organ_shape() -> Callable[[int], Shape]:
    """Return a maker of livers from such spheres."""
    return _organ_shape


@pytest.fixture(scope="session")
def organ() -> Shape:
    return _organ_shape()


@pytest.fixture
def make_scene(organ: Shape) -> Callable[..., Scene]:
    """Return a palpation scene: dent, probe in it, two marks, blood, HUD; parts by keyword."""
    points, triangles = organ
    normals = vertex_normals(points, triangles).astype(float)

    def top_at(x: float, z: float) -> tuple[Floats, Floats]:
        near = np.argsort((points[:, 0] - x) ** 2 + (points[:, 2] - z) ** 2)[:8]
        index = near[points[near, 1].argmax()]
        return points[index], normals[index]

    def make(*, blood_ml: float = 3.0, depth_m: float = 0.008, hud: Hud | None = None) -> Scene:
        place, normal = top_at(-0.02, 0.02)
        shape = pressed(points, place, normal, depth_m)
        tip = place + (0.005 - depth_m) * normal
        marks = []
        for number, where in enumerate([(-0.06, 0.0), (0.045, -0.01)], start=1):
            point, outward = top_at(*where)
            marks.append(Mark(_vector(point), _vector(outward), number))
        tear, _ = top_at(0.02, 0.035)
        blood = (BloodPool.from_volume(_vector(tear), blood_ml),) if blood_ml else ()
        surface = SurfaceMesh("liver", shape, points, triangles)
        probe = Instrument(_vector(tip), (0.45, 0.75, 0.35))
        return Scene((surface,), (probe,), tuple(marks), blood, hud=hud)

    return make


def _vector(values: Floats) -> tuple[float, float, float]:
    return (float(values[0]), float(values[1]), float(values[2]))


@pytest.fixture(scope="session")
def overview() -> View:
    return View.look_at((0.02, 0.19, 0.17), (0.0, 0.01, 0.0), fov_y=np.radians(45.0))


@pytest.fixture(scope="session")
def gl() -> Iterator[GLContext]:
    try:
        context = GLContext.egl_surfaceless()
    except RenderError as error:
        pytest.skip(f"no OpenGL without a display here: {error}")
    yield context
    context.release()


@pytest.fixture
def compare(gl: GLContext, tmp_path: Path) -> Compare:
    """Hold a picture against golden/<name>.png; llvmpipe is exact, GPUs may round otherwise."""

    def compare(picture: Picture, name: str) -> None:
        path = GOLDEN / f"{name}.png"
        if os.environ.get("SURGISIM_UPDATE_GOLDEN"):
            path.write_bytes(encode_png(picture))
        stored = np.asarray(Image.open(path).convert("RGB"))
        assert picture.shape == stored.shape
        difference = np.abs(picture.astype(int) - stored.astype(int))
        mean_limit, tail_limit = (0.5, 6) if gl.is_software else (5.0, 80)
        if difference.mean() > mean_limit or np.percentile(difference, 99.5) > tail_limit:
            (tmp_path / f"{name}.png").write_bytes(encode_png(picture))
            pytest.fail(
                f"{name} differs from its stored picture by {difference.mean():.2f} of 255 on "
                f"average (see {tmp_path / name}.png); if that is meant, store it with "
                "SURGISIM_UPDATE_GOLDEN=1"
            )

    return compare
