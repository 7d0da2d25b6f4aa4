"""What the format says, from the file to the record, the result and the report."""

from pathlib import Path

import pytest

from surgisim.record import SessionRecord, load, read_result
from surgisim.report.why import transitions
from surgisim.session import Order, debrief, play

from .bleeds import BLEEDS, Away

FULL = (
    BLEEDS.replace(
        "complications:\n",
        "patient: {age: 54 years, heart_rate: 72 /min, source: chosen}\n"
        "objectives:\n"
        "  - {id: calm, text: Lose little blood}\n"
        "  - {id: quick, text: Be quick}\n"
        "complications:\n",
    )
    .replace("metric: time,", "metric: time, objective: quick,")
    .replace("metric: blood.lost,", "metric: blood.lost, objective: calm,")
    .replace(
        "    title: First vessel\n",
        "    title: First vessel\n"
        "    interrupt: {suspend: [wait]}\n"
        "    correct:\n"
        "      - stay calm\n"
        "      - {id: call, text: call for help, when: trainee.finished, worst: 1 s, penalty: 3,\n"
        "         objective: calm}\n"
        "    wrong:\n"
        "      - {id: away, when: not probe.touching for 0.5 s, text: stayed away, penalty: 2,\n"
        "         objective: calm}\n",
    )
)


@pytest.fixture(scope="module")
def session(tmp_path_factory: pytest.TempPathFactory, coarse_liver: Path) -> SessionRecord:
    folder = tmp_path_factory.mktemp("format")
    (folder / "full.yaml").write_text(FULL)
    order = Order(folder / "full.yaml", folder / "session", anatomy=coarse_liver)
    play(order, lambda *_: Away())
    debrief(folder / "session")
    return load(folder / "session")


def test_steps_stand_and_responses_count_in_a_session(session: SessionRecord) -> None:
    kinds = [event.kind for event in session.events]
    assert kinds.index("step.suspended") == kinds.index("complication.started") + 3
    assert "step.resumed" in kinds
    errors = {str(e.values["error"]): e for e in session.events if e.kind == "error"}
    assert errors["call"].text == "call for help: not within 1 s"
    assert errors["away"].values["complication"] == "first"


def test_objectives_have_their_points(session: SessionRecord) -> None:
    result = read_result(session.folder / "result.json")
    assert result.identity == "bleeds@1.0"
    points = {one.id: (one.points, one.out_of) for one in result.objectives}
    assert result.lines is not None
    of = {line.id: line.points for line in result.lines}
    assert points["quick"] == (of["time"], 50.0)
    assert points["calm"] == (pytest.approx(of["blood"] + of["call"] + of["away"]), 50.0)
    assert (of["call"], of["away"]) == (-3.0, -2.0)


def test_the_report_shows_all_of_it(session: SessionRecord) -> None:
    page = (session.folder / "report.html").read_text(encoding="utf-8")
    for told in (
        "bleeds@1.0",
        "Patient: Age: 54 years; Heart rate: 72 /min",
        "Lose little blood.",
        "Call for help (not done).",
        f"Why everything happened, {len(transitions(session.events))} transitions",
        "<code>not probe.touching for 0.5 s</code>",
    ):
        assert told in page
    assert "fact.probe.touching" not in page
