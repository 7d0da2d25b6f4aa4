"""The same poke with other simulators, in one run: ``python benches/peers.py``.

A ball of 20 mm radius is pressed 15 mm into a 0.10 m block (5 kPa, 1060 kg/m^3) at 0.1 m/s, held,
then dragged, dt 1 ms. All get the same mesh and take turns, five ticks each, so that whatever else
the machine does meets all. CPU time of the whole process, which is one thread. Beside the speed
stands the answer: the ball's force while it is held, and the share of tetrahedra turned inside out.
The converged block says 1.95 N (nu 0.45) and 1.99 N (nu 0.49), within 1 % (see docs/physics.md).

Peers are measured where they are installed: ``pip install -e .[peers]``; what they are is told in
`benches/simulators.py`. Taichi makes surgisim's own number of substeps, and twice as many.
"""

import argparse
from importlib.util import find_spec

import numpy as np

from plain_tetrahedra import Taichi, start_taichi
from scenes import RADIUS, SIDE, Floats, Scene, block
from simulators import MuJoCo, Peer, Surgisim
from surgisim import World
from surgisim.bench.machine import this_machine
from turns import take_turns

START, DEPTH = 0.04, 0.015  # where along x, and how deep, m
PRESS, HOLD, DRAG = 150, 100, 150  # ticks


def way(tick: int) -> Floats:
    """Centre of the ball at the end of a tick."""
    depth = DEPTH * min(tick / PRESS, 1.0)
    drag = 0.02 * abs(np.sin(0.01 * max(tick - PRESS - HOLD, 0)))
    return np.array([START + drag, SIDE + RADIUS - depth, SIDE / 2])


def peers(scene: Scene) -> list[Peer]:
    ours = Surgisim(scene)
    found: list[Peer] = [ours]
    if find_spec("mujoco"):
        found += [MuJoCo(scene, integrator) for integrator in ("Euler", "discrete")]
    if find_spec("taichi"):
        start_taichi()
        substeps = ours.world.stats.substeps
        found += [Taichi(scene, n * substeps) for n in (1, 2)]
    return found


def measure(cells: int, nu: float) -> None:
    scene = block(cells, nu, START)
    found = peers(scene)
    for peer in found:
        peer.step(way(0))  # compiles
    runs = take_turns(found, scene.mesh, way, PRESS + HOLD + DRAG)
    print(f"\n{len(scene.mesh.tetrahedra)} tetrahedra, nu {nu}")
    print(f"{'':32}{'CPU ms: least':>14}{'median':>9}{'99 %':>9}{'ratio':>7}{'force':>9}  inverted")
    for peer, run in zip(found, runs, strict=True):
        least, median, p99 = (run.milliseconds(q) for q in (0, 50, 99))
        ratio = median / runs[0].milliseconds(50)
        held = run.forces[PRESS + HOLD // 2 : PRESS + HOLD]
        force = f"{np.mean(held):7.2f} N" if held else f"{'-':>9}"
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
