"""Hints: help with a step that comes by itself, once."""

from pathlib import Path

import numpy as np
import pytest

from surgisim.procedure import Engine
from surgisim.procedure.why import FACT
from surgisim.snapshot import Event

from .trial import play, procedure

STEPS = """\
steps:
  - id: touch
    title: Touch
    done_when: probe.touching
    hints:
      - {after: 2 s, text: Lower the probe.}
      - {after: 4 s, text: Still lower.}
  - id: search
    title: Search
    needs: [touch]
    done_when: marks.count >= 1
    hints:
      - {when: probe.force > 1 N for 0.5 s, text: Press less.}
      - {after: 3 s, when: not probe.touching, text: Touch it.}
complications:
  - id: cough
    title: Cough
    when: view.fogged
    interrupt: INTERRUPT
    states: [{id: coughs, until: not view.fogged}]
"""


def engine_of(folder: Path, interrupt: str = "{suspend: [touch]}") -> Engine:
    body = STEPS.replace("INTERRUPT", interrupt).replace("view.fogged", "limit.exceeded")
    return Engine(procedure(folder, body), np.random.default_rng(1))


def hints(events: list[Event]) -> list[tuple[float, str]]:
    return [(round(one.time_s, 6), one.text) for one in events if one.kind == "hint.given"]


def test_a_hint_comes_once_when_the_step_has_lasted_so_long(tmp_path: Path) -> None:
    engine = engine_of(tmp_path)
    events = play(engine, lambda t: {"probe.touching": t >= 3.0}, 5.0)
    assert hints(events) == [(2.0, "Lower the probe.")]  # the second is too late for this step
    (one,) = (event for event in events if event.kind == "hint.given")
    assert one.values == {"step": "touch", "why": "2 s in this step"}
    assert [step.hint for step in engine.steps] == ["Lower the probe.", ""]


def test_a_hint_comes_when_its_condition_holds_and_tells_why(tmp_path: Path) -> None:
    pressed = {"probe.touching": True, "probe.force": 2.0}
    events = play(engine_of(tmp_path), lambda t: pressed if t >= 1.0 else {}, 8.0)
    assert hints(events) == [(1.5, "Press less.")]
    (one,) = (event for event in events if event.kind == "hint.given")
    assert one.values["guard"] == "probe.force > 1 N for 0.5 s"
    assert one.values[f"{FACT}probe.force"] == 2.0


def test_with_a_time_and_a_condition_it_waits_for_both(tmp_path: Path) -> None:
    touching = {"probe.touching": True}
    events = play(engine_of(tmp_path), lambda t: touching if t < 5.0 else {}, 8.0)
    assert hints(events) == [(5.0, "Touch it.")]
    why = next(event for event in events if event.kind == "hint.given").values["why"]
    assert why == "3 s in this step and condition"


def test_time_for_which_the_step_stands_does_not_count(tmp_path: Path) -> None:
    coughs = {"limit.exceeded": True}
    events = play(engine_of(tmp_path), lambda t: coughs if 1.0 <= t < 4.0 else {}, 8.0)
    assert hints(events) == [(5.0, "Lower the probe."), (7.0, "Still lower.")]


def test_no_hint_comes_for_what_is_another_step_meanwhile(tmp_path: Path) -> None:
    engine = engine_of(tmp_path, "{change: [{step: touch, text: Wait}]}")
    coughs = {"limit.exceeded": True}
    events = play(engine, lambda t: coughs if 1.0 <= t < 3.5 else {}, 8.0)
    assert hints(events) == [(pytest.approx(3.5, abs=0.05), "Lower the probe."),
                             (4.0, "Still lower.")]  # fmt: skip
