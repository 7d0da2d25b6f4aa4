"""The rod: a prism with a thick rounding that touches as a capsule does."""

import numpy as np
import pytest

import surgisim
from surgisim.session.physics import Probe
from surgisim.session.rod import SHAFT_TRIANGLES, rod_surface, shaft_surface, turned_to
from surgisim.visibility import TriangleTree

LENGTH_M, RADIUS_M = 0.08, 0.004


def pressed(rod: bool) -> tuple[np.ndarray, np.ndarray]:
    """Force and torque about the middle of a rod that lies across a block, pressed 6 mm deep."""
    world = surgisim.World(gravity=(0.0, 0.0, 0.0))
    mesh = surgisim.TetMesh.box(size=(0.12, 0.04, 0.06), cells=(12, 4, 6))
    low = np.flatnonzero(mesh.points[:, 1] < mesh.points[:, 1].min() + 1e-6)
    tissue = surgisim.Material(young_modulus=6e3, poisson_ratio=0.45, density=1060.0)
    world.add_soft_body(mesh, tissue, fixed=low)
    middle = mesh.points.max(axis=0)[1]
    centre = np.array([*mesh.points.mean(axis=0)])
    centre[1] = middle + RADIUS_M
    if rod:
        tip = centre - [0.5 * LENGTH_M, 0.0, 0.0]
        probe = Probe(RADIUS_M, 0.0, tuple(tip), LENGTH_M, (1.0, 0.0, 0.0)).put_into(world)
    else:
        half = 0.5 * LENGTH_M
        probe = world.add_capsule(RADIUS_M, half, (1.0, 0.0, 0.0), centre)
    start = probe.position
    for tick in range(600):
        probe.move_to(start - [0.0, 0.006 * min(tick / 300.0, 1.0), 0.0])
        world.step(1)
    to_tip = np.array([-0.5 * LENGTH_M if rod else 0.0, 0.0, 0.0])
    return probe.force, probe.torque + np.cross(to_tip, probe.force)


def test_it_meets_the_force_of_a_capsule_and_turns_about_its_tip() -> None:
    force, torque = pressed(rod=True)
    expected, _ = pressed(rod=False)
    assert force[1] > 0.5
    assert np.linalg.norm(force - expected) < 0.05 * np.linalg.norm(expected)
    assert np.abs(torque).max() < 0.03 * LENGTH_M * force[1]  # evenly along its length


@pytest.mark.parametrize("toward", [(0.0, 0.0, 1.0), (0.0, 3.0, 0.0), (-0.2, 0.3, -0.9)])
def test_its_own_z_is_turned_to_the_hand(toward: tuple[float, float, float]) -> None:
    turn = turned_to(toward)
    np.testing.assert_allclose(turn @ [0.0, 0.0, 1.0], toward / np.linalg.norm(toward), atol=1e-12)
    np.testing.assert_allclose(turn @ turn.T, np.eye(3), atol=1e-12)
    assert np.linalg.det(turn) == pytest.approx(1.0)


def test_its_core_is_closed_and_faces_outward() -> None:
    points, triangles = rod_surface(LENGTH_M)
    a, b, c = (points[triangles[:, i]] for i in range(3))
    volume = np.einsum("ij,ij->", np.cross(a, b), c) / 6.0
    assert volume == pytest.approx(0.5 * 3.0 * 0.0005**2 * np.sin(2.0 * np.pi / 3.0) * LENGTH_M)


def test_a_shaft_hides_what_is_behind_it_as_wide_as_it_is() -> None:
    tree = TriangleTree(shaft_surface((0.0, 0.0, 0.0), (1, 0, 0), 0.005, 0.2), SHAFT_TRIANGLES)
    eye = (0.05, 0.1, 0.0)
    hidden = [bool(tree.blocks(eye, (0.05, -0.1, z))[0]) for z in (0.0, 0.008, 0.011, 0.02)]
    assert hidden == [True, True, False, False]
    assert not tree.blocks((-0.05, 0.1, 0.0), (-0.05, -0.1, 0.0))[0]  # beyond the tip
