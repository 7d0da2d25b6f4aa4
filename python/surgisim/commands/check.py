"""``surgisim check``: look for mistakes in files of procedures and courses."""

import argparse
import os
from pathlib import Path

from surgisim.course import problems_of as course_problems
from surgisim.course.load import is_course
from surgisim.errors import ProcedureError, SurgisimError
from surgisim.procedure import (
    Stock,
    compared,
    find,
    load,
    problems_of,
    program_text,
    record_version,
)
from surgisim.session.stock import stock_of

__all__ = ["add_parser"]


def add_parser(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Describe the command."""
    p = commands.add_parser(
        "check",
        help="check procedures and courses",
        description="Look for mistakes in files of procedures and courses.",
    )
    p.add_argument(
        "files", nargs="+", type=Path, metavar="FILE", help="procedures and courses as YAML"
    )
    p.add_argument(
        "--anatomy",
        type=Path,
        metavar="DIR",
        help="look for the organs in this anatomy, as `run --anatomy` does",
    )
    p.add_argument(
        "--against",
        type=Path,
        metavar="OLD",
        help="an earlier file of the same procedure: what alters scores must raise the version",
    )
    p.add_argument(
        "--record",
        action="store_true",
        help="note in versions.toml beside a sound file what the scores of its version rest on",
    )
    p.set_defaults(work=_work)


def _work(given: argparse.Namespace) -> int:
    if given.against is not None and len(given.files) > 1:
        raise SurgisimError("--against compares one file with its earlier one; give one file")
    stock = stock_of(given.anatomy)
    mistakes, for_procedures = 0, given.record or given.against is not None
    for file in given.files:
        try:
            told = _told(file, stock, given.against, for_procedures=for_procedures)
        except ProcedureError as error:
            told = [str(error)]
        mistakes += len(told)
        print("\n".join(told) if told else f"{file}: no mistakes")
        if given.record and not told:
            _record(file)
    return 1 if mistakes else 0


def _told(file: Path, stock: Stock, old: Path | None, *, for_procedures: bool) -> list[str]:
    """Say every mistake of a file, a line each."""
    if os.path.isfile(file) and is_course(file):  # noqa: PTH113  Path.is_file raises on long names
        problems = course_problems(file)
        if problems or not for_procedures:
            return [str(problem) for problem in problems]
        return [f"{file}: --record and --against are for procedures, and this is a course"]
    found = file if os.path.isdir(file) else find(file)  # noqa: PTH112
    told = [str(problem) for problem in problems_of(found, stock)]
    if told or old is None:
        return told
    new, before = load(found), load(old)
    programs = program_text(new, found.parent), program_text(before, old.parent)
    text = compared(new, before, programs)
    return [] if text is None else [f"{file}: {text}"]


def _record(file: Path) -> None:
    path = find(file)
    procedure = load(path)
    new = record_version(procedure, path.parent, program_text(procedure, path.parent))
    print(f"{procedure.identity}: {'recorded' if new else 'recorded before'}")
