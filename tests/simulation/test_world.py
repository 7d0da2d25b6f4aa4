"""The public face of the physics: what is refused, what is reported, what is exact."""

import signal
import threading
from pathlib import Path

import meshio
import numpy as np
import pytest

import surgisim
from surgisim import (
    Material,
    MaterialError,
    MeshError,
    SurgisimError,
    TetMesh,
    World,
    _core,
)

TISSUE = Material(young_modulus=5e3, poisson_ratio=0.45, density=1060.0)
POINTS = np.array([[0, 0, 0], [1, 0, 0], [0, 1, 0], [0, 0, 1], [1, 1, 1]], dtype=float)
PAIR = np.array([[0, 1, 2, 3], [1, 2, 3, 4]])


def block(cells: int = 4) -> tuple[World, surgisim.SoftBody, np.ndarray]:
    mesh = TetMesh.box((0.1, 0.1, 0.1), (cells,) * 3)
    bottom = np.flatnonzero(mesh.points[:, 1] == 0.0)
    world = World()
    return world, world.add_soft_body(mesh, TISSUE, fixed=bottom), bottom


def test_either_orientation_is_accepted_and_reported() -> None:
    turned = PAIR[:, [0, 2, 1, 3]]
    assert {TetMesh(POINTS, PAIR).report.flipped, TetMesh(POINTS, turned).report.flipped} == {0, 2}
    assert TetMesh(POINTS, turned).report.volume == pytest.approx(0.5)


def test_views_of_a_mesh_cannot_be_written() -> None:
    mesh = TetMesh.box((1, 1, 1), (1, 1, 1))
    with pytest.raises(ValueError, match="read-only"):
        mesh.points[0] = 0.0


@pytest.mark.parametrize(
    ("points", "tetrahedra", "message"),
    [
        (POINTS * np.nan, PAIR, "node 0 has a coordinate that is not a finite number"),
        (POINTS[:, :2], PAIR, r"points has shape \(5, 2\); give an \(n, 3\) array"),
        (POINTS, PAIR[:, :3], r"tetrahedra has shape \(2, 3\); give an \(m, 4\) array"),
        (POINTS, PAIR.astype(float), "tetrahedra holds float64 values; give integers"),
        (POINTS, PAIR + 1, "tetrahedron 1 names node 5, but there are only 5 nodes"),
        (POINTS, -PAIR, "holds the id -4; ids count from 0"),
        (POINTS, PAIR + 2**32, "holds the id 4294967300; ids count from 0 and end before"),
        (POINTS, PAIR.astype(np.uint64) + 2**63, "holds the id 9223372036854775812; ids count"),
        (POINTS, PAIR[:1], "node 4 belongs to no tetrahedron"),
        (POINTS[:4] * [1, 1, 0], PAIR[:1], "tetrahedron 0 is flat"),
        (POINTS, PAIR[[0, 1, 0]], "tetrahedra 0 and 2 have the same four nodes"),
        (np.zeros((0, 3)), np.zeros((0, 4), dtype=int), "the mesh is empty"),
    ],
)
def test_bad_meshes_are_refused(points: np.ndarray, tetrahedra: np.ndarray, message: str) -> None:
    with pytest.raises(MeshError, match=message):
        TetMesh(points, tetrahedra)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"poisson_ratio": 0.5}, "poisson_ratio is 0.5, but it must be between 0 and 0.5"),
        ({"poisson_ratio": 0.0}, "poisson_ratio is 0"),
        ({"young_modulus": -1.0}, "young_modulus is -1, but it must be a positive number"),
        ({"density": float("nan")}, "density is NaN"),
        ({"damping": -1.0}, "damping is -1"),
        ({"law": "hooke"}, "law \"hooke\" is not known; use 'stable_neo_hookean'"),
    ],
)
def test_bad_materials_are_refused(change: dict[str, object], message: str) -> None:
    good = {"young_modulus": 5e3, "poisson_ratio": 0.45, "density": 1060.0}
    with pytest.raises(MaterialError, match=message):
        Material(**{**good, **change})  # type: ignore[arg-type]


def test_bodies_and_tools_refuse_what_is_not_there() -> None:
    mesh = TetMesh.box((1, 1, 1), (1, 1, 1))
    world = World()
    with pytest.raises(MeshError, match="node 8 does not exist; the body has 8 nodes"):
        world.add_soft_body(mesh, TISSUE, fixed=[8])
    with pytest.raises(MaterialError, match="2 materials for 6 tetrahedra"):
        world.add_soft_body(mesh, [TISSUE, TISSUE])
    body = world.add_soft_body(mesh, TISSUE, fixed=[0])
    with pytest.raises(MeshError, match="node 9 does not exist"):
        body.reaction([9])
    with pytest.raises(MeshError, match=r"displacements has shape \(2, 2\)"):
        body.prescribe([0, 1], np.zeros((2, 2)))
    with pytest.raises(SurgisimError, match="radius is -1"):
        world.add_sphere(-1.0, (0, 0, 0))
    with pytest.raises(SurgisimError, match="give three finite numbers"):
        world.add_sphere(1.0, (0, 0, float("inf")))
    with pytest.raises(SurgisimError, match="dt is 0"):
        World(dt=0.0)


def test_indexes_beyond_the_world_are_named() -> None:
    world, body, _ = block(1)
    ball = world.add_sphere(0.01, (0.0, 0.2, 0.0))
    body.index, ball.index = 7, 9
    uses = [
        lambda: body.prescribe([0], (0.0, 0.0, 0.0)),
        lambda: body.move_supports((0.0, 0.0, 0.0), 1.0),
        lambda: body.set_capsule(0.1),
        lambda: body.positions,
        lambda: body.displacements,
        lambda: body.velocities,
        lambda: body.reaction([0]),
        lambda: body.energy,
        lambda: body.volume,
        lambda: body.torn_triangles,
    ]
    for use in uses:
        with pytest.raises(SurgisimError, match="body 7 does not exist; the world has 1"):
            use()
    for use in (lambda: ball.position, lambda: ball.move_to((0.0, 0.0, 0.0))):
        with pytest.raises(SurgisimError, match="tool 9 does not exist; the world has 1"):
            use()
    mesh, given = body.mesh._native, [TISSUE._given()]
    with pytest.raises(SurgisimError, match="material 3 does not exist; 1 were given"):
        world._native.add_soft_body(mesh, given, [0, 0, 0, 0, 0, 3], [], "strain")


def test_numbers_that_no_tick_can_take_are_refused() -> None:
    world, body, _ = block(1)
    for ticks in (-1, 2**64):
        with pytest.raises(SurgisimError, match=f"step was asked for {ticks} ticks"):
            world.step(ticks)
    for seconds in (float("inf"), float("nan"), -1.0, 5e6):
        with pytest.raises(SurgisimError, match="cannot be made in ticks"):
            body.move_supports((0.0, 0.0, 0.0), seconds)
    for bad in (0.0, -1.0, float("nan"), float("inf")):
        with pytest.raises(SurgisimError, match=r"tolerance is .*; give a positive number"):
            world.settle(tolerance=bad)
        with pytest.raises(SurgisimError, match=r"max_seconds is .*; give a positive number"):
            world.settle(max_seconds=bad)


def test_ctrl_c_ends_a_step_after_a_whole_tick() -> None:
    world, _, _ = block(2)
    timer = threading.Timer(0.2, signal.raise_signal, [signal.SIGINT])
    timer.start()
    with pytest.raises(KeyboardInterrupt):
        world.step(2**63)
    timer.join()
    assert world.tick > 0
    assert world.tick % 1000 == 0


def test_ctrl_c_ends_a_search_for_equilibrium() -> None:
    world = World(dt=1e-3, gravity=(0.0, -9.81, 0.0))
    mesh = TetMesh.box((0.1, 0.1, 0.1), (8, 8, 8))
    world.add_soft_body(mesh, surgisim.tissue("liver"), fixed=())  # held nowhere: it falls for ever
    timer = threading.Timer(0.2, signal.raise_signal, [signal.SIGINT])
    timer.start()
    with pytest.raises(KeyboardInterrupt):
        world.settle(tolerance=1e-12, max_seconds=1e6)
    timer.join()
    world.step()


def test_a_world_at_work_in_another_thread_says_so() -> None:
    world, body, _ = block(2)
    refused = threading.Event()

    def work() -> None:
        for _ in range(200):  # until it was met at work, whenever the other thread gets its turn
            world.step(1000)
            if refused.is_set():
                return

    worker = threading.Thread(target=work)
    worker.start()
    while worker.is_alive() and not refused.is_set():
        try:
            _ = body.positions
        except SurgisimError as error:
            assert "in another thread; wait for it" in str(error)  # noqa: PT017
            refused.set()
    worker.join()
    assert refused.is_set()
    assert world.tick % 1000 == 0


def test_arrays_that_lie_askew_in_memory_are_copied() -> None:
    packed = np.zeros(len(POINTS), dtype=[("flag", "u1"), ("point", "f8", 3)])
    packed["point"] = POINTS
    askew = packed["point"]
    assert not askew.flags.aligned
    assert (TetMesh(askew, PAIR).points == TetMesh(POINTS, PAIR).points).all()
    assert (TetMesh(np.asfortranarray(POINTS), PAIR).points == POINTS).all()
    world, body, bottom = block(1)
    shifts = np.zeros(len(bottom), dtype=packed.dtype)
    shifts["point"] = (0.0, 0.0, 0.001)
    body.prescribe(bottom, shifts["point"])
    world.step()
    assert body.displacements[bottom] == pytest.approx(shifts["point"], abs=1e-9)
    with pytest.raises(MeshError, match="points does not lie on whole words"):
        _core.TetMesh(askew, PAIR.astype(np.uint32))


def test_kernel_of_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SURGISIM_KERNEL", "portable")
    assert World().kernel == "portable"
    monkeypatch.setenv("SURGISIM_KERNEL", "abacus")
    with pytest.raises(SurgisimError, match='kernel "abacus" is not known'):
        World()


def test_same_calls_same_bits_on_every_kernel(monkeypatch: pytest.MonkeyPatch) -> None:
    digests = set()
    for kernel in ("portable", ""):
        monkeypatch.setenv("SURGISIM_KERNEL", kernel)
        world, _, _ = block()
        ball = world.add_sphere(0.02, (0.05, 0.12, 0.05), friction=0.3)
        for i in range(60):
            ball.move_to((0.05 + 1e-4 * i, 0.12 - 2e-4 * i, 0.05))
            world.step()
        digests.add(world.digest())
    assert len(digests) == 1


def test_weight_rests_on_the_supports() -> None:
    world, body, bottom = block()
    world.settle(1e-5)
    weight = 1060.0 * 1e-3 * 9.81
    assert body.reaction(bottom) == pytest.approx([0.0, weight, 0.0], abs=2e-3 * weight)
    assert world.tick == 0
    assert body.volume < 1e-3
    assert body.energies[1] == 0.0


def test_tool_feels_what_the_supports_give() -> None:
    world = World(gravity=(0.0, 0.0, 0.0))
    mesh = TetMesh.box((0.1, 0.1, 0.1), (6, 6, 6))
    bottom = np.flatnonzero(mesh.points[:, 1] == 0.0)
    body = world.add_soft_body(mesh, TISSUE, fixed=bottom)
    ball = world.add_sphere(0.02, (0.05, 0.12, 0.05))
    for i in range(200):
        ball.move_to((0.05, 0.12 - 5e-5 * i, 0.05))
        world.step()
    world.settle(1e-4)
    assert ball.force[1] > 0.5
    assert body.reaction(bottom) == pytest.approx(ball.force, abs=0.02)


def test_stats_are_of_the_last_tick() -> None:
    world, _, _ = block()
    world.step(5)
    assert world.tick == 5
    assert world.time == pytest.approx(5e-3)
    assert world.stats.substeps >= 1
    assert world.stats.cpu_s > 0.0
    assert world.stats.contacts == 0


def test_mesh_is_read_from_a_file(tmp_path: Path) -> None:
    path = tmp_path / "pair.vtu"
    lonely = np.vstack([POINTS, [[9.0, 9.0, 9.0]]])
    meshio.Mesh(lonely, [("tetra", PAIR), ("triangle", PAIR[:, :3])]).write(path)
    mesh = TetMesh.read(path)
    assert mesh.report.unused == 1
    assert len(mesh.tetrahedra) == 2
    with pytest.raises(MeshError, match="does not exist"):
        TetMesh.read(tmp_path / "nothing.vtu")
    flat = tmp_path / "flat.vtu"
    meshio.Mesh(POINTS, [("triangle", PAIR[:, :3])]).write(flat)
    with pytest.raises(MeshError, match=r"holds no tetrahedra \(but triangle\)"):
        TetMesh.read(flat)


def test_tissue_of_the_library_names_its_source() -> None:
    liver = surgisim.tissue("liver")
    assert liver.source
    assert liver.range is not None
    assert liver.range[0] <= liver.young_modulus <= liver.range[1]
    with pytest.raises(MaterialError, match="liver"):
        surgisim.tissue("livre")


def test_a_body_that_does_not_settle_is_told_with_the_likeliest_reason() -> None:
    mesh = TetMesh.box((60.0, 60.0, 60.0), (2, 2, 2))  # 60 mm, read as metres
    world = World()
    bottom = np.flatnonzero(mesh.points[:, 1] == 0.0)
    world.add_soft_body(
        mesh, Material(young_modulus=50.0, poisson_ratio=0.45, density=1060.0), bottom
    )
    with pytest.raises(surgisim.StabilityError) as told:
        world.settle(max_seconds=2.0)
    print(told.value)
    assert "metres" in str(told.value)
    assert "hold some" not in str(told.value)


def test_a_body_that_leaves_the_range_of_numbers_is_named_and_the_tick_counts() -> None:
    world, body, bottom = block(1)
    calm = world.add_soft_body(TetMesh.box((0.1, 0.1, 0.1), (1, 1, 1)), TISSUE, fixed=[0])
    world.set_contact(body, calm, False)
    world.step(3)
    body.prescribe(bottom, (3e38, 0.0, 0.0))
    with pytest.raises(surgisim.StabilityError, match="body 0 left the range of numbers in tick"):
        world.step(50)
    assert world.tick > 3
    assert not body.velocities.any()


def test_substeps_are_chosen_or_forced() -> None:
    """A number holds until it is taken back; others are refused in one sentence."""
    world = World()
    mesh = TetMesh.box((0.05,) * 3, (3,) * 3)
    world.add_soft_body(mesh, Material(young_modulus=5e3, poisson_ratio=0.45, density=1060.0))
    world.step()
    chosen = world.stats.substeps
    world.force_substeps(chosen + 2)
    world.step()
    assert world.stats.substeps == chosen + 2
    world.force_substeps(None)
    world.step()
    assert world.stats.substeps == chosen
    for wrong in (0, 1001, 1.5, "two"):
        with pytest.raises(SurgisimError, match="substeps"):
            world.force_substeps(wrong)  # type: ignore[arg-type]


def test_nodes_that_are_let_go_come_back() -> None:
    """Grasp and let go: a corner that was pulled swings back to where it rests."""
    world, body, _ = block(3)
    corner = int(np.argmax(body.mesh.points.sum(axis=1)))
    world.settle()
    rest = body.displacements[corner].copy()
    body.prescribe([corner], rest + np.array([0.0, 0.01, 0.0]))
    world.step(200)
    pulled = body.displacements[corner, 1]
    body.release([corner])
    body.release([corner])
    world.step(1500)
    assert pulled == pytest.approx(rest[1] + 0.01, abs=1e-6)
    assert body.displacements[corner] == pytest.approx(rest, abs=2e-4)
    with pytest.raises(MeshError, match="node"):
        body.release([10**6])
