"""Whether the store is as the audit log says: its lines, its records and its files."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from sqlalchemy import Connection, select

from surgisim.errors import StoreError
from surgisim.store import files
from surgisim.store.audit import chain_problems, entry_of, lines_of, read_head
from surgisim.store.desk import Desk, shown_person
from surgisim.store.people import person_seal
from surgisim.store.roles import Right
from surgisim.store.rows import session_seal
from surgisim.store.tables import file, person, session

__all__ = ["Verdict", "verify"]


@dataclass(frozen=True, slots=True)
class Verdict:
    """What was looked at, and a sentence for each thing that is not as it should be."""

    lines: int
    sessions: int
    people: int
    files: int
    problems: tuple[str, ...]


@dataclass
class _Told:
    """What the log says last of each record: its seal, or None where it is gone."""

    sessions: dict[int, str | None] = field(default_factory=dict)
    people: dict[str, str | None] = field(default_factory=dict)
    stores: set[str] = field(default_factory=set)


def verify(desk: Desk) -> Verdict:
    """Compare log, records and files.

    Raises
    ------
    RightsError
        Whoever is signed in may not read the log.
    """
    desk.require(Right.READ_AUDIT)
    with desk.reading() as connection:
        lines = lines_of(connection)
        key = desk.site_key.derive("audit head")
        head = read_head(connection)
        problems = chain_problems(lines, head, key, desk.seen)
        told = _told(line for _, line in lines)
        if told.stores - {desk.store_id}:
            problems.append("The store's own name is not that of the log: it was changed.")
        kept = connection.execute(
            select(session.c.number, session.c.uid, file.c.name, file.c.sealed_sha256)
            .join(session, session.c.number == file.c.session)
            .order_by(session.c.number, file.c.name)
        ).all()
        problems += _session_problems(desk, connection, told)
        problems += _people_problems(desk, connection, told)
    problems += [problem for row in kept if (problem := _file_problem(desk, row))]
    if not problems:
        desk.witness(head)
    return Verdict(len(lines), len(told.sessions), len(told.people), len(kept), tuple(problems))


def _told(lines: Iterator[str]) -> _Told:
    told = _Told()
    for line in lines:
        # A line that does not say what it should was changed, which the chain tells.
        with suppress(ValueError, TypeError, KeyError):
            _note(told, entry_of(line))
    return told


def _note(told: _Told, entry: Mapping[str, Any]) -> None:
    action, seal = entry.get("action"), entry.get("seal")
    if "store" in entry:
        told.stores.add(str(entry["store"]))
    number, subject = entry.get("session"), entry.get("subject")
    if action == "person erased":
        told.people[str(subject)] = None
        told.sessions.update(dict.fromkeys(entry["sessions"]))
    elif action == "session dropped":
        told.sessions[int(str(number))] = None
    elif seal is not None and number is not None:
        told.sessions[int(number)] = str(seal)
    elif seal is not None:
        told.people[str(subject)] = str(seal)


def _session_problems(desk: Desk, connection: Connection, told: _Told) -> Iterator[str]:
    present = set(connection.execute(select(session.c.number)).scalars())
    for number in sorted(present | told.sessions.keys()):
        seal = told.sessions.get(number)
        if number not in present:
            if seal is not None:
                yield f"Session {number} is missing, and the log does not say that it was erased."
        elif seal is None:
            yield f"Session {number} is there, and the log does not know it."
        elif not _fits(partial(session_seal, desk, connection, number), seal):
            yield f"Session {number} was changed behind the program's back."


def _people_problems(desk: Desk, connection: Connection, told: _Told) -> Iterator[str]:
    missing = {alias for alias, seal in told.people.items() if seal is not None}
    for who in connection.execute(select(person.c.id).order_by(person.c.id)).scalars().all():
        try:
            alias = str(desk.alias(connection, who))
        except (StoreError, TypeError) as error:  # TypeError: no bytes
            yield f"The key of person {shown_person(who)} cannot be used: {error}"
            continue
        missing.discard(alias)
        seal = told.people.get(alias)
        if seal is None:
            yield f"Person {shown_person(who)} is there, and the log does not know them."
        elif not _fits(partial(person_seal, desk, connection, who), seal):
            yield f"Person {shown_person(who)} was changed behind the program's back."
    for alias in sorted(missing):
        yield f"The person whom the log calls {alias} is missing, and was not erased."


def _fits(now: Callable[[], str], seal: str) -> bool:
    """Say whether a seal is the one told; values that no row of ours holds have none."""
    try:
        return now() == seal
    except (TypeError, ValueError):
        return False


def _file_problem(desk: Desk, row: Any) -> str | None:
    path = files.sealed_path(desk.place.files, row.uid, row.name)
    try:
        same = files.hash_of(path) == row.sealed_sha256
    except OSError as error:
        return f"Session {row.number}: {path} cannot be read: {error.strerror or error}."
    return None if same else f"Session {row.number}: {path} was changed."
