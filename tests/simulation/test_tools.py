"""Boxes and meshes as tools, and how they are turned."""

import numpy as np
import pytest

import surgisim
from surgisim import MeshError, SurgisimError

CORNERS = np.array(
    [[x, y, z] for x in (-0.01, 0.01) for y in (-0.008, 0.008) for z in (-0.004, 0.004)]
)
QUADS = [[0, 1, 3, 2], [4, 6, 7, 5], [0, 4, 5, 1], [2, 3, 7, 6], [0, 2, 6, 4], [1, 5, 7, 3]]
TRIANGLES = np.array([t for a, b, c, d in QUADS for t in ([a, b, c], [a, c, d])])


def slab() -> surgisim.World:
    """A slab of 60 x 60 x 20 mm on the ground, its top at y = 20 mm."""
    mesh = surgisim.TetMesh.box(size=(0.06, 0.02, 0.06), cells=(8, 3, 8))
    tissue = surgisim.Material(young_modulus=5e3, poisson_ratio=0.45, density=1060.0)
    world = surgisim.World(dt=1e-3, gravity=(0.0, 0.0, 0.0))
    world.add_soft_body(mesh, tissue, fixed=np.flatnonzero(mesh.points[:, 1] == 0.0))
    return world


def test_a_box_and_its_mesh_press_alike() -> None:
    quarter = [[0.0, 0.0, 1.0], [1.0, 0.0, 0.0], [0.0, 1.0, 0.0]]
    forces = []
    for as_mesh in (False, True):
        world = slab()
        at = (0.031, 0.028, 0.028)
        if as_mesh:
            tool = world.add_mesh_tool(CORNERS, TRIANGLES, at, orientation=quarter)
        else:
            tool = world.add_box((0.01, 0.008, 0.004), at, orientation=quarter)
        for tick in range(100):
            tool.move_to((0.031, 0.028 - 2e-5 * tick, 0.028))
            world.step()
        assert np.allclose(tool.orientation, [0.5, 0.5, 0.5, 0.5])
        assert tool.contacts > 0
        forces.append(tool.force)
    print(f"box {forces[0]}, mesh {forces[1]} N")
    assert forces[0][1] > 0.05
    assert np.abs(forces[0] - forces[1]).max() < 1e-3 * forces[0][1]


def test_a_tool_turns_to_where_it_is_sent() -> None:
    world = slab()
    tool = world.add_box((0.01, 0.008, 0.004), (0.0, 0.1, 0.0))
    tool.move_to((0.0, 0.1, 0.01), orientation=(0.0, 0.0, 2.0, 0.0))
    world.step()
    assert np.allclose(tool.orientation, [0.0, 0.0, 1.0, 0.0])
    assert np.allclose(tool.position, [0.0, 0.1, 0.01])
    tool.move_to((0.0, 0.1, 0.0))
    world.step()
    assert np.allclose(tool.orientation, [0.0, 0.0, 1.0, 0.0])


def test_tools_that_are_none_are_refused() -> None:
    world = slab()
    with pytest.raises(MeshError, match="is open"):
        world.add_mesh_tool(CORNERS, TRIANGLES[1:])
    with pytest.raises(MeshError, match=r"give an \(m, 3\) array"):
        world.add_mesh_tool(CORNERS, np.array(QUADS))
    with pytest.raises(MeshError, match="not a finite number"):
        world.add_mesh_tool(np.full((8, 3), np.nan), TRIANGLES)
    with pytest.raises(SurgisimError, match="half extent"):
        world.add_box((0.01, 0.0, 0.01), (0.0, 0.1, 0.0))
    with pytest.raises(SurgisimError, match="rounding"):
        world.add_box((0.01, 0.01, 0.01), (0.0, 0.1, 0.0), rounding=0.01)
    tool = world.add_box((0.01, 0.01, 0.01), (0.0, 0.1, 0.0))
    for wrong in ((0.0, 0.0, 0.0, 0.0), (1.0, 0.0), np.ones((3, 3)), np.diag([1.0, 1.0, -1.0])):
        with pytest.raises(SurgisimError, match="orientation"):
            tool.move_to((0.0, 0.1, 0.0), orientation=wrong)
