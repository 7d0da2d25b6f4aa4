"""What persons say: a score that is overruled with a reason, and notes about somebody.

Both may name or describe a person, so their text is sealed with the key of whom it is about.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, select

from surgisim.errors import StoreError
from surgisim.scoring import VERDICT, Overrule
from surgisim.scoring.rubric import OUT_OF
from surgisim.store.desk import Desk, shown_person
from surgisim.store.people import log_person
from surgisim.store.roles import Reach, Right, reach_of
from surgisim.store.rows import session_row
from surgisim.store.sealing import open_text, seal_text
from surgisim.store.sessions import ENDED, log_session
from surgisim.store.tables import note, overrule, score_line

__all__ = ["Note", "add_note", "notes", "notes_of", "overrule_score", "overrules_of"]

_LONGEST = 10_000  # letters


@dataclass(frozen=True, slots=True)
class Note:
    """What was written down about a person; `by` is the writer's pseudonym, shown short."""

    text: str
    by: str
    at: str


def overrule_score(
    desk: Desk,
    number: int,
    line: str,
    reason: str,
    *,
    points: float | None = None,
    passed: bool | None = None,
) -> None:
    """Say what a line of a score is worth instead, or what the verdict is.

    Parameters
    ----------
    desk
        The store.
    number
        Of the session.
    line
        Id of the line, or `VERDICT`.
    reason
        Why.
    points, passed
        Points of the line, or the verdict.

    Raises
    ------
    RightsError
        Whoever is signed in may not.
    StoreError
        No such session or line, one that has not ended, no reason, or points that are none.
    """
    with desk.reading() as connection:
        row = session_row(connection, number)
        lines = _out_of(connection, number)
    desk.require(Right.OVERRULE, row.person)
    if row.state != ENDED:
        raise StoreError(f"session {number} has not ended, so there is nothing to overrule.")
    if row.passed is None and line == VERDICT:
        raise StoreError(f"session {number} was practice, which is neither passed nor failed.")
    if line not in (*lines, VERDICT):
        raise StoreError(
            f"session {number} has no line '{line}' in its score; it has {', '.join(lines)}, and "
            f"its {VERDICT}."
        )
    if (line == VERDICT) != (points is None) or (points is None) == (passed is None):
        raise StoreError("give points for a line, and for the verdict whether it is passed.")
    if points is not None:
        _check_points(line, points, lines[line])
    text = _text(reason, "a reason")
    with desk.writing() as work:
        key = desk.data_key(work.connection, row.person)
        work.connection.execute(
            overrule.insert().values(
                session=number, line=line, points=points, passed=passed,
                reason=seal_text(key, text, f"reason of session {number}"),
                by=desk.actor.person, at=work.now,
            )
        )  # fmt: skip
        log_session(work, "score overruled", number, row.person)


def overrules_of(
    desk: Desk, connection: Connection, numbers: Sequence[int], owners: dict[int, str | None]
) -> dict[int, tuple[Overrule, ...]]:
    """Return what was said of sessions, in order.

    Parameters
    ----------
    desk
        The store; who may not know of whom results are reads no reasons.
    connection
        To it.
    numbers
        Of the sessions.
    owners
        Whose they are.
    """
    hidden = reach_of(desk.actor.role, Right.READ_RESULTS) is Reach.UNNAMED
    found: dict[int, list[Overrule]] = {number: [] for number in numbers}
    query = select(overrule).where(overrule.c.session.in_(numbers)).order_by(overrule.c.number)
    for row in connection.execute(query):
        owner = owners[row.session]
        reason = "" if hidden else _reason(desk, connection, row, owner)
        by = "somebody erased" if row.by is None else shown_person(row.by)
        said = Overrule(row.line, row.points, row.passed, reason, by, row.at)
        found[row.session].append(said)
    return {number: tuple(words) for number, words in found.items()}


def add_note(desk: Desk, who: str, text: str) -> None:
    """Write something down about a person.

    Raises
    ------
    RightsError
        Whoever is signed in may not.
    StoreError
        Nobody of that pseudonym, or no text.
    """
    desk.require(Right.WRITE_NOTES, who)
    said = _text(text, "a note")
    with desk.writing() as work:
        sealed = seal_text(desk.data_key(work.connection, who), said, f"note about {who}")
        values = {"person": who, "text": sealed, "by": desk.actor.person, "at": work.now}
        work.connection.execute(note.insert().values(values))
        log_person(work, "note written", who)


def notes(desk: Desk, who: str) -> tuple[Note, ...]:
    """Read what was written down about a person, in order.

    Raises
    ------
    RightsError
        Whoever is signed in may not.
    """
    desk.require(Right.READ_NOTES, who)
    with desk.reading() as connection:
        return notes_of(desk, connection, who)


def notes_of(desk: Desk, connection: Connection, who: str) -> tuple[Note, ...]:
    """Read the notes about a person, without asking who wants to know."""
    key = desk.data_key(connection, who)
    rows = connection.execute(select(note).where(note.c.person == who).order_by(note.c.number))
    return tuple(
        Note(
            open_text(key, row.text, f"note about {who}").decode(),
            "somebody erased" if row.by is None else shown_person(row.by),
            row.at,
        )
        for row in rows
    )


def _reason(desk: Desk, connection: Connection, row: Any, owner: str | None) -> str:
    key = desk.data_key(connection, owner)
    return open_text(key, row.reason, f"reason of session {row.session}").decode()


def _out_of(connection: Connection, number: int) -> dict[str, float]:
    """Return what the lines of a session can be worth, by their ids, in order."""
    query = select(score_line.c.id, score_line.c.out_of).where(score_line.c.session == number)
    rows = connection.execute(query.order_by(score_line.c.position))
    return {row.id: row.out_of for row in rows}


def _check_points(line: str, points: float, out_of: float) -> None:
    """Raise `StoreError` for more points than a line can be worth, and for a mistake that gains."""
    least = -OUT_OF if out_of == 0.0 else 0.0
    if not least <= points <= out_of:
        raise StoreError(
            f"'{line}' is worth {least:g} to {out_of:g} points, not {points:g}; give so many."
        )


def _text(text: str, what: str) -> bytes:
    said = text.strip()
    if not said or len(said) > _LONGEST:
        raise StoreError(f"{what} has 1 to {_LONGEST} letters; write one.")
    return said.encode()
