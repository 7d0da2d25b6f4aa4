"""``surgisim explain``: what a procedure does, as text or as a picture."""

import argparse
import sys
from pathlib import Path

from rich.console import Console

from surgisim.authoring.flow import Flow, flow_of
from surgisim.authoring.outline import outline
from surgisim.errors import ProcedureError
from surgisim.procedure import find, load

__all__ = ["add_parser"]


def add_parser(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Describe the command."""
    p = commands.add_parser(
        "explain",
        help="show what a procedure does",
        description="Show the flow of a procedure in plain words: steps and what they need, "
        "conditions, time limits, complications and their states, mistakes, score.",
    )
    p.add_argument("procedure", help="name of a shipped procedure, or a YAML file")
    p.add_argument(
        "--out", type=Path, metavar="FILE", help="draw a picture: FILE.svg, .png or .pdf"
    )
    p.add_argument(
        "--text", action="store_true", help="write it in the terminal (default without --out)"
    )
    p.set_defaults(work=_work)


def _work(given: argparse.Namespace) -> int:
    path = find(given.procedure)
    try:
        flow = flow_of(load(path))
    except ProcedureError as error:
        print(error)
        print("surgisim: mend this first; there is no flow to show yet", file=sys.stderr)
        return 1
    if given.out is not None:
        _draw(flow, given.out)
        print(f"picture: {given.out}")
    if given.text or given.out is None:
        Console(soft_wrap=False).print(outline(flow))
    return 0


def _draw(flow: Flow, out: Path) -> None:
    from surgisim.authoring.paint import paint
    from surgisim.authoring.picture import picture_of

    paint(picture_of(flow), out, flow.title)
