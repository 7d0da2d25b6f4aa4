"""Tissue that is computed beside the tick: what runs give, that they replay, and what is said."""

import time
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from surgisim import Material, SoftBody, SurgisimError, TetMesh, Tool, World
from surgisim.commands.warning import warn
from surgisim.record import load
from surgisim.run import LiveRun, LockstepRun, tissue_ticks, verify
from surgisim.session import Order, debrief, play, verify_session
from surgisim.trainees import scripted

TISSUE = Material(young_modulus=5e3, poisson_ratio=0.45, density=1060.0)


def scene() -> tuple[World, Tool, SoftBody]:
    mesh = TetMesh.box((0.1, 0.1, 0.1), (4, 4, 4))
    world = World(gravity=(0.0, 0.0, 0.0))
    organ = world.add_soft_body(mesh, TISSUE, fixed=np.flatnonzero(mesh.points[:, 1] == 0.0))
    return world, world.add_sphere(0.02, (0.05, 0.13, 0.05), friction=0.2), organ


def pressed(tissue_hz: float | None) -> LockstepRun:
    run = LockstepRun(*scene(), force_limit_n=0.5, tissue_hz=tissue_hz)
    run.aim((0.05, 0.11, 0.05))
    run.advance(1500)
    return run


def test_a_press_feels_as_it_does_in_the_tick() -> None:
    within, beside = pressed(None), pressed(60.0)
    there = np.linalg.norm(within.snapshot().probe.force)
    here = np.linalg.norm(beside.snapshot().probe.force)
    assert there > 0.5
    assert here == pytest.approx(there, rel=0.01)
    assert np.allclose(beside.snapshot().positions, within.snapshot().positions, atol=1e-4)
    assert within.stats().tissue is None
    tissue = beside.stats().tissue
    assert tissue is not None
    # A fade that takes longer than a period, at the first touch, holds up a step.
    assert 86 <= tissue.models <= 1500 // tissue_ticks(60.0, 1e-3)
    assert (tissue.fell_behind, tissue.weak_ticks) == (0, 0)
    assert 0.0 < tissue.largest_step_n <= 0.15


def test_lockstep_and_live_are_replayed_to_the_bit() -> None:
    lockstep = pressed(60.0)
    with LiveRun(*scene(), device="mouse", force_limit_n=0.5, tissue_hz=60.0) as live:
        for look in range(25):
            live.aim((0.05, 0.13 - 0.0015 * look, 0.05))
            time.sleep(0.02)
        stats = live.stop()
    assert stats.tissue is not None
    assert stats.tissue.models > 5
    assert stats.tissue.took.max > 0.0
    for run in (lockstep, live):
        trace, commands = run.trace(), run.commands()
        assert np.linalg.norm(trace["force"], axis=1).max() > 0.1
        how = {"control": run.control, "device_info": run.device_info}
        difference, _ = verify(*scene(), trace, commands, 0.5, tissue_hz=60.0, **how)
        assert difference is None
        # In the tick the same inputs give other bits.
        assert verify(*scene(), trace, commands, 0.5, **how)[0] is not None


def test_rates_have_a_range() -> None:
    assert [tissue_ticks(hz, 1e-3) for hz in (None, 500.0, 60.0, 20.0)] == [1, 2, 17, 50]
    for hz in (1000.0, 10.0, 0.0, -60.0):
        with pytest.raises(SurgisimError, match="give 20 to 500 Hz"):
            tissue_ticks(hz, 1e-3)
    with pytest.raises(SurgisimError, match="tissue_hz"):
        LockstepRun(*scene(), tissue_hz=float("nan"))


def test_a_session_tells_its_rate_and_is_verified(tmp_path: Path, coarse_liver: Path) -> None:
    order = Order(
        "liver_palpation", tmp_path, anatomy=coarse_liver, trainee="dangerous", tissue_hz=60.0
    )
    played = play(order, lambda _, rng: scripted("dangerous", rng))
    record = load(tmp_path)
    assert record.header["tissue_hz"] == 60.0
    assert played.stats.tissue is not None
    told = debrief(tmp_path).result.ticks
    assert (told.tissue_hz, told.cpu_holds_tissue) == (60.0, True)
    assert record.timing is not None
    assert record.timing.tissue is not None
    assert record.timing.tissue.steps == played.stats.tissue.models > 0
    assert any(event.kind == "tissue.torn" for event in record.events)
    assert verify_session(record).agrees


def test_a_tick_that_costs_too_much_is_told_with_what_to_do(
    capsys: pytest.CaptureFixture[str],
) -> None:
    stats = replace(pressed(60.0).stats(), scheduler="normal")
    warn(stats)
    assert capsys.readouterr().err == ""
    warn(replace(stats, cpu=replace(stats.cpu, p50=0.9e-3)))
    said = capsys.readouterr().err
    assert "more than 0.9 ms" in said
    assert "--tissue-hz 60" in said
    assert stats.tissue is not None
    warn(replace(stats, tissue=replace(stats.tissue, fell_behind=2)))
    assert "fell behind 2 times" in capsys.readouterr().err
