"""Right and wrong responses: recognised, timed, and what they bring about."""

from pathlib import Path

import numpy as np
import pytest

from surgisim.procedure import Engine

from .trial import play, procedure, told

BODY = """\
steps:
  - {id: search, title: Search, done_when: trainee.finished}
errors:
  - {id: both, when: error.let_go and error.pressed_on, severity: minor, text: both}
complications:
  - id: tear
    title: Tear
    when: capsule.torn
    states:
      - {id: open, until: trainee.finished}
    correct:
      - think
      - id: let_go
        text: let go
        when: not probe.touching for 1 s
        best: 2 s
        worst: 6 s
        penalty: 8
    wrong:
      - id: pressed_on
        when: probe.force > 2 N
        text: pressed on
        severity: major
        penalty: 20
        may_cause: rupture
        p: CHANCE
        source: test
  - id: rupture
    title: Rupture
    states:
      - {id: wide, until: trainee.finished}
"""


def play_tear(tmp_path: Path, let_go_s: float, presses_s: float = 1e9, p: str = "1") -> Engine:
    engine = Engine(procedure(tmp_path, BODY.replace("CHANCE", p)), np.random.default_rng(1))
    engine.trail = play(  # type: ignore[attr-defined]
        engine,
        lambda t: {
            "capsule.torn": t >= 10.0,
            "probe.touching": t < let_go_s,
            "probe.force": 3.0 * (presses_s <= t < presses_s + 0.1),
        },
        30.0,
    )
    return engine


@pytest.mark.parametrize(
    ("let_go_s", "taken_off"),
    [(10.5, 0.0), (11.0, 0.0), (12.0, 2.0), (13.0, 4.0), (14.5, 7.0), (15.0, 8.0), (1e9, 8.0)],
)
def test_a_late_response_costs_in_proportion(
    tmp_path: Path, let_go_s: float, taken_off: float
) -> None:
    """Recognised 1 s after letting go; full until 2 s after the tear, nothing left at 6 s."""
    engine = play_tear(tmp_path, let_go_s)
    penalties = [error.penalty for error in engine.errors]
    assert sum(penalties) == pytest.approx(taken_off, abs=1e-6)
    assert len(penalties) == (taken_off > 0)


def test_a_response_is_timed_even_when_it_is_too_late(tmp_path: Path) -> None:
    engine = play_tear(tmp_path, 20.0)
    events = engine.trail  # type: ignore[attr-defined]
    assert [(e.time_s, e.text) for e in events if e.kind == "error"] == [
        (16.0, "let go: not within 6 s")
    ]
    (given,) = (e for e in events if e.kind == "response.given")
    assert given.values["seconds"] == pytest.approx(11.0)
    assert given.values["guard"] == "not probe.touching for 1 s"


def test_a_wrong_response_counts_and_causes(tmp_path: Path) -> None:
    """What it causes begins with the look after it, wherever it stands in the file."""
    engine = play_tear(tmp_path, 10.0, presses_s=12.0)
    assert [(e.id, e.severity, e.penalty, e.time_s) for e in engine.errors] == [
        ("pressed_on", "major", 20.0, 12.0)
    ]
    assert engine.complications[1].started_s == 12.02
    assert engine.complications[1].cause == "caused"
    events = engine.trail  # type: ignore[attr-defined]
    started = [e for e in events if e.kind == "complication.started"]
    assert started[1].values["why"] == "wrong response pressed_on"


def test_before_the_complication_nothing_is_wrong(tmp_path: Path) -> None:
    assert play_tear(tmp_path, 10.0, presses_s=5.0).errors == []


def test_a_wrong_response_may_cause_nothing(tmp_path: Path) -> None:
    engine = play_tear(tmp_path, 10.0, presses_s=12.0, p="0.000001")
    assert engine.complications[1].started_s is None


def test_late_and_wrong_responses_are_mistakes_for_conditions(tmp_path: Path) -> None:
    engine = play_tear(tmp_path, 1e9, presses_s=12.0)
    assert [error.id for error in engine.errors] == ["pressed_on", "let_go", "both"]


def test_of_those_that_exclude_each_other_one_happens_at_most(tmp_path: Path) -> None:
    """Counts of 4000 seeds within 99.9 % of a binomial: 3.3 sqrt(n p (1 - p))."""
    body = """\
    steps:
      - {id: search, title: Search, done_when: trainee.finished}
    complications:
"""
    for name, p in (("one", 0.2), ("two", 0.3), ("three", 0.4)):
        body += (
            f"      - {{id: {name}, title: T, random: {{p: {p}, window: 1..2 s, one_of: breath, "
            "source: test}, states: [{id: s, until: trainee.finished}]}\n"
        )
    spec = procedure(tmp_path, body)
    happened = np.zeros(3)
    for seed in range(4000):
        engine = Engine(spec, np.random.default_rng(seed))
        delays = [running._delay_s is not None for running in engine._complications]
        assert sum(delays) <= 1
        happened += delays
    p = np.array([0.2, 0.3, 0.4])
    assert np.all(np.abs(happened - 4000 * p) < 3.3 * np.sqrt(4000 * p * (1 - p)))


def test_the_engine_tells_why(tmp_path: Path) -> None:
    engine = play_tear(tmp_path, 10.0)
    events = engine.trail  # type: ignore[attr-defined]
    assert told(events)[0] == (0.0, "step.started")
    started = next(e for e in events if e.kind == "complication.started")
    assert started.tick == 10000
    assert started.values == {
        "complication": "tear",
        "cause": "caused",
        "why": "condition",
        "guard": "capsule.torn",
        "seen": "capsule.torn yes",
        "fact.capsule.torn": True,
    }
