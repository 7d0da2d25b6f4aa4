"""The same scene in several simulators, behind one face.

- MuJoCo, flex elements (St Venant-Kirchhoff, f64): its explicit integrator ``Euler`` and its
  implicit one, ``discrete`` (``implicit`` and ``implicitfast`` refuse elastic flexes since 3.13),
  each with the solver CG; Newton gives the same motion and took up to 14 times as long. Contacts
  as stiff as 1 ms allows, without friction, nodes only.
- Plain linear tetrahedra, in `benches/plain_tetrahedra.py`.
- The corotational twin with implicit Euler and 25 iterations of conjugate gradients, in f64:
  `crates/softbody/benches/twin`, run by Cargo in a process of its own.
"""

import subprocess
import time
from collections.abc import Callable
from typing import Protocol

import numpy as np

from scenes import DT, RADIUS, Floats, Scene
from surgisim import Material, World

__all__ = ["CALMING", "MuJoCo", "Peer", "Surgisim", "Twin", "calm"]

SOLREF = "0.002 1"  # contact's time constant, s (2 dt is the shortest allowed), and damping ratio
CALMING = 30.0  # 1/s, of the damping with which a peer looks for its rest
LOOK = 50  # ticks; `STILL` is what moves in them, m
STILL = 1e-6
PATIENCE = 100  # looks


class Peer(Protocol):
    """A body and a ball in some simulator."""

    @property
    def name(self) -> str: ...

    def step(self, centre: Floats) -> float:
        """Make a tick that ends with the ball at `centre`; return its CPU time, s."""
        ...

    def force(self) -> float:
        """Upward force on the ball, N."""
        ...

    def positions(self) -> Floats: ...

    def exploded(self) -> bool:
        """Whether it says so itself; inverted elements are counted in `turns`."""
        ...

    def settle(self) -> bool:
        """Go to the static equilibrium; return whether it was reached."""
        ...


def calm(peer: Peer, damped_tick: Callable[[], object]) -> bool:
    """Repeat a tick until nothing moves; whether that came about."""
    before = peer.positions()
    for _ in range(PATIENCE):
        for _ in range(LOOK):
            damped_tick()
        now = peer.positions()
        moved, before = np.abs(now - before).max(), now
        if peer.exploded() or moved < STILL:
            return bool(moved < STILL)
    return False


class Surgisim:
    def __init__(self, scene: Scene, averaging: str = "strain") -> None:
        self.world = World(DT, gravity=(0.0, scene.gravity, 0.0))
        tissue = Material(
            young_modulus=scene.young_modulus,
            poisson_ratio=scene.poisson_ratio,
            density=scene.density,
            law=scene.law,
        )
        self.body = self.world.add_soft_body(
            scene.mesh, tissue, fixed=scene.held, averaging=averaging
        )
        self.ball = self.world.add_sphere(RADIUS, scene.ball)
        self.world.step()
        self.name = f"surgisim, {self.world.kernel}, {self.world.stats.substeps} substeps"

    def step(self, centre: Floats) -> float:
        since = time.process_time()
        self.ball.move_to(centre)
        self.world.step()
        return time.process_time() - since

    def force(self) -> float:
        return float(self.ball.force[1])

    def positions(self) -> Floats:
        return self.body.positions

    def exploded(self) -> bool:
        return False  # it raises StabilityError

    def settle(self) -> bool:
        self.world.settle(1e-5, 60.0)
        return True


class MuJoCo:
    """Its contacts reach `SKIN` beyond nodes and elements; the ball starts that much higher."""

    SKIN = 2e-4

    def __init__(self, scene: Scene, integrator: str) -> None:
        import mujoco

        self.mujoco = mujoco
        # It would be written to a file here: of each flex that is elastic only, that it is not
        # rigid (a false alarm), and of explosions, which are counted in the data.
        mujoco.set_mju_user_warning(lambda _: None)
        self.name = f"MuJoCo {mujoco.__version__}, {integrator}"
        mesh, masses = scene.mesh, scene.masses()
        points = " ".join(f"{x:.9g}" for x in mesh.points.ravel())
        elements = " ".join(map(str, mesh.tetrahedra.ravel()))
        pins = " ".join(map(str, scene.held))
        xml = f"""<mujoco>
          <option timestep="{DT}" gravity="0 {scene.gravity} 0" integrator="{integrator}"
                  solver="CG" tolerance="1e-6"/>
          <size memory="1G"/>
          <worldbody>
            <body name="ball" mocap="true"><geom type="sphere" size="{RADIUS}" condim="1"/></body>
            <flexcomp name="block" type="direct" dim="3" radius="{self.SKIN}"
                      mass="{masses.sum()}" point="{points}" element="{elements}">
              <pin id="{pins}"/>
              <contact condim="1" selfcollide="none" solref="{SOLREF}"/>
              <edge equality="false"/>
              <elasticity young="{scene.young_modulus}" poisson="{scene.poisson_ratio}"
                          damping="0"/>
            </flexcomp>
          </worldbody>
        </mujoco>"""
        self.model = mujoco.MjModel.from_xml_string(xml)
        self.data = mujoco.MjData(self.model)
        self._weigh(masses)
        self.rest = np.array(scene.ball)

    def _weigh(self, masses: Floats) -> None:
        """Give each node its own mass: it deals all the same, which makes ends too heavy."""
        bodies = self.model.flex_vertbodyid
        free = bodies > 0
        self.model.body_mass[bodies[free]] = masses[free]
        self.mujoco.mj_setConst(self.model, self.data)

    def step(self, centre: Floats) -> float:
        since = time.process_time()
        self.data.mocap_pos[0] = centre + np.array([0.0, self.SKIN, 0.0])
        self.mujoco.mj_step(self.model, self.data)
        return time.process_time() - since

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

    def settle(self) -> bool:
        """Damp all velocities from outside, which moves no rest state."""

        def damped_tick() -> None:
            self.step(self.rest)
            self.data.qvel *= 1.0 - CALMING * DT

        return calm(self, damped_tick)


class Twin:
    """Talks with `crates/softbody/benches/turns.rs`: a line there, a line back."""

    def __init__(self, scene: Scene) -> None:
        self.name = "corotational twin, CG 25"
        command = ["cargo", "bench", "-q", "-p", "softbody", "--bench", "turns", "--"]
        command += [str(number) for number in (*scene.size, *scene.cells, scene.held_axis)]
        command += [str(scene.young_modulus), str(scene.poisson_ratio), str(scene.density)]
        command += [str(scene.gravity), str(RADIUS)]
        pipe = subprocess.PIPE
        self.process = subprocess.Popen(command, stdin=pipe, stdout=pipe, text=True)
        self.ball, self.pull = np.array(scene.ball), 0.0

    def ask(self, question: str) -> Floats:
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        print(question, file=self.process.stdin, flush=True)
        answer: Floats = np.array(self.process.stdout.readline().split(), dtype=np.float64)
        return answer

    def step(self, centre: Floats) -> float:
        seconds, self.pull = self.ask(f"tick {centre[0]} {centre[1]} {centre[2]}")
        return float(seconds)

    def force(self) -> float:
        return float(self.pull)

    def positions(self) -> Floats:
        return self.ask("positions").reshape(-1, 3)

    def exploded(self) -> bool:
        return not np.isfinite(self.positions()).all()

    def settle(self) -> bool:
        self.ask(f"damping {CALMING}")
        return calm(self, lambda: self.step(self.ball))

    def close(self) -> None:
        self.process.communicate()
