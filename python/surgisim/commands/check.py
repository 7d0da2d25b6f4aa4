"""``surgisim check``: look for mistakes in procedure files."""

import argparse
from pathlib import Path

from surgisim.errors import ProcedureError
from surgisim.procedure import find, problems_of
from surgisim.session.stock import stock_of

__all__ = ["add_parser"]


def add_parser(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Describe the command."""
    p = commands.add_parser(
        "check", help="check procedure files", description="Look for mistakes in procedure files."
    )
    p.add_argument("files", nargs="+", type=Path, metavar="FILE", help="procedures as YAML")
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
            problems = problems_of(file if file.is_dir() else find(file), stock)
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
