"""Sessions that were played outside of the store come into it whole, once."""

import os
from pathlib import Path

from sqlalchemy import Connection, select

from surgisim.errors import StoreError
from surgisim.record import SESSION_FILE, Result
from surgisim.record.past import span_of
from surgisim.store import files
from surgisim.store.desk import Desk, Work, written
from surgisim.store.people import ensure_person
from surgisim.store.roles import Right
from surgisim.store.rows import keep_parts, session_values
from surgisim.store.sessions import ENDED, insert, log_session
from surgisim.store.tables import file, session

__all__ = ["add"]


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
        with desk.reading() as connection:
            key = desk.data_key(connection, person)
        kept = files.take_in(desk.place.files, uid, folder, key)
        with desk.writing() as work:
            if desk.data_key(work.connection, person) != key:
                raise StoreError(f"{person} was erased while {folder} was taken in; add it again.")
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
    begun_at, ended_at = (min(written(at), work.now) for at in span_of(folder, result.duration_s))
    row = {**session_values(result), "uid": uid, "player": player, "state": ENDED}
    number = insert(work, person, {**row, "begun_at": begun_at, "ended_at": ended_at})
    keep_parts(work.connection, number, result, kept)
    log_session(work, "session added", number, person)
    return number


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
