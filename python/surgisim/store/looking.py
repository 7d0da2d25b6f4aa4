"""Sessions of the store as ordinary folders, for as long as somebody looks at them."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from sqlalchemy import select

from surgisim.errors import StoreError
from surgisim.record import SESSION_FILE
from surgisim.store import files
from surgisim.store.desk import Desk
from surgisim.store.roles import Right
from surgisim.store.rows import session_row
from surgisim.store.sessions import ENDED
from surgisim.store.tables import file

__all__ = ["looking_at"]


@contextmanager
def looking_at(desk: Desk, number: int) -> Iterator[Path]:
    """Open a session into a folder that is gone when the block ends; the log says who did.

    Raises
    ------
    RightsError
        It may not be opened.
    StoreError
        There is none, it has not ended, or its files were changed.
    """
    with desk.reading() as connection:
        row = session_row(connection, number)
        desk.require(Right.OPEN_SESSIONS, row.person)
        if row.state != ENDED:
            raise StoreError(
                f"session {number} has not ended; take it in first (surgisim records add {number})."
            )
        names = connection.execute(select(file.c.name).where(file.c.session == number)).scalars()
        key = desk.data_key(connection, row.person)
        named = list(names)
    with desk.writing() as work:
        work.log("session opened", subject=row.person, session=number)
    with files.opened(desk.place.files, row.uid, named, key) as folder:
        ended = datetime.fromisoformat(row.ended_at).timestamp()
        os.utime(folder / SESSION_FILE, (ended, ended))  # as if it had been played there
        yield folder
