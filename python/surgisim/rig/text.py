"""A rig's file as text: TOML, read with the line of every mistake, written whole or not at all."""

import json
import os
import re
import tempfile
import tomllib
from collections.abc import Iterator
from collections.abc import Mapping as Plain
from pathlib import Path
from typing import Any

from surgisim.errors import RigError
from surgisim.rig.fields import SCHEMA, TABLES, mistakes

__all__ = ["read", "write", "written"]

_LARGEST = 100_000  # bytes of a file
_HEAD = "# A rig of surgisim: how the device in the hand lies in the world. SI units; docs/rigs.md."
_TABLE = re.compile(r"\s*\[\s*([\w.-]+)\s*\]")
_KEY = re.compile(r"\s*([\w-]+(?:\s*\.\s*[\w-]+)*)\s*=")
_PLACE = re.compile(r"^(.*) \(at line (\d+), column \d+\)$")


def read(path: Path) -> dict[str, Any]:
    """Read a rig's file as plain tables, checked.

    Raises
    ------
    RigError
        With every mistake, one a line: file, line and what to do.
    """
    text = _text(path)
    try:
        plain = tomllib.loads(text)
    except (ValueError, RecursionError) as error:  # of a number, too, that is too long
        said = _PLACE.match(str(error))
        what, line = (
            (said[1], said[2]) if said else ("it ends too early or holds what is too long", 1)
        )
        raise RigError(f"{path}:{line}: not TOML: {what}; write KEY = VALUE") from error
    lines = dict(_lines(text))
    found = sorted((_line(lines, *where), said) for where, said in mistakes(plain))
    if found:
        raise RigError("\n".join(f"{path}:{line}: {said}" for line, said in found))
    return plain


def _text(path: Path) -> str:
    try:
        data = path.read_bytes()
    except OSError as error:
        raise RigError(
            f"{path} cannot be read: {error.strerror or error}; give a rig's file"
        ) from error
    if len(data) > _LARGEST:
        raise RigError(f"{path} is longer than {_LARGEST} bytes; a rig is a page of text")
    try:
        return data.decode("utf-8").removeprefix("\ufeff")
    except UnicodeDecodeError as error:
        raise RigError(f"{path} is not text in UTF-8; write it again in an editor") from error


def _lines(text: str) -> Iterator[tuple[tuple[str, str], int]]:
    """Yield where each table and key of a file begins; a table has the key ""."""
    table = ""
    for number, line in enumerate(text.splitlines(), start=1):
        if opened := _TABLE.match(line):
            table = opened[1]
            yield (table, ""), number
        elif named := _KEY.match(line):
            *tables, key = (part.strip() for part in named[1].split("."))
            yield (".".join(filter(None, [table, *tables])), key), number


def _line(lines: Plain[tuple[str, str], int], table: str, key: str) -> int:
    """Find the line of a key; where it is not written, that of its table, else the first."""
    places = ((table, key), (key, ""), ("", table), (table, ""))
    return next((lines[place] for place in places if place in lines), 1)


def written(plain: Plain[str, Any]) -> str:
    """Write a rig's tables as text, each key with a remark that says what it means."""
    parts = [_HEAD, f'schema = "{SCHEMA}"']
    for name, fields in TABLES.items():
        table = plain if name == "" else plain.get(name)
        if table is None:
            continue
        parts += ["", f"[{name}]"] if name else []
        given = [key for key in fields if key != "schema" and table.get(key) is not None]
        lines = [f"{key} = {_value(table[key])}" for key in given]
        width = max(map(len, lines))
        parts += [
            f"{line.ljust(width)}  # {fields[key].text}"
            for line, key in zip(lines, given, strict=True)
        ]
    return "\n".join(parts) + "\n"


def _value(value: object) -> str:
    """Write a value so that it is read as the same one, to the bit."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, str):
        return json.dumps(value, ensure_ascii=False)
    if isinstance(value, list | tuple):
        return f"[{', '.join(map(_value, value))}]"
    return repr(value)


def write(path: Path, text: str) -> None:
    """Write a file in one step: whoever reads it sees the old one or the new one.

    Raises
    ------
    RigError
        Where it cannot be written.
    """
    part = None
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
        part = Path(name)
        with os.fdopen(handle, "wb") as file:
            file.write(text.encode("utf-8"))
            file.flush()
            os.fsync(file.fileno())
        part.replace(path)
    except OSError as error:
        if part is not None:
            part.unlink(missing_ok=True)
        reason = error.strerror or str(error)
        raise RigError(f"{path} cannot be written: {reason}; check the folder") from error
