"""A device in the hand: what it is called, where its space lies, what it feels, and its loss."""

import json
import os
import re
import struct
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from surgisim import Material, SoftBody, TetMesh, Tool, World
from surgisim.commands.warning import warn
from surgisim.procedure.load import loads
from surgisim.procedure.port import START_ABOVE_M
from surgisim.record import load
from surgisim.rig import Ball, Mapping, Rig
from surgisim.run import LockstepRun
from surgisim.scoring import JUST_NOTICEABLE
from surgisim.session import Order, debrief, play, verify_session
from surgisim.session.look import Looks
from surgisim.session.stage import Stage, set_stage
from surgisim.snapshot import Snapshot
from surgisim.trainees import Action, Sight
from surgisim.trainees.person import Person

from .keys import Keys
from .prober import Prober

SHIPPED = Path(__file__).parents[2] / "procedures" / "liver_palpation.yaml"


def probe(out: Path, liver: Path, device: str, **more: object) -> Stage:
    order = Order("liver_palpation", out, 3, liver, device, trainee="prober", **more)  # type: ignore[arg-type]
    return play(order, lambda stage, _: Prober(stage), wait=time.sleep).stage


@pytest.fixture(scope="module")
def felt(tmp_path_factory: pytest.TempPathFactory, coarse_liver: Path) -> Path:
    """A session with the simulated haptic device."""
    out = tmp_path_factory.mktemp("device") / "felt"
    probe(out, coarse_liver, "simulated")
    debrief(out)
    return out


def block() -> tuple[World, Tool, SoftBody]:
    world = World(gravity=(0.0, 0.0, 0.0))
    tissue = Material(young_modulus=5e3, poisson_ratio=0.45, density=1060.0)
    organ = world.add_soft_body(TetMesh.box((0.1, 0.1, 0.1), (3, 3, 3)), tissue, fixed=(0, 1, 2))
    return world, world.add_sphere(0.01, (0.05, 0.13, 0.05)), organ


def test_the_reach_of_a_device_is_laid_over_the_field(felt: Path) -> None:
    record = load(felt)
    header = record.header
    points = record.arrays["points"]
    low, high = points.min(axis=0), points.max(axis=0)
    mapping = header["control"]["mapping"]
    middle = 0.5 * (low + high)
    middle[1] = header["probe"]["start"][1]
    assert mapping["origin_world"] == pytest.approx(middle.tolist())
    reach = mapping["scale"] * header["device_info"]["workspace"]["radius"]
    top = np.array([low[0], 0.5 * (low[1] + high[1]), high[2]])
    assert np.linalg.norm(top - mapping["origin_world"]) == pytest.approx(reach)
    # A hand that rests in the middle of its reach holds the probe clear of the organ.
    resting = record.trace["tool"][(record.times_s < 0.5) & (record.trace["contacts"] > 0)]
    assert len(resting) == 0


def test_the_fit_is_that_of_a_rig() -> None:
    low, high, ball = (-0.1, 0.02, -0.07), (0.13, 0.2, 0.09), Ball(radius=0.08)
    run = LockstepRun(*block(), device="simulated", field=(low, high))
    one = Rig.fit("simulated", low, high, ball)
    assert Mapping(**run.control["mapping"]) == one.mapping


def test_without_a_field_a_device_lies_one_to_one_around_the_tool() -> None:
    world, tool, organ = block()
    mapping = LockstepRun(world, tool, organ, device="simulated").control["mapping"]
    assert mapping["scale"] == 1.0
    assert mapping["origin_world"] == pytest.approx(tool.position)


def test_hands_made_for_the_scene_have_no_field(tmp_path: Path, coarse_liver: Path) -> None:
    probe(tmp_path, coarse_liver, "hand")
    control = load(tmp_path).header["control"]
    assert control["mapping"] == {**control["mapping"], "scale": 1.0, "origin_world": [0.0] * 3}
    assert control["gains"]["stiffness"] is None


def test_a_simulated_hand_feels_a_nodule_beyond_what_is_just_noticeable(felt: Path) -> None:
    record = load(felt)
    size = np.linalg.norm(record.trace["device_force"], axis=1)
    assert 0.1 < size.max() < 3.3
    text = (felt / "report.html").read_text()
    told, *_ = re.findall(r"Over nodule A the hand felt (\d+) % more than beside it", text)
    assert int(told) > 100 * JUST_NOTICEABLE
    assert "10 % (the band) is just noticeable" in text
    assert "1,500 N/m, 5.2 N s/m" in text
    assert "0.1 N, which the hand feels as well" in text


def test_the_ideal_hand_feels_it_too_and_has_no_coupling(
    tmp_path: Path, coarse_liver: Path
) -> None:
    probe(tmp_path, coarse_liver, "hand")
    debrief(tmp_path)
    text = (tmp_path / "report.html").read_text()
    assert "rigid: the tool is where the hand is" in text
    assert re.search(r"Over nodule A the hand felt \d\d % more", text)


def test_nobody_feels_what_a_mouse_does(tmp_path: Path, coarse_liver: Path) -> None:
    probe(tmp_path, coarse_liver, "mouse")
    debrief(tmp_path)
    assert "Over nodule" not in (tmp_path / "report.html").read_text()


def test_result_header_and_replay_know_the_device(felt: Path) -> None:
    result = json.loads((felt / "result.json").read_text())
    assert list(result)[-2:] == ["device", "outcome"]
    device = result["device"]
    assert device["model"] == "simulated touch-like device"
    assert device["force"]
    assert (device["name"], device["rig"], device["stiffness"]) == ("simulated", None, 1500.0)
    assert result["ticks"]["watchdog_trips"] == 0
    record = load(felt)
    assert record.timing is not None
    assert record.timing.slew_limited < 100
    assert verify_session(record).agrees


def test_a_live_session_with_a_device_replays_to_the_bit(
    tmp_path: Path, coarse_liver: Path
) -> None:
    probe(tmp_path, coarse_liver, "simulated:inverse3", live=True)
    record = load(tmp_path)
    assert record.damaged is None
    assert record.header["device"] == "simulated:inverse3"
    assert np.linalg.norm(record.trace["device_force"], axis=1).max() > 0.1
    assert verify_session(record).agrees


def test_a_rig_lies_between_hand_and_tool(tmp_path: Path, coarse_liver: Path) -> None:
    mapping = Mapping(
        rotation=(0.5**0.5, 0.0, 0.5**0.5, 0.0), scale=1.5, origin_world=(0.03, 0.1, 0.01)
    )
    rig = Rig("simulated", mapping)
    control = {"mapping": rig.to_core()["mapping"]}
    probe(tmp_path, coarse_liver, "simulated:omega", control=control, rig="bench")
    record = load(tmp_path)
    assert record.header["rig"] == "bench"
    assert Mapping(**record.header["control"]["mapping"]) == pytest.approx(mapping)
    assert record.header["control"]["gains"]["stiffness"] == 4000.0
    assert debrief(tmp_path).result.device is not None
    text = (tmp_path / "report.html").read_text()
    assert "1 mm of hand is 1.5 mm of tool" in text
    assert "Over nodule A the hand felt" in text
    assert verify_session(record).agrees


class Leaning:
    """Lets the hand rest on the organ where it is, later lifts it, and leaves."""

    def act(self, sight: Sight) -> Action:
        x, y, z = sight.probe.position
        lifted = (x, y + 0.02, z) if 3.8 < sight.time_s < 3.84 else None
        return Action(aim=lifted, leave=sight.time_s > 5.5)


def test_a_hand_that_leans_on_the_organ_from_the_start_is_told_why_it_feels_nothing(
    tmp_path: Path, coarse_liver: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    order = Order("liver_palpation", tmp_path, anatomy=coarse_liver, device="simulated")
    stage = set_stage(loads(SHIPPED.read_text(), "own"), coarse_liver, np.random.default_rng(1))
    x, y, z = stage.scene.probe.start
    below = {"mapping": {"scale": 1.0, "origin_world": (x, y - START_ABOVE_M - 0.008, z)}}
    alarms: dict[float, str] = {}
    played = play(
        replace(order, control=below),
        lambda *_: Leaning(),
        watch=lambda looks, snapshot: alarms.update({snapshot.time_s: looks.device_alarm}),
    )
    record = load(tmp_path)
    told = [event for event in record.events if event.kind == "force.waits"]
    assert len(told) == 1
    assert 3.0 <= told[0].time_s < 3.7
    assert "lift the instrument off the tissue" in told[0].text
    after = {alarm for time_s, alarm in alarms.items() if told[0].time_s + 0.02 < time_s < 3.8}
    assert after == {told[0].text}
    assert list(alarms.values())[-1] == ""
    assert played.warnings == (f"after {told[0].time_s:.0f} s {told[0].text}",)
    warn(played.stats, played.warnings)
    assert told[0].text in capsys.readouterr().err
    assert played.stats.waited >= 3000
    assert verify_session(record).agrees
    assert debrief(tmp_path).result.outcome == "interrupted"
    text = (tmp_path / "report.html").read_text()
    assert "The force has not been switched on yet: lift the instrument" in text
    assert "in which the hand was not calm enough to begin" in text


class Cap:
    """A SpaceMouse whose reports come through a named pipe; a person pushes the cap."""

    def __init__(self, path: Path) -> None:
        self.path = path
        os.mkfifo(path)
        self.plug_in()

    def plug_in(self) -> None:
        self._pipe = os.open(self.path, os.O_RDWR | os.O_NONBLOCK)

    def unplug(self) -> None:
        os.close(self._pipe)

    def push(self, right: int, toward: int, down: int) -> None:
        os.write(self._pipe, struct.pack("<B3h", 1, right, toward, down))

    def keys(self, mask: int) -> None:
        os.write(self._pipe, struct.pack("<BI", 3, mask))


@pytest.mark.skipif(sys.platform != "linux", reason="pipes stand in for devices on Linux")
def test_a_person_with_a_device_moves_marks_loses_it_and_goes_on(
    tmp_path: Path, coarse_liver: Path
) -> None:
    cap, keys = Cap(tmp_path / "cap"), Keys()
    alarms: list[str] = []

    def watch(looks: Looks, snapshot: Snapshot) -> None:
        look = len(alarms)
        alarms.append(looks.device_alarm)
        if look < 60 and not snapshot.probe.touching:
            cap.push(0, 0, 200)
        elif look < 70:
            cap.push(0, 0, 0)
        stages[look](looks) if look in stages else None

    stages: dict[int, Callable[[Looks], None]] = {
        80: lambda _: cap.keys(1),
        85: lambda _: cap.keys(0),
        100: lambda _: cap.unplug(),
        115: lambda _: cap.plug_in(),
        160: lambda _: setattr(keys, "pressed", ("finish",)),
    }
    order = Order(
        "liver_palpation",
        tmp_path / "out",
        anatomy=coarse_liver,
        device=f"spacemouse:{cap.path}",
        trainee="person",
        live=True,
    )
    play(order, lambda *_: Person(keys, device=True), watch=watch, wait=time.sleep)
    record = load(order.out)
    assert record.header["device"] == "spacemouse"  # and no path, which may name a person
    assert len(record.commands[record.commands["code"] == 1]) == 0
    kinds = [event.kind for event in record.events]
    assert kinds.count("mark.set") == 1
    assert kinds.index("mark.set") < kinds.index("tick.fault") < kinds.index("device.back")
    assert any("reading the device failed" in alarm for alarm in alarms)
    assert any("the device is back" in alarm for alarm in alarms)
    assert verify_session(record).agrees
    debrief(order.out)
    text = (order.out / "report.html").read_text()
    assert "this device does not push the hand" in text
    assert "Reading the device failed" in text
    assert "The device is back." in text
