"""Procedures that are unusual and right: nothing is told of them that is not so."""

from pathlib import Path

import pytest

from surgisim.procedure import problems_of

from .trial import HEAD

WHEN = """\
steps:
  - {id: touch, title: Touch, done_when: 'GUARD'}
"""
AFTER = """\
steps:
  - {id: touch, title: Touch, done_when: probe.touching}
  - {id: wait, title: Wait, needs: [touch], done_when: time > 40 s, time_limit: 10 s}
"""
UNTIL = """\
steps:
  - {id: touch, title: Touch, done_when: probe.touching}
complications:
  - id: tear
    title: Tear
    when: capsule.torn
    states: [{id: open, until: time > 50 s within 20 s, else: end}]
    correct: [{id: waited, text: wait, when: time > 50 s, best: 5 s, worst: 20 s, penalty: 3}]
"""
CAUSED = """\
steps:
  - {id: touch, title: Touch, done_when: probe.touching}
complications:
  - id: tear
    title: Tear
    when: capsule.torn
    states: [{id: open, until: trainee.finished}]
    wrong: [{id: pressed, when: probe.touching, text: pressed, may_cause: rupture}]
  - id: rupture
    title: Rupture
    random: {p: 0, window: 1..2 s, source: test}
    states: [{id: open, until: trainee.finished}]
"""
CHANGED = """\
steps:
  - {id: hold, title: Hold, done_when: probe.touching for 50 s}
  - {id: lift, title: Lift, needs: [hold], done_when: not probe.touching for 20 s}
complications:
  - id: tear
    title: Tear
    when: capsule.torn
    interrupt: {change: [{step: hold, done_when: probe.touching for 5 s}]}
    states: [{id: open, until: trainee.finished}]
"""
CHAIN = """\
steps:
  - {id: d, title: D, done_when: step.c.done and complication.tear.active}
  - {id: c, title: C, done_when: error.pressed or response.lift}
  - {id: b, title: B, done_when: step.c.done, time_limit: 5 s}
  - {id: a, title: A, done_when: step.b.late and step.d.done}
errors:
  - {id: pressed, when: complication.tear.active, severity: minor, text: pressed}
complications:
  - {id: tear, title: Tear, when: step.e.suspended, states: [{id: open, until: trainee.finished}]}
  - id: cough
    title: Cough
    random: {p: 5 %, window: 1..2 s, source: test}
    interrupt: {suspend: [e]}
    states: [{id: open, until: probe.touching}]
    correct: [{id: lift, text: lift, when: not probe.touching}]
"""
CHAIN = CHAIN.replace("errors:", "  - {id: e, title: E, done_when: step.a.done}\nerrors:", 1)


# What is counted is counted from the step's begin, and for the end from the session's.
COUNTED = """\
end_when: count(marks.count >= 1) == 0 and probe.touching
steps:
  - {id: b, title: B, done_when: count(marks.count >= 1) == 0 and probe.touching}
  - {id: c, title: C, needs: [b], done_when: probe.touching}
"""


@pytest.mark.parametrize(
    "guard",
    [
        "count(probe.touching) >= 3 and not probe.touching",  # touched before, and lifted now
        "probe.touching and (trainee.finished within 5 s of (not probe.touching))",
        "not probe.touching and not (count(probe.touching) < 2)",
        "(probe.force > 2 N within 3 s of probe.force < 1 N) and probe.speed < 5 mm/s",
        "count(limit.time > 1 s) >= 1 and limit.time < 2 s",
        "probe.force > 1 N or (capsule.torn and not step.touch.done)",
    ],
)
def test_what_was_may_have_been_other_than_what_is(guard: str, tmp_path: Path) -> None:
    assert told(WHEN.replace("GUARD", guard), tmp_path) == []


@pytest.mark.parametrize("body", [AFTER, UNTIL, CAUSED, CHANGED, CHAIN, COUNTED])
def test_what_can_come_about_is_left_alone(body: str, tmp_path: Path) -> None:
    assert told(body, tmp_path) == []


def test_a_program_may_let_it_bleed(tmp_path: Path) -> None:
    (tmp_path / "behaviour.py").write_text(
        "from surgisim.procedure import Behaviour\n\n\nclass Own(Behaviour):\n    pass\n"
    )
    body = WHEN.replace("GUARD", "blood.lost > 5 mL")
    assert told(body + "behaviour: behaviour.py\n", tmp_path) == []
    assert len(told(body, tmp_path)) == 1


def told(body: str, folder: Path) -> list[str]:
    path = folder / "sound.yaml"
    head = HEAD.replace("end_when: trainee.finished\n", "") if "end_when" in body else HEAD
    path.write_text(head + body)
    return [str(problem) for problem in problems_of(path)]
