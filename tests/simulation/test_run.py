"""Live, lockstep and replay are one tick under three clocks."""

import signal
import subprocess
import sys
import threading
import time
from typing import Any

import numpy as np
import pytest

from surgisim import (
    DeviceError,
    Material,
    RecordError,
    SoftBody,
    SurgisimError,
    TetMesh,
    Tool,
    World,
)
from surgisim.run import LiveRun, LockstepRun, verify

TISSUE = Material(young_modulus=5e3, poisson_ratio=0.45, density=1060.0)


def scene() -> tuple[World, Tool, SoftBody]:
    mesh = TetMesh.box((0.1, 0.1, 0.1), (4, 4, 4))
    world = World(gravity=(0.0, 0.0, 0.0))
    organ = world.add_soft_body(mesh, TISSUE, fixed=np.flatnonzero(mesh.points[:, 1] == 0.0))
    organ.set_capsule(0.05)
    return world, world.add_sphere(0.02, (0.05, 0.13, 0.05), friction=0.2), organ


def played_in_lockstep(device: str = "hand") -> tuple[np.ndarray, np.ndarray, dict[str, Any]]:
    run = LockstepRun(*scene(), device=device, force_limit_n=0.5)
    traces, commands = [], []
    for look in range(40):
        run.aim((0.05, 0.13 - 0.001 * look, 0.05 + 0.0002 * look))
        if look == 10:
            run.move_supports(0, (0.0, 0.0, 0.01), 0.2)
        run.advance(20)
        traces.append(run.trace())
        commands.append(run.commands())
    return np.concatenate(traces), np.concatenate(commands), told(run)


def told(run: LockstepRun | LiveRun) -> dict[str, Any]:
    """What a record keeps of a run beside its rows."""
    return {"control": run.control, "device_info": run.device_info}


def test_a_run_sees_contact_limits_and_tears() -> None:
    run = LockstepRun(*scene(), force_limit_n=0.5)
    run.aim((0.05, 0.09, 0.05))
    run.advance(1000)
    snapshot, kinds = run.snapshot(), {event.kind for event in run.events()}
    assert snapshot.tick == 1000
    assert snapshot.probe.touching
    assert snapshot.probe.contact_rest is not None
    assert snapshot.probe.contact_rest[1] == pytest.approx(0.1, abs=1e-6)
    assert snapshot.meters.peak_force_n >= np.linalg.norm(snapshot.probe.force) > 0.5
    assert kinds == {"force.limit", "tissue.torn"}
    assert run.stats().scheduler == "lockstep"
    assert run.stats().lateness is None


@pytest.mark.parametrize("device", ["hand", "mouse", "simulated", "simulated:inverse3"])
def test_replay_agrees_to_the_bit(device: str) -> None:
    trace, commands, how = played_in_lockstep(device)
    difference, events = verify(*scene(), trace, commands, 0.5, **how)
    assert difference is None
    assert events


@pytest.mark.parametrize("field", ["force", "tool", "device_force", "digest"])
def test_replay_finds_a_single_wrong_bit(field: str) -> None:
    trace, commands, how = played_in_lockstep()
    wrong = trace.copy()
    wrong[field].view(np.uint64).reshape(len(trace), -1)[499, -1] ^= 1
    assert verify(*scene(), wrong, commands, 0.5, **how)[0] == 500


def test_replay_refuses_a_trace_with_holes() -> None:
    trace, commands, how = played_in_lockstep()
    with pytest.raises(RecordError, match="lacks rows from tick 101 on"):
        verify(*scene(), np.delete(trace, 100), commands, 0.5, **how)


def test_live_is_replayed_to_the_bit() -> None:
    with LiveRun(*scene(), device="mouse", force_limit_n=0.5) as run:
        for look in range(30):
            run.aim((0.05, 0.13 - 0.0015 * look, 0.05))
            time.sleep(0.02)
        stats = run.stop()
    trace, commands = run.trace(), run.commands()
    assert stats.ticks == len(trace)
    assert stats.scheduler in ("fifo", "normal")
    assert stats.lost == (0, 0, 0)
    assert np.linalg.norm(trace["force"], axis=1).max() > 0.1
    assert verify(*scene(), trace, commands, 0.5, **told(run))[0] is None


def test_unknown_devices_are_refused() -> None:
    with pytest.raises(SurgisimError, match="no device is called 'wand'"):
        LockstepRun(*scene(), device="wand")


def test_parts_of_another_world_are_refused() -> None:
    (world, tool, organ), (_, stranger, foreigner) = scene(), scene()
    with pytest.raises(SurgisimError, match="the tool belongs to another world"):
        LockstepRun(world, stranger, organ)
    with pytest.raises(SurgisimError, match="the organ belongs to another world"):
        LiveRun(world, tool, foreigner)
    trace, commands, how = played_in_lockstep()
    with pytest.raises(SurgisimError, match="the tool belongs to another world"):
        verify(world, stranger, organ, trace, commands, 0.5, **how)


def test_indexes_beyond_the_world_are_named() -> None:
    world, tool, organ = scene()
    tool.index = 7
    for device in ("hand", "replay"):
        with pytest.raises(SurgisimError, match="tool 7 does not exist; the world has 1"):
            LockstepRun(world, tool, organ, device=device)
    tool.index, organ.index = 0, 7
    with pytest.raises(SurgisimError, match="body 7 does not exist; the world has 1"):
        LockstepRun(world, tool, organ)


@pytest.mark.parametrize("far", [1e305, -1001.0])
def test_an_aim_out_of_reach_is_refused_and_the_hand_lives_on(far: float) -> None:
    run = LockstepRun(*scene())
    with pytest.raises(SurgisimError, match="beyond 1 km"):
        run.aim((far, 0.0, 0.0))
    run.aim((0.05, 0.12, 0.05))
    run.advance(500)
    assert run.snapshot().probe.position[1] == pytest.approx(0.12, abs=1e-4)
    assert not run.events()


def test_numbers_that_no_tick_can_take_are_refused() -> None:
    run = LockstepRun(*scene())
    for ticks in (-1, 2**64):
        with pytest.raises(SurgisimError, match=f"advance was asked for {ticks} ticks"):
            run.advance(ticks)
    for seconds in (float("inf"), float("nan"), -1.0, 5e6):
        with pytest.raises(SurgisimError, match=r"cannot be made in ticks of 0\.001 s"):
            run.move_supports(0, (0.0, 0.0, 0.0), seconds)
    with pytest.raises(SurgisimError, match="the body is -1; give a whole number, 0 or more"):
        run.move_supports(-1, (0.0, 0.0, 0.0), 1.0)
    for body in (1, 2**32):
        with pytest.raises(SurgisimError, match=f"body {body} does not exist"):
            run.move_supports(body, (0.0, 0.0, 0.0), 1.0)
    world, tool, organ = scene()
    with pytest.raises(SurgisimError, match="force_limit_n is 0"):
        LockstepRun(world, tool, organ, force_limit_n=0.0)


def test_a_run_in_use_by_another_thread_says_so() -> None:
    run = LockstepRun(*scene())
    worker = threading.Thread(target=run.advance, args=(3000,))
    worker.start()
    refused = 0
    while worker.is_alive():
        try:
            run.snapshot()
        except SurgisimError as error:
            assert "in another thread; wait for it" in str(error)  # noqa: PT017
            refused += 1
    worker.join()
    assert refused > 0
    assert run.snapshot().tick == 3000


def test_ctrl_c_ends_an_advance_after_a_whole_tick() -> None:
    run = LockstepRun(*scene())
    timer = threading.Timer(0.2, signal.raise_signal, [signal.SIGINT])
    timer.start()
    with pytest.raises(KeyboardInterrupt):
        run.advance(2**63)
    timer.join()
    ticks = run.snapshot().tick
    assert 0 < ticks == len(run.trace())
    run.advance(1)
    assert run.snapshot().tick == ticks + 1


def test_ctrl_c_takes_the_force_off_and_is_still_pythons_to_handle() -> None:
    before = signal.getsignal(signal.SIGINT)
    run = LiveRun(*scene())
    with pytest.raises(KeyboardInterrupt):  # noqa: PT012
        assert run.running
        signal.raise_signal(signal.SIGINT)
    # The thread had ended by the time Python was told; the system may take a while to clean it up.
    for _ in range(100):
        if not run.running:
            break
        time.sleep(0.01)
    assert not run.running
    assert signal.getsignal(signal.SIGINT) is before
    assert run.stop().ticks == run.snapshot().tick
    with LiveRun(*scene()) as another:
        time.sleep(0.05)
        assert another.running


def test_a_program_that_is_busy_in_python_ends_of_the_signal_it_was_sent() -> None:
    code = (
        "import surgisim, surgisim.run as r\n"
        "world = surgisim.World(gravity=(0.0, 0.0, 0.0))\n"
        "mesh = surgisim.TetMesh.box((0.1, 0.1, 0.1), (2, 2, 2))\n"
        "tissue = surgisim.Material(young_modulus=5e3, poisson_ratio=0.45, density=1060.0)\n"
        "organ = world.add_soft_body(mesh, tissue, fixed=(0, 1, 2))\n"
        "run = r.LiveRun(world, world.add_sphere(0.01, (0.05, 0.12, 0.05)), organ)\n"
        "print('ready', flush=True)\n"
        "while True: pass\n"
    )
    with subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE) as busy:
        assert busy.stdout is not None
        assert busy.stdout.readline() == b"ready\n"
        busy.send_signal(signal.SIGTERM)
        assert busy.wait(timeout=20) == -signal.SIGTERM


def test_a_stopped_run_takes_no_aim() -> None:
    run = LiveRun(*scene(), real_time=False)
    stats = run.stop()
    assert stats is run.stop()
    assert stats.memory_unlocked is None or len(stats.memory_unlocked) > 10
    with pytest.raises(DeviceError, match="has stopped; start a new one"):
        run.aim((0.0, 0.1, 0.0))


def test_the_fault_that_ended_a_run_is_raised_once_and_the_numbers_are_kept() -> None:
    run = LiveRun(*scene(), real_time=False)
    native = run._native

    class Broken:
        lost = (0, 0, 0)

        def stop(self) -> dict[str, object]:
            return {**native.stop(), "panic": "index out of range"}

    run._native = Broken()  # type: ignore[assignment]
    with pytest.raises(DeviceError, match=r"by a fault of the program \(index out of range\)"):
        run.stop()
    assert run.stop().scheduler == "normal"


def test_ticks_too_short_for_a_thread_are_refused() -> None:
    world = World(dt=1e-12)
    mesh = TetMesh.box((0.1, 0.1, 0.1), (1, 1, 1))
    organ = world.add_soft_body(mesh, TISSUE)
    with pytest.raises(DeviceError, match="dt of at least 1e-4 s"):
        LiveRun(world, world.add_sphere(0.01, (0.0, 0.2, 0.0)), organ)


def test_what_a_run_is_told_wrongly_is_refused_in_one_sentence() -> None:
    world, tool, organ = scene()
    with pytest.raises(SurgisimError, match="the tool is None; give a Tool of this world"):
        LockstepRun(world, None, organ)  # type: ignore[arg-type]
    with pytest.raises(SurgisimError, match="the organ is <Tool 0"):
        LockstepRun(world, tool, tool)  # type: ignore[arg-type]
    with pytest.raises(SurgisimError, match="the world is None; give a World"):
        LockstepRun(None, tool, organ)  # type: ignore[arg-type]
    with pytest.raises(SurgisimError, match="force_limit_n is 'a'; give a number"):
        LockstepRun(world, tool, organ, force_limit_n="a")  # type: ignore[arg-type]
    run = LockstepRun(world, tool, organ)
    with pytest.raises(SurgisimError, match=r"advance was asked for 1\.5 ticks"):
        run.advance(1.5)  # type: ignore[arg-type]
    with pytest.raises(SurgisimError, match="the body is <SoftBody"):
        run.move_supports(organ, (0.0, 0.0, 0.0), 1.0)  # type: ignore[arg-type]
    with pytest.raises(AttributeError):
        run.forcelimit = 2.0  # type: ignore[attr-defined]


def test_held_buttons_are_in_snapshot_and_trace_and_a_mask_is_checked() -> None:
    run = LockstepRun(*scene())
    run.press(5)
    run.advance(20)
    assert run.snapshot().probe.buttons == 5
    run.press(0)
    run.advance(20)
    assert run.snapshot().probe.buttons == 0
    assert run.trace()["buttons"].tolist() == [5] * 20 + [0] * 20
    with pytest.raises(SurgisimError, match="a device has 32 at most"):
        run.press(2**32)
    with pytest.raises(SurgisimError, match="the buttons"):
        run.press(-1)


def test_a_snapshot_tells_what_the_device_was_given() -> None:
    run = LockstepRun(*scene(), device="simulated")
    run.aim((0.05, 0.1, 0.05))
    run.advance(2000)
    probe, rows = run.snapshot().probe, run.trace()
    assert probe.device_force == tuple(rows["device_force"][-1])
    assert probe.device_force[1] > 0.05
    stats = run.stats()
    assert stats.watchdog_trips == 0
    assert stats.leaps == 0


@pytest.mark.parametrize(
    "field", [((0.0, 0.0), (1.0, 1.0, 1.0)), 3, "box", ((0.0, 0.0, 0.0),), (None, None), {}]
)
def test_a_field_that_is_none_is_refused(field: Any) -> None:
    with pytest.raises(SurgisimError, match=r"of the field|the field is"):
        LockstepRun(*scene(), device="simulated", field=field)


class Thing:
    def __repr__(self) -> str:
        return "Thing()"


@pytest.mark.parametrize("kind", [LockstepRun, LiveRun])
@pytest.mark.parametrize(
    ("given", "told"),
    [
        ({"device": None}, "the device is None; give a name"),
        ({"device": 3}, "the device is 3; give a name"),
        ({"control": Thing()}, r"control is Thing\(\); give a dict, as `run.control` returns it"),
        ({"control": {"mapping": Thing()}}, r"control holds Thing\(\); give dicts, lists"),
        ({"control": {"mapping": 3}}, "between hand and tool: invalid type: integer `3`"),
        ({"control": {"mapping": {"scale": float("nan")}}}, "give names with finite numbers"),
        ({"control": {"mapping": {"scales": 2.0}}}, "unknown field `scales`"),
        ({"control": {"port": {"on": True}}}, "the port in control has no 'pivot'; give the point"),
        ({"control": {(1, 2): 3}}, "give names"),
        ({"tissue_hz": "often"}, "tissue_hz is 'often'; give a number"),
    ],
)
def test_what_lies_between_hand_and_tool_is_refused_in_one_sentence(
    kind: type, given: dict[str, Any], told: str
) -> None:
    with pytest.raises(SurgisimError, match=told):
        kind(*scene(), **given)


def test_records_that_are_none_are_refused_in_one_sentence() -> None:
    with pytest.raises(SurgisimError, match="real_time is 'yes'; give True or False"):
        LiveRun(*scene(), real_time="yes")  # type: ignore[arg-type]
    trace, commands, how = played_in_lockstep()
    with pytest.raises(SurgisimError, match="3 cannot be the trace of a run; give the rows"):
        verify(*scene(), 3, commands, 0.5, **how)  # type: ignore[arg-type]
    with pytest.raises(SurgisimError, match="None cannot be the commands of a run"):
        verify(*scene(), trace, None, 0.5, **how)  # type: ignore[arg-type]
    with pytest.raises(SurgisimError, match="device_info is 3; give a dict"):
        verify(*scene(), trace, commands, 0.5, control=how["control"], device_info=3)  # type: ignore[arg-type]


@pytest.mark.parametrize("field", [None, ((0.0, 0.1, 0.0), (0.6, 0.2, 0.3))])
def test_what_is_left_out_of_a_mapping_is_that_of_the_scene(field: Any) -> None:
    whole = LockstepRun(*scene(), device="simulated", field=field).control["mapping"]
    part = {"force_scale": 0.5, "rotation": (0.0, 0.0, 1.0, 0.0)}
    run = LockstepRun(*scene(), device="simulated", field=field, control={"mapping": part})
    assert run.control["mapping"] == {**whole, **part, "rotation": [0.0, 0.0, 1.0, 0.0]}
    assert whole["origin_world"] != [0.0, 0.0, 0.0]
    port = {"on": True, "pivot": np.array([0.05, 0.3, 0.05])}
    through = LockstepRun(*scene(), device="simulated", control={"port": port})
    handle = through.control["mapping"]
    assert handle["origin_world"][1] == pytest.approx(0.13 + 0.33)
    both = LockstepRun(*scene(), device="simulated", control={"port": port, "mapping": part})
    assert both.control["mapping"]["origin_world"] == handle["origin_world"]
