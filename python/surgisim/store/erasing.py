"""A person is erased: rows, files and the key, and what deleting leaves behind in files."""

import shutil
from pathlib import Path

from sqlalchemy import delete, select, update

from surgisim.store import files
from surgisim.store.desk import Desk, Work
from surgisim.store.people import check_admin, log_person
from surgisim.store.roles import Right
from surgisim.store.rows import session_row
from surgisim.store.sessions import BEGUN, log_session
from surgisim.store.tables import PARTS_OF_SESSION, note, overrule, person, session

__all__ = ["erase", "tidy"]


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
        No admin would be left; or all is erased, but remains lie in files until `tidy`.
    """
    desk.require(Right.ERASE, who)
    theirs = select(session.c.number).where(session.c.person == who)
    with desk.writing() as work:
        connection = work.connection
        rows = connection.execute(
            select(session.c.number, session.c.uid).where(session.c.person == who)
        ).all()
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
    with desk.reading() as connection:
        rows = connection.execute(select(session.c.uid, session.c.state)).all()
    begun = {row.uid for row in rows if row.state == BEGUN}
    ours = {files.OPEN, files.SHOWN, files.LOCKS, *(row.uid for row in rows)}
    left = [path for path in home.iterdir() if path.name not in ours]
    left += [path for path in (home / files.OPEN).glob("*") if path.stem not in begun]
    left += (home / files.SHOWN).glob("*")
    folders = [path for path in left if path.is_dir() and _take_away(home, path)]
    desk.database.tidy()
    return len(folders)


def _forget_words(work: Work, who: str) -> None:
    """Leave what somebody said of others, not who said it; what it was said of is sealed anew."""
    connection = work.connection
    of_sessions = select(overrule.c.session).where(overrule.c.by == who).distinct()
    of_people = select(note.c.person).where(note.c.by == who).distinct()
    numbers = list(connection.execute(of_sessions).scalars())
    others = list(connection.execute(of_people).scalars())
    for table in (overrule, note):
        connection.execute(update(table).where(table.c.by == who).values(by=None))
    for number in numbers:
        owner = session_row(connection, number).person
        log_session(work, "speaker erased", number, owner)
    for other in others:
        log_person(work, "speaker erased", other)


def _take_away(home: Path, path: Path) -> bool:
    """Delete a folder unless a process is at work in it."""
    uid = path.stem if path.parent != home / files.SHOWN else path.name
    if files.is_held(home, uid):
        return False
    shutil.rmtree(path, ignore_errors=True)
    return True
