"""``surgisim records``: people, their notes, what is theirs, and the log."""

import argparse
import sys
from pathlib import Path

from surgisim.commands.records_tables import log_table, people_table
from surgisim.commands.store_options import add_store_command, ask_passphrase, store_of
from surgisim.commands.wrapping import terminal_width
from surgisim.errors import RightsError, StoreError
from surgisim.report.words import counted

__all__ = ["add_parsers"]

_ROLES = ("trainee", "instructor", "designer", "admin", "none")


def add_parsers(under: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Describe the commands."""
    add_store_command(under, "whoami", _whoami, "who is signed in, and with which role")
    _add_person(under)
    p = add_store_command(under, "note", _note, "write something down about a person, or read it")
    p.add_argument("who", metavar="WHO")
    p.add_argument("text", nargs="?", metavar="TEXT", help="left out: what was written is shown")
    p = add_store_command(under, "export", _export, "everything of one person as a ZIP file")
    p.add_argument("who", metavar="WHO")
    p.add_argument("--out", type=Path, required=True, metavar="FILE", help="a .zip file")
    text = "erase a person with all that is theirs, for ever"
    p = add_store_command(under, "erase", _erase, text)
    p.add_argument("who", metavar="WHO")
    p.add_argument("--yes", action="store_true", help="really")
    p = add_store_command(under, "audit", _audit, "who did what: the latest lines of the log")
    p.add_argument("--last", type=int, default=20, metavar="N", help="how many (default 20)")
    p.add_argument("--json", action="store_true", help="all lines as they are, hashes and all")
    text = "compare log, records and files; exit with 1 if they differ"
    add_store_command(under, "verify", _verify, text)
    add_store_command(under, "tidy", _tidy, "take away what erasures and crashes left in files")


def _add_person(under: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    p = under.add_parser("person", help="who is in the store, with which role")
    what = p.add_subparsers(dest="person", required=True, metavar="WHAT")
    add_store_command(what, "list", _people, "everybody in the store")
    p = add_store_command(
        what,
        "add",
        _person,
        "add somebody, or change role and sign-in",
        "Add somebody, or change the role of somebody who is there. With --passphrase it is asked "
        "for twice; from another program it is one line.",
    )
    p.add_argument("id", metavar="ID", help="as your site knows them; a pseudonym is kept")
    p.add_argument("--role", required=True, choices=_ROLES, help="'none' takes the sign-in away")
    p.add_argument("--account", metavar="NAME", help="system account that signs them in")
    p.add_argument("--passphrase", action="store_true", help="let them sign in with one")


def _whoami(given: argparse.Namespace) -> int:
    store = store_of(given)
    actor = store.actor
    if actor.person is None:
        print(f"nobody that the store {store.place} knows")
        return 1
    print(f"{actor.person[:8]}, {actor.role}, by {actor.how}; store {store.place}")
    return 0


def _people(given: argparse.Namespace) -> int:
    print(people_table(store_of(given).people(), terminal_width()))
    return 0


def _person(given: argparse.Namespace) -> int:
    from surgisim.store import Role

    store = store_of(given)
    role = None if given.role == "none" else Role(given.role)
    passphrase = _new_passphrase() if given.passphrase else None
    who = store.add_person(given.id, role, account=given.account, passphrase=passphrase)
    print(f"{who[:8]} is in the store, {'without a role' if role is None else role}")
    return 0


def _new_passphrase() -> str:
    first = ask_passphrase("new passphrase: ")
    if _by_hand() and ask_passphrase("once more: ") != first:
        raise StoreError("the two passphrases differ; nothing was changed.")
    return first


def _by_hand() -> bool:
    return sys.stdin.isatty()


def _note(given: argparse.Namespace) -> int:
    store = store_of(given)
    who = store.find_person(given.who)
    if given.text is not None:
        store.add_note(who, given.text)
        print(f"written down about {who[:8]}")
        return 0
    for note in store.notes(who):
        print(f"{note.at}  {note.by}: {note.text}")
    return 0


def _export(given: argparse.Namespace) -> int:
    store = store_of(given)
    who = store.find_person(given.who)
    number = store.export(who, given.out)
    print(
        f"{given.out}: everything of {who[:8]}, {counted(number, 'session')}, for anybody to read"
    )
    return 0


def _erase(given: argparse.Namespace) -> int:
    store = store_of(given)
    who = store.find_person(given.who)
    if not given.yes:
        raise StoreError(
            f"all of {who[:8]} would be gone for ever; `surgisim records export` first if it is "
            "to be kept, then add --yes."
        )
    try:
        number = store.erase(who)
    except RightsError:
        raise
    except BaseException:
        if who not in {one.id for one in store.people()}:  # remains lie in files until `tidy`
            _forget(who)
        raise
    statements = _forget(who)
    waited = f", and {statements} statements in the outbox" if statements else ""
    print(
        f"{who[:8]} is erased, with {counted(number, 'session')}{waited}; copies outside of the "
        "store are not"
    )
    return 0


def _forget(who: str) -> int:
    """Take what was told of a person out of the usual outbox of learning records."""
    from surgisim.xapi.outbox import Outbox, usual_outbox

    path = usual_outbox()
    if not path.exists():
        return 0
    with Outbox(path) as outbox:
        return outbox.forget(who)


def _audit(given: argparse.Namespace) -> int:
    from surgisim.store.audit import entry_of

    lines = store_of(given).audit()
    if given.json:
        print("\n".join(lines))
    else:
        latest = lines[max(len(lines) - given.last, 0) :]
        print(log_table([entry_of(line) for line in latest], terminal_width()))
    return 0


def _verify(given: argparse.Namespace) -> int:
    verdict = store_of(given).verify()
    for problem in verdict.problems:
        print(problem)
    looked_at = (
        f"{verdict.lines} lines of the log, {verdict.sessions} sessions, {verdict.people} people, "
        f"{verdict.files} files"
    )
    print(
        f"{looked_at}: {'NOT as they should be' if verdict.problems else 'all as they should be'}"
    )
    return 1 if verdict.problems else 0


def _tidy(given: argparse.Namespace) -> int:
    print(f"took away {store_of(given).tidy()} folders, and what was deleted from the database")
    return 0
