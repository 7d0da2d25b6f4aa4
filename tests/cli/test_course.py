"""``surgisim course status`` over folders of sessions."""

import json
import os
from datetime import UTC, datetime
from pathlib import Path

import pytest
from tests.record.sessions import TIMING

from surgisim.cli import main
from surgisim.record import (
    Metric,
    Result,
    SessionWriter,
    TickSummary,
    write_result,
    write_timing,
)
from surgisim.record.past import sessions_below


def session(folder: Path, number: int, *, passed: bool, trainee: str = "t1") -> None:
    home = folder / f"s{number:02d}"
    header = {"procedure": "liver_palpation", "version": "1.0", "seed": number, "dt_s": 1e-3}
    with SessionWriter(home) as writer:
        writer.write_header({**header, "trainee": trainee})
        writer.write_footer({"completed": True})
    write_result(
        home,
        Result(
            procedure="liver_palpation",
            version="1.0",
            seed=number,
            completed=True,
            passed=passed,
            score=90.0 if passed else 40.0,
            duration_s=100.0,
            metrics={"force.over_limit_count": Metric(value=0.0, unit="1")},
            errors=(),
            complications=(),
            steps=(),
            ticks=TickSummary(count=1, cpu_us_p50=0, cpu_us_p99=0, late=0, scheduler="lockstep"),
            outcome="passed" if passed else "failed",
        ),
    )
    os.utime(home / "session.mcap", ns=(number * 10**9, number * 10**9))


COURSE = str(Path(__file__).parents[1] / "course" / "beside" / "three_modules.yaml")


def status(folder: Path, *more: str) -> int:
    return main(["course", "status", COURSE, "--sessions", str(folder), *more])


def test_status_judges_sessions_in_their_order(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for number, passed in enumerate([True, False, True], start=1):
        session(tmp_path, number, passed=passed)
    assert status(tmp_path, "--runs") == 0
    out = capsys.readouterr().out
    assert "Laparoscopy, the basics (three_modules, version 1.0)" in out
    assert "3 runs, 2 successes; 1 more success needed" in out
    assert "needs 'Find by touch'" in out
    assert "not passed" in out
    assert "next: surgisim run liver_palpation (Find by touch)" in out
    session(tmp_path, 4, passed=True)
    assert status(tmp_path, "--json") == 0
    data = json.loads(capsys.readouterr().out)
    touch, expose, sure = data["modules"]
    assert (touch["state"], touch["done_at"]) == ("done", 4)
    assert (expose["state"], sure["state"]) == ("open", "locked")
    assert data["next"] == "expose"
    assert sure["cusum"]["p0"] == 0.1
    assert [run["session"][-3:] for run in touch["runs"]] == ["s01", "s02", "s03", "s04"]


def test_a_trainee_who_is_not_there_is_told(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    session(tmp_path, 1, passed=True)
    assert status(tmp_path, "--trainee", "nobody") == 2
    told = f"no session below {tmp_path} is of 'nobody': there are those of t1."
    assert told in capsys.readouterr().err


def test_a_page_of_somebody_whom_the_records_do_not_name_says_so(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    session(tmp_path, 1, passed=True, trainee="person")
    out = tmp_path / "course.html"
    assert status(tmp_path, "--out", str(out)) == 0
    assert "No trainee is named" in out.read_text(encoding="utf-8")
    capsys.readouterr()
    assert status(tmp_path, "--json") == 0
    assert json.loads(capsys.readouterr().out)["trainee"] is None


def test_sessions_of_several_trainees_are_not_mixed(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    session(tmp_path, 1, passed=True)
    session(tmp_path, 2, passed=True, trainee="t2")
    assert status(tmp_path) == 2
    assert "holds sessions of t1, t2: choose with --trainee" in capsys.readouterr().err
    assert status(tmp_path, "--trainee", "t2") == 0
    assert "1 run, 1 success; 2 more successes needed" in capsys.readouterr().out


def test_the_page_shows_runs_and_the_chart_with_its_rule(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    course = tmp_path / "own.yaml"
    course.write_text(
        "surgisim: course@1\nid: own\ntitle: Own <course>\nversion: '1'\nmodules:\n"
        "  - id: one\n    title: One\n    procedure: liver_palpation\n    proficient:\n"
        "      cusum: {p0: 10 %, p1: 30 %, alpha: 0.1, beta: 0.2, reset: never}\n"
        "      source: chosen for the test\n"
    )
    for number, passed in enumerate([True, False, True], start=1):
        session(tmp_path / "all", number, passed=passed)
    out = tmp_path / "course.html"
    given = ["course", "status", str(course), "--sessions", str(tmp_path / "all")]
    assert main([*given, "--out", str(out)]) == 0
    page = out.read_text(encoding="utf-8")
    assert "Own &lt;course&gt;" in page
    assert "http" not in page.replace("http-equiv", "")
    assert "CUSUM of 3 runs with p0 10 %, p1 30 %, alpha 10 % and beta 20 %" in page
    assert "10 % failures (p0), not acceptable 30 % (p1)" in page
    assert "with 20 % (beta); the sum begins again: never" in page
    assert "Trainee: t1" in page
    assert "not passed" in page
    assert "chosen for the test" in page
    assert main([*given, "--out", str(tmp_path)]) == 2
    assert "cannot be written" in capsys.readouterr().err


@pytest.mark.usefixtures("unfolded")
def test_no_sessions_yet_is_where_everybody_begins(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert status(tmp_path) == 0
    out = capsys.readouterr().out
    assert "0 runs, 0 successes; 3 more successes needed, 2 of them in a row" in out
    assert status(tmp_path / "nowhere") == 2
    assert "is no folder" in capsys.readouterr().err


def test_shipped_courses_are_listed(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["course", "list"]) == 0
    assert "laparoscopy_basics" in capsys.readouterr().out


def test_sessions_are_in_the_order_in_which_they_began(tmp_path: Path) -> None:
    for number in (1, 2, 3, 4):
        session(tmp_path, number, passed=True)
    for number, minute in ((1, 30), (3, 10)):  # copied later, in another order
        begun = datetime(1970, 1, 1, 0, minute, tzinfo=UTC)
        folder = tmp_path / f"s{number:02d}"
        write_timing(folder, TIMING.model_copy(update={"begun_at": begun}))
        os.utime(folder / "session.mcap", ns=(number, number))
    names = [one.folder.name for one in sessions_below(tmp_path)]
    assert names == ["s02", "s04", "s03", "s01"]  # of 2 and 4 the files tell when they ended
