"""From a session's result to the rows of the store, and from the rows to their seal."""

from collections.abc import Sequence
from functools import partial
from typing import Any

from sqlalchemy import Connection, Row, Table, select

from surgisim.errors import StoreError
from surgisim.record import Result
from surgisim.store.audit import filled, seal_of
from surgisim.store.desk import Desk
from surgisim.store.files import Kept
from surgisim.store.tables import PARTS_OF_SESSION, file, metric, mistake, score_line, session

__all__ = ["keep_parts", "place_of_row", "session_row", "session_seal", "session_values"]

_NUMBERS = 1 << 31  # as many as a database counts


def session_values(result: Result) -> dict[str, Any]:
    """Take from a result what `session` has columns for."""
    return {
        "procedure": result.procedure,
        "version": result.version,
        "seed": str(result.seed),
        "device": "" if result.device is None else result.device.name,
        "outcome": result.outcome or ("passed" if result.passed else "failed"),
        "completed": result.completed,
        "passed": result.passed,
        "score": result.score,
        "pass_mark": result.pass_mark,
        "duration_s": result.duration_s,
        "damaged": result.damaged,
        "failed_by": ",".join(result.failed_by) or None,
    }


def keep_parts(connection: Connection, number: int, result: Result, files: Sequence[Kept]) -> None:
    """Write metrics, lines of the score, mistakes and files of a session."""
    rows: dict[Table, list[dict[str, Any]]] = {
        metric: [
            {"name": name, "value": one.value, "unit": one.unit}
            for name, one in result.metrics.items()
        ],
        score_line: [
            {"position": place, **line.model_dump()} for place, line in enumerate(result.lines)
        ],
        mistake: [
            {"position": place, **error.model_dump()} for place, error in enumerate(result.errors)
        ],
        file: [
            {
                "name": one.name,
                "size": one.size,
                "sha256": one.sha256,
                "sealed_sha256": one.sealed_sha256,
            }
            for one in files
        ],
    }
    for table, values in rows.items():
        if values:
            connection.execute(table.insert(), [{"session": number, **row} for row in values])


def session_row(connection: Connection, number: int) -> Any:
    """Return the row of a session.

    Raises
    ------
    StoreError
        There is none.
    """
    query = select(session).where(session.c.number == number)
    found = connection.execute(query).first() if 0 < number < _NUMBERS else None
    if found is None:
        raise StoreError(f"the store has no session {number}; `surgisim records list` shows all.")
    return found


def place_of_row(table: Table, row: Row[Any]) -> tuple[Any, ...]:
    """Tell a row's place by its key: the same whatever language a database sorts names by."""
    return tuple(row._mapping[column.name] for column in table.primary_key)


def session_seal(desk: Desk, connection: Connection, number: int) -> str:
    """Seal a session with all that belongs to it."""
    content: dict[str, Any] = {"session": filled(session_row(connection, number))}
    for table in PARTS_OF_SESSION:
        found = connection.execute(select(table).where(table.c.session == number)).all()
        if rows := [filled(row) for row in sorted(found, key=partial(place_of_row, table))]:
            content[table.name] = rows
    return seal_of(desk.site_key.derive("seals"), content)
