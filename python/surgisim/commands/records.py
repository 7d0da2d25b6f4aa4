"""``surgisim records``: sessions of many people, their worth, and what persons say of them."""

import argparse
import sys
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from surgisim.commands import records_people
from surgisim.commands.records_tables import session_text, sessions_table
from surgisim.commands.store_options import add_store_command, store_of
from surgisim.commands.wrapping import terminal_width
from surgisim.errors import RecordError, StoreError
from surgisim.record import load
from surgisim.report.words import counted
from surgisim.session import debrief
from surgisim.session.debrief import assess

if TYPE_CHECKING:
    from surgisim.store import Store, Wanted

__all__ = ["add_parser"]

_OUTCOMES = ("passed", "failed", "interrupted", "practice")


def add_parser(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Describe the command and those under it."""
    p = commands.add_parser(
        "records",
        help="results of many sessions and people",
        description="The store of records: who played what, and what it was worth. People are "
        "pseudonyms in it; WHO is 8 or more digits of one, or id:ID for the local id.",
    )
    under = p.add_subparsers(dest="what", required=True, metavar="WHAT")
    _add_filters(add_store_command(under, "list", _list, "sessions, the latest last"))
    p = add_store_command(
        under,
        "table",
        _table,
        "results as a table for statistics",
        "Write results as a table, a row for each session that ended: CSV, or Parquet where "
        "pyarrow is installed.",
    )
    p.add_argument("out", type=Path, metavar="FILE", help="ends in .csv or .parquet")
    _add_filters(p)
    _add_number(add_store_command(under, "show", _show, "one session, line by line"))
    p = add_store_command(
        under,
        "add",
        _add,
        "take in a session that was broken off, or played outside of the store",
        "Take in a session: by its number one that was broken off in the middle, by its folder one "
        "that was played outside of the store. The folder stays as it is.",
    )
    p.add_argument("session", metavar="SESSION", help="number or folder")
    p.add_argument("--trainee-id", metavar="ID", help="who played, for a folder")
    text = "take a session off the list that was broken off"
    _add_number(add_store_command(under, "drop", _drop, text))
    _add_overrule(under)
    records_people.add_parsers(under)


def _add_number(p: argparse.ArgumentParser) -> None:
    p.add_argument("number", type=int, metavar="N", help="number of the session")


def _add_filters(p: argparse.ArgumentParser) -> None:
    p.add_argument("--who", help="of this person")
    p.add_argument("--procedure", metavar="ID", help="of this procedure")
    p.add_argument("--outcome", choices=_OUTCOMES, help="that came out so")
    p.add_argument("--player", metavar="NAME", help="'person', or the script that played")
    p.add_argument(
        "--since", type=_day, metavar="DATE", help="begun on this day or later, as in 2026-11-30"
    )


def _day(text: str) -> str:
    """Read a day; argparse tells what is wrong with it."""
    try:
        return date.fromisoformat(text).isoformat()
    except ValueError as error:
        raise argparse.ArgumentTypeError(
            f"{text!r} is no day; give one as in 2026-11-30"
        ) from error


def _add_overrule(under: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    p = add_store_command(
        under,
        "overrule",
        _overrule,
        "say what a line of a score is worth instead, or the verdict, and why",
        "Say what a line of a score is worth instead (--points), or of the line 'verdict' what it "
        "is (--passed, --failed). The original stays beside it.",
    )
    _add_number(p)
    p.add_argument("line", metavar="LINE", help="id of the line, as `show` tells it, or 'verdict'")
    said = p.add_mutually_exclusive_group(required=True)
    said.add_argument("--points", type=float, metavar="P", help="what the line is worth")
    said.add_argument("--passed", action="store_const", const=True, help="the verdict is passed")
    said.add_argument("--failed", dest="passed", action="store_const", const=False,
                      help="the verdict is failed")  # fmt: skip
    p.add_argument("--reason", required=True, metavar="TEXT", help="why; shown in the report")


def _list(given: argparse.Namespace) -> int:
    store = store_of(given)
    wanted = _wanted(given, store)
    found = store.sessions(**wanted)
    if not found:
        print("no sessions")
        return 0
    finals = {one.session.number: one for one in store.results(**wanted)}
    print(sessions_table(found, finals, terminal_width()))
    return 0


def _table(given: argparse.Namespace) -> int:
    from surgisim.store.table import write_table

    store = store_of(given)
    found = store.results(**_wanted(given, store))
    write_table(given.out, found)
    print(f"{given.out}: {counted(len(found), 'session')}")
    return 0


def _wanted(given: argparse.Namespace, store: "Store") -> "Wanted":
    return {
        "person": None if given.who is None else store.find_person(given.who),
        "procedure": given.procedure,
        "outcome": given.outcome,
        "player": given.player,
        "since": given.since,
    }


def _show(given: argparse.Namespace) -> int:
    print(session_text(store_of(given).result(given.number), terminal_width()))
    return 0


def _add(given: argparse.Namespace) -> int:
    store = store_of(given)
    if given.session.isdecimal():
        if given.trainee_id is not None:
            raise StoreError(
                "a session in the store has its person already; leave --trainee-id out."
            )
        return _take_up(store, int(given.session))
    folder = Path(given.session)
    record = load(folder)
    player = str(record.header.get("trainee") or "person")
    if player != "person" and given.trainee_id is not None:
        raise StoreError(
            f"the script '{player}' played {folder}: it is nobody's; leave --trainee-id out."
        )
    person = None if given.trainee_id is None else store.pseudonym(given.trainee_id)
    number = store.add(folder, assess(record).result, player, person)
    print(f"entered in the store as session {number}")
    return 0


def _take_up(store: "Store", number: int) -> int:
    entry = store.take_up(number)
    try:
        result = debrief(entry.folder).result
    except RecordError as error:
        print(f"surgisim: {error}", file=sys.stderr)
        print(f"session {number} stays on the list; `surgisim records drop {number}` takes it off")
        return 1
    store.end(entry, result)
    print(f"session {number} was taken in: {result.outcome}, {result.score:.1f} of 100 points")
    return 0


def _drop(given: argparse.Namespace) -> int:
    store = store_of(given)
    store.drop(given.number)
    print(f"session {given.number} is off the list")
    return 0


def _overrule(given: argparse.Namespace) -> int:
    store = store_of(given)
    store.overrule(given.number, given.line, given.reason, points=given.points, passed=given.passed)
    print(session_text(store.result(given.number), terminal_width()))
    return 0
