"""``surgisim new``: begin a procedure of one's own."""

import argparse
from pathlib import Path

from surgisim.authoring import begin

__all__ = ["add_parser"]


def add_parser(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Describe the commands."""
    p = commands.add_parser(
        "new", help="begin a procedure of your own", description="Begin something of your own."
    )
    kinds = p.add_subparsers(required=True, metavar="KIND")
    one = kinds.add_parser(
        "procedure",
        help="write a commented start",
        description="Write a procedure that is complete and explains each of its lines, to be "
        "changed. Nothing that is there is overwritten.",
    )
    one.add_argument("name", metavar="NAME", help="small letters, digits and _, a letter first")
    one.add_argument(
        "--from",
        dest="like",
        metavar="SHIPPED",
        help="begin from this procedure, a shipped one (`surgisim procedures`) or a file",
    )
    one.add_argument(
        "--out", type=Path, default=Path(), metavar="DIR", help="folder (default: this one)"
    )
    one.set_defaults(work=_work)


def _work(given: argparse.Namespace) -> int:
    path = begin(given.name, given.out, given.like)
    print(f"wrote {path}")
    print(f"next: surgisim check {path}")
    return 0
