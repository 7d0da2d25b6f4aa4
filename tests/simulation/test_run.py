"""Live, lockstep and replay are one tick under three clocks."""

import time

import numpy as np
import pytest

from surgisim import Material, RecordError, SoftBody, SurgisimError, TetMesh, Tool, World
from surgisim.run import LiveRun, LockstepRun, verify

TISSUE = Material(young_modulus=5e3, poisson_ratio=0.45, density=1060.0)


def scene() -> tuple[World, Tool, SoftBody]:
    mesh = TetMesh.box((0.1, 0.1, 0.1), (4, 4, 4))
    world = World(gravity=(0.0, 0.0, 0.0))
    organ = world.add_soft_body(mesh, TISSUE, fixed=np.flatnonzero(mesh.points[:, 1] == 0.0))
    organ.set_capsule(0.05)
    return world, world.add_sphere(0.02, (0.05, 0.13, 0.05), friction=0.2), organ


def played_in_lockstep() -> tuple[np.ndarray, np.ndarray]:
    run = LockstepRun(*scene(), force_limit_n=0.5)
    traces, commands = [], []
    for look in range(40):
        run.aim((0.05, 0.13 - 0.001 * look, 0.05 + 0.0002 * look))
        if look == 10:
            run.move_supports(0, (0.0, 0.0, 0.01), 0.2)
        run.advance(20)
        traces.append(run.trace())
        commands.append(run.commands())
    return np.concatenate(traces), np.concatenate(commands)


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


def test_replay_agrees_to_the_bit() -> None:
    trace, commands = played_in_lockstep()
    difference, events = verify(*scene(), trace, commands, 0.5)
    assert difference is None
    assert events


@pytest.mark.parametrize("field", ["force", "tool", "digest"])
def test_replay_finds_a_single_wrong_bit(field: str) -> None:
    trace, commands = played_in_lockstep()
    wrong = trace.copy()
    wrong[field].view(np.uint64).reshape(len(trace), -1)[499, -1] ^= 1
    assert verify(*scene(), wrong, commands, 0.5)[0] == 500


def test_replay_refuses_a_trace_with_holes() -> None:
    trace, commands = played_in_lockstep()
    with pytest.raises(RecordError, match="lacks rows from tick 101 on"):
        verify(*scene(), np.delete(trace, 100), commands, 0.5)


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
    assert verify(*scene(), trace, commands, 0.5)[0] is None


def test_unknown_devices_are_refused() -> None:
    with pytest.raises(SurgisimError, match='device "wand" is not known'):
        LockstepRun(*scene(), device="wand")
