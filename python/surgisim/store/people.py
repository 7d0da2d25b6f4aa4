"""People of a store: pseudonyms, their roles, and how they sign in."""

import re
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, func, select, update

from surgisim.errors import StoreError
from surgisim.store.audit import filled, seal_of
from surgisim.store.desk import Desk, Work
from surgisim.store.login import hashed, login_tag
from surgisim.store.roles import Right, Role
from surgisim.store.tables import note, person, session

__all__ = [
    "Person",
    "add_person",
    "check_admin",
    "ensure_person",
    "find_person",
    "log_person",
    "people",
    "person_seal",
]

_PREFIX = re.compile(r"[0-9a-f]{8,32}")
ID_MARK = "id:"


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody in the store.

    Attributes
    ----------
    id
        Pseudonym, 32 hexadecimal digits.
    role
        None for a person who has sessions and does not sign in.
    signs_in
        With what: ``system account``, ``passphrase``, both, or nothing.
    since
        When they came into the store.
    sessions
        How many are theirs.
    """

    id: str
    role: Role | None
    signs_in: str
    since: str
    sessions: int


def add_person(
    desk: Desk,
    local_id: str,
    role: Role | None,
    *,
    account: str | None = None,
    passphrase: str | None = None,
) -> str:
    """Add somebody, or change role and sign-in of somebody who is there; returns the pseudonym.

    Parameters
    ----------
    desk
        The store.
    local_id
        As the site knows them; only the pseudonym made of it is kept.
    role
        None: no role, so no sign-in.
    account
        System account that signs them in, or None to leave it.
    passphrase
        That signs them in, or None to leave it.

    Raises
    ------
    RightsError
        Not an admin.
    StoreError
        The account is another's, the passphrase is short, or no admin would be left.
    """
    who = desk.site_key.pseudonym(local_id)
    desk.require(Right.MANAGE_PEOPLE, who)
    with desk.writing() as work:
        ensure_person(work, who)
        set_sign_in(work, who, role, account=account, passphrase=passphrase)
        check_admin(work.connection)
    return who


def ensure_person(work: Work, who: str) -> None:
    """Make sure that a pseudonym is in the store, with a key of its own."""
    connection = work.connection
    if connection.execute(select(person.c.id).where(person.c.id == who)).first() is not None:
        return
    row = {"id": who, "data_key": work.desk.wrapped_key(who), "since": work.now}
    connection.execute(person.insert().values(row))
    log_person(work, "person added", who)


def set_sign_in(
    work: Work,
    who: str,
    role: Role | None,
    *,
    account: str | None = None,
    passphrase: str | None = None,
) -> None:
    """Give somebody in the store a role and ways to sign in."""
    values: dict[str, str | None] = {"role": role}
    if account is not None:
        values["login"] = login_tag(work.desk.site_key.derive("login"), account)
        taken = select(person.c.id).where(person.c.login == values["login"], person.c.id != who)
        if work.connection.execute(taken).first() is not None:
            raise StoreError(f"the system account '{account}' signs in somebody else already.")
    if passphrase is not None:
        values["passphrase"] = hashed(passphrase)
    if role is None:
        values |= {"login": None, "passphrase": None}
    work.connection.execute(update(person).where(person.c.id == who).values(values))
    log_person(work, "person changed", who, role=role)


def find_person(desk: Desk, who: str) -> str:
    """Find the pseudonym of somebody in the store.

    Parameters
    ----------
    desk
        The store.
    who
        The pseudonym or 8 or more of its first digits, or ``id:`` and the local id.

    Raises
    ------
    RightsError
        It is not oneself, and whoever is signed in may not know who is in the store.
    StoreError
        Nobody, or more than one.
    """
    if who.startswith(ID_MARK):
        pattern = desk.site_key.pseudonym(who.removeprefix(ID_MARK))
    elif _PREFIX.fullmatch(who.lower()):
        pattern = who.lower()
    else:
        raise StoreError(
            f"'{who}' is no pseudonym: give 8 or more of its digits, or {ID_MARK}ID for the local "
            "id."
        )
    me = desk.actor.person
    if me is not None and me.startswith(pattern):
        return me
    desk.require(Right.LIST_PEOPLE)
    with desk.reading() as connection:
        found = connection.execute(select(person.c.id).where(person.c.id.startswith(pattern))).all()
    if len(found) != 1:
        told = "nobody" if not found else "more than one"
        raise StoreError(f"{told} in the store is {who}; `surgisim records person list` shows all.")
    return str(found[0].id)


def people(desk: Desk) -> tuple[Person, ...]:
    """List everybody, in the order they came.

    Raises
    ------
    RightsError
        Whoever is signed in may not.
    """
    desk.require(Right.LIST_PEOPLE)
    number = func.count(session.c.number).label("sessions")
    query = (
        select(person, number)
        .outerjoin(session, session.c.person == person.c.id)
        .group_by(*person.c)
        .order_by(person.c.since, person.c.id)
    )
    with desk.reading() as connection:
        return tuple(
            Person(
                row.id,
                None if row.role is None else Role(row.role),
                " or ".join(_signs_in(row.login, row.passphrase)),
                row.since,
                row.sessions,
            )
            for row in connection.execute(query)
        )


def person_seal(desk: Desk, connection: Connection, who: str) -> str:
    """Seal what the store holds of a person, apart from sessions."""
    row = connection.execute(select(person).where(person.c.id == who)).one()
    content: dict[str, Any] = {"person": filled(row)}
    query = select(note).where(note.c.person == who).order_by(note.c.number)
    if notes := [filled(one) for one in connection.execute(query)]:
        content["notes"] = notes
    return seal_of(desk.site_key.derive("seals"), content)


def log_person(work: Work, action: str, who: str, **details: str | None) -> None:
    """Write a line about a person, with the seal of what the store now holds of them."""
    seal = person_seal(work.desk, work.connection, who)
    work.log(action, subject=who, seal=seal, **details)


def _signs_in(login: str | None, passphrase: str | None) -> list[str]:
    ways = (("system account", login), ("passphrase", passphrase))
    return [way for way, kept in ways if kept is not None]


def check_admin(connection: Connection) -> None:
    """Raise `StoreError` where the store would be without an admin."""
    admins = select(func.count()).select_from(person).where(person.c.role == Role.ADMIN)
    if not connection.execute(admins).scalar():
        raise StoreError("the store would be without an admin; make somebody else one first.")
