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
