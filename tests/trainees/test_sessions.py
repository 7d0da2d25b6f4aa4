"""A careful session from beginning to end, with tissue, on a coarse liver."""

import re
from pathlib import Path

import numpy as np

from surgisim.anatomy.nodules import Nodule
from surgisim.record import load
from surgisim.scoring import JUST_NOTICEABLE, Profile, presses, profiles
from surgisim.session import Order, debrief, play, verify_session
from surgisim.session.look import Looks
from surgisim.session.script import script
from surgisim.snapshot import Snapshot
from surgisim.trainees import Trainee, scripted


def test_careful_finds_nodules_without_harm(tmp_path: Path, coarse_liver: Path) -> None:
    touched: list[bool] = []

    def watch(_: Looks, snapshot: Snapshot) -> None:
        touched.append(snapshot.probe.touching)

    order = Order("liver_palpation", tmp_path / "careful", seed=1, anatomy=coarse_liver)
    play(order, lambda _, rng: scripted("careful", rng), watch=watch)
    result = debrief(order.out).result
    assert result.completed
    assert result.passed
    assert result.errors == ()
    assert [c.id for c in result.complications] == ["deep_breath"]
    metrics = {name: metric.value for name, metric in result.metrics.items()}
    assert metrics["nodules.found"] >= 2
    assert metrics["force.peak"] < 1.8
    assert result.duration_s < 150.0
    breath_s = result.complications[0].started_s
    looks = np.arange(len(touched)) * 0.02
    during = (looks > breath_s + 0.9) & (looks < breath_s + 4.0)
    assert not np.array(touched)[during].any()


def test_careful_finds_nodules_with_a_haptic_device_that_has_friction_and_steps(
    tmp_path: Path, coarse_liver: Path
) -> None:
    order = Order(
        "liver_palpation", tmp_path / "felt", seed=1, anatomy=coarse_liver, device="simulated"
    )
    play(order, lambda _, rng: scripted("careful", rng))
    result = debrief(order.out).result
    assert result.passed
    assert result.errors == ()
    assert result.metrics["nodules.found"].value == 3.0
    record = load(order.out)
    nodules = [
        Nodule(tuple(one["center"]), one["radius_m"], one["stiffness_ratio"])
        for one in record.header["nodules"]
    ]
    done = presses(record.trace, np.eye(3), record.dt_s)
    told = [one for one in profiles(done, nodules) if isinstance(one, Profile)]
    assert len(done) > 40
    assert len(told) >= 2  # what it pressed from close enough to compare
    assert all(one.excess > JUST_NOTICEABLE for one in told)
    assert verify_session(record).agrees


def test_careful_does_what_the_small_procedure_of_the_docs_asks(
    tmp_path: Path, coarse_liver: Path
) -> None:
    docs = Path(__file__).parents[2] / "docs" / "procedures.md"
    (text,) = re.findall(r"```yaml\n(.*?)```", docs.read_text(encoding="utf-8"), re.DOTALL)
    procedure = tmp_path / "first_touch.yaml"
    procedure.write_text(text)
    order = Order(str(procedure), tmp_path / "careful", seed=1, anatomy=coarse_liver)
    play(order, lambda _, rng: scripted("careful", rng))
    result = debrief(order.out).result
    assert result.completed
    assert result.passed
    assert result.errors == ()
    assert result.metrics["marks.false"].value is None  # nothing is to be marked


def test_hesitant_does_no_harm_and_takes_its_time(tmp_path: Path, coarse_liver: Path) -> None:
    order = Order("liver_palpation", tmp_path / "hesitant", seed=1, anatomy=coarse_liver)
    play(order, lambda _, rng: scripted("hesitant", rng))
    result = debrief(order.out).result
    assert result.completed
    assert "capsule_torn" not in [error.id for error in result.errors]
    metrics = {name: metric.value for name, metric in result.metrics.items()}
    assert metrics["nodules.found"] >= 2
    assert metrics["force.peak"] < 1.8
    assert metrics["idle"] > 30.0
    assert result.duration_s > 150.0  # careful is done by then


def test_dangerous_tears_the_capsule(tmp_path: Path, coarse_liver: Path) -> None:
    def cast(_: object, rng: np.random.Generator) -> Trainee:
        return scripted("dangerous", rng)

    order = Order("liver_palpation", tmp_path / "torn", seed=2, anatomy=coarse_liver)
    play(order, cast)
    result = debrief(order.out).result
    assert not result.passed
    assert result.duration_s < 30.0
    assert "capsule_torn" in [error.id for error in result.errors]


def test_random_fails_and_breaks_nothing(tmp_path: Path, coarse_liver: Path) -> None:
    order = Order("liver_palpation", tmp_path / "random", seed=3, anatomy=coarse_liver)
    play(order, script("random"))
    result = debrief(order.out).result
    assert result.passed is False
    assert result.metrics["path"].value > 0.5


def test_with_less_skill_careful_scores_less(tmp_path: Path, coarse_liver: Path) -> None:
    order = Order("liver_palpation", tmp_path / "first_time", seed=1, anatomy=coarse_liver)
    play(order, script("careful", 0.0))
    result = debrief(order.out).result
    assert result.passed is False
    assert "capsule_torn" in [error.id for error in result.errors]
    assert result.metrics["force.peak"].value > 1.8
