"""A key that is misspelt and a value of the wrong kind are told where they stand, wherever."""

import io
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from surgisim.procedure import problems_of
from surgisim.procedure.source import Places, parse

SHIPPED = sorted((Path(__file__).parents[2] / "procedures").glob("*.yaml"))
EVERY = 5  # of the places of a file
Place = tuple[str | int, ...]


def places(node: Any, path: Place = ()) -> Iterator[Place]:
    """Every key and every item of a list."""
    for part in (
        node if isinstance(node, dict) else range(len(node) if isinstance(node, list) else 0)
    ):
        yield (*path, part)
        yield from places(node[part], (*path, part))


def damaged(text: str, place: Place, folder: Path, *, misspelt: bool) -> tuple[Path, Place]:
    """Write a file with one key misspelt, or one value that is a list in a list."""
    yaml = YAML()
    yaml.width = 10_000
    root = yaml.load(text)
    holder = root
    for part in place[:-1]:
        holder = holder[part]
    last = place[-1]
    if misspelt:
        keys = list(holder)
        holder.insert(keys.index(last), f"{last}q", holder.pop(last))
        place = (*place[:-1], f"{last}q")
    else:
        holder[last] = [[1]]
    out = io.StringIO()
    yaml.dump(root, out)
    path = folder / "damaged.yaml"
    path.write_text(out.getvalue(), encoding="utf-8")
    return path, place


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.stem)
def test_each_is_told_at_its_place(path: Path, tmp_path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    for number, place in enumerate(places(parse(text))):
        misspelt = isinstance(place[-1], str) and number % 2 == 0
        if number % EVERY:
            continue
        file, place = damaged(text, place, tmp_path, misspelt=misspelt)
        written = file.read_text(encoding="utf-8")
        found = Places(parse(written), written)
        told = {(one.line, one.column): one.message for one in problems_of(file)}
        if misspelt:
            assert told[found.key(place)].startswith("unknown key"), place
            continue
        line, _ = found.value(place)
        # the list itself, or the item of it where a list is right
        assert [at for at, _ in told if at in (line, line + 1)], (place, told)
