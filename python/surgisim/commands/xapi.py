"""``surgisim xapi``: sessions as statements for a learning record store."""

import argparse
import hashlib
import json
import os
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias
from uuid import NAMESPACE_URL, UUID, uuid5

from surgisim.commands.parsing import add_command
from surgisim.commands.progress import bars
from surgisim.commands.session_folder import SESSION_HELP, Found, session_named
from surgisim.commands.store_options import add_store_options, store_once
from surgisim.errors import RecordError

if TYPE_CHECKING:
    from surgisim.record import Result
    from surgisim.xapi import Outbox, Statement

__all__ = ["add_parser"]

_Verbs: TypeAlias = "argparse._SubParsersAction[argparse.ArgumentParser]"

_SITE = "urn:x-surgisim:site"
_USER, _PASSWORD = "SURGISIM_LRS_USER", "SURGISIM_LRS_PASSWORD"  # names of variables


def add_parser(commands: _Verbs) -> None:
    """Describe the commands."""
    p = commands.add_parser(
        "xapi",
        help="send sessions to a learning record store",
        description="Make xAPI statements of sessions, and send them to a learning record store. "
        "Nothing is sent before `surgisim xapi send`.",
    )
    verbs = p.add_subparsers(required=True, metavar="VERB")
    _about_sessions(add_command(verbs, "show", _show, "print a session's statements as JSON"))
    put = add_command(verbs, "put", _put, "put sessions' statements into the outbox")
    _about_sessions(put)
    _about_outbox(put)
    send = add_command(verbs, "send", _send, "send what waits in the outbox")
    send.add_argument(
        "--lrs",
        required=True,
        metavar="URL",
        help=f"the store's endpoint; {_USER} and {_PASSWORD} in the environment say who sends",
    )
    send.add_argument("--again", action="store_true", help="also what the store refused before")
    _about_outbox(send)
    text = "say what waits, is sent, and was refused"
    _about_outbox(add_command(verbs, "status", _status, text))
    text = "take what was told of somebody out of the outbox, for ever"
    forget = add_command(verbs, "forget", _forget, text)
    forget.add_argument("who", metavar="PSEUDONYM", help="as `put` was given it")
    _about_outbox(forget)
    text = "print the meaning of our own verbs and extensions (JSON-LD)"
    add_command(verbs, "profile", _profile, text)


def _about_sessions(p: argparse.ArgumentParser) -> None:
    p.add_argument("sessions", nargs="+", metavar="SESSION", help=SESSION_HELP)
    p.add_argument(
        "--actor",
        metavar="PSEUDONYM",
        help="who played, for a folder: letters, digits, '_' and '-', never a person's name "
        "(of the store: whose session it is)",
    )
    p.add_argument(
        "--site",
        default=_SITE,
        metavar="IRI",
        help=f"what the pseudonym is known to (default {_SITE})",
    )
    add_store_options(p)


def _about_outbox(p: argparse.ArgumentParser) -> None:
    p.add_argument(
        "--outbox",
        type=Path,
        metavar="FILE",
        help="where statements wait (default: a file among the program's data)",
    )


def _show(given: argparse.Namespace) -> int:
    told = [one.content() for one in _statements(given)]
    print(json.dumps(told, indent=2, ensure_ascii=False))
    return 0


def _put(given: argparse.Namespace) -> int:
    from surgisim.xapi import Outbox

    statements = list(_statements(given))
    with Outbox(_outbox(given)) as outbox:
        new = outbox.put(statements)
        print(f"{new} new statements, {len(statements) - new} were there; {_waiting(outbox)}")
    return 0


def _send(given: argparse.Namespace) -> int:
    from surgisim.xapi import Lrs, Outbox, deliver

    user, password = os.environ.get(_USER), os.environ.get(_PASSWORD)
    if not user or not password:
        raise RecordError(f"who sends is not known: set {_USER} and {_PASSWORD}")
    lrs = Lrs(given.lrs, user, password)
    with Outbox(_outbox(given)) as outbox, bars() as progress:
        if given.again:
            outbox.try_again()
        delivery = deliver(outbox, lrs, progress)
        print(f"{delivery.sent} sent, {delivery.refused} refused; {_waiting(outbox)}")
        for identity, reason in outbox.refused():
            print(f"refused {identity}: {reason}", file=sys.stderr)
    if delivery.stopped:
        print(f"surgisim: {delivery.stopped}; what waits is kept", file=sys.stderr)
    return 1 if delivery.stopped or delivery.refused else 0


def _status(given: argparse.Namespace) -> int:
    from surgisim.xapi import Outbox

    path = _outbox(given)
    if not path.exists():
        print(f"nothing waits: there is no outbox at {path}")
        return 0
    with Outbox(path) as outbox:
        counts = outbox.counts()
        print(f"{counts.waiting} wait, {counts.sent} sent, {counts.refused} refused ({path})")
        for identity, reason in outbox.refused():
            print(f"refused {identity}: {reason}")
    return 0


def _forget(given: argparse.Namespace) -> int:
    from surgisim.xapi import Outbox

    path = _outbox(given)
    number = 0
    if path.exists():
        with Outbox(path) as outbox:
            number = outbox.forget(given.who)
    if not number:
        print(f"nothing about {given.who} waits in {path} or was refused; was it put as another?")
        return 1
    print(f"{number} statements about {given.who} are out of {path}; what was sent is the store's")
    return 0


def _profile(_: argparse.Namespace) -> int:
    from surgisim.xapi.vocabulary import profile

    print(json.dumps(profile(), indent=2))
    return 0


def _waiting(outbox: "Outbox") -> str:
    return f"{outbox.counts().waiting} wait"


def _outbox(given: argparse.Namespace) -> Path:
    from surgisim.xapi.outbox import usual_outbox

    return usual_outbox() if given.outbox is None else Path(given.outbox)


def _statements(given: argparse.Namespace) -> "Iterator[Statement]":
    opened = store_once(given)
    for name in given.sessions:
        with session_named(name, opened) as found:
            yield from _statements_of(found, given.actor or _whose(name, found), given.site)


def _whose(name: str, found: Found) -> str:
    """Say whose session it is, as the store knows it."""
    from surgisim.store import StoredResult

    if found.stored is not None:
        store, number = found.stored
        result = store.result(number)
        if isinstance(result, StoredResult) and result.session.person is not None:
            return result.session.person
    raise RecordError(f"nobody knows who played {name}: give a pseudonym with --actor.")


def _statements_of(found: Found, who: str, site: str) -> "tuple[Statement, ...]":
    from surgisim.record import SESSION_FILE, read_result
    from surgisim.record.past import span_of
    from surgisim.record.pseudonym import check_pseudonym
    from surgisim.record.reader import read_header
    from surgisim.record.result import RESULT_FILE
    from surgisim.xapi import Agent, Played, statements_of
    from surgisim.xapi.statement import Account

    check_pseudonym(who)
    there = (found.folder / RESULT_FILE).exists()
    outcome = read_result(found.folder / RESULT_FILE) if there else _assessed(found.folder)
    played = Played(
        id=_identity(found.folder / SESSION_FILE, who),
        title=str(read_header(found.folder).get("title", outcome.procedure)),
        ended=span_of(found.folder, outcome.duration_s)[1],
        outcome=outcome,
    )
    try:
        actor = Agent(account=Account(homePage=site, name=who))
    except ValueError as error:
        raise RecordError(f"--site {site} --actor {who}: {error}") from error
    return statements_of(played, actor)


def _assessed(folder: Path) -> "Result":
    """Assess a session that was taken into the store without its result."""
    from surgisim.record import load
    from surgisim.session.debrief import assess

    return assess(load(folder)).result


def _identity(record: Path, actor: str) -> UUID:
    """Make a session's id from what is recorded and who played: the same whenever asked."""
    with record.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    return uuid5(NAMESPACE_URL, f"urn:x-surgisim:session:{digest}:{actor}")
