"""Lifting an edge from beginning to end, with tissue, on a coarse liver."""

from pathlib import Path

import numpy as np
import pytest

from surgisim.record import load
from surgisim.session import Order, debrief, play, verify_session
from surgisim.session.debrief import Debriefing
from surgisim.session.stage import Stage
from surgisim.trainees import Trainee
from surgisim.trainees.register import scripted


def played(name: str, out: Path, liver: Path, seed: int) -> Debriefing:
    def cast(stage: Stage, rng: np.random.Generator) -> Trainee:
        return scripted(name, rng, stage.procedure.scene)

    order = Order("exposure", out, seed=seed, anatomy=liver, trainee=name)
    play(order, cast)
    return debrief(out)


@pytest.fixture(scope="module")
def careful(tmp_path_factory: pytest.TempPathFactory, coarse_liver: Path) -> Path:
    out = tmp_path_factory.mktemp("exposure") / "careful"
    assert played("careful", out, coarse_liver, 1).result.passed
    return out


def test_careful_holds_it_in_view_below_the_limit(careful: Path) -> None:
    result = debrief(careful).result
    assert result.completed
    assert result.errors == ()
    metrics = {name: one.value for name, one in result.metrics.items()}
    assert metrics["exposure.held"] >= 15.0
    assert metrics["exposure.slips"] == 0.0
    assert metrics["force.peak"] < 2.5
    assert result.duration_s < 60.0


def test_the_patient_breathed_and_replay_agrees_to_the_bit(careful: Path) -> None:
    record = load(careful)
    ways = record.commands[record.commands["code"] == 3]["values"][:, 2]
    glides = ways[ways > 0.0]
    assert len(glides) >= 4
    assert np.median(glides) == pytest.approx(0.0077, abs=0.0012)
    assert verify_session(record).agrees


def test_the_record_holds_what_is_beneath_and_where_it_is_seen_from(careful: Path) -> None:
    record = load(careful)
    assert record.header["beneath"]["name"] == "lesser omentum"
    assert record.header["beside"] == ["lesser_omentum"]
    assert record.arrays["beneath"].shape == (36, 3)
    assert record.header["endoscope"]["tip"] is not None
    kinds = [event.kind for event in record.events]
    assert "exposure.won" in kinds


def test_dangerous_fails(tmp_path: Path, coarse_liver: Path) -> None:
    result = played("dangerous", tmp_path / "dangerous", coarse_liver, 2).result
    assert not result.passed
    errors = {error.id for error in result.errors}
    assert {"jerked", "left_early"} <= errors
    assert errors & {"pulled_too_hard", "capsule_torn", "bruised"}
