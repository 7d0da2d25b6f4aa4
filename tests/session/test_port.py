"""A laparoscopic port in a session: where it lies, what it costs, and how it is switched off."""

from dataclasses import dataclass, replace
from pathlib import Path
from time import sleep

import numpy as np
import pytest

from surgisim import Material, SoftBody, TetMesh, Tool, World, anatomy
from surgisim.anatomy import Nodule
from surgisim.errors import AnatomyError
from surgisim.procedure.load import loads
from surgisim.procedure.port import PortSpec
from surgisim.record import load
from surgisim.rig import Mapping, Rig
from surgisim.run import LockstepRun
from surgisim.scoring import Profile, presses, profiles
from surgisim.session import Order, debrief, play, verify_session
from surgisim.session.port import Port, place_port
from surgisim.session.stage import set_stage
from surgisim.snapshot import Vector
from surgisim.trainees import Action, Sight, scripted

from .prober import Prober

SHIPPED = (Path(__file__).parents[2] / "procedures" / "liver_palpation.yaml").read_text()
SHORT = PortSpec.model_validate({"above": "150 mm", "length": "200 mm"})
PORT = Port((0.02, 0.28, 0.09), 0.33)


def through(folder: Path, port: str) -> str:
    """Write the shipped procedure with a port."""
    path = folder / "through_a_port.yaml"
    path.write_text(SHIPPED.replace("radius: 8 mm\n", f"radius: 8 mm\n    port: {{{port}}}\n", 1))
    return str(path)


@pytest.fixture(scope="module")
def small_liver(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Half the surface to search."""
    whole = anatomy.parametric_liver(edge_m=0.024)
    (organ,) = whole.organs
    folder = tmp_path_factory.mktemp("anatomy") / "small"
    anatomy.write(replace(whole, organs=(replace(organ, points=0.75 * organ.points),)), folder)
    return folder


def block() -> tuple[World, Tool, SoftBody]:
    world = World(gravity=(0.0, 0.0, 0.0))
    tissue = Material(young_modulus=5e3, poisson_ratio=0.45, density=1060.0)
    organ = world.add_soft_body(TetMesh.box((0.1, 0.1, 0.1), (3, 3, 3)), tissue, fixed=(0, 1, 2))
    return world, world.add_sphere(0.01, (0.05, 0.13, 0.05)), organ


def place(run: LockstepRun) -> Vector:
    return run.snapshot().probe.position


@pytest.mark.parametrize("device", ["hand", "mouse", "simulated", "simulated:omega"])
def test_hands_begin_at_the_handle_that_the_tick_expects(device: str) -> None:
    world, tool, organ = block()
    run = LockstepRun(world, tool, organ, device=device, control={"port": PORT.control()})
    expected = PORT.handle_for(tool.position)
    assert run.control["mapping"]["origin_world"] == pytest.approx(expected, abs=1e-15)
    run.advance(100)
    assert place(run) == pytest.approx(tool.position, abs=1e-9)


def test_aims_go_through_the_port_and_the_hand_to_the_other_side() -> None:
    run = LockstepRun(*block(), control={"port": Port(PORT.pivot, 0.33, 0.0).control()})
    run.aim((0.08, 0.13, 0.05))
    run.advance(1500)
    assert place(run) == pytest.approx((0.08, 0.13, 0.05), abs=1e-6)
    rows = run.trace()
    assert rows["hand"][-1][0] < rows["hand"][0][0] - 0.02


def test_a_force_felt_through_the_port_is_told_at_the_tip() -> None:
    tip, force = np.array([0.05, 0.13, 0.05]), np.array([0.3, 1.0, -0.2])
    inside = tip - PORT.pivot
    depth = float(np.linalg.norm(inside))
    along = inside / depth
    axial = (force @ along) * along
    in_hand = axial - depth / (0.33 - depth) * (force - axial)  # docs/ports.md, by virtual work
    assert PORT.at_tip(in_hand, tip) == pytest.approx(force)
    assert Port.of({"port": {**PORT.control(), "on": False}}) is None


def test_a_rig_is_carried_to_the_handle_unless_it_lies_there() -> None:
    below = Rig("simulated", Mapping(origin_world=(0.0, 0.1, 0.0), scale=2.0)).to_core()["mapping"]
    carried = PORT.carried(below)
    assert carried == {**below, "origin_world": list(PORT.handle_for((0.0, 0.1, 0.0)))}
    assert carried["origin_world"][1] > PORT.pivot[1]
    assert PORT.carried(carried) == carried


def test_the_reach_of_a_device_is_laid_over_the_handle(tmp_path: Path, coarse_liver: Path) -> None:
    text = Path(through(tmp_path, "above: 150 mm, near: 20 mm")).read_text()
    stage = set_stage(loads(text, "own"), coarse_liver, np.random.default_rng(1))
    assert stage.port is not None
    points, start = stage.organ.points, stage.scene.probe.start
    low, high = points.min(axis=0), points.max(axis=0)
    aside = 0.5 * (low + high)
    assert stage.port.pivot == pytest.approx((aside[0], high[1] + 0.15, aside[2] + 0.02))
    box = np.array(stage.port.field(points, start))
    assert box.mean(axis=0) == pytest.approx(stage.port.handle_for(start))
    for tip in points[points[:, 1] > 0.5 * (low[1] + high[1])]:
        handle = np.array(stage.port.handle_for(tip))
        assert (handle >= box[0] - 0.01).all()
        assert (handle <= box[1] + 0.01).all()


def test_an_instrument_that_is_too_short_is_told() -> None:
    points = anatomy.parametric_liver(edge_m=0.03).organs[0].points
    with pytest.raises(AnatomyError, match=r"give a 'length' of 2[0-9]0 mm") as told:
        place_port(SHORT, points)
    needed = float(str(told.value).split("'length' of ")[1].split()[0]) * 1e-3
    place_port(SHORT.model_copy(update={"length": needed}), points)


class Visitor:
    """Goes down onto the organ's highest point and leaves."""

    def act(self, sight: Sight) -> Action:
        top = sight.positions[np.argmax(sight.positions[:, 1])]
        x, y, z = top + np.array([0.0, sight.probe_radius_m - 0.004, 0.0])
        return Action(aim=(float(x), float(y), float(z)), finish=sight.time_s > 1.0)


@pytest.mark.parametrize(
    ("port", "live", "device"),
    [(True, False, "hand"), (False, False, "hand"), (True, True, "simulated")],
)
def test_with_and_without_its_port_a_session_replays_to_the_bit(
    tmp_path: Path, coarse_liver: Path, port: bool, live: bool, device: str
) -> None:
    where = through(tmp_path, "above: 150 mm, friction: 0.6 N, source: chosen")
    order = Order(
        where, tmp_path / "out", anatomy=coarse_liver, device=device, port=port, live=live
    )
    play(order, lambda *_: Visitor(), wait=sleep)
    record = load(order.out)
    told = record.header["control"]["port"]
    assert told["on"] is port
    assert (told["friction"]["kinetic_n"], told["length_m"]) == (0.6, 0.33)
    assert (record.trace["contacts"] > 0).any()
    assert verify_session(record).agrees
    debrief(order.out)
    said = "instrument of 330 mm; its seal holds the shaft with 0.6 N"
    assert (said in (order.out / "report.html").read_text()) is port


@dataclass(frozen=True)
class Felt:
    """What came of a session: forces in N, means over contact but for `peak` and `free`.

    `over` is how much more the hand felt over the first nodule than beside it, as a share.
    """

    found: float
    peak: float
    tip: float
    hand: float
    free: float
    over: float


def measured(out: Path) -> Felt:
    result = debrief(out).result
    assert result.completed
    assert result.errors == ()
    record = load(out)
    touching = record.trace["contacts"] > 0
    hand = np.linalg.norm(record.trace["device_force"], axis=1)
    tip = np.linalg.norm(record.trace["force"], axis=1)
    nodules = [Nodule(n["center"], n["radius_m"], 1.0) for n in record.header["nodules"]]
    first, *_ = profiles(presses(record.trace, None, record.dt_s), nodules)
    told = Felt(
        found=result.metrics["nodules.found"].value or 0.0,
        peak=result.metrics["force.peak"].value or 0.0,
        tip=float(tip[touching].mean()),
        hand=float(hand[touching].mean()),
        free=float(hand[~touching].mean()),
        over=first.excess if isinstance(first, Profile) else float("nan"),
    )
    print(told)
    return told


def probed(where: str, out: Path, liver: Path) -> Felt:
    """Press a nodule and what lies around it with an ideal hand."""
    play(Order(where, out, seed=3, anatomy=liver), lambda stage, _: Prober(stage))
    return measured(out)


def palpated(where: str, out: Path, liver: Path, device: str, seed: int) -> Felt:
    """Let the careful trainee search."""
    order = Order(where, out, seed=seed, anatomy=liver, device=device)
    play(order, lambda _, rng: scripted("careful", rng))
    return measured(out)


@pytest.fixture(scope="module")
def bare(tmp_path_factory: pytest.TempPathFactory, coarse_liver: Path) -> Felt:
    return probed("liver_palpation", tmp_path_factory.mktemp("bare") / "out", coarse_liver)


def test_the_seal_costs_the_hand_and_leaves_the_tissue_as_it_was(
    tmp_path: Path, coarse_liver: Path, bare: Felt
) -> None:
    held = probed(through(tmp_path, "above: 150 mm"), tmp_path / "out", coarse_liver)
    assert held.peak < 1.5 * bare.peak
    assert held.tip == pytest.approx(bare.tip, rel=0.3)
    # What it costs: the seal is felt wherever the shaft slides, and on top of the tissue.
    assert bare.free < 0.05
    assert 0.3 < held.free < 0.6
    assert held.hand > 1.5 * held.tip


def test_without_friction_the_lever_alone_hides_nothing(
    tmp_path: Path, coarse_liver: Path, bare: Felt
) -> None:
    where = through(tmp_path, "above: 150 mm, friction: 0 N")
    free = probed(where, tmp_path / "out", coarse_liver)
    assert bare.over > 0.2
    assert free.over == pytest.approx(bare.over, rel=0.1)
    assert free.free < 0.05


@pytest.mark.parametrize("seed", [2, 3])
def test_careful_finds_every_nodule_through_a_port_wherever_they_lie(
    tmp_path: Path, coarse_liver: Path, seed: int
) -> None:
    where = through(tmp_path, "above: 150 mm")
    assert palpated(where, tmp_path / "out", coarse_liver, "hand", seed).found == 3.0


def test_careful_finds_nodules_through_a_port_with_a_haptic_device(
    tmp_path: Path, coarse_liver: Path
) -> None:
    where = through(tmp_path, "above: 150 mm")
    held = palpated(where, tmp_path / "out", coarse_liver, "simulated", 1)
    assert held.found == 3.0
    assert held.peak < 3.0
    assert 0.3 < held.free < 0.6
