"""Statements that wait until a learning record store has taken them.

A file of SQLite beside the records. A statement is put in under its own id, at most once, and is on
the disk when `put` returns (``synchronous = FULL``). It leaves the queue when a store has said that
it has it, and stays in the file as sent, so that putting it in again changes nothing. If power
fails between a store's answer and our note of it, the statement goes out again, and the store knows
it by its id: none is lost and none is doubled.
"""

import json
import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self
from uuid import UUID

from surgisim.errors import RecordError
from surgisim.xapi.statement import Statement

__all__ = ["Counts", "Outbox", "Pending"]

_WAIT_S = 30.0  # for another process that writes
_LAYOUT = 1  # of the tables; kept in SQLite's user_version
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
            path.parent.mkdir(parents=True, exist_ok=True)
            self._file = sqlite3.connect(path, timeout=_WAIT_S, isolation_level=None)
            self._file.execute("PRAGMA journal_mode = WAL")
            self._file.execute("PRAGMA synchronous = FULL")
            layout = self._file.execute("PRAGMA user_version").fetchone()[0]
            if layout > _LAYOUT:
                raise RecordError(f"{path} was written by a newer surgisim; update this one")
            self._file.execute(_TABLES)
            self._file.execute(f"PRAGMA user_version = {_LAYOUT}")

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
        """Note that a store has these."""
        self._mark(ids, "sent", "")

    def mark_refused(self, identity: UUID, reason: str) -> None:
        """Set a statement aside that a store will never take, and say why."""
        self._mark([identity], "refused", reason)

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

    def _mark(self, ids: Iterable[UUID], state: str, reason: str) -> None:
        with self._telling(), self._transaction():
            self._file.executemany(
                "UPDATE statement SET state = ?, reason = ? WHERE id = ?",
                [(state, reason, str(one)) for one in ids],
            )

    @contextmanager
    def _transaction(self) -> Iterator[None]:
        self._file.execute("BEGIN IMMEDIATE")  # a writer that waits now is not refused later
        try:
            yield
        except BaseException:
            self._file.execute("ROLLBACK")
            raise
        self._file.execute("COMMIT")

    @contextmanager
    def _telling(self) -> Iterator[None]:
        try:
            yield
        except (sqlite3.Error, OSError) as error:
            raise RecordError(
                f"the statements in {self._path} cannot be used: {error}; check the file, its "
                "folder and the space on the disk"
            ) from error
