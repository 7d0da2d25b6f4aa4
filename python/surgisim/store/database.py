"""The database of a store: one transaction a deed, safe against a crash and two writers.

SQLite runs with a write-ahead log, each commit forced to the disk, and a writer takes the lock when
its transaction begins (``BEGIN IMMEDIATE``); readers are never waited for. In PostgreSQL it takes
an advisory lock of the database. Writers come one after the other, as the audit log needs.
What is deleted is overwritten in SQLite's file (``secure_delete``).
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event, text
from sqlalchemy.exc import DBAPIError, SQLAlchemyError
from sqlalchemy.pool import NullPool

from surgisim.errors import StoreError
from surgisim.store.place import Place
from surgisim.store.tables import metadata
from surgisim.store.upgrade import bring_up_to_date, is_current

__all__ = ["Database"]

WAIT_S = 60  # for another writer's transaction
_WRITERS = 0x5375_7267  # the number of the lock in PostgreSQL: any that is ours
_PRAGMAS = (
    f"PRAGMA busy_timeout = {WAIT_S * 1000}",
    "PRAGMA journal_mode = WAL",
    "PRAGMA synchronous = FULL",
    "PRAGMA foreign_keys = ON",
    "PRAGMA secure_delete = ON",
    "PRAGMA temp_store = MEMORY",  # what is deleted never gets into a file of its own
)


class Database:
    """The tables of a store, up to date.

    Parameters
    ----------
    place
        Where they lie; a database file that is not there is made, readable by its owner alone.

    Raises
    ------
    StoreError
        It cannot be opened, belongs to a newer surgisim or to something else.
    """

    def __init__(self, place: Place) -> None:
        self._place = place
        _make_file(place)
        with self._told():
            self._engine = _engine(place)
            with self.reading() as connection:
                current = is_current(connection)
            if not current:
                self._upgrade()

    @property
    def in_file(self) -> bool:
        """Whether it is a file of SQLite."""
        return self._place.file is not None

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """Read the store as it was at one moment."""
        with self._told(), self._engine.connect() as connection, connection.begin():
            if not self.in_file:
                connection.execute(text("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ"))
            yield connection

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """Do one thing: all of it is kept when the block ends, nothing where it raises."""
        options = {"write": True}
        with (
            self._told(),
            self._engine.connect().execution_options(**options) as connection,
            connection.begin(),
        ):
            if not self.in_file:
                connection.execute(text(f"SELECT pg_advisory_xact_lock({_WRITERS})"))
            yield connection

    def _upgrade(self) -> None:
        with self.writing() as connection:
            bring_up_to_date(connection)

    def tidy(self) -> None:
        """Take what was deleted out of the database's files.

        Raises
        ------
        StoreError
            Another program has the store open all the time.
        """
        options = {"isolation_level": "AUTOCOMMIT"}  # neither statement runs in a transaction
        with self._told(), self._engine.connect().execution_options(**options) as plain:
            if not self.in_file:
                # Anew, because what the server noted of the tables holds values out of them.
                plain.execute(text(f"VACUUM (FULL, ANALYZE) {', '.join(metadata.tables)}"))
                return
            for statement in ("VACUUM", "PRAGMA wal_checkpoint(TRUNCATE)"):
                row = plain.exec_driver_sql(statement)
                busy = bool(row.returns_rows and row.scalar_one())
            if busy:
                raise StoreError(
                    f"what was erased still lies in {self._place.file}-wal, because another "
                    "program has the store open; end it and run `surgisim records tidy`."
                )

    @contextmanager
    def _told(self) -> Iterator[None]:
        try:
            yield
        except ModuleNotFoundError as error:
            raise StoreError(
                "a store in PostgreSQL needs psycopg, which is not installed; run "
                "pip install 'surgisim[postgresql]'."
            ) from error
        except DBAPIError as error:
            said = " ".join(str(error.orig).split())
            raise StoreError(f"the store {self._place} cannot be used: {said}.") from error
        except SQLAlchemyError as error:
            raise StoreError(f"the store {self._place} cannot be used: {error}.") from error


def _make_file(place: Place) -> None:
    """Make the database's file and its folder for their owner alone."""
    try:
        for folder in ([] if place.file is None else [place.file.parent]) + [place.files]:
            folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        if place.file is not None:
            os.close(os.open(place.file, os.O_RDWR | os.O_CREAT, 0o600))
    except OSError as error:
        raise StoreError(
            f"the store {place} cannot be made: {error.strerror or error}; name another place "
            "with --store."
        ) from error


def _engine(place: Place) -> Engine:
    engine = create_engine(place.url, poolclass=NullPool, hide_parameters=True)
    if place.file is not None:
        event.listen(engine, "connect", _prepare)
        event.listen(engine, "begin", _begin)
    return engine


def _prepare(connection: Any, _: object) -> None:
    connection.isolation_level = None  # transactions are begun by `_begin`, never by the driver
    for pragma in _PRAGMAS:
        connection.execute(pragma)


def _begin(connection: Connection) -> None:
    options = connection.get_execution_options()
    if options.get("isolation_level") != "AUTOCOMMIT":
        connection.exec_driver_sql("BEGIN IMMEDIATE" if options.get("write") else "BEGIN")
