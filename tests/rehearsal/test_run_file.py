"""The file of runs: stopped anywhere, it goes on; of something else it says so."""

import json
from dataclasses import replace
from pathlib import Path

import pytest

from surgisim.errors import RecordError
from surgisim.rehearsal.outcome import Outcome
from surgisim.rehearsal.run_file import RUNS_FILE, RunFile

from .made import TEXT, outcome, plan


def test_what_is_written_is_there_the_next_time(tmp_path: Path) -> None:
    of = plan(runs=3)
    with RunFile(tmp_path / "new", of) as file:
        file.add(outcome("careful", 1))
        file.add(Outcome.broken(outcome("careful", 2).run, "gone"))
        assert len(file.done) == 2
    with RunFile(tmp_path / "new", of) as file:
        assert list(file.done.values()) == [outcome("careful", 1)]  # what broke is tried again
        file.add(outcome("careful", 2))
    lines = (tmp_path / "new" / RUNS_FILE).read_text().splitlines()
    assert [json.loads(line).get("seed") for line in lines] == [None, 1, 2]


def test_runs_of_a_trainee_that_was_edited_are_played_again(tmp_path: Path) -> None:
    """Only the procedure's text was compared: a rehearsal went on with runs of both programs."""
    of = replace(plan(trainees=("own:It", "careful")), programs={"own:It": "one"})
    with RunFile(tmp_path, of) as file:
        file.add(outcome("own:It", 1))
        file.add(outcome("careful", 1))
    edited = replace(of, programs={"own:It": "two"})
    with RunFile(tmp_path, edited) as file:
        assert [run.trainee for run in file.done] == ["careful"]
        file.add(outcome("own:It", 1, score=1.0))
    with RunFile(tmp_path, edited) as file:
        assert file.done[outcome("own:It", 1).run].score == 1.0
    with RunFile(tmp_path, of) as file:  # taken back: the first run is that of this program
        assert file.done[outcome("own:It", 1).run].score == outcome("own:It", 1).score


@pytest.mark.parametrize("left", [1, 10, 200])
def test_a_line_half_written_is_let_go(tmp_path: Path, left: int) -> None:
    of = plan(runs=3)
    with RunFile(tmp_path, of) as file:
        file.add(outcome("careful", 1))
        file.add(outcome("careful", 2))
    path = tmp_path / RUNS_FILE
    path.write_bytes(path.read_bytes()[:-left])
    with RunFile(tmp_path, of) as file:
        assert [run.seed for run in file.done] == [1]
        file.add(outcome("careful", 2))
    with RunFile(tmp_path, of) as file:
        assert [run.seed for run in file.done] == [1, 2]


def test_a_header_half_written_is_written_again(tmp_path: Path) -> None:
    (tmp_path / RUNS_FILE).write_bytes(b'{"form": "rehe')
    with RunFile(tmp_path, plan()) as file:
        file.add(outcome("careful", 1))
    with RunFile(tmp_path, plan()) as file:
        assert len(file.done) == 1


def test_runs_of_another_text_are_refused(tmp_path: Path) -> None:
    RunFile(tmp_path, plan()).close()
    with pytest.raises(RecordError, match=r"holds runs of hazards 1 .*choose another --out"):
        RunFile(tmp_path, plan(text=TEXT.replace("3 N", "4 N")))


@pytest.mark.parametrize("line", ["hello", "[1]", '{"form": "other"}'])
def test_another_file_is_refused(tmp_path: Path, line: str) -> None:
    (tmp_path / RUNS_FILE).write_text(line + "\n")
    with pytest.raises(RecordError, match="is no file of runs"):
        RunFile(tmp_path, plan())


def test_a_line_that_is_no_run_is_told(tmp_path: Path) -> None:
    RunFile(tmp_path, plan()).close()
    with (tmp_path / RUNS_FILE).open("a") as file:
        file.write('{"trainee": "careful"}\n')
    with pytest.raises(RecordError, match="holds a line that is no run"):
        RunFile(tmp_path, plan())


def test_a_folder_that_cannot_be_made_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(RecordError, match="cannot be used"):
        RunFile(tmp_path / "file" / "inside", plan())
