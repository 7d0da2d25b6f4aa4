"""Whatever is done to the log, the records or the files behind the program's back is found."""

import json
import shutil
import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest

from surgisim.store import Store, open_store
from surgisim.store.audit import append, sign
from surgisim.store.site_key import SiteKey

from .making import Clock, result, session_folder

Deed = Callable[[sqlite3.Connection], object]


@pytest.fixture
def store(home: Path, clock: Clock) -> Store:
    """A store with two people and three sessions, one of them a script's."""
    made = open_store(str(home / "records"), clock=clock)
    for seed, who in enumerate(("ann", "bob", None)):
        person = None if who is None else made.pseudonym(who)
        player = "careful" if who is None else "person"
        made.add(session_folder(home / str(seed), seed), result(seed=seed), player, person)
    assert made.verify().problems == ()
    return made


def run(store: Store, statement: str) -> None:
    """Do something to the database that the program would not do."""
    with sqlite3.connect(str(store.place.file)) as connection:
        connection.executescript(statement)


def swap(first: int, second: int) -> str:
    steps = ((first, 999), (second, first), (999, second))
    renumber = "UPDATE audit SET number = {} WHERE number = {};"
    return "".join(renumber.format(new, old) for old, new in steps)


@pytest.mark.parametrize(
    ("statement", "told"),
    [
        ("UPDATE audit SET line = replace(line, 'added', 'ended') WHERE number = 4",
         "Line 5 of the log does not follow the one before it: one was changed."),
        ("UPDATE audit SET line = replace(line, 'added', 'ended') WHERE number = 7",
         "The last line of the log was changed."),
        ("UPDATE audit SET line = 'nothing' WHERE number = 4", "Line 4 of the log was changed"),
        ("UPDATE audit SET line = '[]' WHERE number = 4", "Line 4 of the log was changed"),
        ("DELETE FROM audit WHERE number = 3", "Line 3 of the log is missing"),
        ("DELETE FROM audit WHERE number = 1", "Line 1 of the log is missing"),
        (swap(3, 4), "Line 3 of the log is missing or not in its place."),
        ("DELETE FROM audit WHERE number >= 6", "The log ends at line 5, but 7 lines were signed."),
        ("DELETE FROM audit", "The log ends at line 0, but 7 lines were signed."),
        ("UPDATE site SET audit_count = 6", "The log's signature is not that of the site key."),
        ("UPDATE session SET score = 100 WHERE number = 1", "Session 1 was changed behind"),
        ("UPDATE session SET person = (SELECT person FROM session WHERE number = 2)"
         " WHERE number = 1", "Session 1 was changed behind"),
        ("UPDATE score_line SET points = 99 WHERE session = 2", "Session 2 was changed behind"),
        ("UPDATE metric SET value = 1 WHERE session = 2", "Session 2 was changed behind"),
        ("DELETE FROM mistake WHERE session = 2", "Session 2 was changed behind"),
        ("DELETE FROM session WHERE number = 3", "Session 3 is missing, and the log does not say"),
        ("INSERT INTO session (uid, player, procedure, seed, device, state, begun_at)"
         " VALUES ('u', 'person', 'p', '1', '', 'begun', '2026')", "the log does not know it"),
        ("UPDATE person SET role = 'admin'", "was changed behind the program's back"),
        ("UPDATE person SET data_key = x'00' WHERE role IS NULL", "cannot be used"),
        ("DELETE FROM person WHERE role IS NULL", "is missing, and was not erased"),
        ("INSERT INTO person SELECT '00', role, NULL, NULL, data_key, since FROM person LIMIT 1",
         "The key of person 00 cannot be used"),
    ],
)  # fmt: skip
def test_tampering_is_found(store: Store, statement: str, told: str) -> None:
    run(store, statement)
    problems = store.verify().problems
    assert any(told in problem for problem in problems), problems


def test_a_tail_cut_off_with_the_head_turned_back_is_missed_by_the_witness(
    store: Store, home: Path, clock: Clock
) -> None:
    older = home / "older.sqlite"
    with sqlite3.connect(str(store.place.file)) as now, sqlite3.connect(older) as copy:
        now.backup(copy)
    store.add(session_folder(home / "9", 9), result(seed=9), "person", store.pseudonym("ann"))
    for path in Path(str(store.place.file)).parent.glob("records.sqlite*"):
        path.unlink()
    shutil.copy(older, str(store.place.file))
    again = open_store(str(home / "records"), clock=clock)
    (problem,) = again.verify().problems
    assert problem.startswith("The log does not hold line 8 as this machine saw it")


def test_lines_appended_without_the_key_are_refused(store: Store) -> None:
    other = SiteKey(bytes(32)).derive("audit head")
    with store._desk.database.writing() as connection:
        append(connection, other, {"action": "session dropped", "session": 1})
    assert "The log's signature is not that of the site key." in store.verify().problems


def test_the_chain_is_the_published_one(store: Store) -> None:
    import hashlib

    lines = store.audit()
    before = "0" * 64
    for number, line in enumerate(lines, start=1):
        entry = json.loads(line)
        assert (entry["number"], entry["previous"]) == (number, before)
        before = hashlib.sha256(line.encode()).hexdigest()
    key = SiteKey.read(store.place.key).derive("audit head")
    with store._desk.database.reading() as connection:
        from surgisim.store.audit import read_head

        assert read_head(connection) == sign(key, len(lines), before)


@pytest.mark.parametrize("name", ["session.mcap", "result.json"])
def test_a_changed_or_missing_file_is_found(store: Store, home: Path, name: str) -> None:
    (path,) = (p for p in sorted((home / "records").rglob(f"{name}.sealed"))[:1])
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.write_bytes(bytes(data))
    (problem,) = store.verify().problems
    assert problem.endswith(f"{path} was changed.")
    path.unlink()
    (problem,) = store.verify().problems
    assert problem.endswith("cannot be read: No such file or directory.")


def test_what_was_verified_is_counted(store: Store) -> None:
    verdict = store.verify()
    assert (verdict.lines, verdict.sessions, verdict.people, verdict.files) == (7, 3, 3, 9)


@pytest.mark.parametrize(
    ("statement", "told"),
    [
        ('UPDATE audit SET line = \'{"action": "person erased"}\' WHERE number = 4', "Line 4"),
        ("UPDATE session SET score = 9e999 WHERE number = 1", "Session 1 was changed behind"),
        ("UPDATE person SET data_key = 'x' WHERE role IS NULL", "cannot be used"),
        ("UPDATE person SET since = 9e999 WHERE role IS NULL", "was changed behind"),
    ],
)
def test_values_that_are_none_of_ours_do_not_stop_the_looking(
    store: Store, statement: str, told: str
) -> None:
    run(store, statement)
    problems = store.verify().problems
    assert any(told in problem for problem in problems), problems


def older_store(store: Store, home: Path, clock: Clock) -> Store:
    """Put the store as it is now in place of one to which more was added."""
    older = home / "older.sqlite"
    with sqlite3.connect(str(store.place.file)) as now, sqlite3.connect(older) as copy:
        now.backup(copy)
    for seed in (9, 10):
        store.add(session_folder(home / str(seed), seed), result(seed=seed), "person")
    for path in Path(str(store.place.file)).parent.glob("records.sqlite*"):
        path.unlink()
    shutil.copy(older, str(store.place.file))
    return open_store(str(home / "records"), clock=clock)


def test_an_older_store_is_still_found_out_when_more_was_written_to_it(
    store: Store, home: Path, clock: Clock
) -> None:
    again = older_store(store, home, clock)
    for seed in range(20, 24):
        again.add(session_folder(home / str(seed), seed), result(seed=seed), "person")
    (problem,) = again.verify().problems
    assert problem.startswith("The log does not hold line 9 as this machine saw it")


def test_an_older_store_under_another_name_is_found_out(
    store: Store, home: Path, clock: Clock
) -> None:
    again = older_store(store, home, clock)
    run(again, "UPDATE site SET uid = '0123'")
    (again.place.files / "store").unlink()
    renamed = open_store(str(home / "records"), clock=clock)
    assert renamed.verify().problems == (
        "The store's own name is not that of the log: it was changed.",
    )


def test_the_witness_forgets_nothing_and_a_machine_that_verifies_has_one(
    store: Store, home: Path
) -> None:
    desk = store._desk
    longest = desk.seen
    assert longest is not None
    desk.witness(sign(b"", 1, "0" * 64))  # of a process that was held up
    assert desk.seen == longest
    shutil.rmtree(home / "keys" / "seen")
    assert desk.seen is None
    store.verify()
    assert desk.seen == longest
