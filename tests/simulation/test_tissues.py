"""Tissue against tissue, from Python."""

import numpy as np
import pytest

import surgisim

TISSUE = surgisim.Material(young_modulus=5e3, poisson_ratio=0.45, density=1060.0)


def stack() -> tuple[surgisim.World, surgisim.SoftBody, surgisim.SoftBody]:
    """Put a block of 30 mm onto another."""
    mesh = surgisim.TetMesh.box(size=(0.03, 0.03, 0.03), cells=(3, 3, 3))
    upper = surgisim.TetMesh(mesh.points + np.array((0.0, 0.03, 0.0)), mesh.tetrahedra)
    world = surgisim.World()
    bottom = np.flatnonzero(mesh.points[:, 1] == 0.0)
    return world, world.add_soft_body(mesh, TISSUE, bottom), world.add_soft_body(upper, TISSUE)


def test_a_block_carries_another() -> None:
    world, lower, upper = stack()
    world.settle(tolerance=1e-4)
    weight = 1060.0 * 0.03**3 * 9.81
    force = upper.contact_force(lower)
    print(f"carried {force[1]:.5f} N, weight {weight:.5f} N")
    assert force[1] == pytest.approx(weight, rel=1e-3)
    assert lower.contact_force(upper) == pytest.approx(-force)
    world.step(10)
    assert world.stats.contacts > 8


def test_bodies_can_be_told_to_pass() -> None:
    world, lower, upper = stack()
    world.set_contact(lower, upper, False)
    world.step(60)
    assert world.stats.contacts == 0
    assert upper.positions[:, 1].mean() < 0.04


def test_self_contact_is_asked_for() -> None:
    world = surgisim.World()
    mesh = surgisim.TetMesh.box(size=(0.03, 0.03, 0.03), cells=(3, 3, 3))
    body = world.add_soft_body(mesh, TISSUE, range(16), self_contact=True)
    world.step(20)
    assert world.stats.contacts == 0  # a block that does not fold
    world.set_contact(body, body, False)
    world.step()


def test_tissue_friction() -> None:
    world = surgisim.World()
    assert world.tissue_friction == 0.1
    world.tissue_friction = 0.25
    assert world.tissue_friction == 0.25
    for bad in (-0.1, float("nan")):
        with pytest.raises(surgisim.SurgisimError, match="friction"):
            world.tissue_friction = bad
