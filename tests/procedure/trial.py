"""A small procedure to try parts of the format in, and a way to play it on made-up facts."""

import textwrap
from collections.abc import Callable
from pathlib import Path

from surgisim.procedure import FACTS, Engine, Procedure, load
from surgisim.snapshot import Event

NOTHING: dict[str, float | bool] = {
    name: False if word.unit == "bool" else 0.0 for name, word in FACTS.items()
}

HEAD = """\
surgisim: procedure@1
id: trial
title: Trial
version: "1"
time_limit: 1 min
end_when: trainee.finished
scene:
  anatomy: parametric_liver
  organ: liver
  tissue: liver
  capsule: liver_capsule
  probe: {shape: sphere, radius: 8 mm}
  nodules: {count: 3, radius: 8 mm, depth: 2 mm, stiffness: 5, apart: 35 mm, source: test}
  limits: {force: {value: 3 N, source: test}}
scoring:
  pass: {min: 70, source: test}
  lines:
    - {id: found, title: Found, metric: nodules.found, weight: 100, best: 3, worst: 0}
"""


def procedure(folder: Path, body: str) -> Procedure:
    """Write HEAD and a body into a file and read it."""
    path = folder / "trial.yaml"
    path.write_text(HEAD + textwrap.dedent(body))
    return load(path)


def play(
    engine: Engine, fact: Callable[[float], dict[str, float | bool]], seconds: float
) -> list[Event]:
    """Look 50 times a second at facts that depend on the time."""
    events: list[Event] = []
    for look in range(round(seconds * 50)):
        time_s = look * 0.02
        events += engine.update(look * 20, time_s, NOTHING | fact(time_s))
    return events


def told(events: list[Event]) -> list[tuple[float, str]]:
    """When, and what."""
    return [(round(event.time_s, 6), event.kind) for event in events]
