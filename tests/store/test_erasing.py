"""One person's data: exported whole and readable, and erased so that nothing of it is found."""

import json
import sqlite3
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from surgisim.errors import StoreError
from surgisim.record import load
from surgisim.store import Store, open_store

from .making import Clock, all_bytes, result, session_folder

SignIn = Callable[[str, str], Store]
SECRETS = ("Planted Palmer", "PLANTED-IN-A-FILE", "planted in a note", "planted in a reason")


@pytest.fixture
def planted(admin: Store, signed_in: SignIn, home: Path) -> str:
    """A person with sessions, notes and overruled scores, beside another one; her pseudonym."""
    teacher = signed_in("Teacher", "instructor")
    palmer = admin.pseudonym(SECRETS[0])
    for seed in range(3):
        folder = session_folder(home / f"away{seed}", seed, text=SECRETS[1])
        admin.add(folder, result(seed=seed), "person", palmer)
    folder = session_folder(home / "other", 9)
    admin.add(folder, result(seed=9), "person", admin.pseudonym("bob"))
    teacher.add_note(palmer, SECRETS[2])
    teacher.overrule(1, "found", SECRETS[3], points=12.5)
    for path in home.glob("away*"):  # what was outside of the store is not the store's to erase
        for inner in path.iterdir():
            inner.unlink()
    return palmer


def found(secret: bytes, *homes: Path) -> list[str]:
    return [str(path) for path, data in all_bytes(*homes) if secret in data]


def test_nothing_that_traces_a_person_is_readable_in_the_store_s_files(
    admin: Store, planted: str, home: Path
) -> None:
    for secret in SECRETS:
        assert found(secret.encode(), home / "records", home / "keys") == []
    assert admin.results(person=planted)[0].overrules[0].reason == SECRETS[3]


def test_what_is_exported_is_all_and_readable(
    admin: Store, signed_in: SignIn, planted: str, tmp_path: Path
) -> None:
    out = tmp_path / "all.zip"
    assert signed_in(SECRETS[0], "trainee").export(planted, out) == 3
    assert out.stat().st_mode & 0o077 == 0
    with zipfile.ZipFile(out) as zipped:
        zipped.extractall(tmp_path / "all")
    home = tmp_path / "all"
    person = json.loads((home / "person.json").read_text())
    assert (person["id"], person["role"]) == (planted, "trainee")
    assert [one["text"] for one in person["notes"]] == [SECRETS[2]]
    sessions = json.loads((home / "sessions.json").read_text())
    assert [one["session"]["number"] for one in sessions] == [1, 2, 3]
    assert sessions[0]["lines"][0]["points"] == 71.5
    assert sessions[0]["overrules"][0]["reason"] == SECRETS[3]
    assert sessions[0]["mistakes"][0]["text"] == "Pressed hard."
    for number in (1, 2, 3):
        record = load(home / "sessions" / str(number))
        assert record.damaged is None
        assert record.result is not None
    log = [json.loads(line) for line in (home / "audit.jsonl").read_text().splitlines()]
    assert [line["action"] for line in log].count("session added") == 3
    assert log[-1]["action"] == "person exported"
    assert (home / "README.txt").read_text().startswith("Everything that a store of surgisim")


def test_a_person_who_is_erased_leaves_nothing_behind(
    admin: Store, planted: str, name: str, home: Path
) -> None:
    admin_file = admin.place.file
    with admin._desk.database.reading() as connection:
        key = admin._desk.data_key(connection, planted)
        row = connection.exec_driver_sql(
            f"SELECT data_key FROM person WHERE id = '{planted}'"  # noqa: S608
        ).one()
    wrapped, uids = bytes(row.data_key), sorted(p.name for p in admin.place.files.glob("?" * 32))
    assert len(uids) == 4
    assert admin.erase(planted) == 3
    assert len(list(admin.place.files.glob("?" * 32))) == 1
    assert [one.session.seed for one in admin.results()] == [9]
    if admin_file is not None:
        for remains in (planted.encode(), wrapped, key, *(s.encode() for s in SECRETS)):
            assert found(remains, home / "records", home / "keys") == []
        assert sqlite3.connect(admin_file).execute("PRAGMA freelist_count").fetchone() == (0,)
    assert admin.verify().problems == ()
    with pytest.raises(StoreError, match="nobody in the store is"):
        open_store(name).find_person(planted)
    text = "".join(admin.audit())
    assert planted not in text
    assert admin._desk.site_key.pseudonym(SECRETS[0]) == planted  # so the pseudonym is nowhere


def test_who_comes_back_after_an_erasure_is_somebody_new(
    admin: Store, planted: str, home: Path
) -> None:
    before = [json.loads(line).get("subject") for line in admin.audit()]
    admin.erase(planted)
    admin.add(session_folder(home / "new", 20), result(seed=20), "person", planted)
    after = json.loads(admin.audit()[-1])["subject"]
    assert after not in before
    assert len(admin.results(person=planted)) == 1
    assert admin.verify().problems == ()


def test_who_is_erased_is_not_named_by_what_they_said_of_others(
    admin: Store, planted: str, home: Path
) -> None:
    teacher = admin.find_person("id:teacher")
    admin.erase(teacher)
    (said,) = admin.results(person=planted)[0].overrules
    assert (said.by, said.reason) == ("somebody erased", SECRETS[3])
    assert admin.verify().problems == ()


def test_the_last_admin_cannot_be_erased(admin: Store) -> None:
    me = admin.actor.person
    assert me is not None
    with pytest.raises(StoreError, match="would be without an admin"):
        admin.erase(me)
    assert len(admin.people()) == 1


def test_a_sqlite_store_that_is_held_open_is_tidied_later(home: Path, clock: Clock) -> None:
    store = open_store(str(home / "records"), clock=clock)
    ann = store.pseudonym("ann")
    store.add(session_folder(home / "played"), result(), "person", ann)
    other = sqlite3.connect(str(store.place.file))
    other.execute("BEGIN")
    other.execute("SELECT count(*) FROM person").fetchone()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("surgisim.store.database._PRAGMAS", ("PRAGMA busy_timeout = 50",))
        with pytest.raises(StoreError, match="another program has the store open"):
            store.erase(ann)
    other.close()
    store.tidy()
    assert found(ann.encode(), home / "records") == []


def test_the_export_appears_whole_or_not_at_all(
    admin: Store, planted: str, home: Path, tmp_path: Path
) -> None:
    sealed = next(iter(sorted(admin.place.files.rglob("session.mcap.sealed"))))
    data = sealed.read_bytes()
    for path in admin.place.files.rglob("session.mcap.sealed"):
        path.write_bytes(data[:-1])
    with pytest.raises(StoreError, match="was changed, cut off"):
        admin.export(planted, tmp_path / "all.zip")
    assert list(tmp_path.glob("all.zip*")) == []
    with pytest.raises(StoreError, match="cannot be written"):
        admin.export(planted, tmp_path / "nowhere" / "all.zip")


def test_a_person_is_not_erased_while_they_play(admin: Store, name: str, clock: Clock) -> None:
    ann = admin.pseudonym("ann")
    entry = admin.begin("liver_palpation", 7, "mouse", "person", ann)
    with pytest.raises(StoreError, match=r"session 1 of theirs is being played .* has ended"):
        open_store(name, clock=clock).erase(ann)
    entry.lock.release()  # broken off
    assert admin.erase(ann) == 1
    assert not entry.folder.exists()


def test_who_is_erased_while_a_session_of_theirs_is_taken_in_is_asked_for_again(
    admin: Store, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from surgisim.store import files

    ann = admin.pseudonym("ann")
    folder = session_folder(home / "played")
    take_in = files.take_in

    def slow(*given: object) -> object:
        monkeypatch.setattr(files, "take_in", take_in)
        kept = take_in(*given)  # type: ignore[arg-type]
        admin.erase(ann)
        admin.add_person("ann", "trainee")
        return kept

    monkeypatch.setattr(files, "take_in", slow)
    with pytest.raises(StoreError, match="was erased while"):
        admin.add(folder, result(), "person", ann)
    admin.add(folder, result(), "person", ann)
    assert admin.verify().problems == ()


def test_what_the_server_noted_of_tables_is_made_anew(
    admin: Store, planted: str, name: str
) -> None:
    if admin.place.file is not None:
        return
    bob = admin.pseudonym("bob")

    def noted() -> str:
        with admin._desk.reading() as connection:
            query = "SELECT * FROM pg_stats WHERE schemaname = 'public'"
            return str(connection.exec_driver_sql(query).all())

    with admin._desk.writing() as work:
        work.connection.exec_driver_sql("ANALYZE")
    assert planted in noted()
    admin.erase(planted)
    assert planted not in noted()
    assert bob in noted()


def test_tidying_takes_away_what_a_crash_left_and_nothing_else(
    admin: Store, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    files = admin.place.files
    uid = "0" * 32
    entry = admin.begin("liver_palpation", 7, "mouse", "person")
    for left in (uid, f"{uid[1:]}1.part", f"open/{uid[2:]}22", f"shown/{uid}-1", "of-somebody"):
        (files / left).mkdir(parents=True)
    (files / "locks" / f"{uid}.lock").touch()
    listed = Path.iterdir

    def slow(path: Path) -> object:
        if path == files:  # a session comes in meanwhile
            monkeypatch.setattr(Path, "iterdir", listed)
            admin.add(session_folder(home / "played"), result(), "person")
        return listed(path)

    monkeypatch.setattr(Path, "iterdir", slow)
    assert admin.tidy() == 4
    assert (files / "of-somebody").is_dir()
    assert [path.stem for path in (files / "locks").iterdir()] == [entry.uid]
    assert entry.folder.is_dir()
    assert admin.verify().problems == ()
    assert admin.tidy() == 0


def test_a_file_that_somebody_put_in_the_export_s_way_gets_nothing(
    admin: Store, planted: str, tmp_path: Path
) -> None:
    theirs = tmp_path / "theirs"
    theirs.touch()
    (tmp_path / "all.zip.part").symlink_to(theirs)
    admin.export(planted, tmp_path / "all.zip")
    assert theirs.read_bytes() == b""
    assert (tmp_path / "all.zip").stat().st_mode & 0o077 == 0


def test_what_was_broken_off_is_exported_too(admin: Store, tmp_path: Path) -> None:
    ann = admin.pseudonym("ann")
    entry = admin.begin("liver_palpation", 7, "mouse", "person", ann)
    session_folder(entry.folder)
    entry.lock.release()
    assert admin.export(ann, tmp_path / "all.zip") == 1
    with zipfile.ZipFile(tmp_path / "all.zip") as zipped:
        zipped.extractall(tmp_path / "all")
    assert load(tmp_path / "all" / "sessions" / "1").damaged is None


def test_what_a_crash_left_open_is_gone_when_the_next_session_begins(
    admin: Store, tmp_path: Path
) -> None:
    ended = admin.begin("liver_palpation", 7, "mouse", "person", admin.pseudonym("ann"))
    session_folder(ended.folder)
    admin.end(ended, result())
    session_folder(ended.folder)  # as if the power had failed before its folder was taken away
    broken_off = admin.begin("liver_palpation", 8, "mouse", "person")
    broken_off.lock.release()
    again = admin.begin("liver_palpation", 9, "mouse", "person")
    assert {path.name for path in (admin.place.files / "open").iterdir()} == {
        *(broken_off.uid, again.uid),
    }
