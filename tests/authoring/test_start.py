"""What a new procedure begins with: sound, explained, and nobody's work is overwritten."""

import re
from pathlib import Path

import pytest

from surgisim.authoring import begin, beginning
from surgisim.errors import ProcedureError
from surgisim.procedure import load, problems_of, shipped
from surgisim.session.stock import stock_of


def test_the_start_is_sound_and_explains_itself(tmp_path: Path) -> None:
    path = begin("find_one", tmp_path / "new")
    assert path == tmp_path / "new" / "find_one.yaml"
    assert problems_of(path, stock_of()) == []
    procedure = load(path)
    assert (procedure.id, procedure.title, procedure.version) == ("find_one", "Find one", "0.1")
    assert procedure.purpose == "practice"
    lines = path.read_text().splitlines()
    explained = sum(" # " in line or line.startswith("# ") for line in lines)
    assert explained > len(lines) / 3
    assert max(map(len, lines)) <= 100


def test_the_start_has_one_of_everything(tmp_path: Path) -> None:
    procedure = load(begin("all_of_it", tmp_path))
    assert procedure.errors
    assert any(one.random for one in procedure.complications)
    assert any(one.when and one.states for one in procedure.complications)
    assert procedure.scene.nodules is not None
    assert any(step.needs for step in procedure.steps)


@pytest.mark.parametrize("name", shipped())
def test_from_a_shipped_one_only_its_name_changes(name: str, tmp_path: Path) -> None:
    path = begin("own", tmp_path, like=name)
    assert problems_of(path, stock_of()) == []
    own, other = load(path).model_dump(), load(Path("procedures") / f"{name}.yaml").model_dump()
    changed = {key for key in own if own[key] != other[key]}
    assert changed == {"id", "title", "version"}
    assert path.read_text().splitlines()[0].startswith("# Own. Begun from ")


def test_a_title_of_several_lines_is_replaced_whole(tmp_path: Path) -> None:
    like = tmp_path / "like.yaml"
    like.write_text(
        "# about\n\nid: 'x'  # why\ntitle: >-\n  of two\n  lines\nversion: \"2\"\n"
        "end_when: time > 1 s\n"
    )
    assert beginning("own", str(like)).splitlines()[1:] == [
        "id: own  # why",
        "title: Own",
        'version: "0.1"',
        "end_when: time > 1 s",
    ]


def test_nothing_is_overwritten(tmp_path: Path) -> None:
    path = begin("mine", tmp_path)
    path.write_text("my work")
    told = f"{path} is there already and is left as it is; choose another name or --out"
    with pytest.raises(ProcedureError, match=re.escape(told)):
        begin("mine", tmp_path)
    assert path.read_text() == "my work"
    with pytest.raises(ProcedureError, match=re.escape(f"{path} is no folder")):
        begin("mine", path)


@pytest.mark.parametrize("name", ["My_one", "1st", "a-b", "", "a b", "x" * 61, "a/b", "é"])
def test_names_have_one_rule(name: str, tmp_path: Path) -> None:
    with pytest.raises(ProcedureError, match="it takes small letters, digits and '_'"):
        begin(name, tmp_path)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("name", ["null", "true", "false"])
def test_a_word_of_yaml_is_no_name(name: str, tmp_path: Path) -> None:
    with pytest.raises(ProcedureError, match=f"'{name}' is a word of YAML"):
        begin(name, tmp_path)
    path = begin(f"my_{name}", tmp_path)
    assert problems_of(path) == []


def test_what_is_no_text_is_nothing_to_begin_from(tmp_path: Path) -> None:
    like = tmp_path / "like.yaml"
    like.write_bytes(b"\xff\xfe")
    with pytest.raises(ProcedureError, match="is nothing to begin from: the file is not text"):
        begin("own", tmp_path, like=str(like))


def test_the_name_of_a_shipped_one_is_taken(tmp_path: Path) -> None:
    with pytest.raises(ProcedureError, match="choose another, such as my_liver_palpation"):
        begin("liver_palpation", tmp_path)
