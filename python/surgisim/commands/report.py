"""``surgisim report``: the debriefing of a session as one HTML file."""

import argparse
from pathlib import Path

from surgisim.commands.run import paint
from surgisim.commands.session_folder import add_session, session_of
from surgisim.session import debrief

__all__ = ["add_parser"]


def add_parser(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Describe the command."""
    p = commands.add_parser(
        "report",
        help="write the debriefing",
        description="Write the debriefing of a session as one HTML file.",
    )
    add_session(p)
    p.add_argument(
        "--out",
        type=Path,
        metavar="FILE",
        help="default: report.html in the folder, session-N.html here for store:N",
    )
    p.set_defaults(work=_work)


def _work(given: argparse.Namespace) -> int:
    with session_of(given) as found:
        out = given.out or (None if found.name is None else Path(f"{found.name}.html"))
        print(f"report: {debrief(found.folder, paint, out, found.words).report}")
    return 0
