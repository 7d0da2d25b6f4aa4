"""What persons gave sessions on rating scales."""

import json
from collections.abc import Sequence

from sqlalchemy import Connection, delete, select, update

from surgisim.errors import StoreError
from surgisim.record import SESSION_FILE
from surgisim.record.rating import Rating, mark_of
from surgisim.store.desk import Desk, Work, shown_person
from surgisim.store.roles import Right
from surgisim.store.rows import session_row
from surgisim.store.sessions import ENDED, log_session
from surgisim.store.tables import file, rating

__all__ = ["forget_rater", "rate", "ratings_of"]


def rate(desk: Desk, number: int, given: Rating) -> None:
    """Keep a rating of a session; an earlier one of the same rater on that scale gives way.

    Raises
    ------
    RightsError
        Whoever is signed in may not.
    StoreError
        No such session, one that has not ended, a rating of another one, or one that would take
        the place of somebody else's.
    """
    with desk.reading() as connection:
        row = session_row(connection, number)
    desk.require(Right.RATE, row.person)
    if row.state != ENDED:
        raise StoreError(f"session {number} has not ended, so there is nothing to rate.")
    with desk.writing() as work:
        _check_mark(work.connection, number, given)
        _make_room(work, number, given)
        values = given.model_dump(exclude={"surgisim", "session", "scores"})
        values |= {"scores": json.dumps(given.scores), "by": desk.actor.person, "at": work.now}
        work.connection.execute(rating.insert().values(session=number, **values))
        log_session(work, "session rated", number, row.person)


def ratings_of(connection: Connection, numbers: Sequence[int]) -> dict[int, tuple[Rating, ...]]:
    """Return what was given to sessions, by their numbers, in the order of scales and raters."""
    found: dict[int, list[Rating]] = {number: [] for number in numbers}
    query = (
        select(rating, file.c.sha256)
        .join(file, (file.c.session == rating.c.session) & (file.c.name == SESSION_FILE))
        .where(rating.c.session.in_(numbers))
    )
    for row in connection.execute(query):
        one = Rating(
            scale=row.scale, session=mark_of(row.sha256), rater=row.rater, blinded=row.blinded,
            seen=row.seen, scores=json.loads(row.scores),
        )  # fmt: skip
        found[row.session].append(one)
    return {
        number: tuple(sorted(given, key=lambda one: (one.scale, one.rater)))
        for number, given in found.items()
    }


def forget_rater(connection: Connection, who: str) -> list[int]:
    """Leave the ratings of somebody who is erased, under a name that is nobody's.

    Theirs are those that they entered, and those that others entered under their pseudonym.

    Returns
    -------
    Numbers of the sessions.
    """
    every = connection.execute(select(rating).order_by(rating.c.number)).all()
    rows = [row for row in every if row.by == who or _is_cut_from(row.rater, who)]
    names: dict[str, str] = {}
    for row in rows:
        values = {
            "by": None if row.by == who else row.by,
            "rater": names.setdefault(row.rater, f"erased{row.number}"),
        }
        connection.execute(update(rating).where(rating.c.number == row.number).values(values))
    return [row.session for row in rows]


def _is_cut_from(rater: str, who: str) -> bool:
    """Whether a rater is called by a pseudonym or its first digits, as people read it."""
    return len(rater) >= len(shown_person(who)) and who.startswith(rater)


def _check_mark(connection: Connection, number: int, given: Rating) -> None:
    query = select(file.c.sha256).where(file.c.session == number, file.c.name == SESSION_FILE)
    mark = mark_of(str(connection.execute(query).scalar()))
    if given.session != mark:
        raise StoreError(
            f"the rating is of session {given.session}, and session {number} is {mark}: give the "
            "one that was rated."
        )


def _make_room(work: Work, number: int, given: Rating) -> None:
    """Take the same rater's earlier rating away, but nobody else's."""
    same = (
        rating.c.session == number,
        rating.c.scale == given.scale,
        rating.c.rater == given.rater,
    )
    others = rating.c.by.is_distinct_from(work.desk.actor.person)
    if work.connection.execute(select(rating.c.number).where(*same, others)).first() is not None:
        raise StoreError(
            f"session {number} has a rating by '{given.rater}' that somebody else entered; rate it "
            "under another name."
        )
    work.connection.execute(delete(rating).where(*same))
