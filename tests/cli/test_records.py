"""Records from the command line: entered by `run`, listed, overruled, exported, erased."""

import io
import json
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
import zipfile
from dataclasses import replace
from pathlib import Path

import pytest

from surgisim.cli import main
from surgisim.commands import debriefing, run
from surgisim.session import Order, play
from surgisim.store import open_store
from surgisim.trainees import Action, Sight

PROCEDURE = """
surgisim: procedure@1
id: waiting
title: Waiting
version: "1.0"
time_limit: LIMIT
end_when: trainee.finished
scene:
  anatomy: parametric_liver
  organ: liver
  tissue: liver
  probe: {shape: sphere, radius: 8 mm, friction: 0.1, source: chosen}
  limits: {force: {value: 3 N, source: chosen}}
steps:
  - {id: wait, title: Wait, done_when: trainee.finished}
scoring:
  pass: {min: 80, source: chosen}
  lines:
    - {id: time, title: Time, metric: time, weight: 40, best: 0.2 s, worst: 100 s}
    - {id: path, title: Path, metric: path, weight: 60, best: 10 m, worst: 0 m}
"""


IDLE = """
from surgisim.trainees import Action


class Idle:
    def __init__(self, *_):
        pass

    def act(self, sight):
        return Action()
"""


class Away:
    """Touches nothing and leaves at once."""

    def act(self, sight: Sight) -> Action:
        return Action(leave=sight.time_s > 0.3)


@pytest.fixture(scope="module")
def played(tmp_path_factory: pytest.TempPathFactory, coarse_liver: Path) -> Path:
    """A session as a person would have played it, in a folder of its own."""
    folder = tmp_path_factory.mktemp("played")
    (folder / "waiting.yaml").write_text(PROCEDURE.replace("LIMIT", "1 s"))
    order = Order(
        folder / "waiting.yaml", folder / "session", anatomy=coarse_liver, trainee="person"
    )
    play(order, lambda *_: Away())
    return folder


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder for everything, with a store in it that is not made yet."""
    monkeypatch.setenv("SURGISIM_SITE_KEY", str(tmp_path / "keys" / "site.key"))
    monkeypatch.setenv("SURGISIM_STORE", str(tmp_path / "records"))
    monkeypatch.setenv("COLUMNS", "120")
    monkeypatch.setattr(
        debriefing, "paint", lambda *_: []
    )  # pictures are tested elsewhere, and slow
    monkeypatch.chdir(tmp_path)
    return tmp_path


def surgisim(capsys: pytest.CaptureFixture[str], *words: object, typed: str = "") -> str:
    """Run a command that is to succeed; what it printed."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sys, "stdin", io.StringIO(typed))
        assert main([str(word) for word in words]) == 0
    return capsys.readouterr().out


def refused(capsys: pytest.CaptureFixture[str], *words: object, typed: str = "") -> str:
    """Run a command that is to be refused; the sentence that says why."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sys, "stdin", io.StringIO(typed))
        assert main([str(word) for word in words]) == 2
    return capsys.readouterr().err


@pytest.fixture
def entered(played: Path, capsys: pytest.CaptureFixture[str]) -> str:
    """A session of Ann's in the store, and an instructor beside the admin; Ann's pseudonym."""
    surgisim(capsys, "records", "add", played / "session", "--trainee-id", "Ann")
    surgisim(
        capsys, "records", "person", "add", "miss", "--role", "instructor", "--passphrase",
        typed="a horse, a staple\n",
    )  # fmt: skip
    return open_store().pseudonym("ann")


MISS = ("--as", "miss")
TYPED = "a horse, a staple\n"


def test_a_new_store_tells_to_back_its_key_up(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["records", "list"]) == 0
    out, err = capsys.readouterr()
    assert out == "no sessions\n"
    assert "BACK UP THE SITE KEY NOW, apart from the store:" in err
    assert main(["records", "list"]) == 0
    assert capsys.readouterr().err == ""


def test_sessions_are_listed_and_shown_line_by_line(
    entered: str, capsys: pytest.CaptureFixture[str]
) -> None:
    head, row = surgisim(capsys, "records", "list", "--who", "id:ANN").splitlines()
    assert head.split() == ["no.", "begun", "(UTC)", "who", "procedure", "points", "verdict"]
    assert row.split()[3:] == [entered[:8], "waiting@1.0", "40.0", "interrupted"]
    shown = surgisim(capsys, "records", "show", 1)
    assert "session 1: waiting@1.0, seed 1, hand, 0.3 s" in shown
    assert "time  40.0    40" in shown
    assert "no sessions" in surgisim(capsys, "records", "list", "--procedure", "other")
    assert "no sessions" in surgisim(capsys, "records", "list", "--since", "9999-01-01")
    with pytest.raises(SystemExit):
        main(["records", "list", "--since", "yesterday"])
    assert "'yesterday' is no day; give one as in 2026-11-30" in capsys.readouterr().err
    assert "nobody in the store is id:bob" in refused(capsys, "records", "list", "--who", "id:bob")


def test_a_score_is_overruled_beside_the_original_and_the_report_tells(
    entered: str, home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    overrule = ("records", "overrule", 1, "path", "--points", 45, "--reason", "seen on the video")
    assert "the role 'admin' may not overrule scores" in refused(capsys, *overrule)
    shown = surgisim(capsys, *overrule, *MISS, typed=TYPED)
    assert "interrupted, 85.0 of 100 points (computed: interrupted, 40.0)" in shown
    assert "45.0 (computed 0.0)" in shown
    assert "seen on the video" in shown
    surgisim(
        capsys, "records", "overrule", 1, "verdict", "--passed", "--reason", "called away", *MISS,
        typed=TYPED,
    )  # fmt: skip
    listed = surgisim(capsys, "records", "list")
    assert "85.0" in listed
    assert "passed*" in listed
    assert "* overruled by a person" in listed
    surgisim(capsys, "report", "store:1", *MISS, typed=TYPED)
    page = (home / "session-1.html").read_text()
    for part in ("Overruled by a person", "Seen on the video.", "computed 0", "✓ PASSED"):
        assert part in page
    assert list((home / "records" / "sessions" / "shown").iterdir()) == []
    assert "has no line 'elegance' in its score; it has time, path" in refused(
        capsys, "records", "overrule", 1, "elegance", "--points", 1, "--reason", "x", *MISS,
        typed=TYPED,
    )  # fmt: skip
    surgisim(
        capsys, "records", "overrule", 1, "verdict", "--failed", "--reason", "helped", *MISS,
        typed=TYPED,
    )  # fmt: skip
    assert "failed*" in surgisim(capsys, "records", "list")
    surgisim(capsys, "records", "verify")


def test_a_session_of_the_store_is_replayed_to_the_bit(
    entered: str, capsys: pytest.CaptureFixture[str]
) -> None:
    said = surgisim(capsys, "replay", "store:1", "--verify", *MISS, typed=TYPED)
    assert "every recorded bit agrees" in said
    assert "has no session 9" in refused(capsys, "replay", "store:9", *MISS, typed=TYPED)
    assert "store:x is no session" in refused(capsys, "replay", "store:x")
    assert "may not open sessions here of" in refused(capsys, "replay", "store:1")
    told = surgisim(capsys, "why", "store:1", "--of", "wait", *MISS, typed=TYPED)
    assert "step.started  wait" in told


def test_a_session_of_the_store_is_rated_in_the_store(
    entered: str, home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    way = ("--blinded", "no", "--seen", "video", "--scores", 3, 4, 3, 5)
    assert "may not" in refused(capsys, "rate", "store:1", *way)
    said = surgisim(capsys, "rate", "store:1", *way, *MISS, typed=TYPED)
    assert "goals: 15 (4 to 20)\nkept: in the store, with session 1\n" in said
    form = home / "form.html"
    surgisim(capsys, "rate", "store:1", "--form", form, *MISS, typed=TYPED)
    (given,) = open_store().results()[0].ratings
    assert given.session in form.read_text()
    assert given.rater == open_store().pseudonym("miss")[:8]
    saved = home / "saved.json"
    saved.write_text(given.model_copy(update={"rater": "R1"}).model_dump_json())
    surgisim(capsys, "rate", "store:1", "--take", saved, *MISS, typed=TYPED)
    surgisim(capsys, "report", "store:1", *MISS, typed=TYPED)
    assert "not blinded, video" in (home / "session-1.html").read_text()
    both = ", ".join(sorted((given.rater, "R1")))
    assert f"2 raters: {both}" in surgisim(capsys, "agreement")
    assert "no rating on gears in the store" in refused(capsys, "agreement", "--scale", "gears")
    assert "all as they should be" in surgisim(capsys, "records", "verify")


def test_who_signs_in_is_told_and_a_wrong_passphrase_is_not(
    entered: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert ", admin, by system account; store " in surgisim(capsys, "records", "whoami")
    said = surgisim(capsys, "records", "whoami", *MISS, typed=TYPED)
    assert ", instructor, by passphrase; store " in said
    told = refused(capsys, "records", "whoami", *MISS, typed="a horse\n")
    assert "nobody of that id signs in with that passphrase" in told
    people = surgisim(capsys, "records", "person", "list")
    assert f"{entered[:8]}" in people
    assert "instructor" in people
    assert "sign-in refused" in surgisim(capsys, "records", "audit")
    short = ("records", "person", "add", "bob", "--role", "trainee", "--passphrase")
    assert "has 10 letters or more" in refused(capsys, *short, typed="short\n")


def test_notes_are_written_and_read(entered: str, capsys: pytest.CaptureFixture[str]) -> None:
    surgisim(capsys, "records", "note", "id:ann", "left-handed", *MISS, typed=TYPED)
    assert ": left-handed" in surgisim(capsys, "records", "note", entered[:8], *MISS, typed=TYPED)


def test_a_person_is_exported_and_erased(
    entered: str, home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = home / "ann.zip"
    assert "1 session, for anybody to read" in surgisim(
        capsys, "records", "export", entered[:8], "--out", out
    )
    assert "sessions/1/session.mcap" in zipfile.ZipFile(out).namelist()
    assert "then add --yes" in refused(capsys, "records", "erase", entered)
    assert "is erased, with 1 session;" in surgisim(capsys, "records", "erase", entered, "--yes")
    assert "no sessions" in surgisim(capsys, "records", "list")
    assert "all as they should be" in surgisim(capsys, "records", "verify")
    surgisim(capsys, "records", "tidy")


def test_a_session_of_the_store_is_told_to_other_systems(
    entered: str, home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    told = json.loads(surgisim(capsys, "xapi", "show", "store:1", "store:1", *MISS, typed=TYPED))
    assert {one["actor"]["account"]["name"] for one in told} == {entered}
    (one,) = open_store().sessions()
    assert told[-1]["timestamp"][:16] == str(one.ended_at)[:16]
    assert "may not open sessions" in refused(capsys, "xapi", "show", "store:1")
    assert "nobody knows who played mine: give" in refused(capsys, "xapi", "show", "mine")


def test_who_is_erased_is_out_of_the_usual_outbox_too(
    entered: str, played: Path, home: Path, capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    box = home / "box"
    monkeypatch.setattr("surgisim.xapi.outbox.usual_outbox", lambda: box)
    shutil.copytree(played / "session", home / "mine")
    surgisim(capsys, "report", "mine")
    surgisim(capsys, "xapi", "put", "mine", "--actor", entered[:8])
    told = refused(capsys, "records", "erase", "id:miss", "--yes", *MISS, typed=TYPED)
    assert "the role 'instructor' may not erase a person" in told
    pupil = ("records", "person", "add", "kid", "--role", "trainee", "--passphrase")
    surgisim(capsys, *pupil, typed=TYPED)
    told = refused(capsys, "records", "erase", "id:kid", "--yes", "--as", "kid", typed=TYPED)
    assert "the role 'trainee' may not erase a person" in told
    said = surgisim(capsys, "records", "erase", entered, "--yes")
    assert "statements in the outbox; copies outside" in said
    assert entered[:8].encode() not in box.read_bytes()
    assert "0 wait" in surgisim(capsys, "xapi", "status")


def test_verify_exits_with_1_where_something_was_changed(
    entered: str, home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (path,) = (home / "records").rglob("session.mcap.sealed")
    path.write_bytes(path.read_bytes() + b"x")
    assert main(["records", "verify"]) == 1
    out = capsys.readouterr().out
    assert f"Session 1: {path} was changed." in out
    assert "NOT as they should be" in out


def test_lines_that_were_changed_are_shown_as_none(
    entered: str, home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert len(surgisim(capsys, "records", "audit", "--last", 2).splitlines()) == 3
    assert len(surgisim(capsys, "records", "audit", "--last", 0).splitlines()) == 1
    with sqlite3.connect(home / "records" / "records.sqlite") as connection:
        connection.execute("UPDATE audit SET line = 'nothing' WHERE number = 2")
        connection.execute("UPDATE audit SET line = '{}' WHERE number = 3")
    assert surgisim(capsys, "records", "audit").count("no line of a log") == 2
    surgisim(capsys, "records", "export", entered[:8], "--out", home / "ann.zip")


def test_a_script_s_session_is_entered_when_asked_and_nobody_s(
    played: Path, coarse_liver: Path, home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    words = ("run", played / "waiting.yaml", "--trainee", "careful", "--anatomy", coarse_liver)
    assert "report: out/session/report.html" in surgisim(capsys, *words)
    assert not (home / "records").exists()
    said = surgisim(capsys, *words, "--enter")
    assert "entered in the store as session 1\nreport: surgisim report store:1\n" in said
    assert "script careful" in surgisim(capsys, "records", "list")
    said = surgisim(capsys, *words, "--enter", "--out", "copy")
    assert "report: copy/report.html (a copy outside of the store" in said
    assert (home / "copy" / "session.mcap").exists()
    assert (home / "copy" / "report.html").exists()
    (home / "mine").mkdir()
    assert "holds no session" in refused(capsys, *words, "--enter", "--out", "mine")
    told = refused(capsys, *words, "--trainee-id", "ann")
    assert "a script's session is nobody's" in told
    folder = home / "out" / "session"
    told = refused(capsys, "records", "add", folder, "--trainee-id", "ann")
    assert "the script 'careful' played" in told
    assert "in the store already, as number 1" in refused(capsys, "records", "add", folder)


@pytest.fixture
def person_plays(monkeypatch: pytest.MonkeyPatch) -> None:
    """In place of a window: a person who leaves at once."""

    def window(order: Order, _: object, __: object, debriefed: run.Callable[[], object]) -> None:
        play(replace(order, live=False), lambda *_: Away())
        debriefed()

    monkeypatch.setenv("DISPLAY", ":99")
    monkeypatch.setattr(run, "play_in_window", window)


@pytest.mark.usefixtures("person_plays")
def test_a_person_s_session_comes_into_the_store_under_a_pseudonym(
    played: Path, coarse_liver: Path, home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    words = ("run", played / "waiting.yaml", "--device", "mouse", "--anatomy", coarse_liver)
    surgisim(capsys, *words)
    assert not (home / "records").exists()
    surgisim(capsys, *words, "--trainee-id", "Ann")
    (one,) = open_store().sessions()
    assert (one.person, one.player) == (open_store().pseudonym("ann"), "person")
    surgisim(capsys, *words)  # an admin is no trainee: nothing is entered unasked
    assert len(open_store().sessions()) == 1
    add = ("records", "person", "add", "bob", "--role", "trainee", "--passphrase")
    surgisim(capsys, *add, typed=TYPED)
    surgisim(capsys, *words, "--as", "bob", typed=TYPED)
    assert open_store().sessions()[1].person == open_store().pseudonym("bob")
    surgisim(capsys, *words, "--as", "bob", "--no-enter", typed=TYPED)
    assert len(open_store().sessions()) == 2
    told = refused(capsys, *words, "--as", "bob", "--trainee-id", "ann", typed=TYPED)
    assert "the role 'trainee' may not enter sessions here" in told


@pytest.mark.usefixtures("person_plays")
def test_the_store_learns_no_address_of_a_device(
    played: Path, coarse_liver: Path, monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    seen: list[str] = []
    monkeypatch.setattr(
        run,
        "play_in_window",
        lambda *_: seen.append(open_store().sessions()[0].device),
    )
    words = ("run", played / "waiting.yaml", "--device", "haply-serial:/dev/ttyACM9")
    surgisim(capsys, *words, "--anatomy", coarse_liver, "--trainee-id", "ann")
    assert seen == ["haply-serial"]


@pytest.mark.usefixtures("person_plays")
def test_who_leaves_when_the_session_was_taken_in_takes_nothing_out_again(
    played: Path, coarse_liver: Path, monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    window = run.play_in_window

    def left(*given: object) -> None:
        window(*given)  # type: ignore[arg-type]
        raise run.SurgisimError("left at the last page")

    monkeypatch.setattr(run, "play_in_window", left)
    words = ("run", played / "waiting.yaml", "--device", "mouse", "--anatomy", coarse_liver)
    assert "left at the last page" in refused(capsys, *words, "--trainee-id", "ann")
    assert [one.state for one in open_store().sessions()] == ["ended"]
    assert open_store().verify().problems == ()


@pytest.mark.usefixtures("person_plays")
def test_what_was_left_at_the_briefing_is_not_entered(
    played: Path, coarse_liver: Path, monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    def left(*_: object) -> None:
        raise run.SurgisimError("left at the briefing")

    monkeypatch.setattr(run, "play_in_window", left)
    words = ("run", played / "waiting.yaml", "--device", "mouse", "--anatomy", coarse_liver)
    assert "left at the briefing" in refused(capsys, *words, "--trainee-id", "ann")
    assert open_store().sessions() == ()


def test_a_run_that_is_killed_is_broken_off_and_can_be_taken_in(
    coarse_liver: Path, home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (home / "waiting.yaml").write_text(PROCEDURE.replace("LIMIT", "1 h"))
    (home / "idle.py").write_text(IDLE)
    command = [sys.executable, "-m", "surgisim", "run", "waiting.yaml", "--trainee", "idle:Idle",
               "--enter", "--speed", "live", "--anatomy", str(coarse_liver)]  # fmt: skip
    process = subprocess.Popen(command, stderr=subprocess.DEVNULL)
    try:
        for _ in range(3000):
            found = list((home / "records").glob("sessions/open/*/session.mcap"))
            if found and found[0].stat().st_size > 300_000:
                break
            assert process.poll() is None
            time.sleep(0.05)
        assert "playing" in surgisim(capsys, "records", "list")
        assert "is being played" in refused(capsys, "records", "add", 1)
    finally:
        process.send_signal(signal.SIGKILL)
        process.wait()
    assert "broken off" in surgisim(capsys, "records", "list")
    said = surgisim(capsys, "records", "add", 1)
    assert "session 1 was taken in: interrupted" in said
    assert "Waiting" not in surgisim(capsys, "records", "list")
    assert "readable up to" in surgisim(capsys, "records", "show", 1)
    assert "all as they should be" in surgisim(capsys, "records", "verify")
    assert list((home / "records" / "sessions" / "open").iterdir()) == []


def test_a_session_killed_before_its_first_tick_is_dropped(
    capsys: pytest.CaptureFixture[str],
) -> None:
    store = open_store()
    entry = store.begin("waiting", 1, "mouse", "person")
    entry.lock.release()
    assert main(["records", "add", "1"]) == 1
    assert "surgisim records drop 1" in capsys.readouterr().out
    surgisim(capsys, "records", "drop", 1)
    assert "no sessions" in surgisim(capsys, "records", "list")
    shutil.rmtree(store.place.files)
