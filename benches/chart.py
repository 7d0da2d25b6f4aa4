"""Error against time, surgisim beside its peers: ``python benches/chart.py`` measures and draws.

Two questions with mesh-converged answers (docs/physics.md, "Accuracy"), on finer and finer meshes:

- the poke: a ball of 20 mm radius pressed 15 mm into a 0.10 m block (5 kPa, nu 0.45) in 0.2 s,
  without friction, and held; the mean force of the last 0.2 s against 1.952 N, and how deep the
  ball stands in the tissue's triangles (peers meet it with their nodes only);
- the beam: let go, then settled under its own weight (50 kPa, nu 0.45); its sag against 56.97 mm.

All simulators get the same mesh and take turns, five ticks of 1 ms each; a tick's time is CPU time,
median over all ticks. Each peer's own step stays as it is (see `benches/simulators.py`); Taichi
gets the fewest substeps that survive a rehearsal. A mesh is left out for a simulator whose tick
would take longer than `SLOWEST_MS`. Where a peer has no static solver, its velocities are damped
until the beam rests, which moves no equilibrium.

Writes docs/images/error_time.json and, drawn from it, docs/images/error_time.png;
``--draw`` only draws. Five to ten minutes.
"""

import argparse
import json
import shutil
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np

from error_time import draw
from plain_tetrahedra import Taichi, start_taichi
from scenes import RADIUS, SIDE, Floats, Scene, beam, block, sunk
from simulators import MuJoCo, Peer, Surgisim, Twin
from surgisim import World
from surgisim.bench.machine import this_machine
from turns import Run, take_turns

IMAGES = Path(__file__).resolve().parent.parent / "docs" / "images"
NU = 0.45
DEPTH, PRESS, HOLD, MEAN = 0.015, 200, 300, 200  # m, ticks, ticks, the last of them
FALL = 100  # ticks
BLOCKS = (4, 6, 8, 12, 16, 20)  # cells a side
BEAMS = ((10, 2, 2), (15, 3, 3), (20, 4, 4), (30, 6, 6), (40, 8, 8))
SLOWEST_MS = 50.0
SUBSTEPS = (1, 2, 3, 4, 6, 8, 12, 16, 24)

Way = Callable[[int], Floats]


def press(tick: int) -> Floats:
    """Centre of the ball: down with the least jerk (Flash, Hogan 1985), then still."""
    s = min(tick / PRESS, 1.0)
    return np.array([SIDE / 2, SIDE + RADIUS - DEPTH * s**3 * (10 - 15 * s + 6 * s * s), SIDE / 2])


@dataclass(frozen=True)
class Question:
    """A scene on several meshes, and how its answer is read; `uncertainty` is relative."""

    name: str
    unit: str
    reference: float
    uncertainty: float
    scenes: tuple[Scene, ...]
    way: Way
    ticks: int
    answer: Callable[[Scene, Peer, Run], float]


def held_force(_: Scene, __: Peer, run: Run) -> float:
    return float(np.mean(run.forces[-MEAN:]))


def sag_mm(scene: Scene, peer: Peer, _: Run) -> float:
    """Of the middle of the free end, settled; NaN where no rest is found."""
    if not peer.settle():
        return float("nan")
    end = np.argmin(np.linalg.norm(scene.mesh.points - (0.1, 0.01, 0.01), axis=1))
    return 1e3 * float(scene.mesh.points[end, 1] - peer.positions()[end, 1])


QUESTIONS = (
    Question(
        "poke",
        "N",
        1.952,
        0.015 / 1.952,
        tuple(block(n, NU) for n in BLOCKS),
        press,
        PRESS + HOLD,
        held_force,
    ),
    Question(
        "beam",
        "mm",
        56.97,
        0.02 / 56.97,
        tuple(beam(cells, NU) for cells in BEAMS),
        lambda _: np.array(beam(BEAMS[0], NU).ball),
        FALL,
        sag_mm,
    ),
)


def steady_taichi(scene: Scene, way: Way, ticks: int) -> Peer:
    """With the fewest substeps with which no more than 1 % of the elements turn over."""
    start_taichi()
    peer = Taichi(scene, SUBSTEPS[0])
    for peer.substeps in SUBSTEPS:
        peer.step(way(0))  # compiles
        peer.reset()
        (run,) = take_turns([peer], scene.mesh, way, ticks)
        peer.reset()
        if run.exploded is None and run.inverted <= 0.01:
            break
    return peer


METHODS: dict[str, Callable[[Scene, Way, int], Peer]] = {
    "surgisim": lambda scene, *_: Surgisim(scene),
    "surgisim, pressure averaged": lambda scene, *_: Surgisim(scene, "pressure"),
    "corotational": lambda scene, *_: Twin(scene),
    "MuJoCo explicit": lambda scene, *_: MuJoCo(scene, "Euler"),
    "MuJoCo implicit": lambda scene, *_: MuJoCo(scene, "discrete"),
    "Taichi": steady_taichi,
}


def present() -> list[str]:
    """Return the names of those `METHODS` that are installed; say which are not."""
    needs = {"MuJoCo": find_spec("mujoco"), "Taichi": find_spec("taichi")}
    missing = {name for name, found in needs.items() if found is None}
    missing |= set() if shutil.which("cargo") else {"corotational"}
    for name in sorted(missing):
        print(f"{name}: left out, not installed (pip install -e .[peers]; cargo for corotational)")
    return [name for name in METHODS if name.split()[0] not in missing]


@dataclass
class Line:
    """One method over the meshes: what was measured, and why meshes are missing."""

    method: str
    points: list[dict[str, Any]] = field(default_factory=list)
    left_out: list[dict[str, Any]] = field(default_factory=list)

    def too_slow(self, tetrahedra: int) -> bool:
        """Whether the tick, in proportion to the last mesh's, would be longer than the limit."""
        if not self.points:
            return False
        last = self.points[-1]
        return bool(last["tick_ms"] * tetrahedra / last["tetrahedra"] > SLOWEST_MS)

    def leave_out(self, scene: Scene, reason: str) -> None:
        self.left_out.append({"cells": scene.cells, "reason": reason})

    def add(self, question: Question, scene: Scene, peer: Peer, run: Run) -> None:
        if run.exploded is not None:
            self.leave_out(scene, f"exploded after {run.exploded} ms")
            return
        ball = question.way(question.ticks)
        sunk_mm = 1e3 * sunk(scene.mesh, peer.positions(), ball)
        answer = question.answer(scene, peer, run)
        if not np.isfinite(answer):
            self.leave_out(scene, "found no rest")
            return
        point = {
            "simulator": peer.name,
            "cells": scene.cells,
            "tetrahedra": len(scene.mesh.tetrahedra),
            "tick_ms": round(run.milliseconds(50), 4),
            "tick_ms_least": round(run.milliseconds(0), 4),
            "answer": round(answer, 5),
            "error": round(answer / question.reference - 1.0, 5),
            "inverted": round(run.inverted, 4),
            "sunk_mm": round(sunk_mm, 3),
        }
        self.points.append(point)
        print(
            f"  {self.method:30}{point['tick_ms']:9.3f} ms {answer:9.3f} {question.unit}"
            f" {100 * (answer / question.reference - 1.0):+7.2f} %{sunk_mm:6.2f} mm deep,"
            f" {peer.name}",
            flush=True,
        )


def compare(question: Question, scene: Scene, lines: list[Line]) -> None:
    """Add a mesh to the lines."""
    tetrahedra = len(scene.mesh.tetrahedra)
    print(f"{question.name}, {scene.cells} cells, {tetrahedra} tetrahedra", flush=True)
    racing = [line for line in lines if not line.too_slow(tetrahedra)]
    for line in lines:
        if line not in racing:
            line.leave_out(scene, f"a tick longer than {SLOWEST_MS:.0f} ms")
    peers = [METHODS[line.method](scene, question.way, question.ticks) for line in racing]
    for peer in peers:
        peer.step(question.way(0))  # compiles
    runs = take_turns(peers, scene.mesh, question.way, question.ticks)
    for line, peer, run in zip(racing, peers, runs, strict=True):
        line.add(question, scene, peer, run)
    for peer in peers:
        if isinstance(peer, Twin):
            peer.close()


def measure() -> dict[str, Any]:
    machine = asdict(this_machine(World().kernel))
    methods, questions = present(), {}
    for question in QUESTIONS:
        lines = [Line(method) for method in methods]
        for scene in question.scenes:
            compare(question, scene, lines)
        questions[question.name] = {
            "unit": question.unit,
            "reference": question.reference,
            "uncertainty": round(question.uncertainty, 5),
            "lines": [asdict(line) for line in lines],
        }
    return {"machine": machine, "poisson_ratio": NU, "questions": questions}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--draw", action="store_true", help="only draw what was measured before")
    args = parser.parse_args()
    numbers, picture = IMAGES / "error_time.json", IMAGES / "error_time.png"
    if not args.draw:
        since = time.monotonic()
        numbers.write_text(json.dumps(measure(), indent=1) + "\n", encoding="utf-8")
        print(f"{time.monotonic() - since:.0f} s")
    draw(json.loads(numbers.read_text(encoding="utf-8")), picture)
    print(picture)


if __name__ == "__main__":
    main()
