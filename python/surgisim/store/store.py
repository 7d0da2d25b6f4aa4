"""The store of records as programs hold it; each operation is a module beside this one."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import datetime
from pathlib import Path
from types import TracebackType
from typing import Self, Unpack

from surgisim.record import Result
from surgisim.record.rating import Rating
from surgisim.store import (
    adding,
    erasing,
    exporting,
    looking,
    people,
    results,
    sessions,
    verifying,
    words,
)
from surgisim.store.audit import lines_of
from surgisim.store.desk import Actor, Desk
from surgisim.store.opening import open_desk
from surgisim.store.people import Person
from surgisim.store.place import Place, place_of
from surgisim.store.rating import rate
from surgisim.store.results import StoredResult, StoredSession, Wanted
from surgisim.store.roles import Right, Role
from surgisim.store.sessions import OpenSession
from surgisim.store.verifying import Verdict
from surgisim.store.words import Note

__all__ = ["Store", "open_store"]


def open_store(
    name: str | None = None,
    *,
    sign_in_as: str | None = None,
    passphrase: Callable[[], str] | None = None,
    clock: Callable[[], datetime] | None = None,
    tell: Callable[[str], None] | None = None,
) -> "Store":
    """Open a store; one that is not there is made.

    Parameters
    ----------
    name
        URL or folder; None: what SURGISIM_STORE names, else a folder among the user's data.
    sign_in_as
        Local id of who signs in with a passphrase; None: whom this system account stands for.
    passphrase
        Asks for it.
    clock
        Gives the time, with its zone; the system's by default.
    tell
        Is told what a person has to know, such as that a new key has to be backed up.

    Raises
    ------
    StoreError
        The store or its site key cannot be opened, or the store belongs to a newer surgisim.
    RightsError
        The passphrase does not fit.
    """
    place = place_of(name)
    desk = open_desk(place, sign_in_as=sign_in_as, passphrase=passphrase, clock=clock, tell=tell)
    return Store(desk)


class Store:
    """An open store with somebody signed in; `open_store` makes it.

    Every method raises `RightsError` where whoever is signed in may not do this, and `StoreError`
    where it cannot be done.
    """

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Nothing stays open between two calls."""

    @property
    def actor(self) -> Actor:
        """Who is signed in."""
        return self._desk.actor

    @property
    def place(self) -> Place:
        """Where the store lies."""
        return self._desk.place

    def pseudonym(self, local_id: str) -> str:
        """Return the pseudonym of a local id, also of one who is not in the store."""
        return self._desk.site_key.pseudonym(local_id)

    def results(self, **wanted: Unpack[Wanted]) -> tuple[StoredResult, ...]:
        """Return the results of sessions that ended, in the order they were begun; see `Wanted`."""
        return results.results(self._desk, wanted)

    def sessions(self, **wanted: Unpack[Wanted]) -> tuple[StoredSession, ...]:
        """List sessions, also those that have not ended; see `Wanted`."""
        return results.sessions(self._desk, wanted)

    def result(self, number: int) -> StoredResult | StoredSession:
        """Return one session; a `StoredSession` where it has not ended."""
        return results.result_of(self._desk, number)

    def begin(
        self, procedure: str, seed: int, device: str, player: str, person: str | None = None
    ) -> OpenSession:
        """Enter a session that is about to be played, in `OpenSession.folder`."""
        return sessions.begin(self._desk, procedure, seed, device, player, person)

    def take_up(self, number: int) -> OpenSession:
        """Take up a session that was broken off, to `end` or to `abandon` it."""
        return sessions.take_up(self._desk, number)

    def end(self, entry: OpenSession, result: Result) -> None:
        """Take a played session in; its folder is gone afterwards."""
        sessions.end(self._desk, entry, result)

    def abandon(self, entry: OpenSession) -> None:
        """Take a session off the list of which nothing is to be kept."""
        sessions.abandon(self._desk, entry)

    def drop(self, number: int) -> None:
        """Take a session off the list that was broken off, wherever it was played."""
        sessions.drop(self._desk, number)

    def add(self, folder: Path, result: Result, player: str, person: str | None = None) -> int:
        """Take a session in that was played outside the store; returns its number."""
        return adding.add(self._desk, folder, result, player, person)

    def overrule(
        self,
        number: int,
        line: str,
        reason: str,
        *,
        points: float | None = None,
        passed: bool | None = None,
    ) -> None:
        """Say what a line of a session's score is worth instead, or of ``verdict`` what it is."""
        words.overrule_score(self._desk, number, line, reason, points=points, passed=passed)

    def rate(self, number: int, rating: Rating) -> None:
        """Keep what a person gave a session on a rating scale."""
        rate(self._desk, number, rating)

    def add_note(self, person: str, text: str) -> None:
        """Write something down about a person."""
        words.add_note(self._desk, person, text)

    def notes(self, person: str) -> tuple[Note, ...]:
        """Read what was written down about a person, in order."""
        return words.notes(self._desk, person)

    def looking_at(self, number: int) -> AbstractContextManager[Path]:
        """Open a session as an ordinary folder that is gone when the ``with`` block ends."""
        return looking.looking_at(self._desk, number)

    def add_person(
        self,
        local_id: str,
        role: Role | None,
        *,
        account: str | None = None,
        passphrase: str | None = None,
    ) -> str:
        """Add somebody, or change their role and sign-in; returns the pseudonym."""
        return people.add_person(self._desk, local_id, role, account=account, passphrase=passphrase)

    def find_person(self, who: str) -> str:
        """Find a pseudonym by 8 or more of its first digits, or by ``id:`` and the local id."""
        return people.find_person(self._desk, who)

    def people(self) -> tuple[Person, ...]:
        """List everybody."""
        return people.people(self._desk)

    def export(self, person: str, out: Path) -> int:
        """Write everything of one person into a ZIP file; returns the number of sessions."""
        return exporting.export(self._desk, person, out)

    def erase(self, person: str) -> int:
        """Erase a person with all that is theirs; returns the number of sessions."""
        return erasing.erase(self._desk, person)

    def tidy(self) -> int:
        """Take away what erasures and crashes left in files; returns the number of folders."""
        return erasing.tidy(self._desk)

    def verify(self) -> Verdict:
        """Compare log, records and files."""
        return verifying.verify(self._desk)

    def audit(self) -> tuple[str, ...]:
        """Return the lines of the audit log, JSON each."""
        self._desk.require(Right.READ_AUDIT)
        with self._desk.reading() as connection:
            return tuple(line for _, line in lines_of(connection))
