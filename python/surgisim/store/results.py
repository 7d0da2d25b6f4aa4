"""What the store knows of sessions, as plain frozen data."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, TypedDict

from sqlalchemy import ColumnElement, Connection, Select, Table, select

from surgisim.errors import RightsError
from surgisim.record import ErrorEntry
from surgisim.record.rating import Rating
from surgisim.scoring import Metric, Overrule, Score, ScoreLine, overruled
from surgisim.scoring.rubric import OUT_OF
from surgisim.store.desk import Desk
from surgisim.store.files import is_held
from surgisim.store.rating import ratings_of
from surgisim.store.roles import Reach, Right, reach_of
from surgisim.store.rows import place_of_row, session_row
from surgisim.store.sessions import BEGUN, ENDED
from surgisim.store.tables import metric, mistake, overrule, score_line, session
from surgisim.store.words import overrules_of

__all__ = ["StoredResult", "StoredSession", "Wanted", "all_of", "result_of", "results", "sessions"]

_AT_ONCE = 500  # databases limit the length of a list in a query


class Wanted(TypedDict, total=False):
    """Which sessions are asked for; what is None or left out does not matter.

    Attributes
    ----------
    person
        Pseudonym; None: everybody whose results may be read.
    procedure
        Id.
    outcome
        ``passed``, ``failed``, ``interrupted`` or ``practice``, with what persons said of it.
    player
        ``"person"``, or the name of a script.
    since
        Begun at this time or later, ``2026-11-30`` or with a time as in `StoredSession`.
    """

    person: str | None
    procedure: str | None
    outcome: str | None
    player: str | None
    since: str | None


@dataclass(frozen=True, slots=True)
class StoredSession:
    """A session as lists show it.

    Attributes
    ----------
    number
        In this store; never given twice.
    person
        Pseudonym of whose it is; None where it is nobody's, or not to be known.
    player
        ``"person"``, or the script that played.
    procedure, version, seed, device
        What was played, and with what in the hand; a version of None: it has not ended.
    state
        ``"ended"``, ``"playing"`` or ``"broken off"``.
    begun_at, ended_at
        Times such as ``2026-11-30T09:15:02Z``.
    outcome, completed, passed, score, pass_mark, duration_s, damaged, failed_by
        As in ``result.json``, before anything was overruled; None while it has not ended.
    """

    number: int
    person: str | None
    player: str
    procedure: str
    version: str | None
    seed: int
    device: str
    state: str
    begun_at: str
    ended_at: str | None
    outcome: str | None
    completed: bool | None
    passed: bool | None
    score: float | None
    pass_mark: float | None
    duration_s: float | None
    damaged: str | None
    failed_by: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class StoredResult:
    """A session that ended, with all that it was worth.

    Attributes
    ----------
    session
        What lists show of it.
    metrics
        By name, in SI.
    lines
        Of the score, each with the second that decided it.
    mistakes
        In order of time.
    overrules
        What persons said of lines and verdict, in order.
    ratings
        What persons gave it on rating scales.
    """

    session: StoredSession
    metrics: Mapping[str, Metric]
    lines: tuple[ScoreLine, ...]
    mistakes: tuple[ErrorEntry, ...]
    overrules: tuple[Overrule, ...] = ()
    ratings: tuple[Rating, ...] = ()

    @property
    def original(self) -> Score:
        """The score as it was computed."""
        one = self.session
        return Score(one.score or 0.0, OUT_OF, bool(one.passed), self.lines, one.failed_by)

    @property
    def final(self) -> Score:
        """The score with what persons said of it."""
        return overruled(self.original, self.session.pass_mark, self.overrules)

    @property
    def outcome(self) -> str:
        """What came of it, with what persons said of it; practice is neither passed nor failed."""
        computed, passed = str(self.session.outcome), self.final.passed
        said = any(word.passed is not None for word in self.overrules)
        if self.session.passed is None or (passed == self.session.passed and not said):
            return computed
        return "passed" if passed else "failed"


def sessions(desk: Desk, wanted: Wanted) -> tuple[StoredSession, ...]:
    """List sessions in the order they were begun; raises as `results` does."""
    with desk.reading() as connection:
        rows = _rows(desk, connection, wanted)
        return tuple(_session(desk, row) for row in rows)


def results(desk: Desk, wanted: Wanted) -> tuple[StoredResult, ...]:
    """Return the results of sessions that ended, in the order they were begun.

    Raises
    ------
    RightsError
        Whoever is signed in may read nobody's results, or not this person's.
    """
    with desk.reading() as connection:
        rows = _rows(desk, connection, wanted)
        ended = [row for row in rows if row.state == ENDED]
        return tuple(_results(desk, connection, ended))


def result_of(desk: Desk, number: int) -> StoredResult | StoredSession:
    """Return one session: what it was worth, or where it has not ended what is known.

    Raises
    ------
    RightsError
        It may not be read.
    StoreError
        There is none.
    """
    with desk.reading() as connection:
        row = session_row(connection, number)
        desk.require(Right.READ_RESULTS, row.person)
        if row.state == BEGUN:
            return _session(desk, row)
        return next(iter(_results(desk, connection, [row])))


def all_of(desk: Desk, connection: Connection, who: str) -> list[StoredResult | StoredSession]:
    """Return everything of one person, without asking who wants to know."""
    query = select(session).where(session.c.person == who).order_by(session.c.number)
    rows = connection.execute(query).all()
    ended = _results(desk, connection, [row for row in rows if row.state == ENDED])
    return [*ended, *(_session(desk, row) for row in rows if row.state == BEGUN)]


def _rows(desk: Desk, connection: Connection, wanted: Wanted) -> Sequence[Any]:
    """Return the rows of `session` that are asked for and may be read."""
    conditions: list[ColumnElement[bool]] = []
    for column, value in (
        (session.c.procedure, wanted.get("procedure")),
        (session.c.player, wanted.get("player")),
    ):
        if value is not None:
            conditions.append(column == value)
    if (since := wanted.get("since")) is not None:
        conditions.append(session.c.begun_at >= since)
    query = select(session).where(*conditions, *_allowed(desk, wanted.get("person")))
    ordered: Select[Any] = query.order_by(session.c.begun_at, session.c.number)
    rows = connection.execute(ordered).all()
    outcome = wanted.get("outcome")
    return rows if outcome is None else _that_came_out(desk, connection, rows, outcome)


def _that_came_out(
    desk: Desk, connection: Connection, rows: Sequence[Any], outcome: str
) -> list[Any]:
    """Choose rows of this outcome: the one that was computed, unless a person overruled it."""
    overruled_ones = set(connection.execute(select(overrule.c.session)).scalars())
    said = _results(desk, connection, [row for row in rows if row.number in overruled_ones])
    final = {one.session.number: one.outcome for one in said}
    return [row for row in rows if final.get(row.number, row.outcome) == outcome]


def _allowed(desk: Desk, person: str | None) -> list[ColumnElement[bool]]:
    """Say whose sessions may be read, of those asked for."""
    reach = reach_of(desk.actor.role, Right.READ_RESULTS)
    if person is not None:
        if reach is Reach.UNNAMED and person != desk.actor.person:
            raise RightsError(
                f"the role '{desk.actor.role}' reads results without their persons; leave the "
                "person out."
            )
        desk.require(Right.READ_RESULTS, person)
        return [session.c.person == person]
    desk.require(Right.READ_RESULTS)
    if reach is Reach.OWN:
        return [(session.c.person == desk.actor.person) | session.c.person.is_(None)]
    return []


def _session(desk: Desk, row: Any) -> StoredSession:
    values = dict(row._mapping)
    uid = values.pop("uid")
    hidden = reach_of(desk.actor.role, Right.READ_RESULTS) is Reach.UNNAMED
    if hidden and row.person != desk.actor.person:
        values["person"] = None
    if row.state == BEGUN:
        values["state"] = "playing" if is_held(desk.place.files, uid) else "broken off"
    values["failed_by"] = tuple(row.failed_by.split(",")) if row.failed_by else ()
    return StoredSession(**{**values, "seed": int(row.seed)})


def _results(desk: Desk, connection: Connection, rows: Sequence[Any]) -> list[StoredResult]:
    found: list[StoredResult] = []
    for first in range(0, len(rows), _AT_ONCE):
        found += _some_results(desk, connection, rows[first : first + _AT_ONCE])
    return found


def _some_results(desk: Desk, connection: Connection, rows: Sequence[Any]) -> list[StoredResult]:
    numbers = [row.number for row in rows]
    measured = _parts(connection, metric, numbers)
    lines = _parts(connection, score_line, numbers)
    mistakes = _parts(connection, mistake, numbers)
    rated = ratings_of(connection, numbers)
    said = overrules_of(desk, connection, numbers, {row.number: row.person for row in rows})
    return [
        StoredResult(
            session=_session(desk, row),
            metrics={one.name: Metric(one.value, one.unit) for one in measured[row.number]},
            lines=tuple(_line(one) for one in lines[row.number]),
            mistakes=tuple(_mistake(one) for one in mistakes[row.number]),
            overrules=said[row.number],
            ratings=rated[row.number],
        )
        for row in rows
    ]


def _parts(connection: Connection, table: Table, numbers: Sequence[int]) -> dict[int, list[Any]]:
    """Return the rows of a table by session, each in order."""
    found: dict[int, list[Any]] = {number: [] for number in numbers}
    rows = connection.execute(select(table).where(table.c.session.in_(numbers))).all()
    for row in sorted(rows, key=partial(place_of_row, table)):
        found[row.session].append(row)
    return found


def _line(row: Any) -> ScoreLine:
    values = dict(row._mapping)
    del values["session"], values["position"]
    return ScoreLine(**values)


def _mistake(row: Any) -> ErrorEntry:
    return ErrorEntry(id=row.id, severity=row.severity, time_s=row.time_s, text=row.text)
