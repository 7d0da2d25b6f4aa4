"""The debriefing page: complete, self-contained, safe, the same for the same session."""

import base64
import re
import shutil
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path

import pytest

from surgisim.errors import RecordError
from surgisim.record import Disturbance, TissueTiming, load
from surgisim.report import ReportData, render_report, report_data, write_report
from surgisim.report.page import anchor, verdict
from surgisim.scoring import score_session

from .played import LINES, TEAR_S, Played, Slip, play

VOID = {"meta", "link", "img", "br", "input", "hr"}


class Outline(HTMLParser):
    """Collects what a page is made of and checks that its elements are properly nested."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.open: list[str] = []
        self.elements: list[tuple[str, dict[str, str]]] = []
        self.text = ""

    def handle_starttag(self, tag: str, attrs: list) -> None:
        self.elements.append((tag, {name: value or "" for name, value in attrs}))
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list) -> None:
        self.elements.append((tag, {name: value or "" for name, value in attrs}))

    def handle_endtag(self, tag: str) -> None:
        assert self.open, f"</{tag}> closes nothing"
        assert self.open[-1] == tag, f"</{tag}> closes <{self.open[-1]}>"
        self.open.pop()

    def handle_data(self, data: str) -> None:
        if self.open and self.open[-1] not in ("style", "script"):
            self.text += " " + data

    def all(self, name: str) -> list[str]:
        return [attributes[name] for _, attributes in self.elements if name in attributes]


def outline(page: str) -> Outline:
    parsed = Outline()
    parsed.feed(page)
    parsed.close()
    assert parsed.open == []
    parsed.text = re.sub(r"\s+", " ", parsed.text)
    return parsed


@pytest.fixture(scope="module")
def failed(tmp_path_factory: pytest.TempPathFactory) -> Played:
    return play(tmp_path_factory.mktemp("failed") / "session", dangerous=True)


@pytest.fixture(scope="module")
def passed(tmp_path_factory: pytest.TempPathFactory) -> Played:
    return play(tmp_path_factory.mktemp("passed") / "session")


def data_of(session: Played) -> ReportData:
    return report_data(
        session.record, session.recording, session.score, session.pictures, session.metrics
    )


def page_of(session: Played) -> str:
    return render_report(data_of(session))


@pytest.fixture(scope="module")
def failed_page(failed: Played) -> str:
    return page_of(failed)


def test_nothing_comes_from_outside(failed_page: str) -> None:
    page = outline(failed_page)
    assert "http:" not in failed_page
    assert "https:" not in failed_page
    assert "<script" not in failed_page
    assert "@import" not in failed_page
    assert all(source.startswith("data:image/png;base64,") for source in page.all("src"))
    assert all(target.startswith("#") for target in page.all("href"))
    assert all(found.startswith("#") for found in re.findall(r"url\(([^)]*)\)", failed_page))


def test_ids_are_unique_and_every_link_arrives(failed_page: str) -> None:
    page = outline(failed_page)
    names = page.all("id")
    assert len(names) == len(set(names))
    assert {target[1:] for target in page.all("href")} <= set(names)


def test_every_picture_and_plot_has_a_text(failed_page: str, failed: Played) -> None:
    page = outline(failed_page)
    images = [attributes for tag, attributes in page.elements if tag == "img"]
    assert len(images) == len(failed.pictures)
    assert all(image["alt"].strip() for image in images)
    assert base64.b64decode(images[0]["src"].split(",")[1]) == failed.pictures[0].png
    plots = [attributes for tag, attributes in page.elements if tag == "svg"]
    assert len(plots) == 7
    assert all(plot["role"] == "img" and len(plot["aria-label"]) > 20 for plot in plots)


def test_every_score_line_and_event_is_there(failed_page: str, failed: Played) -> None:
    text = outline(failed_page).text.lower()
    for line in failed.score.lines:
        assert line.title.lower() in text
    for event in failed.record.events:
        assert event.text.lower() in text
        assert event.kind in text
    for picture in failed.pictures:
        assert picture.title.lower() in text
    for step in failed.record.header["steps"]:
        assert step["title"].lower() in text


def test_a_failed_session_says_why_and_what_would_have_been_right(failed_page: str) -> None:
    text = outline(failed_page).text
    assert "✗ FAILED" in text
    assert (
        "Tore the capsule of the liver, a critical mistake; the points stay below the 70 that pass."
        in text
    )
    assert "2 of 3" in text
    assert "Torn capsule" in text
    assert "Cause: The capsule tore at a strain of 0.41." in text
    assert "Stop pressing and lift the probe." in text
    assert "a disturbance drawn with the seed" in text


def test_the_line_of_the_tear_leads_to_its_picture(failed_page: str, failed: Played) -> None:
    row = re.search(r'<tr id="score-10".*?</tr>', failed_page, re.DOTALL)
    assert row is not None
    assert 'href="#picture-3"' in row[0]
    assert failed.pictures[2].time_s == pytest.approx(TEAR_S + 0.3)


def test_a_passed_session(passed: Played) -> None:
    text = outline(page_of(passed)).text
    assert "✓ PASSED" in text
    assert "3 of 3" in text
    assert "Torn capsule" not in text
    assert "FAILED" not in text


def test_practice_has_a_goal_and_no_verdict(passed: Played, failed: Played) -> None:
    data = replace(data_of(passed), practice=True)
    text = outline(render_report(data)).text
    assert "PRACTICE" in text
    assert "nothing is passed or failed; the goal of 70 points is reached." in text
    assert "PASSED" not in text
    short = replace(data, score=replace(data.score, passed=False, failed_by=("points",)))
    assert verdict(short).endswith("the goal of 70 points is not reached.")
    assert verdict(replace(data, pass_mark=None)).endswith("nothing is passed or failed.")


def test_a_critical_mistake_keeps_practice_from_its_goal_and_is_named(failed: Played) -> None:
    text = "tore the capsule of the liver"
    torn = [Slip("torn", "critical", text, 0.0, TEAR_S)]
    score = score_session(LINES, 0.0, failed.metrics, torn)
    record = replace(failed.record, header={**failed.record.header, "pass_mark": 0.0})
    data = replace(data_of(replace(failed, record=record, score=score)), practice=True)
    why = f"{text}, a critical mistake"
    assert verdict(data).endswith(f"the goal of 0 points is not reached: {why}.")
    assert (
        verdict(replace(data, practice=False))
        == "Tore the capsule of the liver, a critical mistake."
    )
    assert verdict(replace(data, pass_mark=None)).endswith(f"passed or failed; {why}.")


def test_practice_that_was_left_is_interrupted(passed: Played) -> None:
    record = replace(passed.record, footer={"completed": False, "left": True})
    score = score_session(LINES, 0.0, passed.metrics, left=True)
    data = replace(data_of(replace(passed, record=record, score=score)), practice=True)
    assert data.outcome == "interrupted"
    assert "is reached" not in verdict(data)
    broken = replace(passed.record, footer=None)
    score = score_session(LINES, 0.0, passed.metrics, broken_off=True)
    data = replace(data_of(replace(passed, record=broken, score=score)), practice=True)
    assert verdict(data).startswith("The record breaks off before the session's end: nothing")


def test_tick_statistics_are_shown(failed_page: str) -> None:
    text = outline(failed_page).text
    assert "60,000 ticks at 999.8 Hz" in text
    assert "real-time (SCHED_FIFO)" in text
    assert "9 began late, 5 were dropped (at most 3 in a row without one on time)" in text


def test_a_fallback_is_loud_and_lockstep_has_no_deadlines(failed: Played) -> None:
    data = data_of(failed)
    assert data.timing is not None
    reason = "SCHED_FIFO was refused; raise LimitRTPRIO."
    timing = data.timing.model_copy(update={"scheduler": "normal", "fallback": reason})
    text = outline(render_report(replace(data, timing=timing))).text
    assert "This session did not run in real time" in text
    assert reason in text
    assert "did not run in real time" not in outline(render_report(data)).text
    timing = data.timing.model_copy(update={"memory_unlocked": "mlockall: no rights"})
    text = outline(render_report(replace(data, timing=timing))).text
    assert "could not be locked: mlockall: no rights" in text
    timing = data.timing.model_copy(
        update={
            "scheduler": "deadline",
            "memory_untouched": "too much",
            "steal": 0.021,
            "clamped": 11,
            "watchdog_trips": 4,
            "disturbance": Disturbance(
                ticks=900, minor_faults=2, major_faults=1, waits=5, preemptions=6
            ),
        }
    )
    text = outline(render_report(replace(data, timing=timing))).text
    assert "real-time (SCHED_DEADLINE)" in text
    assert "for the first time: too much" in text
    assert "met 3 times a page that was not there, waited 5 times" in text
    assert "lost the processor 6 times" in text
    assert "Force limited: in size in 11 ticks." in text
    assert "Held up: 4 times so long that the force came back by a ramp." in text
    assert "took 2.1 % of the processor time" in text
    timing = data.timing.model_copy(
        update={"scheduler": "lockstep", "lateness_us": None, "lateness_histogram": ()}
    )
    text = outline(render_report(replace(data, timing=timing))).text
    assert "no deadlines" in text
    assert "Lateness" not in text


def test_hostile_text_stays_text(tmp_path: Path) -> None:
    evil = "<script>alert(1)</script> $\\frac{ \"&' --> {{ 7*7 }}"
    session = play(tmp_path / "session", seconds=5.0, title=evil)
    header = dict(session.record.header)
    header["steps"] = [{"id": "touch", "title": evil}]
    header["trainee"] = evil
    events = tuple(
        replace(event, text=evil, values={**event.values, "note": evil})
        for event in session.record.events
    )
    record = replace(session.record, header=header, events=events)
    pictures = [replace(session.pictures[0], title=evil, caption=evil)]
    lines = tuple(replace(line, title=evil, text=evil) for line in session.score.lines)
    score = replace(session.score, lines=lines, failed_by=(evil,), passed=False)
    page = render_report(report_data(record, session.recording, score, pictures, {}))
    assert "<script" not in page.lower()
    parsed = outline(page)
    assert {tag for tag, _ in parsed.elements}.isdisjoint({"script", "iframe", "object"})
    assert "<script>alert(1)</script>" in parsed.text
    assert "{{ 7*7 }}" in parsed.text


def test_same_session_same_page(failed: Played, failed_page: str) -> None:
    assert page_of(failed) == failed_page


def test_a_damaged_record_still_gives_a_page_that_says_so(tmp_path: Path) -> None:
    session = play(tmp_path / "session", seconds=5.0)
    file = tmp_path / "session" / "session.mcap"
    file.write_bytes(file.read_bytes()[: file.stat().st_size // 2])
    record = load(tmp_path / "session")
    page = render_report(report_data(record, session.recording, session.score, (), {}))
    text = outline(page).text
    assert "The record is not whole." in text
    assert record.damaged is not None
    assert record.damaged in text


def test_a_bare_record_gives_a_page(failed: Played) -> None:
    record = failed.record
    bare = replace(
        record,
        header={key: record.header[key] for key in ("procedure", "version", "seed", "dt_s")},
        arrays={},
        trace=record.trace[:0],
        events=(),
        folder=record.folder / "without files",
    )
    recording = replace(failed.recording, marks=(), nodules=(), force_limit=float("inf"))
    text = outline(render_report(report_data(bare, recording, failed.score, (), {}))).text
    assert "liver_palpation" in text


def test_write_report_writes_a_whole_file(failed: Played, failed_page: str, tmp_path: Path) -> None:
    out = tmp_path / "new" / "report.html"
    session = (failed.record, failed.recording, failed.score, failed.pictures)
    write_report(*session, out, failed.metrics)
    assert out.read_text(encoding="utf-8") == failed_page
    assert [path.name for path in out.parent.iterdir()] == ["report.html"]
    (tmp_path / "file").write_text("")
    with pytest.raises(RecordError, match="cannot be written"):
        write_report(*session, tmp_path / "file" / "report.html", {})


def test_a_report_does_not_take_the_place_of_a_folder(failed: Played, tmp_path: Path) -> None:
    session = (failed.record, failed.recording, failed.score, ())
    for folder in (Path(), Path(".."), tmp_path):
        with pytest.raises(RecordError, match="is a folder; give the report the name of a file"):
            write_report(*session, folder, {})


def test_the_page_names_no_path_and_is_the_same_in_every_folder(
    failed: Played, failed_page: str, tmp_path: Path
) -> None:
    home = tmp_path / "Jane Doe" / "ward 7"
    shutil.copytree(failed.record.folder, home)
    assert page_of(replace(failed, record=load(home))) == failed_page
    assert str(failed.record.folder) not in failed_page
    assert "surgisim replay SESSION --verify" in failed_page


@pytest.mark.parametrize("left", [None, "{"])
def test_no_other_file_is_needed_for_the_measurements(
    failed: Played, failed_page: str, tmp_path: Path, left: str | None
) -> None:
    shutil.copy(failed.record.folder / "session.mcap", tmp_path)
    if left is not None:
        (tmp_path / "result.json").write_text(left)
        (tmp_path / "timing.json").write_text(left)
    page = page_of(replace(failed, record=load(tmp_path)))
    measured = re.search(r'<h2 id="metrics">.*?</section>', failed_page, re.DOTALL)
    assert measured is not None
    assert measured[0] in page
    assert "60,000 ticks" not in page
    assert ("There are no tick statistics" in page) == (left is not None)


def test_a_record_that_breaks_off_is_no_failure(passed: Played) -> None:
    score = score_session(LINES, 0.0, passed.metrics, broken_off=True)
    record = replace(passed.record, footer=None)
    text = outline(page_of(replace(passed, record=record, score=score))).text
    assert "INTERRUPTED" in text
    assert "The record breaks off before the session's end: nothing is passed or failed" in text
    assert "FAILED" not in text
    assert "ended before its time" not in text


def test_who_leaves_is_interrupted_unless_a_mistake_failed_the_session_before(
    passed: Played, failed: Played
) -> None:
    left = {"completed": False, "left": True}
    record = replace(passed.record, footer=left)
    below = score_session(LINES, 100.0, passed.metrics)
    data = data_of(replace(passed, record=record, score=below))
    assert data.outcome == "interrupted"
    page = render_report(data)
    assert 'class="verdict interrupted"' in page
    assert "The session was ended before its time, at 1:00.0: nothing is" in outline(page).text
    torn = data_of(replace(failed, record=replace(failed.record, footer=left)))
    assert torn.outcome == "failed"
    assert "The session was ended before its time." in outline(render_report(torn)).text
    reached = data_of(replace(passed, record=record))
    assert reached.outcome == "passed"
    timed_out = replace(passed.record, footer={"completed": False, "left": False})
    assert data_of(replace(passed, record=timed_out, score=below)).outcome == "failed"


def test_what_never_happened_is_not_counted_up(passed: Played) -> None:
    data = data_of(passed)
    assert data.timing is not None
    quiet = Disturbance(ticks=900, minor_faults=0, major_faults=0, waits=0, preemptions=0)
    timing = data.timing.model_copy(update={"late": 0, "dropped": 0, "disturbance": quiet})
    text = outline(render_report(replace(data, timing=timing))).text
    assert "none began late, none were dropped." in text
    assert "After its first ticks the loop was not disturbed by the system." in text
    for zero in ("in 0 ticks", " 0 times", "Force limited", "Energy", "Held up"):
        assert zero not in text


def test_cpu_times_that_hold_steps_of_the_tissue_say_so(passed: Played) -> None:
    data = data_of(passed)
    assert data.timing is not None
    took = data.timing.lateness_us
    tissue = TissueTiming(
        hz=60.0, steps=3529, fell_behind=2, weak_ticks=1, largest_step_n=0.01, took_us=took
    )
    live = data.timing.model_copy(update={"tissue": tissue})
    text = outline(render_report(replace(data, timing=live))).text
    assert "60 times a second beside the ticks, 3,529 steps in all; it fell behind 2 times" in text
    assert "The CPU times of ticks hold nothing of it." in text
    assert "A step of the tissue" in text
    alone = tissue.model_copy(update={"took_us": None})
    lockstep = live.model_copy(update={"scheduler": "lockstep", "tissue": alone})
    text = outline(render_report(replace(data, timing=lockstep))).text
    assert "CPU time of a tick, whole steps of the tissue in it" in text
    assert "A step of the tissue" not in text


def test_a_line_of_the_score_leads_to_the_picture_of_its_moment(passed: Played) -> None:
    later = replace(passed.pictures[0], time_s=23.0, of_s=20.5)
    data = replace(data_of(passed), pictures=(later, *passed.pictures[1:]))
    assert anchor(data, 20.5) == "picture-1"
    assert "<strong>0:23.0</strong>" in render_report(data)


def test_nodules_are_letters_and_marks_are_numbers_throughout(failed: Played) -> None:
    data = data_of(failed)
    assert [row.id for row in data.nodules] == ["A", "B", "C"]
    assert [(row.number, row.nodule) for row in data.marks] == [(1, "A"), (2, "B"), (3, None)]
    page = render_report(data)
    assert ">C, missed<" in page
    assert "Mark 1, right: nodule A" in outline(page).text
