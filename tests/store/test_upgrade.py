"""Schemas: the migrations make the tables, an older store is upgraded, a newer one refused."""

import shutil
import sqlite3
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory

from surgisim.errors import StoreError
from surgisim.record.rating import session_mark
from surgisim.store import Store, open_store
from surgisim.store.tables import metadata
from surgisim.store.upgrade import REVISIONS

from .making import PASSPHRASE, Clock, rating

OLDER = Path(__file__).parent / "older"


@pytest.fixture(params=REVISIONS[:-1])
def older(request: pytest.FixtureRequest, home: Path) -> str:
    """A store as surgisim made it when the schema was of an earlier version."""
    key = home / "keys" / "site.key"
    key.parent.mkdir()
    shutil.copy(OLDER / "site_key.txt", key)
    key.chmod(0o600)
    folder = home / "records"
    shutil.copytree(OLDER / "sessions", folder / "sessions")
    with sqlite3.connect(folder / "records.sqlite") as connection:
        connection.executescript((OLDER / f"records_{request.param}.sql").read_text())
    return str(folder)


def test_the_migrations_make_the_tables_that_the_program_uses(admin: Store) -> None:
    with admin._desk.database.reading() as connection:
        assert compare_metadata(MigrationContext.configure(connection), metadata) == []


def test_the_versions_are_those_of_the_migrations() -> None:
    config = Config()
    config.set_main_option("script_location", "surgisim.store:migrations")
    config.set_main_option("path_separator", "os")
    scripts = list(ScriptDirectory.from_config(config).walk_revisions())
    assert tuple(script.revision for script in reversed(scripts)) == REVISIONS


def test_an_older_store_is_upgraded_and_keeps_what_it_holds(older: str, clock: Clock) -> None:
    store = open_store(older, sign_in_as="admin", passphrase=lambda: PASSPHRASE, clock=clock)
    ann = store.pseudonym("ann")
    (found,) = store.results(person=ann)
    assert (found.session.score, found.session.seed) == (81.25, 7)
    assert found.ratings == ()
    assert [one.state for one in store.sessions()] == ["ended", "broken off"]
    assert store.verify().problems == ()
    trainee = open_store(older, sign_in_as="ann", passphrase=lambda: PASSPHRASE, clock=clock)
    with trainee.looking_at(1) as folder:
        assert (folder / "timing.json").read_text() == '{"told": "nothing"}'
    store.add_person("miss", "instructor", passphrase=PASSPHRASE)
    teacher = open_store(older, sign_in_as="miss", passphrase=lambda: PASSPHRASE, clock=clock)
    teacher.overrule(1, "found", "seen on the video", points=90.0)
    teacher.add_note(ann, "left-handed")
    with teacher.looking_at(1) as folder:
        teacher.rate(1, rating(session_mark(folder)))
    (found,) = teacher.results(person=ann)
    assert (found.final.total, len(found.ratings)) == (90.0, 1)
    assert {one.text for one in teacher.notes(ann)} == {"left-handed"}
    assert teacher.verify().problems == ()


def test_a_store_of_a_newer_program_is_refused(admin: Store, name: str) -> None:
    with admin._desk.database.writing() as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '0999'")
    with pytest.raises(StoreError, match=r"changed by a newer surgisim \(its version is 0999, "):
        open_store(name)


def test_a_database_of_something_else_is_refused(home: Path) -> None:
    (home / "records").mkdir()
    with sqlite3.connect(home / "records" / "records.sqlite") as connection:
        connection.execute("CREATE TABLE recipes (name TEXT)")
    with pytest.raises(StoreError, match="holds tables of another program"):
        open_store(str(home / "records"))


def test_a_file_that_is_no_database_is_refused(home: Path) -> None:
    (home / "records").mkdir()
    (home / "records" / "records.sqlite").write_text("a letter to a friend\n" * 100)
    with pytest.raises(StoreError, match="file is not a database"):
        open_store(str(home / "records"))


def test_a_store_opens_with_its_own_key_alone(admin: Store, name: str) -> None:
    kept = admin.place.key.read_text()
    admin.place.key.unlink()
    with pytest.raises(StoreError, match="is missing, and without it the store cannot be read"):
        open_store(name)
    assert not admin.place.key.exists()
    shutil.copy(OLDER / "site_key.txt", admin.place.key)
    admin.place.key.chmod(0o600)
    with pytest.raises(StoreError, match=r"site.key \(id \w+\) is not that of the store"):
        open_store(name)
    admin.place.key.write_text(kept)
    assert open_store(name).actor == admin.actor


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("mysql://host/records", "a store lies in SQLite or PostgreSQL, not in mysql"),
        ("://", "the store's name is no URL"),
        ("sqlite://", "names no file"),
        ("postgresql:///records?host=/nowhere", "the store postgresql"),
    ],
)
def test_a_name_that_leads_nowhere_is_refused(home: Path, name: str, told: str) -> None:
    with pytest.raises(StoreError, match=told):
        open_store(name)


def test_a_password_in_the_name_is_not_told(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SURGISIM_STORE_FILES", str(home / "files"))
    with pytest.raises(StoreError) as told:
        open_store("postgresql://ann:secret@127.0.0.1:1/records")
    assert "secret" not in str(told.value)
