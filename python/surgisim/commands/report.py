"""``surgisim report``: the debriefing of a session as one HTML file."""

import argparse
from pathlib import Path

from surgisim.commands.run import paint
from surgisim.session import debrief

__all__ = ["add_parser"]


def add_parser(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Describe the command."""
    p = commands.add_parser(
        "report",
        help="write the debriefing",
        description="Write the debriefing of a session as one HTML file.",
    )
    p.add_argument("session", type=Path, metavar="SESSION", help="session folder")
    p.add_argument("--out", type=Path, metavar="FILE", help="default: report.html in the folder")
    p.set_defaults(work=_work)


def _work(given: argparse.Namespace) -> int:
    print(f"report: {debrief(given.session, paint, given.out).report}")
    return 0
