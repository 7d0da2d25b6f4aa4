"""Beads in a real block of silicone, compressed: what is inside follows from what is outside.

Truth Cube (Kerdok et al., Medical Image Analysis 2003): 7 x 7 x 7 beads in 80 mm of rubber, seen
by CT at rest and compressed. How its plates hold the rubber is not known well enough, so the outer
beads are moved as they were measured, and the inner 125 are predicted.
"""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from surgisim import Material, SoftBody, TetMesh, World

Floats = NDArray[np.float64]

SIDE = 7
FILE = "truthcube/beads_5pct.csv"
SCATTER = (
    "0.370 mm: near incompressibility the scatter of the outer beads is carried inward. Scatter of "
    "0.17 mm an axis on an affine motion alone makes 0.09 mm at nu .30, 0.13 mm at .45, 0.22 mm at "
    ".49. The mean over the eight ways to split the lattice is within 0.356 mm"
)


def beads(path: Path) -> tuple[Floats, Floats]:
    """Read positions at rest and compressed, m, both of shape (343, 3), the first index fastest.

    The columns are: three indices from 1, the position at rest, the position of one state; mm.
    """
    table = np.genfromtxt(path, delimiter=",", names=True)
    names = table.dtype.names
    assert names is not None
    assert (len(names), len(table)) == (9, SIDE**3)
    columns = np.stack([table[name] for name in names], axis=1)
    order = np.lexsort((columns[:, 0], columns[:, 1], columns[:, 2]))
    return 1e-3 * columns[order, 3:6], 1e-3 * columns[order, 6:9]


def outer_beads() -> NDArray[np.bool_]:
    index = np.stack(np.unravel_index(np.arange(SIDE**3), (SIDE,) * 3), axis=1)
    return ((index == 0) | (index == SIDE - 1)).any(axis=1)


def predicted(rest: Floats, moved: Floats, poisson_ratio: float, law: str) -> Floats:
    """Positions of all beads, m, if the outer ones are where they are in `moved`.

    Their way is made in steps of at most 4 mm.
    """
    lattice = TetMesh.box((1.0, 1.0, 1.0), (SIDE - 1,) * 3).tetrahedra
    mesh = TetMesh(rest, lattice)
    assert mesh.report.flipped in {0, len(lattice)}, "a cell of the lattice is turned over"
    world = World(gravity=(0.0, 0.0, 0.0))
    # The modulus cancels out where all loads are displacements.
    rubber = Material(young_modulus=15.3e3, poisson_ratio=poisson_ratio, density=980.0, law=law)
    body: SoftBody = world.add_soft_body(mesh, rubber)
    outer = np.flatnonzero(outer_beads())
    way = (moved - rest)[outer]
    parts = int(np.ceil(np.linalg.norm(way, axis=1).max() / 4e-3))
    for part in range(1, parts + 1):
        body.prescribe(outer, way * part / parts)
        world.settle(1e-5, 60.0)
    return body.positions


def affine(rest: Floats, moved: Floats) -> Floats:
    """Where the affine map that fits the outer beads best takes all of them, m."""
    outer = outer_beads()
    whole = np.column_stack([rest, np.ones(len(rest))])
    fit, *_ = np.linalg.lstsq(whole[outer], moved[outer], rcond=None)
    return np.asarray(whole @ fit)


def error_mm(found: Floats, moved: Floats) -> float:
    """Root mean square distance of the inner beads."""
    inner = ~outer_beads()
    return float(1e3 * np.sqrt(((found - moved)[inner] ** 2).sum(axis=1).mean()))


def hold(path: Path, poisson_ratio: float, law: str, most_mm: float) -> None:
    """Predict the inner beads within `most_mm`, and better than the affine map."""
    rest, moved = beads(path)
    found = error_mm(predicted(rest, moved, poisson_ratio, law), moved)
    plain, still = error_mm(affine(rest, moved), moved), error_mm(rest, moved)
    print(
        f"\n{path.name}, {law}, nu {poisson_ratio}: inner beads moved {still:.3f} mm RMS, "
        f"predicted within {found:.3f} mm; best affine map {plain:.3f} mm"
    )
    assert found < plain
    assert found <= most_mm


@pytest.mark.parametrize("law", ["stable_neo_hookean", "neo_hookean"])
@pytest.mark.parametrize(
    "poisson_ratio", [0.30, 0.45, pytest.param(0.49, marks=pytest.mark.xfail(reason=SCATTER))]
)
def test_inner_beads_at_5_per_cent(
    test_data: Callable[[str], Path], poisson_ratio: float, law: str
) -> None:
    # About 0.3 mm is the scatter of the measurement itself.
    hold(test_data(FILE), poisson_ratio, law, most_mm=0.36)
