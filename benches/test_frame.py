"""CPU times of the displayed surface, for each picture anew; for comparing versions."""

import statistics
import time
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from surgisim.render.scene import BloodPool, SurfaceMesh
from surgisim.render.tissue import DisplaySurface
from surgisim.simulation import FineSurface, TetMesh

FINE = 50_000
CELLS = 16  # 3072 triangles; with two subdivisions FINE are 49 152


def ball() -> tuple[TetMesh, NDArray[np.float64]]:
    """A block, and what its nodes are as a ball of 0.1 m."""
    mesh = TetMesh.box((2.0, 2.0, 2.0), (CELLS,) * 3)
    cube = mesh.points - 1.0
    radius = np.linalg.norm(cube, axis=1, keepdims=True)
    largest = np.abs(cube).max(axis=1, keepdims=True)
    return mesh, 0.1 * cube * largest / np.maximum(radius, 1e-9)


def smooth() -> tuple[DisplaySurface, SurfaceMesh]:
    """A ball whose surface is subdivided twice."""
    mesh, points = ball()
    nodes, triangles = np.unique(mesh.surface, return_inverse=True)
    shape = points[nodes]
    surface = SurfaceMesh("liver", shape, shape, triangles.reshape(-1, 3))
    return DisplaySurface(surface), surface


def embedded() -> tuple[DisplaySurface, SurfaceMesh]:
    """The same shown surface, embedded in the tetrahedra."""
    display, _ = smooth()
    mesh, points = ball()
    fine = FineSurface.embedded(points, mesh.tetrahedra, display.rest, display.triangles)
    surface = SurfaceMesh("liver", points, points, mesh.surface, fine=fine)
    return DisplaySurface(surface), surface


def cpu_ms(work: Callable[[], object], times: int = 60) -> float:
    """Median CPU time of this thread, ms."""
    spent = []
    for _ in range(times):
        start = time.thread_time_ns()
        work()
        spent.append(1e-6 * (time.thread_time_ns() - start))
    return statistics.median(spent)


@pytest.mark.parametrize("make", [smooth, embedded])
@pytest.mark.parametrize("pools", [0, 3])
def test_frame(
    benchmark: Any, make: Callable[[], tuple[DisplaySurface, SurfaceMesh]], pools: int
) -> None:
    """One frame of about 50 000 triangles."""
    display, surface = make()
    assert abs(len(display.triangles) - FINE) < 0.02 * FINE
    top = display.rest[display.rest[:, 1].argmax()]
    places = [(float(top[0]) + 0.03 * i, float(top[1]), float(top[2])) for i in range(pools)]
    blood = tuple(BloodPool.from_volume(place, 20.0) for place in places)
    out = np.empty((len(display.rest), 8), dtype=np.float32)

    def frame() -> None:
        display.frame(surface, blood, out)

    frame()
    benchmark.group = f"frame of {len(display.triangles)} triangles, {pools} pools of blood"
    benchmark.extra_info["thread_cpu_ms"] = round(cpu_ms(frame), 2)
    print(f"\n{make.__name__}, {pools} pools: {cpu_ms(frame):.2f} ms of CPU")
    benchmark(frame)
