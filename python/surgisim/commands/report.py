"""``surgisim report``: the debriefing of a session as one HTML file."""

import argparse
from pathlib import Path

from surgisim.commands.debriefing import paint
from surgisim.commands.past_runs import before, before_in_store, runs_below
from surgisim.commands.session_folder import Found, add_session, session_of
from surgisim.record.reader import read_header
from surgisim.report import Earlier
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
    p.add_argument(
        "--sessions",
        type=Path,
        metavar="DIR",
        help="compare with the same trainee's earlier runs below this folder, which holds one "
        "person's alone (for store:N the store's are taken)",
    )
    p.set_defaults(work=_work)


def _earlier(given: argparse.Namespace, found: Found) -> list[Earlier]:
    """Find the runs to compare with."""
    if found.stored is not None:
        store, number = found.stored
        return before_in_store(store, number)
    if given.sessions is None:
        return []
    trainee = str(read_header(found.folder).get("trainee", ""))
    runs = runs_below(given.sessions, trainee)
    own = found.folder.resolve()
    name = next((run.name for run in runs if Path(run.name).resolve() == own), str(found.folder))
    return before(runs, name)


def _work(given: argparse.Namespace) -> int:
    with session_of(given) as found:
        out = given.out
        if out is None and found.stored is not None:
            out = Path(f"session-{found.stored[1]}.html")
        earlier = _earlier(given, found)
        print(f"report: {debrief(found.folder, paint, out, earlier, found.words).report}")
    return 0
