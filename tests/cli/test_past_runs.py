"""Earlier runs, of a folder and of the store."""

from pathlib import Path

import pytest

from surgisim.cli import main
from surgisim.commands.past_runs import (
    before,
    before_in_store,
    before_now,
    runs_below,
    runs_in_store,
)
from surgisim.errors import RecordError
from surgisim.record import read_result
from surgisim.store import Store, open_store

from .test_course import COURSE, session


@pytest.fixture
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Store:
    monkeypatch.setenv("SURGISIM_SITE_KEY", str(tmp_path / "keys" / "site.key"))
    monkeypatch.setenv("SURGISIM_STORE", str(tmp_path / "records"))
    return open_store()


def test_runs_before_are_those_of_the_same_procedure(tmp_path: Path) -> None:
    for number, passed in enumerate([True, False, True], start=1):
        session(tmp_path, number, passed=passed)
    runs = runs_below(tmp_path, None)
    assert [one.score for one in before(runs, str(tmp_path / "s03"))] == [90.0, 40.0]
    assert before(runs, str(tmp_path / "s01")) == []
    with pytest.raises(RecordError, match="is not among the sessions"):
        before(runs, "elsewhere")


def test_a_course_counts_the_sessions_of_the_store_as_persons_overruled_them(
    tmp_path: Path, store: Store, capsys: pytest.CaptureFixture[str]
) -> None:
    trainee = store.add_person("4711", "trainee")
    numbers = []
    for number, passed in enumerate([True, False, True], start=1):
        session(tmp_path / "own", number, passed=passed)
        folder = tmp_path / "own" / f"s{number:02d}"
        numbers.append(store.add(folder, read_result(folder / "result.json"), "person", trainee))
    assert [one.passed for one in runs_in_store(store, trainee)] == [True, False, True]
    assert [one.score for one in before_in_store(store, numbers[2])] == [90.0, 40.0]
    given = ["course", "status", COURSE, "--trainee", "id:4711"]
    assert main(given) == 0
    assert "3 runs, 2 successes; 1 more success needed" in capsys.readouterr().out
    words = "a long one to type"
    store.add_person("boss", "instructor", passphrase=words)
    boss = open_store(sign_in_as="boss", passphrase=lambda: words)
    boss.overrule(numbers[1], "verdict", "the device failed", passed=True)
    assert main(given) == 0
    assert "proficient with run 3" in capsys.readouterr().out


def test_what_keeps_a_run_from_success_is_forgiven_by_the_verdict_alone(
    tmp_path: Path, store: Store, capsys: pytest.CaptureFixture[str]
) -> None:
    trainee = store.add_person("4711", "trainee")
    session(tmp_path, 1, passed=False)
    folder = tmp_path / "s01"
    was = {"failed_by": ("torn",), "outcome": "interrupted"}
    torn = read_result(folder / "result.json").model_copy(update=was)
    assert torn.barred == ("torn, a critical mistake",)
    number = store.add(folder, torn, "person", trainee)
    assert runs_in_store(store, trainee)[0].barred == torn.barred
    assert main(["records", "show", str(number)]) == 0
    assert "interrupted, 40.0 of 100 points: torn, a critical mistake" in capsys.readouterr().out
    words = "a long one to type"
    store.add_person("boss", "instructor", passphrase=words)
    boss = open_store(sign_in_as="boss", passphrase=lambda: words)
    boss.overrule(number, "verdict", "the device failed", passed=True)
    (forgiven,) = runs_in_store(store, trainee)
    assert (forgiven.barred, forgiven.outcome) == ((), "passed")


def test_a_session_that_is_played_now_is_compared_with_those_of_the_store(
    tmp_path: Path, store: Store
) -> None:
    trainee = store.add_person("4711", "trainee")
    session(tmp_path / "own", 1, passed=True)
    folder = tmp_path / "own" / "s01"
    store.add(folder, read_result(folder / "result.json"), "person", trainee)
    assert [one.score for one in before_now(store, trainee, folder)] == [90.0]
    assert before_now(store, None, folder) == []


def test_a_run_that_a_person_passed_counts_though_it_was_left(tmp_path: Path, store: Store) -> None:
    trainee = store.add_person("4711", "trainee")
    session(tmp_path / "own", 1, passed=False)
    folder = tmp_path / "own" / "s01"
    left = read_result(folder / "result.json").model_copy(update={"outcome": "interrupted"})
    store.add(folder, left, "person", trainee)
    assert [one.outcome for one in runs_in_store(store, trainee)] == ["interrupted"]
    words = "a long one to type"
    store.add_person("boss", "instructor", passphrase=words)
    boss = open_store(sign_in_as="boss", passphrase=lambda: words)
    boss.overrule(1, "verdict", "called away at the end", passed=True)
    (one,) = runs_in_store(store, trainee)
    assert (one.outcome, one.passed) == ("passed", True)
