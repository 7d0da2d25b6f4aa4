"""Statements that wait until a learning record store has taken them.

A file of SQLite among the user's data, for its owner alone. A statement is put in under its own id,
at most once, and is on the disk when `put` returns (``synchronous = FULL``). It leaves the queue
when a store has said that it has it; its id stays in the file, so that putting it in again changes
nothing, and what it said is overwritten (``secure_delete``). If power
fails between a store's answer and our note of it, the statement goes out again, and the store knows
it by its id: none is lost and none is doubled.
"""

import json
import os
import re
import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self
from uuid import UUID

from surgisim.errors import RecordError
from surgisim.xapi.statement import Statement

__all__ = ["Counts", "Outbox", "Pending", "usual_outbox"]

_WAIT_S = 30.0  # for another process that writes
_LAYOUT = 2  # of the tables; kept in SQLite's user_version; in 1 what was sent kept its content
_PSEUDONYM = re.compile(r"[0-9a-f]{32}")  # of the store of records; others are taken as they are
_SHORT = 8  # digits by which a pseudonym is shown
_TABLES = """
CREATE TABLE IF NOT EXISTS statement (
    place INTEGER PRIMARY KEY AUTOINCREMENT,
    id TEXT NOT NULL UNIQUE,
    content TEXT NOT NULL,
    state TEXT NOT NULL DEFAULT 'waiting' CHECK (state IN ('waiting', 'sent', 'refused')),
    reason TEXT NOT NULL DEFAULT ''
)
"""


@dataclass(frozen=True, slots=True)
class Pending:
    """A statement that waits: its id and what is sent of it."""

    id: UUID
    content: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Counts:
    """How many statements wait, are sent, and were refused for good."""

    waiting: int
    sent: int
    refused: int


class Outbox:
    """The queue in a file; several processes may use it at once.

    Parameters
    ----------
    path
        Of the file; made where it is missing.

    Raises
    ------
    RecordError
        The file is no outbox, is newer than this program, or cannot be opened.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        with self._telling():
            path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            os.close(os.open(path, os.O_RDWR | os.O_CREAT, 0o600))
            self._file = sqlite3.connect(path, timeout=_WAIT_S, isolation_level=None)
        try:
            with self._telling():
                self._prepare()
        except BaseException:
            self._file.close()
            raise

    def _prepare(self) -> None:
        """Make the table, or bring an older one up to date."""
        for pragma in ("synchronous = FULL", "secure_delete = ON"):
            self._file.execute(f"PRAGMA {pragma}")
        if self._layout() != _LAYOUT:
            with self._transaction():
                self._bring_up_to_date(self._layout())  # another process may have been quicker
        self._file.execute("PRAGMA journal_mode = WAL")

    def _bring_up_to_date(self, layout: int) -> None:
        if layout > _LAYOUT:
            raise RecordError(f"{self._path} was written by a newer surgisim; update this one")
        if layout == 0 and self._file.execute("SELECT name FROM sqlite_master").fetchone():
            raise RecordError(f"{self._path} is no outbox of statements; name another file")
        self._file.execute(_TABLES)
        self._file.execute("UPDATE statement SET content = '' WHERE state = 'sent'")
        self._file.execute(f"PRAGMA user_version = {_LAYOUT}")

    def _layout(self) -> int:
        return int(self._file.execute("PRAGMA user_version").fetchone()[0])

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Close the file."""
        self._file.close()

    def put(self, statements: Iterable[Statement]) -> int:
        """Put statements in, all or none; return how many were new.

        Raises
        ------
        RecordError
            The disk is full or the file cannot be written.
        """
        rows = [(str(one.id), json.dumps(one.content(), ensure_ascii=False)) for one in statements]
        with self._telling(), self._transaction():
            before = self._file.total_changes
            self._file.executemany(
                "INSERT INTO statement (id, content) VALUES (?, ?) ON CONFLICT (id) DO NOTHING",
                rows,
            )
            return self._file.total_changes - before

    def waiting(self, most: int) -> list[Pending]:
        """Return the oldest statements that wait, `most` at most."""
        with self._telling():
            rows = self._file.execute(
                "SELECT id, content FROM statement WHERE state = 'waiting' ORDER BY place LIMIT ?",
                (most,),
            ).fetchall()
        return [Pending(UUID(identity), json.loads(content)) for identity, content in rows]

    def mark_sent(self, ids: Iterable[UUID]) -> None:
        """Note that a store has these, and keep nothing of them but their ids."""
        change = "UPDATE statement SET state = 'sent', reason = '', content = '' WHERE id = ?"
        with self._telling(), self._transaction():
            self._file.executemany(change, [(str(one),) for one in ids])

    def mark_refused(self, identity: UUID, reason: str) -> None:
        """Set a statement aside that a store will never take, and say why."""
        change = "UPDATE statement SET state = 'refused', reason = ? WHERE id = ?"
        with self._telling(), self._transaction():
            self._file.execute(change, (reason, str(identity)))

    def forget(self, who: str) -> int:
        """Take out what waits or was refused of one person; return how many statements.

        Of what was sent the file holds ids alone, which nobody can read a person from.

        Parameters
        ----------
        who
            The pseudonym; one of the store of records (32 digits) is known by 8 or more of its
            first digits, here and in the statements.

        Raises
        ------
        RecordError
            Another program has the file open all the time.
        """
        with self._telling():
            with self._transaction():
                rows = self._file.execute(
                    "SELECT place, content FROM statement WHERE state <> 'sent'"
                ).fetchall()
                theirs = [(place,) for place, content in rows if _tells_of(content, who)]
                self._file.executemany("DELETE FROM statement WHERE place = ?", theirs)
            self._file.execute("VACUUM")
            busy = bool(self._file.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0])
        if busy:
            raise RecordError(
                f"what was forgotten still lies in {self._path}-wal, because another program has "
                "the outbox open; end it and forget once more."
            )
        return len(theirs)

    def try_again(self) -> int:
        """Let what was refused wait again, after its cause is gone; return how many."""
        with self._telling(), self._transaction():
            changed = self._file.execute(
                "UPDATE statement SET state = 'waiting', reason = '' WHERE state = 'refused'"
            )
            return changed.rowcount

    def refused(self) -> list[tuple[UUID, str]]:
        """Return what was refused, with the reasons."""
        with self._telling():
            rows = self._file.execute(
                "SELECT id, reason FROM statement WHERE state = 'refused' ORDER BY place"
            ).fetchall()
        return [(UUID(identity), reason) for identity, reason in rows]

    def counts(self) -> Counts:
        """Count what is in the file."""
        with self._telling():
            found = dict(
                self._file.execute(
                    "SELECT state, count(*) FROM statement GROUP BY state"
                ).fetchall()
            )
        return Counts(found.get("waiting", 0), found.get("sent", 0), found.get("refused", 0))

    @contextmanager
    def _transaction(self) -> Iterator[None]:
        self._file.execute("BEGIN IMMEDIATE")  # a writer that waits now is not refused later
        try:
            yield
            self._file.execute("COMMIT")
        except BaseException:
            if self._file.in_transaction:  # a full disk may have ended it
                self._file.execute("ROLLBACK")
            raise

    @contextmanager
    def _telling(self) -> Iterator[None]:
        try:
            yield
        except (sqlite3.Error, OSError) as error:
            raise RecordError(
                f"the statements in {self._path} cannot be used: {error}; check the file, its "
                "folder and the space on the disk"
            ) from error


def usual_outbox() -> Path:
    """Where statements wait unless another file is named: among the user's data."""
    import platformdirs

    return platformdirs.user_data_path("surgisim", appauthor=False) / "xapi.sqlite3"


def _tells_of(content: str, who: str) -> bool:
    """Say whether a statement is about somebody; one of both may be cut to its first digits."""
    short, whole = sorted((str(json.loads(content)["actor"]["account"]["name"]), who), key=len)
    cut = len(short) >= _SHORT and _PSEUDONYM.fullmatch(whole) is not None
    return short == whole or (cut and whole.startswith(short))
