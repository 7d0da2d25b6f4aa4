"""Cutting a body from Python: what changes, what stays, what is refused."""

import numpy as np
import pytest

from surgisim import Material, MeshError, SoftBody, TetMesh, World

TISSUE = Material(young_modulus=5e3, poisson_ratio=0.45, density=1060.0)
FREE = 2**32 - 1


def block(cells: int = 3) -> tuple[World, SoftBody]:
    mesh = TetMesh.box((0.1, 0.1, 0.1), (cells,) * 3)
    world = World()
    body = world.add_soft_body(mesh, TISSUE, fixed=np.flatnonzero(mesh.points[:, 1] == 0.0))
    body.reserve_for_cutting(nodes=50, tetrahedra=200, triangles=200)
    return world, body


def inner(body: SoftBody) -> int:
    return int(np.flatnonzero((body.topology.glue != FREE).all(axis=1))[0])


def test_the_topology_starts_as_the_mesh_and_is_shared_until_it_changes() -> None:
    _, body = block()
    before = body.topology
    assert body.topology is before
    assert before.version == body.topology_version == 0
    np.testing.assert_array_equal(before.points, body.mesh.points)
    np.testing.assert_array_equal(before.tetrahedra, body.mesh.tetrahedra)
    np.testing.assert_array_equal(before.surface, body.mesh.surface)
    assert not before.removed.any()
    with pytest.raises(ValueError, match="read-only"):
        before.surface[0] = 0


def test_removing_leaves_a_hole() -> None:
    world, body = block()
    volume, gone = body.volume, inner(body)
    body.remove([gone])
    after = body.topology
    assert after.version == 1
    assert np.flatnonzero(after.removed).tolist() == [gone]
    assert len(after.surface) == len(body.mesh.surface) + 4
    assert body.volume == pytest.approx(volume - 0.1**3 / 162)
    world.step(20)


def test_splitting_keeps_the_volume_and_moves_nothing() -> None:
    world, body = block()
    world.step(20)
    volume = body.volume
    a, b = body.topology.tetrahedra[inner(body), :2]
    node = body.split((a, b), 0.25)
    assert node == len(body.mesh.points)
    np.testing.assert_allclose(
        body.topology.points[node], 0.75 * body.mesh.points[a] + 0.25 * body.mesh.points[b]
    )
    np.testing.assert_allclose(
        body.positions[node], 0.75 * body.positions[a] + 0.25 * body.positions[b], atol=1e-9
    )
    assert body.volume == pytest.approx(volume)
    body.prescribe([node], (0.0, 0.0, 0.0))  # new nodes are nodes
    world.step()


def test_ungluing_a_tetrahedron_all_around_parts_it() -> None:
    _, body = block()
    loose = inner(body)
    parted = body.unglue([(loose, face) for face in range(4)])
    after = body.topology
    assert parted == 4
    assert (after.glue[loose] == FREE).all()
    others = np.delete(after.tetrahedra, loose, axis=0)
    assert not np.isin(after.tetrahedra[loose], others).any()
    assert body.unglue(np.zeros((0, 2), dtype=int)) == 0
    assert body.topology_version == 1


def test_what_cannot_be_cut_is_refused_and_changes_nothing() -> None:
    world, body = block()
    body.remove([0])
    digest = world.digest()
    refused = [
        (lambda: body.remove([0]), "tetrahedron 0 is removed already"),
        (lambda: body.remove([162]), "tetrahedron 162 does not exist; the body has had 162"),
        (lambda: body.remove([-1]), "holds the id -1"),
        (lambda: body.remove([5, 5]), "tetrahedron 5 is named twice"),
        (lambda: body.split((0, 63)), "no tetrahedron has an edge from node 0 to node 63"),
        (lambda: body.split((1, 2, 3)), r"edge has shape \(3,\)"),
        (lambda: body.split((5, 1), 1.0), "must be between 0 and 1"),
        (lambda: body.unglue([(0, 1)]), "tetrahedron 0 is removed already"),
        (lambda: body.unglue([1, 4]), r"faces has shape \(2,\); give \(k, 2\)"),
        (lambda: body.unglue([(1, 4)]), "a tetrahedron has no face 4; its faces are 0 to 3"),
        (lambda: body.unglue([(2**31, 1)]), "tetrahedron 2147483648 does not exist"),
        (lambda: body.split((5, 1), "a"), "fraction is 'a'; give a number"),
        (lambda: body.split(None), "edge is None; give integers"),
        (lambda: body.remove(np.zeros(162, dtype=bool)), r"give ids: np.flatnonzero\(mask\)"),
    ]
    for call, message in refused:
        with pytest.raises(MeshError, match=message):
            call()
    assert world.digest() == digest


def cut(world: World, body: SoftBody) -> bytes:
    """Move, cut in all ways, move on; return the bits of where it came to."""
    world.step(20)
    body.remove([inner(body)])
    for tetrahedron in (40, 90):
        body.split(body.topology.tetrahedra[tetrahedron, :2])
    body.unglue([(120, face) for face in range(4) if body.topology.glue[120, face] != FREE])
    world.step(20)
    return body.positions.tobytes() + body.velocities.tobytes()


def test_a_cut_makes_the_room_that_was_not_reserved_and_moves_to_the_same_bits() -> None:
    mesh = TetMesh.box((0.1, 0.1, 0.1), (3, 3, 3))
    world = World()
    body = world.add_soft_body(mesh, TISSUE, fixed=np.flatnonzero(mesh.points[:, 1] == 0.0))
    assert cut(world, body) == cut(*block())


def test_a_body_of_one_tetrahedron_can_be_cut_again_and_again() -> None:
    world = World()
    points = np.array([[0, 0, 0], [0.1, 0, 0], [0, 0.1, 0], [0, 0, 0.1]])
    body = world.add_soft_body(TetMesh(points, [[0, 1, 2, 3]]), TISSUE, fixed=[0])
    for _ in range(40):
        longest = max(
            (
                (a, b)
                for tetrahedron in body.topology.tetrahedra
                for a in tetrahedron
                for b in tetrahedron
            ),
            key=lambda edge: np.linalg.norm(np.subtract(*body.topology.points[list(edge)])),
        )
        body.split(longest)
    assert len(body.topology.points) == 44
    assert body.volume == pytest.approx(0.1**3 / 6)
    world.step()


@pytest.mark.parametrize(
    ("room", "message"),
    [
        ((-1, 0, 0), "the room for nodes is -1; give a whole number, 0 or more"),
        ((0, 1.5, 0), "the room for tetrahedra is 1.5; give a whole number"),
        ((0, 0, float("nan")), "the room for triangles is nan; give a whole number"),
        (("a", 0, 0), "the room for nodes is 'a'; give a whole number"),
        (
            (2**31, 0, 0),
            "room for 2147483648 nodes, .* takes about 1e.03 GiB, but this machine has",
        ),
        ((0, 2**40, 0), "this machine has"),
        ((0, 0, 2**64), "this machine has"),
        ((10**30, 0, 0), "this machine has"),
    ],
)
def test_room_beyond_reason_is_refused(room: tuple[int, int, int], message: str) -> None:
    world, body = block()
    digest = world.digest()
    with pytest.raises(MeshError, match=message):
        body.reserve_for_cutting(*room)
    assert world.digest() == digest
