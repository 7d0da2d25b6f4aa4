"""Wall times of ticks and looks, for comparing versions: ``python -m pytest benches``.

``surgisim bench`` prints CPU times with their errors; these are for regressions.
"""

from typing import Any

import numpy as np
import pytest

from surgisim import Material, SoftBody, TetMesh, Tool, World
from surgisim.run import LockstepRun

TISSUE = Material(young_modulus=5e3, poisson_ratio=0.45, density=1060.0)


def pressed_block(cells: int) -> tuple[World, Tool, SoftBody]:
    """0.10 m block with a ball of 20 mm radius pressed 15 mm deep."""
    world = World(gravity=(0.0, 0.0, 0.0))
    mesh = TetMesh.box((0.1, 0.1, 0.1), (cells,) * 3)
    organ = world.add_soft_body(mesh, TISSUE, fixed=np.flatnonzero(mesh.points[:, 1] == 0.0))
    ball = world.add_sphere(0.02, (0.05, 0.12, 0.05), friction=0.1)
    for i in range(150):
        ball.move_to((0.05, 0.12 - 1e-4 * i, 0.05))
        world.step()
    return world, ball, organ


@pytest.mark.parametrize("cells", [6, 9, 12])
def test_tick(benchmark: Any, cells: int) -> None:
    """One tick of the pressed block."""
    world, _, organ = pressed_block(cells)
    benchmark.group = f"tick, {len(organ.mesh.tetrahedra)} tetrahedra"
    benchmark(world.step)


def test_look(benchmark: Any) -> None:
    """What a session takes from a run 50 times a second."""
    run = LockstepRun(*pressed_block(9))
    run.advance(20)

    def look() -> None:
        run.snapshot()
        run.events()
        run.trace()

    benchmark(look)
