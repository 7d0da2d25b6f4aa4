"""Every mistake that a course can hold, with its place and its exact words.

Each file of ``bad/`` begins with the lines that are expected of it: ``# expect LINE:COLUMN: text``.
"""

import re
from pathlib import Path

import pytest

from surgisim.cli import main
from surgisim.course import find, json_schema, load, problems_of, shipped
from surgisim.course.load import is_course
from surgisim.errors import ProcedureError

BAD = sorted((Path(__file__).parent / "bad").glob("*.yaml"))
EXPECT = re.compile(r"^# expect (\d+):(\d+): (.*)$", re.MULTILINE)
SHELF = Path(__file__).parents[2] / "courses"


@pytest.mark.parametrize("path", BAD, ids=lambda path: path.stem)
def test_every_mistake_is_told_at_its_place(path: Path) -> None:
    expected = [(int(n), int(m), text) for n, m, text in EXPECT.findall(path.read_text())]
    assert expected
    told = [(one.line, one.column, one.message) for one in problems_of(path)]
    assert told == expected
    with pytest.raises(ProcedureError) as caught:
        load(path)
    assert str(caught.value).splitlines() == [str(problem) for problem in problems_of(path)]


@pytest.mark.parametrize("path", sorted(SHELF.glob("*.yaml")), ids=lambda path: path.stem)
def test_shipped_courses_are_sound(path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert load(path).id == path.stem
    assert path.stem in shipped()
    assert is_course(path)
    assert main(["check", str(path)]) == 0
    assert capsys.readouterr().out == f"{path}: no mistakes\n"


def test_courses_are_found_by_name(tmp_path: Path) -> None:
    assert find("laparoscopy_basics").is_file()
    with pytest.raises(ProcedureError, match="did you mean 'laparoscopy_basics'"):
        find("laparoscopy_basic")
    with pytest.raises(ProcedureError, match="no course"):
        find("x" * 5000)
    assert not is_course(tmp_path)


def test_check_tells_the_mistakes_of_a_course(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", str(BAD[0])]) == 1
    assert str(problems_of(BAD[0])[0]) in capsys.readouterr().out


def test_a_file_that_is_no_set_of_keys(tmp_path: Path) -> None:
    path = tmp_path / "list.yaml"
    path.write_text("- surgisim: course@1\n")
    (problem,) = problems_of(path)
    assert problem.message == "a course is a set of keys, beginning with 'surgisim: course@1'"


def test_a_procedure_beside_the_course_is_found_and_its_mistakes_told(tmp_path: Path) -> None:
    course = tmp_path / "course.yaml"
    course.write_text(
        "surgisim: course@1\nid: own\ntitle: Own\nversion: '1'\nmodules:\n"
        "  - id: one\n    title: One\n    procedure: mine.yaml\n"
        "    proficient: {repeat: {in_a_row: 1}, source: chosen}\n"
    )
    text = (SHELF.parent / "procedures" / "liver_palpation.yaml").read_text()
    (tmp_path / "mine.yaml").write_text(text)
    assert problems_of(course) == []
    (tmp_path / "mine.yaml").write_text(text.replace("radius: 8 mm", "raduis: 8 mm"))
    (problem,) = problems_of(course)
    assert (problem.line, problem.column) == (8, 16)
    assert "the procedure 'mine.yaml' has a mistake of its own: `surgisim check" in problem.message


def test_json_schema_names_every_key() -> None:
    schema = json_schema()
    assert schema["title"] == "surgisim course@1"
    assert {"surgisim", "modules", "briefing"} <= set(schema["properties"])
    assert schema["additionalProperties"] is False
