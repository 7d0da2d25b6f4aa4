"""A person is erased: rows, files and the key, and what deleting leaves behind in files."""

import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from sqlalchemy import delete, select, update

from surgisim.errors import StoreError
from surgisim.store import files
from surgisim.store.desk import Desk, Work
from surgisim.store.people import check_admin, log_person
from surgisim.store.rating import forget_rater
from surgisim.store.roles import Right
from surgisim.store.rows import session_row
from surgisim.store.sessions import BEGUN, clear_open, log_session
from surgisim.store.tables import PARTS_OF_SESSION, note, overrule, person, session

__all__ = ["erase", "tidy"]

_OURS = re.compile(r"[0-9a-f]{32}(\.part)?")  # names of folders of sessions


def erase(desk: Desk, who: str) -> int:
    """Erase a person; returns the number of sessions that went with them.

    Their key goes with them, so that copies of sealed files that lie elsewhere cannot be read any
    more, as long as no copy of the database of before is kept beside them.

    Parameters
    ----------
    desk
        The store.
    who
        Pseudonym.

    Raises
    ------
    RightsError
        Whoever is signed in may not.
    StoreError
        A session of theirs is being played; no admin would be left; or all is erased, but remains
        lie in files until `tidy`.
    """
    desk.require(Right.ERASE, who)
    theirs = select(session.c.number).where(session.c.person == who)
    with desk.writing() as work:
        connection = work.connection
        rows = connection.execute(
            select(session.c.number, session.c.uid, session.c.state).where(session.c.person == who)
        ).all()
        _check_free(desk, rows)
        work.log("person erased", subject=who, sessions=[row.number for row in rows])
        for table in PARTS_OF_SESSION:
            connection.execute(delete(table).where(table.c.session.in_(theirs)))
        connection.execute(delete(session).where(session.c.person == who))
        connection.execute(delete(note).where(note.c.person == who))
        _forget_words(work, who)
        connection.execute(delete(person).where(person.c.id == who))
        check_admin(connection)
    for row in rows:
        files.delete(desk.place.files, row.uid)
    desk.database.tidy()
    return len(rows)


def tidy(desk: Desk) -> int:
    """Take away what erasures and crashes left in files; returns the number of folders.

    Raises
    ------
    RightsError
        Whoever is signed in may not erase.
    StoreError
        Another program has the store open all the time.
    """
    desk.require(Right.ERASE)
    home = desk.place.files
    # Looked at in this order: whoever takes a session in lets it go after its row is there.
    free = [path for path in home.iterdir() if _OURS.fullmatch(path.name) and _free(home, path)]
    locks = [path for path in (home / files.LOCKS).glob("*.lock") if _free(home, path)]
    with desk.reading() as connection:
        rows = connection.execute(select(session.c.uid, session.c.state)).all()
    known = {row.uid for row in rows}
    begun = {row.uid for row in rows if row.state == BEGUN}
    left = [path for path in free if path.name not in known]
    number = files.sweep(home, [*left, *(home / files.SHOWN).glob("*")]) + clear_open(desk)
    for path in locks:
        if path.stem not in begun:
            path.unlink(missing_ok=True)
    desk.database.tidy()
    return number


def _check_free(desk: Desk, rows: Sequence[Any]) -> None:
    """Raise `StoreError` where a session is being played: it would go on writing."""
    for row in rows:
        if row.state == BEGUN and files.is_held(desk.place.files, row.uid):
            raise StoreError(
                f"session {row.number} of theirs is being played or taken in just now; erase them "
                "when it has ended."
            )


def _free(home: Path, path: Path) -> bool:
    return not files.is_held(home, path.stem)


def _forget_words(work: Work, who: str) -> None:
    """Leave what somebody said of others, not who said it; what it was said of is sealed anew."""
    connection = work.connection
    of_sessions = select(overrule.c.session).where(overrule.c.by == who).distinct()
    of_people = select(note.c.person).where(note.c.by == who).distinct()
    numbers = set(connection.execute(of_sessions).scalars()) | set(forget_rater(connection, who))
    others = list(connection.execute(of_people).scalars())
    for table in (overrule, note):
        connection.execute(update(table).where(table.c.by == who).values(by=None))
    for number in sorted(numbers):
        owner = session_row(connection, number).person
        log_session(work, "speaker erased", number, owner)
    for other in others:
        log_person(work, "speaker erased", other)
