"""docs/courses.md says what the format is: this keeps it true."""

import re
from pathlib import Path

import pytest
from pydantic import BaseModel

from surgisim.course import load
from surgisim.course.model import Course, CusumSpec, Limit, Module, Proficiency, Success

DOC = (Path(__file__).parents[2] / "docs" / "courses.md").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("head", "model"),
    [
        ("### The course", Course),
        ("### modules\n", Module),
        ("### modules: success", Success),
        ("| key of a limit", Limit),
        ("### modules: proficient", Proficiency),
        ("| key of cusum", CusumSpec),
    ],
)
def test_keys(head: str, model: type[BaseModel]) -> None:
    table = DOC[DOC.index(head) :].split("| --- |", 1)[1].split("\n\n")[0]
    told = re.findall(r"^\| (\**)`(\w+)`\**", table, re.MULTILINE)
    fields = {
        field.alias or name: field.is_required() for name, field in model.model_fields.items()
    }
    assert {name: bool(bold) for bold, name in told} == fields


def test_the_small_course_is_sound(tmp_path: Path) -> None:
    (text,) = re.findall(r"```yaml\n(.*?)```", DOC, re.DOTALL)
    path = tmp_path / "first_course.yaml"
    path.write_text(text)
    assert load(path).id == "first_course"
