"""Reading a procedure file, with every mistake at its line and column.

The file is read by ruamel.yaml in round-trip mode, which keeps positions; pydantic says what does
not fit the model; `surgisim.procedure.checks` says what the model cannot see.
"""

import os
from collections.abc import Iterator
from dataclasses import replace
from importlib import resources
from pathlib import Path
from typing import Any

from surgisim.errors import ProcedureError
from surgisim.nearest import suggest
from surgisim.procedure.checks import check
from surgisim.procedure.finding import Finding
from surgisim.procedure.fit import MOST_TOLD, fit, original, touches
from surgisim.procedure.grading import check_grades
from surgisim.procedure.model import Procedure
from surgisim.procedure.names import Stock, check_names
from surgisim.procedure.patient_file import with_reference
from surgisim.procedure.problem import Problem
from surgisim.procedure.program import program_text
from surgisim.procedure.source import Places, UnreadableError, parse, plain, read_text
from surgisim.procedure.versions import unraised

_LONGEST = 600  # characters of what is told of one mistake

__all__ = ["find", "load", "loads", "problems_of", "reread", "shipped"]


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


def loads(
    text: str, name: str, stock: Stock | None = None, folder: Path | None = None
) -> Procedure:
    """Read a procedure from its text, for example as a record keeps it.

    Parameters
    ----------
    text
        The YAML.
    name
        What errors call it.
    stock
        As for `problems_of`.
    folder
        Where the files are that it names; None where they do not matter, as for a score.

    Raises
    ------
    ProcedureError
        With every mistake, one a line.
    """
    return _sound(*_understand(text, name, stock, folder))


def reread(text: str, name: str) -> Procedure:
    """Read a procedure as a record keeps it: it was sound to those who played it.

    What only a later check finds does not take the score of a session away, nor its replay.

    Raises
    ------
    ProcedureError
        It is no procedure, or one with keys or values that this version does not know.
    """
    return _sound(*_understand(text, name, checked=False))


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
    return _understand(source, str(path), stock, path.parent)


def _understand(
    source: str,
    name: str,
    stock: Stock | None = None,
    folder: Path | None = None,
    *,
    checked: bool = True,
) -> tuple[Procedure | None, list[Problem]]:
    try:
        root = parse(source, again=not checked)
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
        for finding in _findings(procedure, written, stock) if checked else ():
            if len(problems) > MOST_TOLD:
                break
            if finding.whole is not None and touches(dropped, written, finding.whole):
                continue
            where = original(finding.path, written, dropped)
            problems.add(Problem(name, *places.value(where, finding.offset), finding.message))
        if folder is not None and not dropped:
            procedure, more = _with_files(procedure, folder, name, places)
            problems |= set(more)
    return procedure, _shortened(sorted(problems))


def _findings(
    procedure: Procedure, written: dict[str, Any], stock: Stock | None
) -> Iterator[Finding]:
    yield from check(procedure, _ids(written))
    if stock is not None:
        yield from check_names(procedure, stock)
        yield from check_grades(procedure, stock)


def _clipped(text: str) -> str:
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 3]}..."


def _shortened(problems: list[Problem]) -> list[Problem]:
    """Leave out what nobody would read: a file with more mistakes is wrong as a whole."""
    problems = [replace(one, message=_clipped(one.message)) for one in problems]
    if len(problems) <= MOST_TOLD:
        return problems
    kept = problems[:MOST_TOLD]
    text = f"there are more mistakes than these {MOST_TOLD}: mend them first"
    return [*kept, replace(kept[-1], message=text)]


def _with_files(
    procedure: Procedure, folder: Path, name: str, places: Places
) -> tuple[Procedure, list[Problem]]:
    """Read the files that a procedure names into it."""
    problems = []
    try:
        told = unraised(procedure, folder, program_text(procedure, folder))
        if told is not None:
            problems.append(Problem(name, *places.value(("version",)), told))
    except ValueError as error:
        problems.append(Problem(name, *places.value(("behaviour",)), str(error)))
    patient = procedure.patient
    if patient is None or patient.ref is None:
        return procedure, problems
    try:
        patient, more = with_reference(patient, folder)
    except ValueError as error:
        more = [Problem(name, *places.value(("patient", "ref")), str(error))]
    return procedure.model_copy(update={"patient": patient}), problems + more


def _ids(written: dict[str, Any]) -> dict[str, set[str]]:
    """Ids of steps, errors, complications and responses, readable or not."""

    def ids(holder: object, key: str) -> Iterator[str]:
        items = holder.get(key) if isinstance(holder, dict) else None
        for item in items if isinstance(items, list) else []:
            if isinstance(item, dict) and isinstance(item.get("id"), str):
                yield item["id"]

    def listed(key: str) -> list[object]:
        items = written.get(key)
        return items if isinstance(items, list) else []

    responses = {one for item in listed("complications") for one in ids(item, "correct")}
    errors = set(ids(written, "errors")) | responses
    errors |= {one for item in listed("steps") for one in ids(item, "errors")}
    errors |= {one for item in listed("complications") for one in ids(item, "wrong")}
    return {
        "steps": set(ids(written, "steps")),
        "errors": errors,
        "complications": set(ids(written, "complications")),
        "responses": responses,
    }
