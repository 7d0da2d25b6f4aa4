"""``surgisim check``: look for mistakes in procedure files."""

import argparse
from pathlib import Path

from surgisim import anatomy
from surgisim.errors import MaterialError
from surgisim.procedure import Stock, problems_of

__all__ = ["add_parser"]


def add_parser(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Describe the command."""
    p = commands.add_parser("check", help="check procedure files", description=__doc__)
    p.add_argument("files", nargs="+", type=Path, metavar="FILE")
    p.add_argument(
        "--anatomy",
        type=Path,
        metavar="DIR",
        help="look for the organs in this anatomy, as `run --anatomy` does",
    )
    p.set_defaults(work=_work)


def _work(given: argparse.Namespace) -> int:
    stock = _stock(given.anatomy)
    mistakes = 0
    for file in given.files:
        problems = problems_of(file, stock)
        mistakes += len(problems)
        for problem in problems:
            print(problem)
        if not problems:
            print(f"{file}: no mistakes")
    return 1 if mistakes else 0


def _stock(chosen: Path | None) -> Stock:
    """List the names that a scene may use, in the `chosen` anatomy if there is one."""
    library = anatomy.tissue_names()
    tissues = [name for name in library if _is_elastic(name)]
    capsules = [name for name in library if "ultimate_strain" in anatomy.properties(name)]
    if chosen is None:
        return Stock(tissues, capsules, anatomy.organ_names)
    organs = anatomy.organ_names(chosen)
    return Stock(tissues, capsules, lambda _: organs)


def _is_elastic(tissue: str) -> bool:
    try:
        anatomy.tissue_parameters(tissue)
    except MaterialError:
        return False
    return True
