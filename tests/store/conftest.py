"""Stores of the tests' own, in SQLite and in PostgreSQL, away from any of the user's."""

import itertools
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from surgisim.store import Store, open_store

from .cluster import server
from .making import PASSPHRASE, Clock

_NUMBERS = itertools.count()


@pytest.fixture(scope="session")
def postgresql() -> Iterator[str]:
    """The query of a URL that leads to a server of our own."""
    with server() as query:
        yield query


@pytest.fixture(params=["sqlite", "postgresql"])
def name(request: pytest.FixtureRequest, home: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """The name of a store that is not there yet, in each database."""
    if request.param == "sqlite":
        return str(home / "records")
    import psycopg

    query = request.getfixturevalue("postgresql")
    database = f"records{next(_NUMBERS)}"
    words = dict(part.split("=") for part in query.split("&"))
    with psycopg.connect(dbname="postgres", autocommit=True, **words) as connection:
        connection.execute(f"CREATE DATABASE {database}")
    monkeypatch.setenv("SURGISIM_STORE_FILES", str(home / "records" / "sessions"))
    return f"postgresql:///{database}?{query}"


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder for a store, whose site key is to lie in ``keys`` in it."""
    monkeypatch.setenv("SURGISIM_SITE_KEY", str(tmp_path / "keys" / "site.key"))
    monkeypatch.delenv("SURGISIM_STORE", raising=False)
    return tmp_path


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def admin(name: str, clock: Clock) -> Store:
    """A new store, with the admin at it who made it."""
    return open_store(name, clock=clock)


@pytest.fixture
def signed_in(admin: Store, name: str, clock: Clock) -> Callable[[str, str], Store]:
    """Open the store as somebody with a role."""

    def sign_in(local_id: str, role: str) -> Store:
        admin.add_person(local_id, role, passphrase=PASSPHRASE)
        return open_store(name, sign_in_as=local_id, passphrase=lambda: PASSPHRASE, clock=clock)

    return sign_in
