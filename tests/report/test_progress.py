"""The report beside earlier runs."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from surgisim.report import Earlier
from surgisim.report.model import ReportData
from surgisim.report.page import render_report
from surgisim.report.progress import curve_of, curve_sentence, progress_rows, standing_sentence
from surgisim.scoring.proficiency import LearningCurve, Unclear

from .played import play
from .test_page import data_of, outline


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> ReportData:
    folder: Path = tmp_path_factory.mktemp("passed")
    return data_of(play(folder / "session"))


def with_earlier(data: ReportData, *scores: float) -> ReportData:
    lines = {"time": (200.0, 8.0), "peak_force": (5.0, 2.0), "ldlj": (None, 0.0)}
    return replace(data, earlier=tuple(Earlier(score, lines) for score in scores))


def test_without_earlier_runs_there_is_no_comparison(data: ReportData) -> None:
    assert progress_rows(data) == []
    assert 'id="progress"' not in render_report(data)


def test_lines_are_compared_by_their_points(data: ReportData) -> None:
    rows = {row.title: row for row in progress_rows(with_earlier(data, 50.0, 60.0))}
    assert rows["Time"].before == "200 s"
    assert rows["Time"].points_before == "8"
    assert rows["Time"].change == "better"
    assert rows["Peak force"].change == "better"
    assert rows["Smoothness (LDLJ)"].before == "not measured"
    assert rows["Nodules found"].before == ""  # the earlier runs did not have this line
    assert rows["Nodules found"].change == ""
    assert rows["Total"].points_before == "55"


def test_only_the_last_runs_are_averaged(data: ReportData) -> None:
    rows = progress_rows(with_earlier(data, 0.0, 0.0, 60.0, 60.0, 60.0, 60.0, 60.0))
    assert rows[-1].points_before == "60"


def test_the_standing_says_number_gap_and_best(data: ReportData) -> None:
    total = data.score.total
    told = standing_sentence(with_earlier(data, 40.0, 72.0))
    assert told.startswith("This was run 3 of this procedure; ")
    assert "above the 70 that pass" in told
    assert "1 of the 2 earlier ones passed" in told
    assert told.endswith("the best so far.")
    told = standing_sentence(replace(with_earlier(data, 40.0, 72.0), practice=True))
    assert "above the goal of 70; 1 of the 2 earlier ones reached it" in told
    torn = replace(data, earlier=(Earlier(72.0, {}, barred=True), Earlier(71.0, {})))
    assert "1 of the 2 earlier ones passed" in standing_sentence(torn)
    beaten = standing_sentence(with_earlier(data, total + 1.0))
    assert "the best so far had" in beaten


def test_too_few_runs_have_no_curve_and_the_page_says_so(data: ReportData) -> None:
    few = with_earlier(data, 40.0, 50.0)
    curve = curve_of(few)
    assert isinstance(curve, Unclear)
    page = outline(render_report(few))
    assert "3 runs are too few for a learning curve: 10 are needed." in page.text
    assert "learning" in " ".join(page.all("id"))


def test_a_curve_tells_its_plateau_and_when_the_mark_was_reached(data: ReportData) -> None:
    scores = [95 - 60 * np.exp(-n / 4) for n in range(14)]
    many = with_earlier(data, *scores)
    curve = curve_of(many)
    assert isinstance(curve, LearningCurve)
    told = curve_sentence(curve, 70.0)
    assert told.startswith("The points tend to 9")
    assert "the curve reaches 70 points with run 5 (95 %: " in told
    page = render_report(many)
    assert told in outline(page).text
    assert page == render_report(many)


def test_a_run_that_was_interrupted_is_no_point_of_the_curve(data: ReportData) -> None:
    many = with_earlier(data, *[95 - 60 * np.exp(-n / 4) for n in range(14)])
    failed = replace(data.score, total=3.0, passed=False, failed_by=("points", "left"))
    left = curve_of(replace(many, interrupted=True, score=failed))
    assert isinstance(left, LearningCurve)
    assert left.scores.size == 14  # points so far say nothing of where somebody is going


def test_points_do_not_tend_beyond_what_can_be_scored(data: ReportData) -> None:
    curve = LearningCurve("power", 104.0, 40.0, 1.0, 96.0, 110.0, True, np.zeros(12), 0.9)
    assert curve_sentence(curve, None) == "The points tend to 100 (95 %: 96 to 100)."


def test_a_mark_that_the_curve_never_reaches(data: ReportData) -> None:
    curve = curve_of(replace(with_earlier(data, *[50 - 40 * 0.6**n for n in range(14)]),
                             score=replace(data.score, total=50.0)))  # fmt: skip
    assert isinstance(curve, LearningCurve)
    assert "by this curve 90 points are not reached" in curve_sentence(curve, 90.0)
    assert "the curve begins above 5 points" in curve_sentence(curve, 5.0)
