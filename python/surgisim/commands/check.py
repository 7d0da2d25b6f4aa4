"""``surgisim check``: look for mistakes in procedure files."""

import argparse
from pathlib import Path

from surgisim.errors import SurgisimError
from surgisim.procedure import compared, load, problems_of, record_version
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
    mistakes = 0
    for file in given.files:
        told = [str(problem) for problem in problems_of(file, stock)]
        if not told and given.against is not None:
            told = _against(file, given.against)
        mistakes += len(told)
        print("\n".join(told) if told else f"{file}: no mistakes")
        if given.record and not told:
            procedure = load(file)
            new = record_version(procedure, file.parent)
            print(f"{procedure.identity}: {'recorded' if new else 'recorded before'}")
    return 1 if mistakes else 0


def _against(file: Path, old: Path) -> list[str]:
    text = compared(load(file), load(old))
    return [] if text is None else [f"{file}: {text}"]
