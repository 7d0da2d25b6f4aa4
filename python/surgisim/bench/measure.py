"""The cases. Times are thread CPU time, one core; references are stated beside each case."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

import numpy as np

from surgisim.bench.machine import Machine, this_machine
from surgisim.run import LiveRun
from surgisim.simulation import Material, SoftBody, TetMesh, Tool, World

__all__ = ["Answer", "Bench", "Cut", "Loop", "Tick", "measure_all"]

Progress = Callable[[str, float], None]
_STEPS = 400
_LOOP_S = 5.0
_CUTS = 100
_CUT_TETRAHEDRA = 20
_CONVERGED_N = {0.45: 1.952, 0.49: 1.988}


@dataclass(frozen=True, slots=True)
class Tick:
    """One tick of 1 ms: CPU time by percentile, ms, and the substeps it took.

    `force_n` is what the ball meets when it reaches its depth, and `force_error` its relative error
    against the force at rest of a mesh-converged solution (see docs/physics.md).
    """

    name: str
    tetrahedra: int
    substeps: int
    cpu_ms_median: float
    cpu_ms_p99: float
    force_n: float
    force_error: float


@dataclass(frozen=True, slots=True)
class _Poke:
    """A block that is pressed: cells a side, Poisson's ratio, element, substeps (None: chosen)."""

    cells: int
    poisson_ratio: float
    averaging: str = "strain"
    substeps: int | None = None

    def name(self) -> str:
        """Say what differs from other cases."""
        means = "" if self.averaging == "strain" else f", mean {self.averaging} only"
        forced = "" if self.substeps is None else f", {self.substeps} substep forced"
        return f"block pressed and dragged, nu {self.poisson_ratio}{means}{forced}"


_POKES = (
    _Poke(6, 0.45),
    _Poke(12, 0.45),
    _Poke(12, 0.49),
    _Poke(20, 0.45),
    _Poke(20, 0.45, substeps=1),
    _Poke(20, 0.45, "pressure", 1),
)


@dataclass(frozen=True, slots=True)
class Answer:
    """A settled answer, its mesh-converged reference, its relative error, its CPU time."""

    name: str
    tetrahedra: int
    value: float
    reference: float
    unit: str
    error: float
    cpu_s: float


@dataclass(frozen=True, slots=True)
class Cut:
    """Changing the topology of a body: CPU time of one cut of `cut` tetrahedra, us."""

    name: str
    tetrahedra: int
    cut: int
    cpu_us_least: float
    cpu_us_median: float


@dataclass(frozen=True, slots=True)
class Loop:
    """The live loop: rate, punctuality (us), dropped ticks."""

    seconds: float
    rate_hz: float
    scheduler: str
    late_us_p50: float
    late_us_p99: float
    late_us_p99_9: float
    dropped: int


@dataclass(frozen=True, slots=True)
class Bench:
    """All numbers of one run."""

    machine: Machine
    ticks: tuple[Tick, ...]
    answers: tuple[Answer, ...]
    cuts: tuple[Cut, ...]
    loop: Loop


def measure_all(progress: Progress) -> Bench:
    """Measure everything; takes about a minute.

    Parameters
    ----------
    progress
        Called with a stage of the work and its share done.
    """
    answers = []
    for i, answer in enumerate((_beam, _stretch, _sag)):
        progress("settled answers", i / 3)
        answers.append(answer())
    progress("settled answers", 1.0)
    ticks = []
    for i, case in enumerate(_POKES):
        progress("ticks", i / len(_POKES))
        ticks.append(_poke(case))
    progress("ticks", 1.0)
    progress("cuts", 0.0)
    cuts = (_cut("neighbours removed", _removal), _cut("split edge by edge", _splits))
    progress("cuts", 1.0)
    progress("live loop", 0.5)
    loop = _loop()
    progress("live loop", 1.0)
    return Bench(this_machine(World().kernel), tuple(ticks), tuple(answers), cuts, loop)


def _block(cells: int, nu: float = 0.45, averaging: str = "strain") -> tuple[World, SoftBody, Tool]:
    """0.10 m block on its bottom, E 5 kPa, a ball of 20 mm radius above it."""
    world = World(gravity=(0.0, 0.0, 0.0))
    mesh = TetMesh.box((0.1, 0.1, 0.1), (cells,) * 3)
    tissue = Material(young_modulus=5e3, poisson_ratio=nu, density=1060.0)
    bottom = np.flatnonzero(mesh.points[:, 1] == 0.0)
    organ = world.add_soft_body(mesh, tissue, fixed=bottom, averaging=averaging)
    return world, organ, world.add_sphere(0.02, (0.05, 0.12, 0.05), friction=0.1)


def _poke(case: _Poke) -> Tick:
    """Press the ball 15 mm deep in 0.3 s, then drag it 20 mm in 0.1 s."""
    world, organ, ball = _block(case.cells, case.poisson_ratio, case.averaging)
    world.force_substeps(case.substeps)
    cpu = []
    force = 0.0
    for i in range(1, _STEPS + 1):
        depth, way = 0.015 * min(i / 300, 1.0), 2e-4 * max(i - 300, 0)
        ball.move_to((0.05, 0.12 - depth, 0.05 + way))
        world.step()
        cpu.append(world.stats.cpu_s)
        if i == 300:
            force = float(ball.force[1])
    times = 1e3 * np.asarray(cpu)
    return Tick(
        case.name(),
        len(organ.mesh.tetrahedra),
        world.stats.substeps,
        float(np.median(times)),
        float(np.percentile(times, 99)),
        force,
        force / _CONVERGED_N[case.poisson_ratio] - 1.0,
    )


def _answer(
    name: str, mesh: TetMesh, value: float, reference: float, unit: str, since: float
) -> Answer:
    cpu = time.thread_time() - since
    error = value / reference - 1.0
    return Answer(name, len(mesh.tetrahedra), value, reference, unit, error, cpu)


def _neo_hookean(young_modulus: float, density: float) -> Material:
    return Material(
        law="neo_hookean", young_modulus=young_modulus, poisson_ratio=0.45, density=density
    )


def _beam() -> Answer:
    """Cantilever 0.10 x 0.02 x 0.02 m, E 50 kPa, nu 0.45, density 1000, own weight."""
    since = time.thread_time()
    mesh = TetMesh.box((0.1, 0.02, 0.02), (30, 6, 6))
    world = World(gravity=(0.0, -9.81, 0.0))
    body = world.add_soft_body(
        mesh, _neo_hookean(50e3, 1000.0), fixed=np.flatnonzero(mesh.points[:, 0] == 0.0)
    )
    world.settle(1e-5, 60.0)
    end = np.argmin(np.linalg.norm(mesh.points - (0.1, 0.01, 0.01), axis=1))
    sag = 1e3 * float(body.displacements[end, 1])
    return _answer("beam sag under its weight", mesh, sag, -56.97, "mm", since)


def _stretch() -> Answer:
    """Block 0.10 m, E 5 kPa, nu 0.45, stretched by half between clamped faces."""
    since = time.thread_time()
    mesh = TetMesh.box((0.1, 0.1, 0.1), (12, 12, 12))
    world = World(gravity=(0.0, 0.0, 0.0))
    body = world.add_soft_body(
        mesh, _neo_hookean(5e3, 1060.0), fixed=np.flatnonzero(mesh.points[:, 1] == 0.0)
    )
    top = np.flatnonzero(mesh.points[:, 1] == 0.1)
    for part in range(1, 6):
        body.prescribe(top, (0.0, 0.01 * part, 0.0))
        world.settle(1e-5, 60.0)
    return _answer("block stretched by half", mesh, float(body.reaction(top)[1]), 20.56, "N", since)


def _sag() -> Answer:
    """Block 0.10 m, E 5 kPa, nu 0.45, density 1060, own weight on its clamped bottom."""
    since = time.thread_time()
    mesh = TetMesh.box((0.1, 0.1, 0.1), (12, 12, 12))
    world = World(gravity=(0.0, -9.81, 0.0))
    body = world.add_soft_body(
        mesh, _neo_hookean(5e3, 1060.0), fixed=np.flatnonzero(mesh.points[:, 1] == 0.0)
    )
    world.settle(1e-5, 60.0)
    top = np.argmin(np.linalg.norm(mesh.points - (0.05, 0.1, 0.05), axis=1))
    sag = 1e3 * float(body.displacements[top, 1])
    return _answer("block sag under its weight", mesh, sag, -8.79, "mm", since)


def _cut(name: str, plan: Callable[[SoftBody, int], list[Callable[[], object]]]) -> Cut:
    """Cut the block again and again, a tick between any two cuts; only the calls are timed."""
    world, organ, _ = _block(12)
    organ.reserve_for_cutting(nodes=2000, tetrahedra=10_000, triangles=20_000)
    times = []
    for i in range(_CUTS):
        calls = plan(organ, i)
        world.step()
        since = time.thread_time()
        for call in calls:
            call()
        times.append(1e6 * (time.thread_time() - since))
    count = len(organ.mesh.tetrahedra)
    return Cut(name, count, _CUT_TETRAHEDRA, min(times), float(np.median(times)))


def _removal(organ: SoftBody, i: int) -> list[Callable[[], object]]:
    """Tetrahedra that are numbered one after the other: most are neighbours."""
    doomed = np.arange(_CUT_TETRAHEDRA) + _CUT_TETRAHEDRA * i
    return [partial(organ.remove, doomed)]


def _splits(organ: SoftBody, i: int) -> list[Callable[[], object]]:
    """Edges that together have at least as many tetrahedra as are to be split."""
    calls: list[Callable[[], object]] = []
    tetrahedra = organ.topology.tetrahedra
    split = 0
    for a, b in tetrahedra[97 * i :, :2]:
        at_both = (tetrahedra == a).any(axis=1) & (tetrahedra == b).any(axis=1)
        calls.append(partial(organ.split, (int(a), int(b)), 0.4))
        split += int(at_both.sum())
        if split >= _CUT_TETRAHEDRA:
            break
    return calls


def _loop() -> Loop:
    """Run the 1 kHz thread on the block of 10 368 tetrahedra, a hand pressing 15 mm deep."""
    world, organ, ball = _block(12)
    with LiveRun(world, ball, organ, device="hand") as run:
        run.aim((0.05, 0.105, 0.05))
        time.sleep(_LOOP_S)
        stats = run.stop()
    late = stats.lateness
    p50, p99, p99_9 = (late.p50, late.p99, late.p99_9) if late else (0.0, 0.0, 0.0)
    return Loop(
        _LOOP_S, stats.rate_hz, stats.scheduler, 1e6 * p50, 1e6 * p99, 1e6 * p99_9, stats.dropped
    )
