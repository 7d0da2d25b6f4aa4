"""Opening a store: made where there is none, and somebody signed in at it."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime

from sqlalchemy import select

from surgisim.errors import RightsError, StoreError
from surgisim.store import files
from surgisim.store.audit import ZERO, sign
from surgisim.store.database import Database
from surgisim.store.desk import Actor, Desk, Work, new_site
from surgisim.store.login import fits, login_tag, system_account
from surgisim.store.people import ensure_person, set_sign_in
from surgisim.store.place import Place
from surgisim.store.roles import Role
from surgisim.store.site_key import SiteKey
from surgisim.store.tables import person, site

__all__ = ["open_desk"]

_BY_SYSTEM, _BY_PASSPHRASE = "system account", "passphrase"
_NOBODY = Actor(None, None, _BY_SYSTEM)
_NEW_STORE = """\
A new store of records was made: {place}
Its admin is this system account, '{account}'.
BACK UP THE SITE KEY NOW, apart from the store: {key}
Whoever loses it loses every session and note in the store; whoever finds it, with the store, can
read them all."""


def open_desk(
    place: Place,
    *,
    sign_in_as: str | None = None,
    passphrase: Callable[[], str] | None = None,
    clock: Callable[[], datetime] | None = None,
    tell: Callable[[str], None] | None = None,
) -> Desk:
    """Open a store and sign somebody in.

    Parameters
    ----------
    place
        Where it lies; a store that is not there is made, with this system account as its admin.
    sign_in_as
        Local id of who signs in with a passphrase; None: whom this system account stands for.
    passphrase
        Asks for it.
    clock
        Gives the time, with its zone.
    tell
        Is told what a person has to know, such as that a key has to be backed up.

    Raises
    ------
    StoreError
        The store or its key cannot be opened.
    RightsError
        The passphrase does not fit, or nobody of that id signs in with one.
    """
    database = Database(place)
    nobody = _found(place, database, clock or _system_time)
    if nobody is None:
        nobody, made = _make(place, database, clock or _system_time)
        if made and tell is not None:
            tell(_NEW_STORE.format(place=place, account=system_account(), key=place.key))
    if sign_in_as is None:
        actor = _by_system(nobody)
    else:
        actor = _by_passphrase(nobody, sign_in_as, "" if passphrase is None else passphrase())
    return replace(nobody, actor=actor)


def _found(place: Place, database: Database, clock: Callable[[], datetime]) -> Desk | None:
    """Return the store that is there, with nobody signed in yet."""
    with database.reading() as connection:
        row = connection.execute(select(site.c.uid, site.c.key_id)).first()
    if row is None:
        return None
    key = SiteKey.read(place.key)
    if key.id != row.key_id:
        raise StoreError(
            f"the site key {place.key} (id {key.id}) is not that of the store {place} (id "
            f"{row.key_id}); name the right one in SURGISIM_SITE_KEY."
        )
    files.claim(place.files, row.uid)
    return Desk(place, database, key, row.uid, _NOBODY, clock)


def _make(place: Place, database: Database, clock: Callable[[], datetime]) -> tuple[Desk, bool]:
    """Give an empty database its key and its admin, unless another process was quicker."""
    with database.writing() as connection:
        if connection.execute(select(site.c.uid)).first() is None:
            key = SiteKey.read(place.key) if place.key.exists() else SiteKey.create(place.key)
            uid = new_site(connection, key, sign(key.derive("audit head"), 0, ZERO))
            files.claim(place.files, uid)
            desk = Desk(place, database, key, uid, _NOBODY, clock)
            account = system_account()
            who = key.pseudonym(account)
            work = Work(desk, connection, desk.now())
            ensure_person(work, who)
            set_sign_in(work, who, Role.ADMIN, account=account)
            return desk, True
    there = _found(place, database, clock)
    assert there is not None  # noqa: S101  the other process made it
    return there, False


def _by_system(desk: Desk) -> Actor:
    tag = login_tag(desk.site_key.derive("login"), system_account())
    query = select(person.c.id, person.c.role).where(person.c.login == tag)
    with desk.reading() as connection:
        row = connection.execute(query).first()
    if row is None or row.role is None:
        return _NOBODY
    return Actor(row.id, Role(row.role), _BY_SYSTEM)


def _by_passphrase(desk: Desk, local_id: str, passphrase: str) -> Actor:
    who = desk.site_key.pseudonym(local_id)
    query = select(person.c.role, person.c.passphrase).where(person.c.id == who)
    with desk.reading() as connection:
        row = connection.execute(query).first()
    kept = None if row is None or row.role is None else row.passphrase
    if row is None or not fits(kept, passphrase):
        with desk.writing() as work:
            work.log("sign-in refused", subject=None if row is None else who)
        raise RightsError(
            "nobody of that id signs in with that passphrase; an admin gives one with "
            "`surgisim records person add ID --role ROLE --passphrase`."
        )
    return Actor(who, Role(row.role), _BY_PASSPHRASE)


def _system_time() -> datetime:
    return datetime.now(UTC)
