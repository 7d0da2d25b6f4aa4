"""docs/rigs.md: its file is sound, its table is the one that files are checked with."""

import re
from pathlib import Path

from surgisim.rig import Accuracy, Ball, Mapping, Rig
from surgisim.rig.fields import TABLES

DOC = (Path(__file__).parents[2] / "docs" / "rigs.md").read_text(encoding="utf-8")


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
