"""A hint that comes in a session is recorded, counted, scored, and shown in the debriefing."""

import re
from pathlib import Path

import pytest

from surgisim.record import load, read_result
from surgisim.session import Order, debrief, play

from .bleeds import BLEEDS, Away

HINTS = """
    hints:
      - {after: 0.1 s, text: Lower the probe first.}
      - {after: 8 s, text: Too late.}
"""
WAIT = "{id: wait, title: Wait, done_when: trainee.finished}"
BLOOD = "metric: blood.lost, weight: 50, best: 0 mL, worst: 100 mL"


@pytest.fixture(scope="module")
def session(tmp_path_factory: pytest.TempPathFactory, coarse_liver: Path) -> Path:
    folder = tmp_path_factory.mktemp("hints")
    text = BLEEDS.replace(
        WAIT, f"id: wait\n    title: Wait\n    done_when: trainee.finished{HINTS}"
    )
    text = text.replace(BLOOD, "metric: hints.given, weight: 50, best: 0, worst: 2")
    (folder / "hints.yaml").write_text(text)
    play(Order(folder / "hints.yaml", folder / "session", anatomy=coarse_liver), lambda *_: Away())
    return folder / "session"


def test_a_hint_is_recorded_and_costs_what_the_score_says(session: Path) -> None:
    (event,) = (one for one in load(session).events if one.kind == "hint.given")
    assert (event.text, event.values["step"]) == ("Lower the probe first.", "wait")
    assert event.time_s == pytest.approx(0.1, abs=0.03)
    debriefing = debrief(session)
    result = read_result(session / "result.json")
    assert result.metrics["hints.given"].value == 1.0
    (line,) = (one for one in result.lines if one.id == "blood")
    assert (line.points, line.moment_s) == (25.0, event.time_s)
    page = debriefing.report.read_text(encoding="utf-8")
    assert re.search(r"<td>Hint</td>\s*<td>Lower the probe first\.</td>", page)
