"""``surgisim procedures``: what comes along."""

import argparse

from surgisim.commands.wrapping import columns, terminal_width
from surgisim.procedure import Procedure, find, load, shipped

__all__ = ["add_parser"]


def add_parser(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Describe the command."""
    p = commands.add_parser(
        "procedures",
        help="list the shipped procedures",
        description="List the procedures that come along, to run or to begin one of your own from.",
    )
    p.set_defaults(work=_work)


def _work(_: argparse.Namespace) -> int:
    head = ("name", "version", "at most", "purpose", "title")
    rows = [_row(name, load(find(name))) for name in shipped()]
    print(columns([head, *rows], terminal_width()))
    return 0


def _row(name: str, one: Procedure) -> tuple[str, ...]:
    return (name, one.version, f"{one.time_limit / 60.0:.4g} min", one.purpose, one.title)
