"""Every YAML block of the documents is sound, and so are those in TOML and JSON.

A whole file names its kind in its first line. A part of a procedure is put into the text that
`surgisim new procedure` writes: the info string says where its keys belong (```yaml scene), else
they are keys of the procedure; a list of items with ids takes the place of those with the same id.
A part that is shown as it stands in the reader's file names that (```yaml file my_first.yaml).
"""

import io
import json
import tomllib
from collections.abc import Callable
from functools import reduce
from pathlib import Path
from textwrap import dedent
from typing import Any

import pytest
from PIL import Image
from ruamel.yaml import YAML

from surgisim.authoring import beginning
from surgisim.authoring.flow import flow_of
from surgisim.authoring.picture import picture_of
from surgisim.course import problems_of as problems_of_course
from surgisim.procedure import problems_of
from surgisim.procedure.load import loads
from surgisim.session.stock import stock_of

from .blocks import REPOSITORY, Block, named, put

WHOLE: dict[str, Callable[[Path], list[Any]]] = {
    "procedure@1": lambda path: problems_of(path, stock_of()),
    "course@1": problems_of_course,
}


def completed(block: Block) -> str:
    """A whole procedure with the part that a block shows, after those above it of the same file."""
    if block.more.startswith("file "):
        above = [one for one in named("yaml") if (one.page, one.more) == (block.page, block.more)]
        return reduce(put, above[: above.index(block) + 1], beginning("completed"))
    yaml = YAML()
    whole = yaml.load(beginning("completed"))
    part = yaml.load(dedent(block.text))
    target = whole
    for key in filter(None, block.more.split(".")):
        target = target[key]
    if isinstance(part, list):
        same = {item["id"] for item in part}
        target[:] = [item for item in target if item["id"] not in same] + part
    else:
        target.update(part)
    out = io.StringIO()
    yaml.dump(whole, out)
    return out.getvalue()


@pytest.mark.parametrize("block", named("yaml"), ids=lambda block: block.place)
def test_yaml_is_sound(block: Block, tmp_path: Path) -> None:
    path = tmp_path / "shown.yaml"
    first = block.text.partition("\n")[0]
    kind = first.removeprefix("surgisim:").strip() if first.startswith("surgisim:") else ""
    path.write_text(block.text if kind else completed(block), encoding="utf-8")
    assert [str(one) for one in WHOLE[kind or "procedure@1"](path)] == []


def test_a_part_with_a_mistake_is_noticed(tmp_path: Path) -> None:
    block = Block("x.md", 1, "yaml", "scene", "  probe: {shape: sphere, raduis: 8 mm}\n", "")
    path = tmp_path / "shown.yaml"
    path.write_text(completed(block), encoding="utf-8")
    assert "unknown key 'raduis'" in str(problems_of(path)[0])


@pytest.mark.parametrize("block", named("json"), ids=lambda block: block.place)
def test_json_can_be_read(block: Block) -> None:
    json.loads(block.text)


@pytest.mark.parametrize("block", named("toml"), ids=lambda block: block.place)
def test_toml_can_be_read(block: Block) -> None:
    tomllib.loads(block.text)


def test_the_picture_of_the_guide_is_that_of_the_start() -> None:
    sheet = picture_of(flow_of(loads(beginning("my_first"), "my_first")))
    with Image.open(REPOSITORY / "docs" / "images" / "my_first.png") as picture:
        assert picture.width == pytest.approx(2.0 * sheet.width, abs=2.0)
        assert picture.height == pytest.approx(2.0 * sheet.height, abs=2.0)
