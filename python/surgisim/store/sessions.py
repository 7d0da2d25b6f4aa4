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
from pathlib import Path
from typing import Any

from filelock import FileLock, Timeout
from sqlalchemy import Connection, delete, select, update

from surgisim.errors import StoreError
from surgisim.record import Result
from surgisim.store import files
from surgisim.store.desk import Desk, Work
from surgisim.store.people import ensure_person
from surgisim.store.roles import Right
from surgisim.store.rows import keep_parts, session_row, session_seal, session_values
from surgisim.store.tables import session

__all__ = [
    "BEGUN",
    "ENDED",
    "PERSON",
    "OpenSession",
    "abandon",
    "begin",
    "clear_open",
    "drop",
    "end",
    "insert",
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
    clear_open(desk)
    uid = os.urandom(16).hex()
    held = files.hold(desk.place.files, uid)
    folder = files.working_folder(desk.place.files, uid)
    row = {
        "uid": uid, "player": player, "procedure": procedure, "seed": str(seed), "device": device,
    }  # fmt: skip
    try:
        folder.mkdir(parents=True, mode=0o700)
        with desk.writing() as work:
            number = insert(work, person, row)
            log_session(work, "session begun", number, person)
    except BaseException:
        files.delete(desk.place.files, uid)
        files.let_go(desk.place.files, uid, held)
        raise
    return OpenSession(number, uid, person, folder, held)


def clear_open(desk: Desk) -> int:
    """Take away folders of sessions that are sealed or gone by now, which crashes left; how many.

    Folders are looked at before rows: whoever plays lets a session go after its row is there.
    """
    home = desk.place.files
    free = [path for path in (home / files.OPEN).glob("*") if not files.is_held(home, path.name)]
    if not free:
        return 0
    with desk.reading() as connection:
        query = select(session.c.uid).where(session.c.state == BEGUN)
        begun = set(connection.execute(query).scalars())
    return files.sweep(home, [path for path in free if path.name not in begun])


def take_up(desk: Desk, number: int) -> OpenSession:
    """Take up a session that was broken off, to end it.

    Raises
    ------
    RightsError
        Whoever is signed in may not enter sessions of this person.
    StoreError
        No such session, one that ended, or one that is still being played.
    """
    entry = _taken_up(desk, number, "is in the store already, whole")
    if not entry.folder.is_dir():
        files.let_go(desk.place.files, entry.uid, entry.lock)
        raise StoreError(
            f"session {number} was played on another machine or its folder {entry.folder} is gone; "
            "take it in where it was played, or take it off the list (surgisim records drop)."
        )
    return entry


def _taken_up(desk: Desk, number: int, otherwise: str) -> OpenSession:
    """Hold a session that has not ended; it may have ended while its lock was waited for."""
    row = _begun(desk, number, otherwise)
    lock = _held(desk, number, row.uid)
    try:
        _begun(desk, number, otherwise)
    except BaseException:
        files.let_go(desk.place.files, row.uid, lock)
        raise
    folder = files.working_folder(desk.place.files, row.uid)
    return OpenSession(number, row.uid, row.person, folder, lock)


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
        It cannot be taken in, or was before; it stays as it was then.
    """
    with desk.reading() as connection:
        _check_begun(connection, entry)
        key = desk.data_key(connection, entry.person)
    kept = files.take_in(desk.place.files, entry.uid, entry.folder, key)
    with desk.writing() as work:
        _check_begun(work.connection, entry)
        values = {**session_values(result), "state": ENDED, "ended_at": work.now}
        this = session.c.number == entry.number
        work.connection.execute(update(session).where(this).values(values))
        keep_parts(work.connection, entry.number, result, kept)
        log_session(work, "session ended", entry.number, entry.person)
    _let_go(desk, entry)


def abandon(desk: Desk, entry: OpenSession) -> None:
    """Take a session off the list of which nothing is to be kept.

    Raises
    ------
    StoreError
        It has ended or was taken off the list; its files are not touched.
    """
    with desk.writing() as work:
        _check_begun(work.connection, entry)
        work.connection.execute(delete(session).where(session.c.number == entry.number))
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
    abandon(desk, _taken_up(desk, number, "has ended and is kept; only erasing takes it away"))


def insert(work: Work, person: str | None, row: Mapping[str, object]) -> int:
    """Write the row of a session of somebody who comes into the store with it; its number."""
    if person is not None:
        ensure_person(work, person)
    values = {"state": BEGUN, "begun_at": work.now, **row, "person": person}
    done = work.connection.execute(session.insert().values(values))
    key = done.inserted_primary_key
    assert key is not None  # noqa: S101  one row was inserted
    return int(key[0])


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


def _check_begun(connection: Connection, entry: OpenSession) -> None:
    query = select(session.c.uid).where(
        session.c.number == entry.number, session.c.uid == entry.uid, session.c.state == BEGUN
    )
    if connection.execute(query).first() is None:
        raise StoreError(f"session {entry.number} was ended or taken off the list meanwhile.")


def _let_go(desk: Desk, entry: OpenSession) -> None:
    shutil.rmtree(entry.folder, ignore_errors=True)
    files.let_go(desk.place.files, entry.uid, entry.lock)
