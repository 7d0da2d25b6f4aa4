"""docs/rigs.md: its examples are run, its table is the one that files are checked with."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

from surgisim.cli import main
from surgisim.rig import Accuracy, Ball, Mapping, Rig
from surgisim.rig.fields import TABLES

DOC = (Path(__file__).parents[2] / "docs" / "rigs.md").read_text(encoding="utf-8")
POINTS = re.findall(r"```csv\n(.*?)```", DOC, re.DOTALL)[0]


def test_the_commands_print_what_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("SURGISIM_RIGS", str(tmp_path / "rigs"))
    (tmp_path / "points.csv").write_text(POINTS, encoding="utf-8")
    blocks = re.findall(r"```console\n(.*?)```", DOC, re.DOTALL)
    run = 0
    for line in re.findall(r"^\$ surgisim (.*\n(?:[^$].*\n)*)", "".join(blocks), re.MULTILINE):
        command, told = line.split("\n", 1)
        assert main(command.split()) == 0
        assert capsys.readouterr().out.replace(str(tmp_path / "rigs"), "RIGS") == told
        run += 1
    assert run == 4


@pytest.mark.parametrize("number", range(2))
def test_the_examples_print_what_is_told(number: int, tmp_path: Path) -> None:
    examples = re.findall(r"```python\n(.*?)```\n\nprints\n\n```\n(.*?)```", DOC, re.DOTALL)
    assert len(examples) == 2
    code, told = examples[number]
    (tmp_path / "points.csv").write_text(POINTS, encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", code],
        capture_output=True,
        text=True,
        check=False,
        cwd=tmp_path,
    )
    assert (done.stderr, done.stdout) == ("", told)


def test_the_file_of_the_example_is_sound(tmp_path: Path) -> None:
    path = tmp_path / "one.toml"
    path.write_text(re.findall(r"```toml\n(.*?)```", DOC, re.DOTALL)[0], encoding="utf-8")
    assert Rig.load(path) == Rig("touch", Mapping(scale=1.5, clutch=1), Ball(radius=0.08))


def test_every_key_is_told() -> None:
    start = DOC.index("| table | key |")
    rows = [
        [cell.strip() for cell in line.strip("|").split("|")]
        for line in DOC[start : DOC.index("\n\n", start)].splitlines()[2:]
    ]
    kinds = {"": Rig, "mapping": Mapping, "workspace": Ball, "calibration": Accuracy}
    expected = []
    for table, fields in TABLES.items():
        for key, field in fields.items():
            default = ""
            if not field.needed:
                made = getattr(kinds[table](), key)
                whole = isinstance(made, tuple)
                default = f"[{', '.join(f'{x:g}' for x in made)}]" if whole else _shown(made)
            name = f"**{key}**" if field.needed else key
            expected.append([table, name, field.wanted, field.text, default])
    assert rows == expected


def _shown(value: object) -> str:
    if value is None:
        return "none"
    return str(value).lower() if isinstance(value, bool) else f"{value:g}"
