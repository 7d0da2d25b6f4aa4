"""Sessions come into the store: begun before they are played, ended with their result.

A session is entered before it is played and lies in the store's own folder meanwhile. A crash, at
whatever moment, leaves either that (`take_up` goes on from there) or the whole session in the
store; nothing in between, and never both. Who plays or takes in a session holds its lock, which the
system lets go when the process ends, however that happens.
"""

import os
import shutil
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from filelock import FileLock, Timeout
from sqlalchemy import Connection, delete, select, update

from surgisim.errors import StoreError
from surgisim.record import SESSION_FILE, Result
from surgisim.store import files
from surgisim.store.desk import Desk, Work
from surgisim.store.people import ensure_person
from surgisim.store.roles import Right
from surgisim.store.rows import keep_parts, session_row, session_seal, session_values
from surgisim.store.tables import file, session

__all__ = [
    "BEGUN",
    "ENDED",
    "PERSON",
    "OpenSession",
    "abandon",
    "add",
    "begin",
    "drop",
    "end",
    "log_session",
    "take_up",
]

BEGUN, ENDED = "begun", "ended"
PERSON = "person"
"""Who played where no script did."""


@dataclass(frozen=True, slots=True)
class OpenSession:
    """A session that is begun and not ended, held by this process.

    Attributes
    ----------
    number
        In the store.
    uid
        Tells it from all others.
    person
        Pseudonym of whose it is, or None.
    folder
        Where it is to be played.
    """

    number: int
    uid: str
    person: str | None
    folder: Path
    lock: FileLock = field(repr=False)


def begin(
    desk: Desk, procedure: str, seed: int, device: str, player: str, person: str | None = None
) -> OpenSession:
    """Enter a session that is about to be played.

    Parameters
    ----------
    desk
        The store.
    procedure, seed, device
        What is played, from which seed, with what in the hand.
    player
        ``"person"``, or the script that plays.
    person
        Pseudonym of whose session it is; they come into the store with it.

    Raises
    ------
    RightsError
        Whoever is signed in may not enter sessions of this person.
    """
    desk.require(Right.ENTER, person)
    uid = os.urandom(16).hex()
    held = files.hold(desk.place.files, uid)
    folder = files.working_folder(desk.place.files, uid)
    folder.mkdir(parents=True, mode=0o700)
    row = {
        "uid": uid, "player": player, "procedure": procedure, "seed": str(seed), "device": device,
    }  # fmt: skip
    with desk.writing() as work:
        number = _insert(work, person, row)
        log_session(work, "session begun", number, person)
    return OpenSession(number, uid, person, folder, held)


def take_up(desk: Desk, number: int) -> OpenSession:
    """Take up a session that was broken off, to end it.

    Raises
    ------
    RightsError
        Whoever is signed in may not enter sessions of this person.
    StoreError
        No such session, one that ended, or one that is still being played.
    """
    row = _begun(desk, number, "is in the store already, whole")
    folder = files.working_folder(desk.place.files, row.uid)
    if not folder.is_dir():
        raise StoreError(
            f"session {number} was played on another machine or its folder {folder} is gone; take "
            "it in where it was played, or take it off the list (surgisim records drop)."
        )
    return OpenSession(number, row.uid, row.person, folder, _held(desk, number, row.uid))


def _begun(desk: Desk, number: int, otherwise: str) -> Any:
    """Find a session that has not ended and that whoever is signed in may enter."""
    with desk.reading() as connection:
        row = session_row(connection, number)
    desk.require(Right.ENTER, row.person)
    if row.state != BEGUN:
        raise StoreError(f"session {number} {otherwise}.")
    return row


def end(desk: Desk, entry: OpenSession, result: Result) -> None:
    """Take a played session into the store; its folder is gone afterwards.

    Raises
    ------
    StoreError
        It cannot be taken in; it stays as it was then.
    """
    key = _key_of(desk, entry.person)
    kept = files.take_in(desk.place.files, entry.uid, entry.folder, key)
    with desk.writing() as work:
        values = {**session_values(result), "state": ENDED, "ended_at": work.now}
        begun = session.c.number == entry.number, session.c.state == BEGUN
        done = work.connection.execute(update(session).where(*begun).values(values))
        if done.rowcount != 1:
            raise StoreError(f"session {entry.number} was ended or taken off the list meanwhile.")
        keep_parts(work.connection, entry.number, result, kept)
        log_session(work, "session ended", entry.number, entry.person)
    _let_go(desk, entry)


def abandon(desk: Desk, entry: OpenSession) -> None:
    """Take a session off the list of which nothing is to be kept."""
    with desk.writing() as work:
        begun = session.c.number == entry.number, session.c.state == BEGUN
        work.connection.execute(delete(session).where(*begun))
        work.log("session dropped", subject=entry.person, session=entry.number)
    files.delete(desk.place.files, entry.uid)
    _let_go(desk, entry)


def drop(desk: Desk, number: int) -> None:
    """Take a session off the list that was broken off, wherever it was played.

    Raises
    ------
    RightsError
        Whoever is signed in may not enter sessions of this person.
    StoreError
        No such session, one that ended, or one that is still being played.
    """
    row = _begun(desk, number, "has ended and is kept; only erasing takes it away")
    folder = files.working_folder(desk.place.files, row.uid)
    abandon(desk, OpenSession(number, row.uid, row.person, folder, _held(desk, number, row.uid)))


def add(desk: Desk, folder: Path, result: Result, player: str, person: str | None = None) -> int:
    """Take a session in that was played outside the store; returns its number.

    Parameters
    ----------
    desk
        The store.
    folder
        The session folder; it stays as it is, not sealed.
    result
        What it was worth.
    player
        ``"person"``, or the script that played.
    person
        Pseudonym of whose session it is.

    Raises
    ------
    RightsError
        Whoever is signed in may not enter sessions of this person.
    StoreError
        The session is in the store already, or cannot be read.
    """
    desk.require(Right.ENTER, person)
    uid = os.urandom(16).hex()
    lock = files.hold(desk.place.files, uid)
    try:
        if person is not None:
            with desk.writing() as work:
                ensure_person(work, person)
        kept = files.take_in(desk.place.files, uid, folder, _key_of(desk, person))
        with desk.writing() as work:
            return _added(work, uid, folder, result, player, person, kept)
    except BaseException:
        files.delete(desk.place.files, uid)
        raise
    finally:
        files.let_go(desk.place.files, uid, lock)


def _added(
    work: Work,
    uid: str,
    folder: Path,
    result: Result,
    player: str,
    person: str | None,
    kept: tuple[files.Kept, ...],
) -> int:
    there = _same(work.connection, kept, person)
    if there is not None:
        raise StoreError(f"the session in {folder} is in the store already, as number {there}.")
    played = datetime.fromtimestamp((folder / SESSION_FILE).stat().st_mtime, UTC)
    played_at = min(played.strftime("%Y-%m-%dT%H:%M:%SZ"), work.now)
    row = {**session_values(result), "uid": uid, "player": player, "state": ENDED}
    number = _insert(work, person, {**row, "begun_at": played_at, "ended_at": played_at})
    keep_parts(work.connection, number, result, kept)
    log_session(work, "session added", number, person)
    return number


def _insert(work: Work, person: str | None, row: Mapping[str, object]) -> int:
    if person is not None:
        ensure_person(work, person)
    values = {"state": BEGUN, "begun_at": work.now, **row, "person": person}
    done = work.connection.execute(session.insert().values(values))
    key = done.inserted_primary_key
    assert key is not None  # noqa: S101  one row was inserted
    return int(key[0])


def _same(connection: Connection, kept: tuple[files.Kept, ...], person: str | None) -> int | None:
    """Find a session of the same person with the same record."""
    hashes = [one.sha256 for one in kept if one.name == SESSION_FILE]
    query = (
        select(session.c.number)
        .join(file, file.c.session == session.c.number)
        .where(file.c.name == SESSION_FILE, file.c.sha256.in_(hashes), session.c.person == person)
    )
    found: int | None = connection.execute(query).scalar()
    return found


def log_session(work: Work, action: str, number: int, person: str | None) -> None:
    """Write a line about a session, with the seal of what the store now holds of it."""
    seal = session_seal(work.desk, work.connection, number)
    work.log(action, subject=person, session=number, seal=seal)


def _held(desk: Desk, number: int, uid: str) -> FileLock:
    """Take the lock of a session that was broken off."""
    try:
        return files.hold(desk.place.files, uid)
    except Timeout as error:
        raise StoreError(f"session {number} is being played or taken in just now.") from error


def _key_of(desk: Desk, person: str | None) -> bytes:
    with desk.reading() as connection:
        return desk.data_key(connection, person)


def _let_go(desk: Desk, entry: OpenSession) -> None:
    shutil.rmtree(entry.folder, ignore_errors=True)
    files.let_go(desk.place.files, entry.uid, entry.lock)
