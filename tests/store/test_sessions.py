"""Sessions come into the store whole or not at all, and are found again."""

import json
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
from tests.record.sessions import TIMING

from surgisim.errors import StoreError
from surgisim.record import Metric as Measured
from surgisim.record import load, write_timing
from surgisim.scoring import Metric
from surgisim.store import Store, StoredResult, StoredSession, open_store

from .making import Clock, copied, result, session_folder

SignIn = Callable[[str, str], Store]


def test_a_session_that_was_played_comes_back_as_it_was(
    admin: Store, signed_in: SignIn, tmp_path: Path
) -> None:
    ann = admin.pseudonym("Ann")
    played = session_folder(tmp_path / "played")
    entry = admin.begin("liver_palpation", 7, "mouse", "person", ann)
    copied(played, entry.folder)
    admin.end(entry, result(81.25))
    (found,) = admin.results(person=ann, procedure="liver_palpation")
    assert found.session == StoredSession(
        number=entry.number,
        person=ann,
        player="person",
        procedure="liver_palpation",
        version="1.2",
        seed=7,
        device="",
        state="ended",
        begun_at=found.session.begun_at,
        ended_at=found.session.ended_at,
        outcome="passed",
        completed=True,
        passed=True,
        score=81.25,
        pass_mark=70.0,
        duration_s=60.5,
        damaged=None,
        failed_by=(),
    )
    assert found.session.begun_at < str(found.session.ended_at)
    assert found.metrics == {"time": Metric(60.5, "s"), "smoothness.sparc": Metric(None, "1")}
    (line,) = found.lines
    assert (line.id, line.points, line.moment_s, line.until_s) == ("found", 81.25, 12.25, 13.5)
    assert [(one.id, one.time_s) for one in found.mistakes] == [("too_hard", 12.0)]
    assert found.original.passed
    assert not entry.folder.exists()
    with signed_in("ann", "trainee").looking_at(entry.number) as folder:
        for path in played.iterdir():
            assert (folder / path.name).read_bytes() == path.read_bytes()
        assert load(folder).header["seed"] == 7
    assert not folder.exists()


def test_results_are_in_the_order_in_which_they_were_begun(admin: Store, tmp_path: Path) -> None:
    ann, bob = admin.pseudonym("ann"), admin.pseudonym("bob")
    early = admin.begin("liver_palpation", 1, "mouse", "person", ann)
    late = admin.begin("liver_palpation", 2, "mouse", "person", ann)
    other = admin.begin("camera", 3, "mouse", "person", ann)
    his = admin.begin("liver_palpation", 4, "mouse", "person", bob)
    script = admin.begin("liver_palpation", 5, "hand", "careful")
    for entry, score, procedure in (
        (late, 80.0, "liver_palpation"),
        (early, 50.0, "liver_palpation"),
        (other, 90.0, "camera"),
        (his, 70.0, "liver_palpation"),
        (script, 99.0, "liver_palpation"),
    ):
        session_folder(entry.folder, seed=entry.number)
        admin.end(entry, result(score, seed=entry.number, procedure=procedure))

    def scores(**wanted: str) -> list[float | None]:
        return [one.session.score for one in admin.results(**wanted)]

    assert scores(person=ann, procedure="liver_palpation") == [50.0, 80.0]
    assert scores(procedure="liver_palpation") == [50.0, 80.0, 70.0, 99.0]
    assert scores(person=ann, outcome="failed") == [50.0]
    assert scores(player="careful") == [99.0]
    assert scores(since="2026-12-01") == []
    assert len(scores(since="2026-11-30")) == 5


def test_a_seed_may_be_larger_than_a_database_s_numbers(admin: Store) -> None:
    seed = 10**30 + 7
    entry = admin.begin("liver_palpation", seed, "mouse", "person")
    session_folder(entry.folder)
    admin.end(entry, result(seed=seed))
    assert admin.results()[0].session.seed == seed


def test_a_session_that_is_begun_is_being_played_as_long_as_its_process_holds_it(
    admin: Store, name: str, clock: Clock
) -> None:
    entry = admin.begin("liver_palpation", 7, "mouse", "person")
    (listed,) = open_store(name, clock=clock).sessions()
    assert (listed.state, listed.score, listed.version) == ("playing", None, None)
    assert admin.results() == ()
    with pytest.raises(StoreError, match="is being played or taken in just now"):
        open_store(name, clock=clock).take_up(entry.number)
    entry.lock.release()
    (listed,) = admin.sessions()
    assert listed.state == "broken off"
    with pytest.raises(StoreError, match="has not ended; take it in first"), admin.looking_at(1):
        pass


def test_a_session_that_was_broken_off_can_be_taken_in_once(admin: Store) -> None:
    entry = admin.begin("liver_palpation", 7, "mouse", "person", admin.pseudonym("ann"))
    session_folder(entry.folder)
    entry.lock.release()  # as the system does when a process ends
    again = admin.take_up(entry.number)
    assert again.folder == entry.folder
    admin.end(again, result())
    assert [one.session.number for one in admin.results()] == [entry.number]
    with pytest.raises(StoreError, match="is in the store already, whole"):
        admin.take_up(entry.number)
    assert admin.verify().problems == ()


def test_a_session_of_which_nothing_was_played_is_taken_off_the_list(admin: Store) -> None:
    entry = admin.begin("liver_palpation", 7, "mouse", "person")
    admin.abandon(entry)
    assert admin.sessions() == ()
    assert not entry.folder.exists()
    assert admin.verify().problems == ()
    second = admin.begin("liver_palpation", 7, "mouse", "person")
    assert second.number > entry.number


def test_a_folder_is_added_once_for_a_person(admin: Store, tmp_path: Path) -> None:
    played = session_folder(tmp_path / "played")
    ann, bob = admin.pseudonym("ann"), admin.pseudonym("bob")
    number = admin.add(played, result(), "person", ann)
    with pytest.raises(StoreError, match=f"in the store already, as number {number}"):
        admin.add(played, result(), "person", ann)
    admin.add(played, result(), "person", bob)
    assert len(admin.results()) == 2
    assert (played / "session.mcap").exists()
    assert admin.verify().problems == ()
    assert admin.tidy() == 0


def test_a_session_is_found_by_its_number(admin: Store, tmp_path: Path) -> None:
    number = admin.add(session_folder(tmp_path / "played"), result(), "person")
    found = admin.result(number)
    assert isinstance(found, StoredResult)
    assert found == admin.results()[0]
    with pytest.raises(StoreError, match="the store has no session 99"):
        admin.result(99)


def test_session_files_are_unreadable_and_for_their_owner_alone(
    admin: Store, home: Path, tmp_path: Path
) -> None:
    played = session_folder(tmp_path / "played", text="PLAINLY")
    admin.add(played, result(), "person", admin.pseudonym("ann"))
    sealed = sorted((home / "records" / "sessions").rglob("*.sealed"))
    assert [path.name for path in sealed] == [
        "result.json.sealed", "session.mcap.sealed", "timing.json.sealed",
    ]  # fmt: skip
    for path in sealed:
        assert b"PLAINLY" not in path.read_bytes()
        assert path.stat().st_mode & 0o077 == 0
    assert (home / "records" / "sessions").stat().st_mode & 0o077 == 0


def test_every_deed_is_in_the_log_and_nobody_s_name(
    admin: Store, signed_in: SignIn, tmp_path: Path
) -> None:
    teacher = signed_in("Miss Marple", "instructor")
    ann = admin.pseudonym("ann")
    number = admin.add(session_folder(tmp_path / "played"), result(), "person", ann)
    with teacher.looking_at(number):
        pass
    lines = [json.loads(line) for line in admin.audit()]
    assert [line["action"] for line in lines][-2:] == ["session added", "session opened"]
    text = "\n".join(admin.audit())
    for secret in ("Marple", "ann", ann, teacher.pseudonym("Miss Marple")):
        assert f'"{secret}' not in text
    assert lines[-1]["actor"] != lines[-2]["actor"]
    assert lines[-1]["subject"] == lines[-2]["subject"]


def test_a_session_that_ended_is_neither_ended_again_nor_abandoned(
    admin: Store, name: str, clock: Clock
) -> None:
    entry = admin.begin("liver_palpation", 7, "mouse", "person", admin.pseudonym("ann"))
    session_folder(entry.folder)
    admin.end(entry, result())
    for again in (admin.abandon, lambda entry: admin.end(entry, result())):
        with pytest.raises(StoreError, match="was ended or taken off the list meanwhile"):
            again(entry)
    assert open_store(name, clock=clock).verify().problems == ()  # its files are all there


@pytest.mark.parametrize("deed", ["take_up", "drop"])
def test_a_session_that_ends_while_its_lock_is_waited_for_is_let_be(
    admin: Store, name: str, clock: Clock, monkeypatch: pytest.MonkeyPatch, deed: str
) -> None:
    from surgisim.store import sessions

    entry = admin.begin("liver_palpation", 7, "mouse", "person", admin.pseudonym("ann"))
    session_folder(entry.folder)
    held = sessions._held

    def late(*given: object) -> object:
        monkeypatch.setattr(sessions, "_held", held)
        admin.end(entry, result())
        return held(*given)  # type: ignore[arg-type]

    monkeypatch.setattr(sessions, "_held", late)
    with pytest.raises(StoreError, match=r"is in the store already|has ended and is kept"):
        getattr(open_store(name, clock=clock), deed)(entry.number)
    assert admin.verify().problems == ()


def test_what_cannot_be_entered_leaves_nothing(admin: Store, clock: Clock) -> None:
    admin.add_person("ann", "trainee")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("surgisim.store.sessions.log_session", lambda *_: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            admin.begin("liver_palpation", 7, "mouse", "person", admin.pseudonym("ann"))
    assert list(admin.place.files.glob("*/?*")) == []
    assert admin.sessions() == ()


def test_a_folder_without_a_record_is_not_taken_in(admin: Store, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    with pytest.raises(StoreError, match=r"empty holds no session: session\.mcap is missing"):
        admin.add(tmp_path / "empty", result(), "person")
    assert admin.results() == ()


def test_a_session_is_shown_where_nobody_else_reads_and_leaves_no_trace(
    admin: Store, tmp_path: Path
) -> None:
    number = admin.add(session_folder(tmp_path / "played"), result(), "careful")
    files = admin.place.files
    remnant = files / "shown" / "0123-4567"  # of a program that was cut off
    remnant.mkdir(parents=True)
    with admin.looking_at(number) as first, admin.looking_at(number) as second:
        assert {first, second} == set((files / "shown").iterdir())
        assert first.stat().st_mode & 0o077 == 0
    assert list((files / "shown").iterdir()) == list((files / "locks").iterdir()) == []


@pytest.mark.parametrize("number", [0, -1, 10**30])
def test_a_number_that_no_database_has_is_no_session(admin: Store, number: int) -> None:
    with pytest.raises(StoreError, match=f"the store has no session {number}"):
        admin.result(number)


def test_when_it_was_played_is_told_by_the_session_itself(admin: Store, tmp_path: Path) -> None:
    played = session_folder(tmp_path / "played")
    begun = datetime(2026, 11, 30, 8, 15, 2, 999_000, tzinfo=UTC)
    write_timing(played, TIMING.model_copy(update={"begun_at": begun}))
    admin.add(played, result(), "person")
    (found,) = admin.sessions()
    assert (found.begun_at, found.ended_at) == ("2026-11-30T08:15:02Z", "2026-11-30T08:16:03Z")


def test_names_are_in_one_order_whatever_language_the_database_sorts_by(
    admin: Store, tmp_path: Path
) -> None:
    one = Measured(value=1.0, unit="1")
    names = ["a.b", "a_a", "B", "aa"]
    more = result().model_copy(update={"metrics": dict.fromkeys(names, one)})
    admin.add(session_folder(tmp_path / "played"), more, "person")
    assert list(admin.results()[0].metrics) == sorted(names)
