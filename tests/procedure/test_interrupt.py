"""A complication in the way of steps."""

from pathlib import Path

import numpy as np
import pytest

from surgisim.procedure import Engine
from surgisim.snapshot import Event

from .trial import play, procedure, told

SEARCH = """\
steps:
  - id: search
    title: Search
    done_when: probe.touching for 3 s
    time_limit: 5 s
    errors:
      - {id: fast, when: probe.speed > 50 mm/s, severity: minor, text: fast}
  - {id: report, title: Report, needs: [search], done_when: marks.count >= 1}
complications:
  - id: tear
    title: Tear
    when: capsule.torn
    interrupt: INTERRUPT
    states:
      - {id: open, until: probe.path > 1 m}
"""


def of_steps(events: list[Event]) -> list[tuple[float, str]]:
    return [(time_s, kind) for time_s, kind in told(events) if kind.startswith("step.")]


def test_a_suspended_step_and_its_times_stand_still(tmp_path: Path) -> None:
    """Touched from 1 s on, torn from 2 to 12 s: 1 s held before, so 2 s remain after."""
    body = SEARCH.replace("INTERRUPT", "{suspend: [search]}")
    engine = Engine(procedure(tmp_path, body), np.random.default_rng(1))
    events = play(
        engine,
        lambda t: {
            "probe.touching": t >= 1.0,
            "capsule.torn": t >= 2.0,
            "probe.path": 2.0 * (t >= 12.0),
            "probe.speed": 0.1 * (5.0 <= t < 6.0),
        },
        20.0,
    )
    assert of_steps(events) == [
        (0.0, "step.started"),
        (2.0, "step.suspended"),
        (12.0, "step.resumed"),
        (14.0, "step.done"),
        (14.0, "step.started"),
    ]
    assert engine.errors == []  # what happened while it stood counts for nothing
    assert not engine.steps[0].late  # 4 s of its own, 14 s on the clock


def test_a_time_limit_goes_on_where_it_stood(tmp_path: Path) -> None:
    body = SEARCH.replace("INTERRUPT", "{suspend: [search]}")
    engine = Engine(procedure(tmp_path, body), np.random.default_rng(1))
    events = play(
        engine, lambda t: {"capsule.torn": t >= 2.0, "probe.path": 2.0 * (t >= 12.0)}, 20.0
    )
    assert (15.02, "step.timeout") in told(events)


def test_what_the_trainee_reads_is_of_a_step_that_goes_on(tmp_path: Path) -> None:
    body = SEARCH.replace("needs: [search], ", "").replace("INTERRUPT", "{suspend: [search]}")
    engine = Engine(procedure(tmp_path, body), np.random.default_rng(1))
    play(engine, lambda t: {}, 1.0)
    assert engine.told == "Search"
    play(engine, lambda t: {"capsule.torn": True}, 1.0)
    assert engine.told == "Report"


def test_a_step_does_not_begin_while_it_stands(tmp_path: Path) -> None:
    body = SEARCH.replace("INTERRUPT", "{suspend: [report]}")
    engine = Engine(procedure(tmp_path, body), np.random.default_rng(1))
    events = play(
        engine,
        lambda t: {
            "probe.touching": True,
            "capsule.torn": t >= 1.0,
            "probe.path": 2.0 * (t >= 6.0),
        },
        8.0,
    )
    assert of_steps(events) == [
        (0.0, "step.started"),
        (3.0, "step.done"),
        (3.0, "step.waits"),
        (6.02, "step.started"),
    ]
    (waits,) = (event for event in events if event.kind == "step.waits")
    assert (waits.text, waits.values["complication"]) == ("Report: waits", "tear")


@pytest.mark.parametrize(
    ("interrupt", "reason", "completed"), [("end", "stuck", False), ("complete", "completed", True)]
)
def test_an_ended_step_counts_as_it_is_said(
    tmp_path: Path, interrupt: str, reason: str, completed: bool
) -> None:
    body = SEARCH.replace("INTERRUPT", f"{{{interrupt}: [search]}}")
    engine = Engine(procedure(tmp_path, body), np.random.default_rng(1))
    events = play(
        engine,
        lambda t: {
            "capsule.torn": t >= 2.0,
            "probe.path": 2.0 * (t >= 4.0),
            "marks.count": float(t >= 3.0),
        },
        20.0,
    )
    ended = "step.done" if completed else "step.ended"
    assert of_steps(events)[1] == (2.0, ended)
    assert events[-1].kind == "session.ended"
    assert (events[-1].values["reason"], events[-1].values["completed"]) == (reason, completed)
    assert events[-1].time_s == (3.0 if completed else 4.0)
    assert engine.completed is completed


def test_a_changed_step_is_another_for_a_while(tmp_path: Path) -> None:
    """Its own condition had held for 1 s before the change and goes on with that."""
    change = "{change: [{step: search, text: Press, done_when: marks.count >= 2, time_limit: 3 s}]}"
    engine = Engine(
        procedure(tmp_path, SEARCH.replace("INTERRUPT", change)), np.random.default_rng(1)
    )
    read = []

    def facts(t: float) -> dict[str, float | bool]:
        read.append(engine.told)
        torn = {"capsule.torn": t >= 2.0, "probe.path": 2.0 * (t >= 10.0)}
        return {"probe.touching": t >= 1.0, **torn}

    events = play(engine, facts, 20.0)
    assert of_steps(events) == [
        (0.0, "step.started"),
        (2.0, "step.changed"),
        (5.02, "step.timeout"),
        (10.0, "step.restored"),
        (12.0, "step.done"),
        (12.0, "step.started"),
    ]
    assert list(dict.fromkeys(read)) == ["", "Search", "Press", "Report"]


def test_a_changed_step_can_be_done(tmp_path: Path) -> None:
    change = "{change: [{step: search, done_when: marks.count >= 2}]}"
    engine = Engine(
        procedure(tmp_path, SEARCH.replace("INTERRUPT", change)), np.random.default_rng(1)
    )
    events = play(engine, lambda t: {"capsule.torn": t >= 2.0, "marks.count": 2.0}, 5.0)
    assert (2.02, "step.done") in told(events)


def test_a_state_gets_in_the_way_while_it_lasts(tmp_path: Path) -> None:
    body = """\
    steps:
      - {id: search, title: Search, done_when: trainee.finished}
    complications:
      - id: tear
        title: Tear
        when: capsule.torn
        states:
          - {id: open, until: probe.path > 1 m, then: pressed, interrupt: {suspend: [search]}}
          - {id: pressed, until: probe.path > 2 m}
    """
    engine = Engine(procedure(tmp_path, body), np.random.default_rng(1))
    events = play(engine, lambda t: {"capsule.torn": t >= 1.0, "probe.path": t * 0.5}, 6.0)
    assert of_steps(events) == [
        (0.0, "step.started"),
        (1.0, "step.suspended"),
        (2.02, "step.resumed"),
    ]
