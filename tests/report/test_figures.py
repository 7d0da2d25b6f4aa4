"""Numbers of the report that have to agree with the score beside them."""

from dataclasses import replace

import pytest

from surgisim.report import ReportData, render_report, report_data
from surgisim.report.figures import key_figures
from surgisim.report.page import verdict
from surgisim.scoring import Overrule, measure
from surgisim.scoring.left_out import Interval

from .played import Played, play
from .test_page import outline


@pytest.fixture(scope="module")
def failed(tmp_path_factory: pytest.TempPathFactory) -> Played:
    return play(tmp_path_factory.mktemp("failed") / "session", dangerous=True)


def data_of(session: Played, **changes: object) -> ReportData:
    recording = replace(session.recording, **changes)  # type: ignore[arg-type]
    pictures, metrics = session.pictures, measure(recording)
    return report_data(session.record, recording, session.score, pictures, metrics)


def test_the_figures_leave_out_what_the_score_leaves_out(failed: Played) -> None:
    """A session that stood for ten seconds once took ten seconds more at the top of its page."""
    whole = {one.label: one.value for one in key_figures(data_of(failed))}
    stood = (Interval("paused", 38.0, 48.0),)  # with the largest force in it
    counted = data_of(failed, left_out=stood)
    found = {one.label: one.value for one in key_figures(counted)}
    assert (whole["Time"], found["Time"]) == ("1:00.0", "0:50.0")
    assert found["Peak force"] != whole["Peak force"]
    peak, _ = counted.metrics["force.peak"]
    assert found["Peak force"] == f"{peak:.3g} N"


def test_marks_where_nothing_is_hidden_are_neither_right_nor_false(failed: Played) -> None:
    data = data_of(failed, nodules=())
    assert {row.nodule for row in data.marks} == {""}
    assert [m.label for m in data.moments if m.kind == "mark.set"] == ["Mark 1", "Mark 2", "Mark 3"]
    page = render_report(data)
    text = outline(page).text
    assert "right mark" not in text
    assert "false mark" not in text
    assert "3 marks, " in page
    assert "path of the instrument and 3 marks." in page


def test_objectives_add_up_what_a_person_left_of_the_lines(failed: Played) -> None:
    objectives = [{"id": "gentle", "text": "be gentle", "counting": ["peak_force"]}]
    record = replace(failed.record, header={**failed.record.header, "objectives": objectives})
    said = [Overrule("peak_force", 3.5, None, "a fault of the device", "somebody", "2026-11-30")]
    given = (record, failed.recording, failed.score, failed.pictures, failed.metrics)
    (row,) = report_data(*given, said).objectives
    assert row.points == 3.5


def test_points_just_below_those_that_pass_are_told_as_such(failed: Played) -> None:
    """Rounded they read 'the points stay below the 70 that pass' under a total of 70."""
    data = data_of(failed)
    short = replace(data.score, total=69.9996, failed_by=("points",))
    assert verdict(replace(data, score=short)) == "69.9996 points stay below the 70 that pass."
    short = replace(short, total=69.2)
    assert verdict(replace(data, score=short)) == "The points stay below the 70 that pass."
