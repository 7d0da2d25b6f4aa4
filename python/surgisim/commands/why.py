"""``surgisim why``: why everything in a session happened when it did."""

import argparse

from surgisim.commands.session_folder import add_session, session_of
from surgisim.commands.wrapping import terminal_width, wrapped
from surgisim.record import SessionRecord, load
from surgisim.report.model import Transition
from surgisim.report.why import transitions
from surgisim.report.words import clock
from surgisim.session.absent import why_absent

__all__ = ["add_parser"]


def add_parser(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Describe the command."""
    p = commands.add_parser(
        "why",
        help="say why a session went as it did",
        description="Print every transition of a session: the tick, the condition that brought it "
        "about, and what the condition saw; with --of also why something did not happen.",
    )
    add_session(p)
    p.add_argument(
        "--of", metavar="ID", help="only those of this step, mistake, response or complication"
    )
    p.set_defaults(work=_work)


def _work(given: argparse.Namespace) -> int:
    with session_of(given) as found:
        return _tell(load(found.folder), given.of)


def _tell(record: SessionRecord, of: str | None) -> int:
    if record.damaged:
        print(f"note: {record.damaged}")
    told = transitions(record.events)
    found = [one for one in told if of in (None, one.of, one.complication)]
    width = terminal_width()
    if not told:
        print("the record tells no transition: it may be of an older surgisim")
        return 1
    if of is not None and not found:
        print(wrapped(why_absent(record, of), width))
    for one in found:
        print(_told(one, width))
    return 0


def _told(one: Transition, width: int | None) -> str:
    """Say it in two lines: what, and why."""
    head = f"{clock(one.time_s)}  tick {one.tick}  {one.what}"
    head += f"  {one.of}" if one.of else ""
    head += f" ({one.complication})" if one.complication not in ("", one.of) else ""
    because = f"because {one.guard}" if one.guard else f"because of: {one.why}"
    seen = f"   [{one.seen}]" if one.seen else ""
    return f"{head}\n{wrapped(f'    {because}{seen}', width)}"
