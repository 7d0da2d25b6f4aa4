"""Reading a procedure file, with every mistake at its line and column.

The file is read by ruamel.yaml in round-trip mode, which keeps positions; pydantic says what does
not fit the model; `surgisim.procedure.check` says what the model cannot see.
"""

import os
from collections.abc import Iterator
from dataclasses import dataclass
from importlib import resources
from pathlib import Path
from typing import Any

from surgisim.errors import ProcedureError
from surgisim.procedure.check import check
from surgisim.procedure.check_view import check_view
from surgisim.procedure.fit import fit, original, touches
from surgisim.procedure.grading import check_grades
from surgisim.procedure.guard import suggest
from surgisim.procedure.model import Procedure
from surgisim.procedure.names import Stock, check_names
from surgisim.procedure.source import Places, UnreadableError, parse, plain, read_text

__all__ = ["Problem", "find", "load", "problems_of", "shipped"]


@dataclass(frozen=True, slots=True, order=True)
class Problem:
    """One mistake; `line` and `column` count from 1."""

    file: str
    line: int
    column: int
    message: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}:{self.column}: {self.message}"


def load(path: Path | str) -> Procedure:
    """Read a procedure.

    Raises
    ------
    ProcedureError
        With every mistake of the file, one a line.
    """
    return _sound(*_read(Path(path)))


def _sound(procedure: Procedure | None, problems: list[Problem]) -> Procedure:
    if procedure is None or problems:
        raise ProcedureError("\n".join(str(problem) for problem in problems))
    return procedure


def loads(text: str, name: str, stock: Stock | None = None) -> Procedure:
    """Read a procedure from its text, for example as a record keeps it.

    Parameters
    ----------
    text
        The YAML.
    name
        What errors call it.
    stock
        As for `problems_of`.

    Raises
    ------
    ProcedureError
        With every mistake, one a line.
    """
    return _sound(*_understand(text, name, stock))


def problems_of(path: Path | str, stock: Stock | None = None) -> list[Problem]:
    """Every mistake of a file, in the order of its lines; empty when it is sound.

    If `stock` is given, names of tissues, anatomies and organs are looked for in it, and whether
    its tissues are known well enough for an assessment.
    """
    return _read(Path(path), stock)[1]


def _shelf() -> Path:
    """Locate the folder of the shipped procedures."""
    return Path(str(resources.files("surgisim"))) / "procedures"


def shipped() -> list[str]:
    """Names of the procedures that come with surgisim."""
    return sorted(path.stem for path in _shelf().glob("*.yaml"))


def find(name: Path | str) -> Path:
    """Find the file of a procedure: by its path, or by the name of a shipped one.

    Raises
    ------
    ProcedureError
        When there is neither.
    """
    path = Path(name)
    if os.path.isfile(path):  # noqa: PTH113  Path.is_file raises on names that are too long
        return path
    known = shipped()
    if path.stem in known and str(path) in (path.stem, f"{path.stem}.yaml"):
        return _shelf() / f"{path.stem}.yaml"
    hint = suggest(path.stem, known) or suggest(str(name), _beside(path))
    raise ProcedureError(
        f"no procedure '{name}'{hint}: give the path of a YAML file or one of {', '.join(known)}"
    )


def _beside(path: Path) -> list[str]:
    """List the YAML files in the folder where a file was looked for, written the same way."""
    try:
        return [str(path.parent / one.name) for one in sorted(path.parent.glob("*.yaml"))]
    except OSError:
        return []


def _read(path: Path, stock: Stock | None = None) -> tuple[Procedure | None, list[Problem]]:
    try:
        source = read_text(path)
    except UnreadableError as error:
        return None, [Problem(str(path), error.line, error.column, str(error))]
    return _understand(source, str(path), stock)


def _understand(
    source: str, name: str, stock: Stock | None = None
) -> tuple[Procedure | None, list[Problem]]:
    try:
        root = parse(source)
        written = plain(root)
    except UnreadableError as error:
        return None, [Problem(name, error.line, error.column, str(error))]
    places = Places(root, source)
    procedure, told, dropped = fit(written)
    problems = {
        Problem(name, *(places.key(where) if at_key else places.value(where)), text)
        for where, text, at_key in told
    }
    if procedure is not None:
        findings = [*check(procedure, _ids(written)), *check_view(procedure)]
        if stock is not None:
            findings += [*check_names(procedure, stock), *check_grades(procedure, stock)]
        for finding in findings:
            if finding.whole is not None and touches(dropped, written, finding.whole):
                continue
            where = original(finding.path, written, dropped)
            problems.add(Problem(name, *places.value(where, finding.offset), finding.message))
    return procedure, sorted(problems)


def _ids(written: dict[str, Any]) -> dict[str, set[str]]:
    """Ids of steps, errors and complications, readable or not."""

    def ids(items: object) -> Iterator[str]:
        for item in items if isinstance(items, list) else []:
            if isinstance(item, dict) and isinstance(item.get("id"), str):
                yield item["id"]

    steps = written.get("steps")
    errors = set(ids(written.get("errors")))
    for step in steps if isinstance(steps, list) else []:
        errors |= set(ids(step.get("errors"))) if isinstance(step, dict) else set()
    return {
        "steps": set(ids(steps)),
        "errors": errors,
        "complications": set(ids(written.get("complications"))),
    }
