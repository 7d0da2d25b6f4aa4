"""What all simulators are asked: a block that a ball pokes, and a beam that bends."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from surgisim import TetMesh

__all__ = [
    "DAMPING",
    "DT",
    "RADIUS",
    "SIDE",
    "Floats",
    "Scene",
    "beam",
    "block",
    "inverted",
    "sunk",
]

Floats = NDArray[np.float64]

DT = 1e-3  # s
SIDE, RADIUS = 0.1, 0.02  # of the block and of the ball, m
DAMPING = 10.0  # 1/s, surgisim's default


@dataclass(frozen=True)
class Scene:
    """A box of tissue, held where the coordinate `held_axis` is 0, and a rigid ball. SI units."""

    size: tuple[float, float, float]
    cells: tuple[int, int, int]
    young_modulus: float
    poisson_ratio: float
    density: float
    gravity: float  # along y
    held_axis: int
    ball: tuple[float, float, float]
    law: str = "stable_neo_hookean"

    @cached_property
    def mesh(self) -> TetMesh:
        return TetMesh.box(self.size, self.cells)

    @property
    def held(self) -> NDArray[np.intp]:
        return np.flatnonzero(self.mesh.points[:, self.held_axis] == 0.0)

    @property
    def lame(self) -> tuple[float, float]:
        """Lame's mu and lambda, Pa."""
        E, nu = self.young_modulus, self.poisson_ratio
        return E / (2 * (1 + nu)), E * nu / ((1 + nu) * (1 - 2 * nu))

    def masses(self) -> Floats:
        """Of the nodes, kg: a quarter of each of their tetrahedra."""
        p = self.mesh.points[self.mesh.tetrahedra]
        quarter = self.density * np.linalg.det(p[:, 1:] - p[:, :1]) / 24
        masses = np.zeros(len(self.mesh.points))
        np.add.at(masses, self.mesh.tetrahedra, quarter[:, None])
        return masses


def block(cells: int, nu: float, x: float = SIDE / 2) -> Scene:
    """Block of 5 kPa on its bottom; the ball touches its top at `x`."""
    ball = (x, SIDE + RADIUS, SIDE / 2)
    return Scene((SIDE,) * 3, (cells,) * 3, 5e3, nu, 1060.0, 0.0, 1, ball)


def beam(cells: tuple[int, int, int], nu: float) -> Scene:
    """Beam of 50 kPa clamped at x = 0, under its own weight; the ball is far away."""
    size, far = (0.1, 0.02, 0.02), (0.05, 1.0, 0.01)
    return Scene(size, cells, 50e3, nu, 1000.0, -9.81, 0, far, law="neo_hookean")


def inverted(mesh: TetMesh, positions: Floats) -> float:
    """Share of tetrahedra turned inside out; 1 where numbers are lost."""
    p = positions[mesh.tetrahedra]
    with np.errstate(all="ignore"):
        return float(np.mean(~(np.linalg.det(p[:, 1:] - p[:, :1]) > 0.0)))


def sunk(mesh: TetMesh, positions: Floats, centre: Floats) -> float:
    """How deep the ball's surface stands in the tissue's triangles, m (28 points on each)."""
    shares = np.array([(i, j, 6 - i - j) for i in range(7) for j in range(7 - i)]) / 6
    points = np.einsum("ki,tid->tkd", shares, positions[mesh.surface])
    return max(0.0, RADIUS - float(np.linalg.norm(points - centre, axis=2).min()))
