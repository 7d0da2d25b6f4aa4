"""Attachments from Python: what they carry, when they break, what is refused."""

import numpy as np
import pytest

import surgisim
from surgisim import Material, MeshError, SurgisimError, TetMesh, World

TISSUE = Material(young_modulus=1e5, poisson_ratio=0.4, density=1000.0)
SIZE = (0.06, 0.04, 0.05)
WEIGHT = 1000.0 * 0.06 * 0.04 * 0.05 * 9.81


def hanging(**spring: float) -> tuple[World, surgisim.SoftBody, surgisim.Attachment]:
    world = World()
    body = world.add_soft_body(TetMesh.box(SIZE, (4, 4, 4)), TISSUE)
    top = int(np.argmin(np.linalg.norm(body.mesh.points - (0.03, 0.04, 0.025), axis=1)))
    line = world.attach(body, top, to=(0.03, 0.14, 0.025), **{"stiffness": 500.0, **spring})  # type: ignore[arg-type]
    return world, body, line


def test_a_body_hangs_from_a_spring() -> None:
    world, _, line = hanging()
    assert line.length == line.rest_length == pytest.approx(0.1)
    world.settle(1e-6, 60.0)
    assert line.force == pytest.approx(WEIGHT, rel=1e-4)
    assert line.force_vector == pytest.approx([0.0, WEIGHT, 0.0], rel=1e-4, abs=1e-4)
    assert line.length - line.rest_length == pytest.approx(line.force / 500.0, rel=1e-6)
    assert world.attachment_energy == pytest.approx(0.5 * line.force**2 / 500.0, rel=1e-3)
    world.step(10)
    assert line.force == pytest.approx(WEIGHT, rel=1e-3)


def test_it_breaks_once_and_for_good() -> None:
    world, body, line = hanging(breaking_force=0.5 * WEIGHT)
    events: list[surgisim.Break] = []
    for _ in range(200):
        world.step()
        events += world.broken
    assert [event.attachment for event in events] == [line.index]
    assert events[0].force == pytest.approx(0.5 * WEIGHT, rel=0.05)
    assert line.broken
    assert line.force == 0.0
    assert body.velocities[:, 1].mean() < -0.5


def test_the_anchor_moves_and_the_line_can_be_cut() -> None:
    world, body, line = hanging()
    world.settle(1e-6, 60.0)
    height = body.positions[:, 1].mean()
    line.move_to((0.03, 0.15, 0.025))
    world.settle(1e-6, 60.0)
    assert body.positions[:, 1].mean() - height == pytest.approx(0.01, rel=1e-4)
    line.detach()
    assert line.broken
    assert line.force == 0.0


def test_bodies_are_tied_to_each_other() -> None:
    world = World()
    box = TetMesh.box(SIZE, (2, 2, 2))
    below = TetMesh(box.points - (0, 0.06, 0), box.tetrahedra)
    held = np.flatnonzero(box.points[:, 1] == 0.04)
    upper, lower = world.add_soft_body(box, TISSUE, fixed=held), world.add_soft_body(below, TISSUE)
    ties = [
        world.attach(upper, (x, 0.0, z), to=(lower, (x, -0.02, z)), stiffness=300.0, damping=0.1)
        for x in (0.01, 0.05)
        for z in (0.01, 0.04)
    ]
    assert [tie.length for tie in ties] == pytest.approx([0.02] * 4)
    world.settle(1e-6, 60.0)
    assert sum(tie.force_vector for tie in ties) == pytest.approx([0, -WEIGHT, 0], abs=1e-4)
    assert upper.reaction(held)[1] == pytest.approx(2 * WEIGHT, rel=1e-4)
    with pytest.raises(SurgisimError, match="attachment 0 leads to tissue"):
        ties[0].move_to((0, 0, 0))


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"stiffness": 0.0}, "stiffness is 0, but it must be a positive number of N/m"),
        ({"stiffness": float("nan")}, "stiffness is NaN"),
        ({"rest_length": -1.0}, "rest_length is -1, but it must be 0 or more m"),
        ({"breaking_force": 0.0}, "breaking_force is 0, but it must be a positive number of N"),
        ({"damping": -1.0}, "damping is -1"),
    ],
)
def test_bad_springs_are_refused(change: dict[str, float], message: str) -> None:
    with pytest.raises(SurgisimError, match=message):
        hanging(**change)


def test_bad_ends_are_refused() -> None:
    world, body, line = hanging()
    _, stranger, _ = hanging()
    with pytest.raises(MeshError, match="node 125 does not exist; the body has 125 nodes"):
        world.attach(body, 125, to=(0, 1, 0), stiffness=1.0)
    with pytest.raises(SurgisimError, match="give three finite numbers"):
        world.attach(body, 0, to=(0, float("nan"), 0), stiffness=1.0)
    with pytest.raises(SurgisimError, match="belongs to another world"):
        world.attach(body, 0, to=(stranger, 0), stiffness=1.0)
    line.index = 7
    with pytest.raises(SurgisimError, match="attachment 7 does not exist; the world has 1"):
        line.detach()
