"""``surgisim check``: look for mistakes in files of procedures and courses."""

import argparse
from pathlib import Path

from surgisim.course import problems_of as course_problems
from surgisim.course.load import is_course
from surgisim.errors import ProcedureError
from surgisim.procedure import Problem, Stock, find, problems_of
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
    p.set_defaults(work=_work)


def _work(given: argparse.Namespace) -> int:
    stock = stock_of(given.anatomy)
    mistakes = 0
    for file in given.files:
        try:
            problems = _problems(file, stock)
        except ProcedureError as error:
            print(error)
            mistakes += 1
            continue
        mistakes += len(problems)
        for problem in problems:
            print(problem)
        if not problems:
            print(f"{file}: no mistakes")
    return 1 if mistakes else 0


def _problems(file: Path, stock: Stock) -> list[Problem]:
    if file.is_dir():
        return problems_of(file, stock)
    if file.is_file() and is_course(file):
        return course_problems(file)
    return problems_of(find(file), stock)
