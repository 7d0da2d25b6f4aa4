"""Outcomes made by hand, and a procedure with several hazards."""

from surgisim.procedure.load import loads
from surgisim.rehearsal.outcome import Outcome
from surgisim.rehearsal.plan import Plan

TEXT = """
surgisim: procedure@1
id: hazards
title: Hazards
version: "1"
purpose: practice
time_limit: 2 min
scene:
  anatomy: parametric_liver
  organ: liver
  tissue: liver
  probe: {shape: sphere, radius: 8 mm}
  limits: {force: {value: 3 N, source: chosen}}
steps:
  - {id: touch, title: Touch, done_when: probe.touching}
  - {id: report, title: Report, needs: [touch], done_when: trainee.finished}
errors:
  - {id: too_hard, when: limit.exceeded, severity: major, text: pressed too hard, penalty: 10}
complications:
  - id: rare
    title: Rare
    random: {p: 3 %, window: 2..10 s, source: chosen}
    effect: &breath
      breath: {amplitude: 5 mm, inhale: 1 s, hold: 0.1 s, exhale: 1 s, source: chosen}
  - id: now_and_then
    title: Now and then
    random: {p: 0.2, window: 5..20 s, after: touch, source: chosen}
    effect: *breath
  - id: even
    title: Even
    when: limit.exceeded
    random: {p: 0.5, window: 0..30 s, source: chosen}
    effect: *breath
  - id: always
    title: Always
    random: {p: 1, window: 1..2 s, after: touch, source: chosen}
    effect: *breath
    correct:
      - {id: lift, text: lift the probe, when: not probe.touching, worst: 10 s, penalty: 5}
    wrong:
      - id: press
        when: limit.exceeded
        text: pressed on
        may_cause: never
        p: 0.3
        source: chosen
  - id: never
    title: Never
    effect: *breath
scoring:
  pass: {min: 60, source: chosen}
  lines:
    - {id: force, title: Peak force, metric: force.peak, weight: 60, best: 1 N, worst: 3 N}
    - {id: time, title: Time, metric: time, weight: 40, best: 10 s, worst: 1 min}
"""


def plan(
    trainees: tuple[str, ...] = ("careful", "dangerous"),
    runs: int = 100,
    skills: tuple[float, ...] = (1.0,),
    text: str = TEXT,
) -> Plan:
    return Plan(loads(text, "hazards.yaml"), text, trainees, skills, range(1, runs + 1))


def outcome(trainee: str, seed: int, **changes: object) -> Outcome:
    """Make what a sound procedure gives: careful passes, others fail, and chance has its share."""
    drawn = ["always"]
    drawn += ["rare"] if seed % 33 == 0 else []
    drawn += ["now_and_then"] if seed % 5 == 0 else []
    drawn += ["even"] if seed % 2 == 0 else []
    careful = trainee == "careful"
    given: dict[str, object] = {
        "trainee": trainee,
        "skill": 1.0,
        "seed": seed,
        "passed": careful,
        "score": 90.0 + seed % 7 if careful else 20.0 + seed % 5,
        "duration_s": 60.0,
        "completed": True,
        "steps": {"touch": "done", "report": "late" if seed % 4 == 0 else "done"},
        "complications": dict.fromkeys(drawn, "chance"),
        "drawn": tuple(drawn),
        "due": tuple(drawn),
        "may": ("press",) if seed % 10 < 3 else (),
        "errors": {} if careful else {"too_hard": 2},
        "lines": {"force": 55.0, "time": 35.0},
        "metrics": {"time": 60.0},
        "cpu_s": 36.0,
    }
    return Outcome.model_validate(given | changes)
