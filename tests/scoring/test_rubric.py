from dataclasses import dataclass, replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from surgisim.scoring import Metric, score_session, shown


@dataclass(frozen=True)
class Line:
    id: str
    metric: str
    weight: float
    best_value: float
    worst_value: float
    title: str = "Line"
    needs: tuple[str, ...] = ()


@dataclass(frozen=True)
class Slip:
    id: str
    severity: str
    penalty: float
    time_s: float
    text: str = "slipped"


LINES = [
    Line("found", "nodules.found", 60.0, 3.0, 0.0, "Nodules found"),
    Line("time", "time", 40.0, 60.0, 120.0, "Time"),
]


def metrics(found: float | None, time: float) -> dict[str, Metric]:
    return {"nodules.found": Metric(found, "1", 12.0), "time": Metric(time, "s", time)}


def test_points_are_linear_between_worst_and_best() -> None:
    score = score_session(LINES, 70.0, metrics(2.0, 90.0))
    assert [line.points for line in score.lines] == [pytest.approx(40.0), pytest.approx(20.0)]
    assert score.total == pytest.approx(60.0)
    assert not score.passed
    assert score.failed_by == ("points",)
    assert score.lines[0].moment_s == 12.0
    assert score.lines[1].text == "Time: 90 s (full points at 60 s, none at 120 s)"


def test_beyond_best_and_worst_nothing_more_changes() -> None:
    assert score_session(LINES, 70.0, metrics(5.0, 10.0)).total == 100.0
    assert score_session(LINES, 70.0, metrics(0.0, 999.0)).total == 0.0


def test_a_line_earns_nothing_without_the_lines_that_it_needs() -> None:
    lines = [LINES[0], Line("time", "time", 40.0, 60.0, 120.0, "Time", needs=("found",))]
    idle = score_session(lines, 70.0, metrics(0.0, 5.0))
    assert idle.total == 0.0
    assert idle.lines[1].text == "Time: 5 s (does not count: nothing was earned for Nodules found)"
    assert idle.lines[1].value == 5.0
    unmeasured = score_session(lines, 70.0, metrics(None, 5.0))
    assert unmeasured.total == 0.0
    assert score_session(lines, 70.0, metrics(0.1, 60.0)).lines[1].points == 40.0


def test_what_was_not_measured_earns_nothing() -> None:
    score = score_session(LINES, 70.0, metrics(None, 60.0))
    assert score.total == 40.0
    assert "not measured" in score.lines[0].text


def test_penalties_are_taken_off_and_told_once_for_each_rule() -> None:
    slips = [Slip("pressed", "major", 2.0, 5.0), Slip("pressed", "major", 2.0, 9.0)]
    score = score_session(LINES, 70.0, metrics(3.0, 60.0), slips)
    assert score.total == 96.0
    assert score.passed
    (line,) = score.lines[2:]
    assert (line.points, line.out_of, line.value, line.moment_s) == (-4.0, 0.0, 2.0, 5.0)
    assert line.text == "major mistake: slipped, 2 times"


def test_a_critical_mistake_fails_whatever_the_points() -> None:
    score = score_session(LINES, 70.0, metrics(3.0, 60.0), [Slip("torn", "critical", 0.0, 7.0)])
    assert score.total == 100.0
    assert not score.passed
    assert score.failed_by == ("torn",)
    assert score.barred == ("slipped, a critical mistake",)
    assert replace(score, passed=True).barred == ()  # a person let it pass


def test_a_record_that_breaks_off_never_passes() -> None:
    score = score_session(LINES, 70.0, metrics(3.0, 60.0), broken_off=True)
    assert score.total == 100.0
    assert not score.passed
    assert score.failed_by == ("record",)


def test_a_session_that_was_left_never_passes() -> None:
    score = score_session(LINES, 70.0, metrics(3.0, 60.0), left=True)
    assert score.total == 100.0
    assert not score.passed
    assert not score.critical
    assert score.failed_by == ("left",)
    assert score.barred == ("the session was left before its end",)
    assert score_session(LINES, 70.0, metrics(0.0, 60.0)).barred == ()  # points would have done


@given(st.floats(0, 5), st.floats(0, 200), st.floats(0, 100))
def test_total_stays_between_0_and_100(found: float, time: float, penalty: float) -> None:
    slips = [Slip("a", "minor", penalty, 1.0), Slip("b", "minor", penalty, 2.0)]
    score = score_session(LINES, 70.0, metrics(found, time), slips)
    assert 0.0 <= score.total <= score.out_of


@given(st.floats(0, 200), st.floats(0, 200))
def test_slower_never_earns_more(one: float, other: float) -> None:
    slow, fast = max(one, other), min(one, other)
    points = [score_session(LINES, 0.0, metrics(1.0, time)).total for time in (fast, slow)]
    assert points[0] >= points[1]


@pytest.mark.parametrize(
    ("value", "unit", "text"),
    [
        (0.00012, "m3", "120 mL"),
        (2e-6, "m3/s", "120 mL/min"),
        (3.0, "1", "3"),
        (-1.4142, "1", "−1.41"),
        (1234.5, "s", "1234 s"),
        (999.7, "s", "1000 s"),
        (-999.7, "s", "−1000 s"),
        (999.4, "s", "999 s"),
        (None, "N", "not measured"),
    ],
)
def test_values_as_people_read_them(value: float | None, unit: str, text: str) -> None:
    assert shown(value, unit) == text
