"""An open store with somebody at it: what every operation of the store is given.

An operation asks first whether it is allowed (`Desk.require`), then does one thing in one
transaction (`Desk.writing`), which also writes the line of the audit log.
"""

import hashlib
import hmac
import json
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, select

from surgisim.errors import RightsError, StoreError
from surgisim.store.audit import Head, append, holds, read_head
from surgisim.store.database import Database
from surgisim.store.place import Place
from surgisim.store.roles import Reach, Right, Role, allows, reach_of
from surgisim.store.sealing import new_key, open_text, seal_text
from surgisim.store.site_key import SiteKey
from surgisim.store.tables import person, site

__all__ = ["Actor", "Desk", "Work", "new_site", "shown_person", "written"]

_DATA_KEY = "data key of a person"


@dataclass(frozen=True, slots=True)
class Actor:
    """Who is signed in.

    Attributes
    ----------
    person, role
        Pseudonym and role; None for somebody whom the store does not know.
    how
        What vouches for it: the system's account or a passphrase.
    """

    person: str | None
    role: Role | None
    how: str


@dataclass(frozen=True, slots=True, eq=False)
class Desk:
    """An open store.

    Attributes
    ----------
    place, database, site_key
        Where it lies, its tables, its secret.
    store_id
        Tells this store from others.
    actor
        Who is signed in.
    clock
        Gives the time, with its zone.
    """

    place: Place
    database: Database
    site_key: SiteKey
    store_id: str
    actor: Actor
    clock: Callable[[], datetime]

    def require(self, right: Right, owner: str | None = None) -> None:
        """Raise `RightsError` unless whoever is signed in may do this to a record of `owner`."""
        role = self.actor.role
        if allows(reach_of(role, right), self.actor.person, owner):
            return
        if role is None:
            raise RightsError(
                f"nobody known to the store is signed in, so nobody may {right}; sign in with "
                "--as ID, or have an admin add this system account (surgisim records person add)."
            )
        # Whose records are whose is told to those alone who may know it.
        known = reach_of(role, Right.LIST_PEOPLE) is Reach.ALL
        whose = f" of {shown_person(owner)}" if known and owner is not None else ""
        raise RightsError(
            f"the role '{role}' may not {right} here{whose}; ask somebody who may, or sign in "
            "with --as ID."
        )

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """Read the store as it is at one moment."""
        with self.database.reading() as connection:
            yield connection

    @contextmanager
    def writing(self) -> Iterator["Work"]:
        """Do one thing, all or nothing."""
        with self.database.writing() as connection:
            work = Work(self, connection, self.now())
            yield work
            head = read_head(connection)
            seen = self.seen
            known = seen is None or holds(connection, seen)
        if known:  # else what was seen stays the evidence that this is another log
            self.witness(head)

    def witness(self, head: Head) -> None:
        """Remember the longest log; a machine that may not write there remembers nothing."""
        seen = self.seen
        if seen is not None and seen.count >= head.count:
            return  # another process was quicker
        path = _witness_file(self.place, self.store_id)
        temporary = path.with_name(f"{path.name}.{os.getpid()}")
        with suppress(OSError):
            path.parent.mkdir(exist_ok=True, mode=0o700)
            temporary.write_text(json.dumps({"count": head.count, "hash": head.hash}), "ascii")
            temporary.replace(path)

    def now(self) -> str:
        """Tell the time as the store writes it."""
        return written(self.clock())

    def data_key(self, connection: Connection, who: str | None) -> bytes:
        """Return the key that seals what traces a person; for nobody's records that of the site.

        Raises
        ------
        StoreError
            No such person, perhaps any more.
        """
        if who is None:
            return self.site_key.derive("nobody's records")
        found = connection.execute(select(person.c.data_key).where(person.c.id == who)).scalar()
        if found is None:
            raise StoreError(f"nobody in the store is {shown_person(who)}.")
        return open_text(self.site_key.derive("data keys"), found, f"{_DATA_KEY} {who}")

    def wrapped_key(self, who: str) -> bytes:
        """Draw a new data key for a person, sealed with the site key."""
        return seal_text(self.site_key.derive("data keys"), new_key(), f"{_DATA_KEY} {who}")

    def alias(self, connection: Connection, who: str | None) -> str | None:
        """Name a person as the audit log does: nobody can tell whose it was without the key."""
        if who is None:
            return None
        key = self.data_key(connection, who)
        return hmac.new(key, b"audit", hashlib.sha256).hexdigest()[:16]

    @property
    def seen(self) -> Head | None:
        """The longest log that this machine has seen of this store."""
        try:
            content = json.loads(_witness_file(self.place, self.store_id).read_text("ascii"))
            return Head(int(content["count"]), str(content["hash"]), "")
        except (OSError, ValueError, KeyError, TypeError):
            return None


@dataclass(frozen=True, slots=True, eq=False)
class Work:
    """One transaction that changes the store, at one time."""

    desk: Desk
    connection: Connection
    now: str

    def log(self, action: str, *, subject: str | None = None, **details: Any) -> None:
        """Write a line of the audit log.

        Parameters
        ----------
        action
            What is done, such as ``session ended``.
        subject
            Pseudonym of whom it is about; written as an alias.
        **details
            Numbers, hashes, words that the program chose; nothing that a person wrote.
        """
        desk = self.desk
        entry = {
            "at": self.now,
            "actor": desk.alias(self.connection, desk.actor.person),
            "action": action,
            "store": desk.store_id,
            **details,
        }
        if subject is not None:
            entry["subject"] = desk.alias(self.connection, subject)
        append(self.connection, desk.site_key.derive("audit head"), entry)


def written(moment: datetime) -> str:
    """Write a moment as the store does, ``2026-11-30T09:15:02Z``."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def shown_person(who: str) -> str:
    """Show a pseudonym as people read it."""
    return who[:8]


def new_site(connection: Connection, key: SiteKey, head: Head) -> str:
    """Write the one row of `site`; returns the store's id."""
    uid = os.urandom(16).hex()
    values = {"audit_count": head.count, "audit_hash": head.hash, "audit_mac": head.mac}
    connection.execute(site.insert().values(id=1, uid=uid, key_id=key.id, **values))
    return uid


def _witness_file(place: Place, store_id: str) -> Path:
    return place.key.parent / "seen" / f"{store_id}.json"
