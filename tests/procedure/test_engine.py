import textwrap
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from surgisim.errors import ProcedureError
from surgisim.procedure import Engine, Procedure, load

from .trial import HEAD, NOTHING, play, told

STEPS = """\
steps:
  - {id: touch, title: Touch, done_when: probe.touching for 0.1 s, time_limit: 2 s}
  - {id: mark, title: Mark, needs: [touch], done_when: marks.count >= 1}
  - {id: report, title: Report, needs: [mark], done_when: step.touch.done and probe.force < 1 N}
"""


@pytest.fixture
def make(tmp_path: Path) -> Callable[[str], Procedure]:
    def build(body: str) -> Procedure:
        path = tmp_path / "trial.yaml"
        path.write_text(HEAD + textwrap.dedent(body))
        return load(path)

    return build


def test_steps_follow_their_needs(make: Callable[[str], Procedure]) -> None:
    engine = Engine(make(STEPS), np.random.default_rng(1))
    events = play(
        engine,
        lambda t: {"probe.touching": t >= 1.0, "marks.count": float(t >= 3.0), "probe.force": 2.0},
        5.0,
    )
    assert told(events) == [
        (0.0, "step.started"),
        (1.1, "step.done"),
        (1.1, "step.started"),
        (3.0, "step.done"),
        (3.0, "step.started"),
    ]
    assert [step.ended_s for step in engine.steps] == [pytest.approx(1.1), 3.0, None]
    assert not engine.finished


def test_the_last_step_ends_the_session_as_completed(make: Callable[[str], Procedure]) -> None:
    engine = Engine(make(STEPS), np.random.default_rng(1))
    events = play(engine, lambda t: {"probe.touching": True, "marks.count": 1.0}, 5.0)
    # one look after the second step: a guard sees what was done before its look
    assert told(events)[-1] == (0.12, "session.ended")
    assert events[-1].values == {
        "reason": "completed",
        "completed": True,
        "why": "every step is done",
    }
    assert engine.finished
    assert engine.completed
    assert engine.update(999, 9.0, NOTHING) == []


def test_a_step_over_its_time_is_told_once_and_goes_on(make: Callable[[str], Procedure]) -> None:
    engine = Engine(make(STEPS), np.random.default_rng(1))
    events = play(engine, lambda t: {"probe.touching": t > 4.0}, 6.0)
    assert told(events) == [
        (0.0, "step.started"),
        (2.02, "step.timeout"),
        (4.12, "step.done"),
        (4.12, "step.started"),
    ]
    assert engine.steps[0].late


@pytest.mark.parametrize(
    ("finish_s", "reason", "time_s"), [(3.0, "ended", 3.0), (1e9, "time_limit", 60.0)]
)
def test_a_session_ends_unfinished(
    make: Callable[[str], Procedure], finish_s: float, reason: str, time_s: float
) -> None:
    engine = Engine(make(STEPS), np.random.default_rng(1))
    end = play(engine, lambda t: {"trainee.finished": t >= finish_s}, 70.0)[-1]
    assert end.kind == "session.ended"
    assert (end.values["reason"], end.values["completed"]) == (reason, False)
    assert end.time_s == pytest.approx(time_s)


def test_errors_count_beginnings_after_their_rest(make: Callable[[str], Procedure]) -> None:
    body = """\
    steps:
      - {id: touch, title: Touch, done_when: trainee.finished}
    errors:
      - {id: pressed, when: probe.force > limit.force, severity: major, text: pressed,
         penalty: 2, again_after: 1 s}
      - {id: often, when: count(error.pressed) >= 1, severity: critical, text: too often}
    """
    engine = Engine(make(body), np.random.default_rng(1))
    # pressed from 1.0 to 1.2 s, again at 1.5 (too soon), again at 3.0 and held
    pressed = ((1.0, 1.2), (1.5, 1.6), (3.0, 9.0))
    events = play(
        engine, lambda t: {"probe.force": 4.0 if any(a <= t < b for a, b in pressed) else 1.0}, 5.0
    )
    errors = [(e.time_s, e.values["error"]) for e in events if e.kind == "error"]
    assert errors == [(1.0, "pressed"), (1.02, "often"), (3.0, "pressed")]
    assert [error.id for error in engine.critical] == ["often"]


def test_an_error_of_a_step_counts_while_the_step_lasts(make: Callable[[str], Procedure]) -> None:
    body = """\
    steps:
      - id: touch
        title: Touch
        done_when: probe.touching
        errors:
          - {id: fast, when: probe.speed > 50 mm/s, severity: minor, text: fast}
      - {id: report, title: Report, needs: [touch], done_when: trainee.finished}
    """
    engine = Engine(make(body), np.random.default_rng(1))
    play(
        engine,
        lambda t: {"probe.touching": t >= 2.0, "probe.speed": 0.1 * ((t % 4.0) >= 1.0)},
        10.0,
    )
    assert [error.time_s for error in engine.errors] == [1.0]


def test_an_error_of_a_step_begins_to_watch_with_the_step(
    make: Callable[[str], Procedure],
) -> None:
    body = """\
    steps:
      - {id: touch, title: Touch, done_when: probe.touching}
      - id: report
        title: Report
        needs: [touch]
        done_when: trainee.finished
        errors:
          - {id: slow, when: limit.exceeded for 2 s, severity: minor, text: slow}
          - {id: held, when: limit.exceeded, severity: minor, text: held}
          - {id: twice, when: count(limit.exceeded) >= 2, severity: minor, text: twice}
    """
    engine = Engine(make(body), np.random.default_rng(1))
    play(
        engine,
        lambda t: {"probe.touching": t >= 4.0, "limit.exceeded": t < 1.0 or 2.0 <= t < 7.0},
        10.0,
    )
    assert [(e.time_s, e.id) for e in engine.errors] == [(4.0, "held"), (6.0, "slow")]


TEAR = """\
    steps:
      - {id: touch, title: Touch, done_when: trainee.finished}
    complications:
      - id: tear
        title: Tear
        when: capsule.torn
        effect: {bleed: {vessel: artery, diameter: 1 mm, pressure: 80 mmHg, source: test}}
        states:
          - {id: open, until: not probe.touching for 0.5 s within 2 s, else: worse}
          - id: worse
            effect: {bleed: {vessel: artery, diameter: 2 mm, pressure: 80 mmHg, source: test}}
            until: not probe.touching
    """


def test_a_tear_let_go_in_time_is_over(make: Callable[[str], Procedure]) -> None:
    engine = Engine(make(TEAR), np.random.default_rng(1))
    events = play(engine, lambda t: {"capsule.torn": t >= 1.0, "probe.touching": t < 1.5}, 4.0)
    assert told(events)[1:] == [
        (1.0, "complication.started"),
        (1.0, "bleed.started"),
        (1.0, "complication.state"),
        (2.0, "complication.ended"),
    ]
    effects = engine.effects()
    assert [(effect.kind, effect.time_s) for effect in effects] == [
        ("bleed", 1.0),
        ("bleed_stop", 2.0),
    ]
    assert events[2].values["rate_ml_min"] == pytest.approx(126.8, abs=0.1)
    assert engine.effects() == []


def test_a_tear_not_let_go_gets_worse(make: Callable[[str], Procedure]) -> None:
    engine = Engine(make(TEAR), np.random.default_rng(1))
    events = play(engine, lambda t: {"capsule.torn": t >= 1.0, "probe.touching": t < 5.0}, 6.0)
    assert told(events)[4:] == [
        (3.0, "complication.state"),
        (3.0, "bleed.changed"),
        (5.0, "complication.ended"),
    ]
    record = engine.complications[0]
    assert record.states == [(1.0, "open"), (3.0, "worse")]
    assert (record.started_s, record.ended_s, record.cause) == (1.0, 5.0, "caused")
    vessels = [effect.vessel for effect in engine.effects() if effect.vessel is not None]
    assert [vessel.diameter for vessel in vessels] == [1e-3, 2e-3]


BREATH = """\
    steps:
      - {id: touch, title: Touch, done_when: probe.touching}
      - {id: report, title: Report, needs: [touch], done_when: trainee.finished}
    complications:
      - id: breath
        title: Breath
        random: {p: P, window: 2..10 s, after: touch, source: test}
        effect:
          breath: {amplitude: 20 mm, inhale: 1 s, hold: 1 s, exhale: 1 s, source: test}
    """


def begin(procedure: Procedure, seed: int) -> float | None:
    engine = Engine(procedure, np.random.default_rng(seed))
    play(engine, lambda t: {"probe.touching": t >= 4.0}, 20.0)
    return engine.complications[0].started_s


def test_chance_comes_in_its_window_after_its_step(make: Callable[[str], Procedure]) -> None:
    procedure = make(BREATH.replace("p: P", "p: 1"))
    starts = [begin(procedure, seed) for seed in range(20)]
    assert all(start is not None and 6.0 <= start <= 14.02 for start in starts)
    assert len(set(starts)) > 15
    assert starts == [begin(procedure, seed) for seed in range(20)]


def test_chance_keeps_its_rate(make: Callable[[str], Procedure]) -> None:
    procedure = make(BREATH.replace("p: P", "p: 0.3"))
    drawn = [
        Engine(procedure, np.random.default_rng(seed))._complications[0]._delay_s is not None
        for seed in range(2000)
    ]
    # 99 % binomial interval of 2000 draws at 0.3: 0.3 +- 2.58 sqrt(0.21 / 2000) = 0.026
    assert abs(np.mean(drawn) - 0.3) < 0.027


def test_a_breath_lasts_as_long_as_its_motion(make: Callable[[str], Procedure]) -> None:
    engine = Engine(make(BREATH.replace("p: P", "p: 1")), np.random.default_rng(3))
    play(engine, lambda t: {"probe.touching": True}, 20.0)
    record = engine.complications[0]
    assert record.started_s is not None
    assert record.ended_s == pytest.approx(record.started_s + 3.0, abs=0.021)
    (effect,) = engine.effects()
    assert effect.breath is not None
    assert effect.breath.amplitude == 0.02


def test_a_fact_that_is_not_supplied_is_told(make: Callable[[str], Procedure]) -> None:
    engine = Engine(make(STEPS), np.random.default_rng(1))
    facts = {name: value for name, value in NOTHING.items() if name != "probe.force"}
    with pytest.raises(ProcedureError, match=r"needs the fact 'probe\.force'"):
        engine.update(0, 0.0, facts)


@settings(max_examples=25, deadline=None)
@given(
    st.lists(st.tuples(st.booleans(), st.booleans(), st.booleans()), max_size=60), st.integers(0, 9)
)
def test_same_facts_same_events(
    tmp_path_factory: pytest.TempPathFactory, looks: list[tuple[bool, bool, bool]], seed: int
) -> None:
    path = tmp_path_factory.mktemp("same") / "trial.yaml"
    path.write_text(HEAD + textwrap.dedent(TEAR))
    procedure = load(path)
    sessions = []
    for _ in range(2):
        engine = Engine(procedure, np.random.default_rng(seed))
        events = []
        for n, (touch, torn, finished) in enumerate(looks):
            facts = NOTHING | {
                "probe.touching": touch,
                "capsule.torn": torn,
                "trainee.finished": finished,
            }
            events += engine.update(n * 20, n * 0.02, facts)
        sessions.append((events, engine.effects(), engine.steps, engine.complications))
    assert sessions[0] == sessions[1]


def test_order_in_the_file_decides_nothing(make: Callable[[str], Procedure]) -> None:
    lines = STEPS.splitlines()
    turned = "\n".join([lines[0], *reversed(lines[1:])]) + "\n"
    times = []
    for body in (STEPS, turned):
        engine = Engine(make(body), np.random.default_rng(1))
        play(engine, lambda t: {"probe.touching": t > 1, "marks.count": float(t > 2)}, 5.0)
        times.append({step.id: (step.started_s, step.ended_s) for step in engine.steps})
    assert times[0] == times[1]
