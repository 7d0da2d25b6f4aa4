"""The same poke with other simulators, in one run: ``python benches/peers.py``.

A ball of 20 mm radius is pressed 15 mm into a 0.10 m block (5 kPa, 1060 kg/m^3) at 0.1 m/s, held,
then dragged, dt 1 ms. All get the same mesh and take turns, five ticks each, so that whatever else
the machine does meets all. CPU time of the whole process, which is one thread. Beside the speed
stands the answer: the ball's force while it is held, and the share of tetrahedra turned inside out.
The converged block says 1.95 N (nu 0.45) and 1.99 N (nu 0.49), within 1 % (see docs/physics.md).

Peers are measured where they are installed: ``pip install -e .[peers]``.

- MuJoCo, flex elements (St Venant-Kirchhoff, f64): its explicit integrator ``Euler`` and its
  implicit one, ``discrete`` (``implicit`` and ``implicitfast`` refuse elastic flexes since 3.13),
  each with the solver CG; Newton gives the same motion and took up to 14 times as long. Contacts
  as stiff as 1 ms allows, without friction, nodes only.
- Taichi, written by hand as its users would: explicit f32 kernels, stable Neo-Hookean linear
  tetrahedra, atomic scatter, rigid contact of nodes without friction; surgisim's own number of
  substeps, and twice as many.
"""

import argparse
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from importlib.util import find_spec
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from surgisim import Material, TetMesh, World
from surgisim.bench.machine import this_machine

E, DENSITY, DT = 5e3, 1060.0, 1e-3
SIDE, RADIUS, DEPTH = 0.1, 0.02, 0.015
PRESS, HOLD, DRAG, TURN = 150, 100, 150, 5  # ticks
SOLREF = "0.002 1"  # contact's time constant, s (2 dt is the shortest allowed), and damping ratio
FAR_TOO_MUCH = 100.0  # N
DAMPING = 10.0  # 1/s, surgisim's default

Floats = NDArray[np.float64]


class Peer(Protocol):
    """A block and a ball in some simulator."""

    name: str

    def step(self, centre: Floats) -> None: ...

    def force(self) -> float:
        """Upward force on the ball, N."""
        ...

    def positions(self) -> Floats: ...

    def exploded(self) -> bool:
        """Whether it says so itself; inverted elements are counted here."""
        ...


def way(tick: int) -> Floats:
    """Centre of the ball at the end of a tick."""
    depth = DEPTH * min(tick / PRESS, 1.0)
    drag = 0.02 * abs(np.sin(0.01 * max(tick - PRESS - HOLD, 0)))
    return np.array([0.04 + drag, SIDE + RADIUS - depth, 0.05])


def bottom(mesh: TetMesh) -> NDArray[np.intp]:
    return np.flatnonzero(mesh.points[:, 1] == 0.0)


class Surgisim:
    def __init__(self, mesh: TetMesh, nu: float) -> None:
        self.world = World(DT, gravity=(0.0, 0.0, 0.0))
        tissue = Material(young_modulus=E, poisson_ratio=nu, density=DENSITY)
        self.body = self.world.add_soft_body(mesh, tissue, fixed=bottom(mesh))
        self.ball = self.world.add_sphere(RADIUS, way(0))
        self.world.step()
        self.name = f"surgisim, {self.world.kernel}, {self.world.stats.substeps} substeps"

    def step(self, centre: Floats) -> None:
        self.ball.move_to(centre)
        self.world.step()

    def force(self) -> float:
        return float(self.ball.force[1])

    def positions(self) -> Floats:
        return self.body.positions

    def exploded(self) -> bool:
        return False  # it raises StabilityError


class MuJoCo:
    """Its contacts reach `SKIN` beyond nodes and elements; the ball starts that much higher."""

    SKIN = 2e-4

    def __init__(self, mesh: TetMesh, nu: float, integrator: str) -> None:
        import mujoco

        self.mujoco = mujoco
        # It would be written to a file here: of each flex that is elastic only, that it is not
        # rigid (a false alarm), and of explosions, which are counted in the data.
        mujoco.set_mju_user_warning(lambda _: None)
        self.name = f"MuJoCo {mujoco.__version__}, {integrator}"
        points = " ".join(f"{x:.9g}" for x in mesh.points.ravel())
        elements = " ".join(map(str, mesh.tetrahedra.ravel()))
        pins = " ".join(map(str, bottom(mesh)))
        xml = f"""<mujoco>
          <option timestep="{DT}" gravity="0 0 0" integrator="{integrator}" solver="CG"
                  tolerance="1e-6"/>
          <size memory="1G"/>
          <worldbody>
            <body name="ball" mocap="true"><geom type="sphere" size="{RADIUS}" condim="1"/></body>
            <flexcomp name="block" type="direct" dim="3" radius="{self.SKIN}"
                      mass="{DENSITY * SIDE**3}" point="{points}" element="{elements}">
              <pin id="{pins}"/>
              <contact condim="1" selfcollide="none" solref="{SOLREF}"/>
              <edge equality="false"/>
              <elasticity young="{E}" poisson="{nu}" damping="0"/>
            </flexcomp>
          </worldbody>
        </mujoco>"""
        self.model = mujoco.MjModel.from_xml_string(xml)
        self.data = mujoco.MjData(self.model)

    def step(self, centre: Floats) -> None:
        self.data.mocap_pos[0] = centre + np.array([0.0, self.SKIN, 0.0])
        self.mujoco.mj_step(self.model, self.data)

    def force(self) -> float:
        wrench, up = np.zeros(6), 0.0
        for i, contact in enumerate(self.data.contact):
            self.mujoco.mj_contactForce(self.model, self.data, i, wrench)
            up += abs(contact.frame[1] * wrench[0])
        return up

    def positions(self) -> Floats:
        return np.array(self.data.flexvert_xpos)

    def exploded(self) -> bool:
        """It starts again from rest when numbers are lost, and counts that."""
        warning = self.mujoco.mjtWarning
        lost = (warning.mjWARN_BADQPOS, warning.mjWARN_BADQVEL, warning.mjWARN_BADQACC)
        return any(self.data.warning[kind].number for kind in lost)


def start_taichi() -> None:
    """Once for all that lives at the same time: it ends what was before."""
    import taichi as ti

    ti.init(
        arch=ti.cpu,
        cpu_max_num_threads=1,
        default_fp=ti.f32,
        offline_cache=False,
        log_level=ti.WARN,
    )


class Taichi:
    def __init__(self, mesh: TetMesh, nu: float, substeps: int) -> None:
        import taichi as ti

        self.name = f"Taichi {'.'.join(map(str, ti.__version__))}, {substeps} substeps"
        self.substeps = substeps
        n, m = len(mesh.points), len(mesh.tetrahedra)
        mu, lam = E / (2 * (1 + nu)), E * nu / ((1 + nu) * (1 - 2 * nu))
        h, radius = DT / substeps, RADIUS
        edges = np.moveaxis(
            mesh.points[mesh.tetrahedra[:, 1:]] - mesh.points[mesh.tetrahedra[:, :1]], 1, 2
        )
        volumes = np.linalg.det(edges) / 6
        masses = np.zeros(n)
        np.add.at(masses, mesh.tetrahedra, DENSITY * volumes[:, None] / 4)

        x, v, f = (ti.Vector.field(3, ti.f32, n) for _ in range(3))
        mass, held = ti.field(ti.f32, n), ti.field(ti.i32, n)
        nodes, inverse = ti.Vector.field(4, ti.i32, m), ti.Matrix.field(3, 3, ti.f32, m)
        volume, push = ti.field(ti.f32, m), ti.Vector.field(3, ti.f32, ())
        x.from_numpy(mesh.points.astype(np.float32))
        nodes.from_numpy(mesh.tetrahedra.astype(np.int32))
        inverse.from_numpy(np.linalg.inv(edges).astype(np.float32))
        volume.from_numpy(volumes.astype(np.float32))
        mass.from_numpy(masses.astype(np.float32))
        held.from_numpy((mesh.points[:, 1] == 0.0).astype(np.int32))

        @ti.func
        def column(a: ti.template(), j: ti.template()) -> Any:
            return ti.Vector([a[0, j], a[1, j], a[2, j]])

        @ti.kernel
        def substep(cx: ti.f32, cy: ti.f32, cz: ti.f32):
            for e in nodes:
                q = nodes[e]
                d = ti.Matrix.cols([x[q[1]] - x[q[0]], x[q[2]] - x[q[0]], x[q[3]] - x[q[0]]])
                F = d @ inverse[e]
                a, b, c = column(F, 0), column(F, 1), column(F, 2)
                cofactors = ti.Matrix.cols([b.cross(c), c.cross(a), a.cross(b)])
                J = a.dot(b.cross(c))
                P = mu * F + ((lam + mu) * (J - 1.0) - mu) * cofactors
                H = -volume[e] * P @ inverse[e].transpose()
                f1, f2, f3 = column(H, 0), column(H, 1), column(H, 2)
                f[q[0]] -= f1 + f2 + f3
                f[q[1]] += f1
                f[q[2]] += f2
                f[q[3]] += f3
            for i in x:
                w = (v[i] + h * f[i] / mass[i]) / (1.0 + h * DAMPING)
                if held[i] == 1:
                    w = ti.Vector([0.0, 0.0, 0.0])
                p = x[i] + h * w
                away = p - ti.Vector([cx, cy, cz])
                distance = away.norm()
                if distance < radius and held[i] == 0:
                    out = (radius - distance) / distance * away
                    p += out
                    w += out / h
                    push[None] -= mass[i] / (h * h) * out
                x[i], v[i], f[i] = p, w, ti.Vector([0.0, 0.0, 0.0])

        self.substep: Callable[..., None] = substep
        self.x, self.push = x, push

    def step(self, centre: Floats) -> None:
        self.push[None] = (0.0, 0.0, 0.0)
        for _ in range(self.substeps):
            self.substep(*centre)

    def force(self) -> float:
        return float(self.push[None][1]) / self.substeps

    def positions(self) -> Floats:
        return self.x.to_numpy().astype(np.float64)

    def exploded(self) -> bool:
        return not np.isfinite(self.positions()).all()


def inverted(mesh: TetMesh, positions: Floats) -> float:
    """Share of tetrahedra turned inside out; 1 where numbers are lost."""
    p = positions[mesh.tetrahedra]
    with np.errstate(all="ignore"):
        return float(np.mean(~(np.linalg.det(p[:, 1:] - p[:, :1]) > 0.0)))


def peers(mesh: TetMesh, nu: float) -> list[Peer]:
    ours = Surgisim(mesh, nu)
    found: list[Peer] = [ours]
    if find_spec("mujoco"):
        found += [MuJoCo(mesh, nu, integrator) for integrator in ("Euler", "discrete")]
    if find_spec("taichi"):
        start_taichi()
        substeps = ours.world.stats.substeps
        found += [Taichi(mesh, nu, n * substeps) for n in (1, 2)]
    return found


@dataclass
class Run:
    """What a peer needed, s, and answered, N; its worst share of inverted tetrahedra."""

    times: list[float] = field(default_factory=list)
    forces: list[float] = field(default_factory=list)
    inverted: float = 0.0
    exploded: int | None = None

    def turn(self, peer: Peer, mesh: TetMesh, start: int) -> None:
        """Step the peer by `TURN` ticks from tick `start` on."""
        for tick in range(start + 1, start + TURN + 1):
            since = time.process_time()
            peer.step(way(tick))
            self.times.append(time.process_time() - since)
            if PRESS + HOLD // 2 < tick <= PRESS + HOLD:
                self.forces.append(peer.force())
        self.inverted = max(self.inverted, inverted(mesh, peer.positions()))
        wild = bool(self.forces) and not abs(self.forces[-1]) < FAR_TOO_MUCH
        if wild or peer.exploded() or self.inverted > 0.5:
            self.exploded = start + TURN


def measure(cells: int, nu: float) -> None:
    mesh = TetMesh.box((SIDE,) * 3, (cells,) * 3)
    found = peers(mesh, nu)
    for peer in found:
        peer.step(way(0))  # compiles
    runs = [Run() for _ in found]
    for start in range(0, PRESS + HOLD + DRAG, TURN):
        for peer, run in zip(found, runs, strict=True):
            if run.exploded is None:
                run.turn(peer, mesh, start)
    print(f"\n{len(mesh.tetrahedra)} tetrahedra, nu {nu}")
    print(f"{'':32}{'CPU ms: least':>14}{'median':>9}{'99 %':>9}{'ratio':>7}{'force':>9}  inverted")
    for peer, run in zip(found, runs, strict=True):
        least, median, p99 = (1e3 * np.percentile(run.times, q) for q in (0, 50, 99))
        ratio = median / (1e3 * np.median(runs[0].times))
        force = f"{np.mean(run.forces):7.2f} N" if run.forces else f"{'-':>9}"
        print(
            f"{peer.name:32}{least:14.3f}{median:9.3f}{p99:9.3f}{ratio:7.1f}{force}"
            f"{100 * run.inverted:8.1f} %"
            + ("" if run.exploded is None else f"  exploded after {run.exploded} ms")
        )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--cells", type=int, nargs="+", default=[6, 12], help="along an edge")
    parser.add_argument("--poisson-ratio", type=float, default=0.45)
    args = parser.parse_args()
    for module in ("mujoco", "taichi"):
        if not find_spec(module):
            print(f"{module}: left out, not installed (pip install -e .[peers])")
    for cells in args.cells:
        measure(cells, args.poisson_ratio)
    machine = this_machine(World().kernel)
    cores = f"{machine.cores} cores, load {machine.load:.1f}"
    print(f"\n{machine.processor}, {cores}, {machine.system}")


if __name__ == "__main__":
    main()
