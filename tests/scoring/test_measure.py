from pathlib import Path

import numpy as np
import pytest

from surgisim.procedure import METRICS, load
from surgisim.scoring import Mark, Recording, measure, score_session

LIVER = Path(__file__).parents[2] / "procedures" / "liver_palpation.yaml"


class Nodule:
    center = (0.1, -0.012, 0.0)
    radius_m = 0.01


def recording(samples: int = 20_000, **more: object) -> Recording:
    t = np.arange(samples) * 0.001
    press = 0.5 * (1 - np.cos(2 * np.pi * t / 2.0))
    tip = np.column_stack([0.1 * t / t[-1] if samples > 1 else t, 0.02 - 0.03 * press, 0 * t])
    values = {
        "time_s": t,
        "tip": tip,
        "force": np.maximum(0.0, 4.0 * press - 2.0),
        "force_limit": 3.0,
        "marks": [Mark(19_000, 19.0, (0.095, 0.0, 0.0)), Mark(5_000, 5.0, (0.0, 0.0, 0.0))],
        "nodules": [Nodule()],
    }
    return Recording(**(values | more))  # type: ignore[arg-type]


def test_measures_are_those_of_the_format_with_its_units() -> None:
    found = measure(recording())
    assert {name: metric.unit for name, metric in found.items()} == {
        name: word.unit for name, word in METRICS.items()
    }


def test_measures_of_a_made_session() -> None:
    found = measure(recording(blood_lost=2e-5, blood_from_s=3.0))
    assert found["nodules.found"].value == 1.0
    assert found["nodules.found"].moment_s == 19.0
    assert found["nodules.missed"].value == 0.0
    assert found["marks.false"].value == 1.0
    assert found["marks.false"].moment_s == 5.0
    assert found["time"].value == pytest.approx(19.999)
    assert found["path"].value == pytest.approx(0.6, rel=0.05)
    assert found["force.peak"].value == pytest.approx(2.0)
    assert found["force.over_limit_time"].value == 0.0
    assert found["sparc"].value == pytest.approx(-1.5, abs=0.2)
    assert found["blood.lost"].value == 2e-5
    assert found["blood.lost"].moment_s == 3.0


def test_every_measure_has_its_evidence() -> None:
    bare = {"marks": [], "nodules": [], "force": np.zeros(20_000)}
    for made in (recording(), recording(**bare), recording(1, **(bare | {"force": np.zeros(1)}))):
        start, end = float(made.time_s[0]), float(made.time_s[-1])
        for name, metric in measure(made).items():
            assert metric.moment_s is not None, name
            until = metric.moment_s if metric.until_s is None else metric.until_s
            assert start <= metric.moment_s <= until <= end, name


def test_a_missed_nodule_points_at_where_the_tip_came_nearest() -> None:
    found = measure(recording(marks=[]))["nodules.missed"]
    assert found.value == 1.0
    assert found.moment_s == pytest.approx(19.0, abs=0.1)  # the last press, at x = 0.095


def test_where_nothing_is_to_be_found_nothing_is_measured() -> None:
    """It read as if nothing had been found and nothing held in view."""
    found = measure(recording(nodules=[]))
    names = ("nodules.found", "nodules.missed", "marks.false", "exposure.held", "exposure.slips")
    assert [found[name].value for name in names] == [None] * 5
    assert measure(recording(views=()))["exposure.held"].value == 0.0


def test_hints_are_counted_where_there_are_some() -> None:
    assert measure(recording())["hints.given"].value is None
    found = measure(recording(hints=[4.0, 2.5]))["hints.given"]
    assert (found.value, found.moment_s) == (2.0, 2.5)
    assert measure(recording(hints=[]))["hints.given"].value == 0.0


def test_a_turning_shaft_is_measured_through_its_sensors_noise() -> None:
    made = recording()
    angle = np.radians(20) * np.sin(2 * np.pi * made.time_s / 10)
    noise = np.random.default_rng(1).normal(0.0, 2e-3, made.time_s.size)
    lean = np.column_stack([np.sin(angle + noise), np.cos(angle + noise), 0 * angle])
    half = 0.5 * angle
    turned = np.column_stack([np.cos(half), 0 * half, np.sin(half), 0 * half])
    turned[1000:] *= -1.0
    found = measure(recording(shaft=lean, rotation=turned))
    assert found["path.angular"].value == pytest.approx(np.radians(160), rel=0.1)
    assert found["path.roll"].value == pytest.approx(np.radians(160), rel=0.1)
    assert found["path.depth"].value == pytest.approx(0.6, rel=0.1)
    assert measure(made)["path.angular"].value is None


def test_time_without_contact_begins_with_the_first_touch() -> None:
    times = recording().time_s
    touching = ((times > 4) & (times < 6)) | ((times > 9) & (times < 19))
    found = measure(recording(touching=touching))["no_contact"]
    assert found.value == pytest.approx(4.0, abs=0.01)
    assert found.moment_s == pytest.approx(6.0, abs=0.01)
    assert found.until_s == pytest.approx(9.0, abs=0.01)
    assert measure(recording())["no_contact"].value is None


def test_a_session_of_one_sample_is_measured() -> None:
    found = measure(recording(1, marks=[], nodules=[]))
    assert found["path"].value == 0.0
    assert found["sparc"].value is None
    assert found["time"].value == 0.0


def test_the_shipped_rubric_scores_what_is_measured() -> None:
    scoring = load(LIVER).scoring
    score = score_session(scoring.lines, scoring.pass_mark.min, measure(recording()))
    assert len(score.lines) == len(scoring.lines)
    assert sum(line.out_of for line in score.lines) == 100.0
    assert not score.passed
