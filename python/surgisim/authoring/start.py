"""The text that a new procedure begins with: a commented one, or a shipped one under a new name.

Only the lines of `id`, `title`, `version` and the remarks at the head change, as text: remarks and
layout of the rest stay as they were.
"""

import re
from importlib import resources
from pathlib import Path

from surgisim.errors import ProcedureError
from surgisim.procedure import find, shipped
from surgisim.procedure.source import UnreadableError, read_text

__all__ = ["begin", "beginning"]

_NAME = re.compile(r"[a-z][a-z0-9_]{0,59}")
_VERSION = "0.1"
_WORDS_OF_YAML = ("false", "null", "true")


def begin(name: str, folder: Path, like: str | None = None) -> Path:
    """Write a new procedure NAME.yaml into a folder, which is made where it is missing.

    Parameters
    ----------
    name
        Its id.
    folder
        Where.
    like
        Name of a shipped procedure or a file to begin from, or None for the commented start.

    Raises
    ------
    ProcedureError
        The name cannot be one, the file is there already or cannot be written, or there is no
        procedure `like`.
    """
    text = beginning(name, like)
    path = folder / f"{name}.yaml"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with path.open("x", encoding="utf-8") as file:
            file.write(text)
    except FileExistsError as error:
        if not path.exists():
            raise ProcedureError(f"{folder} is no folder; give another --out") from error
        raise ProcedureError(
            f"{path} is there already and is left as it is; choose another name or --out"
        ) from error
    except OSError as error:
        raise ProcedureError(f"{path} cannot be written: {error.strerror or error}") from error
    return path


def beginning(name: str, like: str | None = None) -> str:
    """Give the text of a new procedure; see `begin`."""
    if not _NAME.fullmatch(name):
        raise ProcedureError(
            f"'{name}' cannot be the name of a procedure: it takes small letters, digits and '_', "
            "a letter first, 60 at most, such as find_the_nodule"
        )
    if name in shipped():
        raise ProcedureError(
            f"'{name}' is a shipped procedure, and scores are told apart by the name: choose "
            f"another, such as my_{name}"
        )
    if name in _WORDS_OF_YAML:
        raise ProcedureError(
            f"'{name}' is a word of YAML and no text: choose another, such as my_{name}"
        )
    title = name.replace("_", " ").strip().capitalize()
    if like is None:
        start = resources.files("surgisim.authoring").joinpath("start.yaml")
        return _renamed(start.read_text(encoding="utf-8"), name, title)
    path = find(like)
    try:
        written = read_text(path)
    except UnreadableError as error:
        raise ProcedureError(f"{path} is nothing to begin from: {error}") from error
    note = f"# {title}. Begun from {path.stem}; `surgisim docs procedures` explains the format.\n"
    return note + _renamed(_without_head(written), name, title)


def _without_head(text: str) -> str:
    """Leave out the remarks before the first key: they are about the file they stand in."""
    lines = text.splitlines(keepends=True)
    first = next((n for n, line in enumerate(lines) if line.strip() and line[0] != "#"), 0)
    return "".join(lines[first:])


def _renamed(text: str, name: str, title: str) -> str:
    """Replace the values of id, title and version, which stand at the left margin."""
    for key, value in (("id", name), ("title", title), ("version", f'"{_VERSION}"')):
        text = _replaced(text, key, value)
    return text


def _replaced(text: str, key: str, value: str) -> str:
    written = r"(?:\"[^\"\n]*\"|'[^'\n]*'|[^#\n]*?)"
    remark, goes_on = r"(?P<remark>[ \t]+#.*)?", r"(?:\n[ \t]+\S.*)*"
    line = re.compile(rf"^{key}:[ \t]*{written}{remark}{goes_on}$", re.MULTILINE)
    return line.sub(rf"{key}: {value}\g<remark>", text, count=1)
