"""Processes that are killed in the middle, and two that write at once: nothing lost or doubled."""

import random
import signal
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from surgisim.store import Store, open_store

from .making import Clock, program, session_folder

ENTER = """
import shutil, sys
from pathlib import Path
from surgisim.record import read_result
from surgisim.store import open_store

name, folder, who, times = sys.argv[1:]
store = open_store(name)
result = read_result(Path(folder) / "result.json")
print("ready", flush=True)
for number in range(int(times)):
    entry = store.begin("liver_palpation", number, "mouse", "person", store.pseudonym(who))
    shutil.copytree(folder, entry.folder, dirs_exist_ok=True)
    print("begun", entry.number, flush=True)
    store.end(entry, result.model_copy(update={"seed": number}))
    print("ended", entry.number, flush=True)
"""
KILLS = 5


def _told(out: str) -> dict[str, list[int]]:
    """What a process said of sessions before it ended; a line that was cut off says nothing."""
    said: dict[str, list[int]] = {"begun": [], "ended": []}
    for line in out.splitlines(keepends=True):
        word, _, number = line.strip().partition(" ")
        if word in said and line.endswith("\n"):
            said[word].append(int(number))
    return said


def test_a_process_killed_at_any_moment_leaves_each_session_whole_or_open(
    admin: Store, name: str, home: Path
) -> None:
    folder = session_folder(home / "played", ticks=20_000)
    ann = admin.pseudonym("ann")
    begun: set[int] = set()
    ended: set[int] = set()
    chance = random.Random(5)  # noqa: S311  moments, not secrets
    for _ in range(KILLS):
        command = program(ENTER, name, folder, "ann", 1000)
        process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
        lines = [process.stdout.readline() for _ in range(chance.randrange(1, 5))]
        try:
            process.wait(chance.uniform(0.0, 0.05))
        except subprocess.TimeoutExpired:
            process.send_signal(signal.SIGKILL)
        assert process.wait() == -signal.SIGKILL
        said = _told("".join(lines) + process.stdout.read())
        process.stdout.close()
        begun |= set(said["begun"])
        ended |= set(said["ended"])
    states = {one.number: one.state for one in admin.sessions(person=ann)}
    assert set(states.values()) <= {"ended", "broken off"}
    assert begun <= states.keys()
    assert {number for number, state in states.items() if state == "ended"} >= ended
    assert len(ended) >= KILLS // 2
    assert admin.verify().problems == ()
    _take_in(admin, [number for number, state in states.items() if state != "ended"])
    admin.tidy()
    kept = {path.name for path in admin.place.files.iterdir()} - {"open", "shown", "locks", "store"}
    assert len(kept) == len(admin.results(person=ann))
    assert admin.verify().problems == ()


def _take_in(store: Store, broken_off: list[int]) -> None:
    """End what was broken off; what was killed before it was copied whole is nothing."""
    from surgisim.errors import RecordError
    from surgisim.record import load

    for number in broken_off:
        entry = store.take_up(number)
        try:
            whole = load(entry.folder).result
        except RecordError:
            whole = None
        if whole is None:
            store.abandon(entry)
        else:
            store.end(entry, whole)


def test_two_processes_write_at_once(admin: Store, name: str, home: Path) -> None:
    folder = session_folder(home / "played")
    times, people = 8, ("ann", "ann")
    processes = [
        subprocess.Popen(program(ENTER, name, folder, who, times), stdout=subprocess.PIPE,
                         text=True)
        for who in people
    ]  # fmt: skip
    outs = [process.communicate(timeout=120)[0] for process in processes]
    assert [process.returncode for process in processes] == [0, 0]
    ended = [number for out in outs for number in _told(out)["ended"]]
    assert len(ended) == len(set(ended)) == 2 * times
    found = [one.session.number for one in admin.results(person=admin.pseudonym("ann"))]
    assert sorted(found) == sorted(ended)
    assert admin.verify().problems == ()


MAKE = """
import sys
from surgisim.store import open_store

store = open_store(sys.argv[1], tell=print)
assert store.actor.role == "admin"
"""


def test_two_processes_make_the_same_store_at_once(name: str, clock: Clock) -> None:
    processes = [
        subprocess.Popen(program(MAKE, name), stdout=subprocess.PIPE, text=True) for _ in range(2)
    ]
    outs = [process.communicate(timeout=120)[0] for process in processes]
    assert [process.returncode for process in processes] == [0, 0]
    assert sum("BACK UP THE SITE KEY" in out for out in outs) == 1
    assert open_store(name, clock=clock).verify().problems == ()


@pytest.mark.parametrize("moment", ["take_in", "keep_parts"])
def test_a_session_whose_taking_in_fails_stays_open(
    admin: Store, monkeypatch: pytest.MonkeyPatch, moment: str
) -> None:
    from surgisim.store import files, sessions

    from .making import result

    entry = admin.begin("liver_palpation", 7, "mouse", "person", admin.pseudonym("ann"))
    session_folder(entry.folder)
    where: tuple[object, Callable[..., object]] = (
        (files, files.take_in) if moment == "take_in" else (sessions, sessions.keep_parts)
    )

    def fail(*_: object) -> None:
        raise OSError("no space left")

    with monkeypatch.context() as patch:
        patch.setattr(where[0], moment, fail)
        with pytest.raises(OSError, match="no space left"):
            admin.end(entry, result())
    assert admin.results() == ()
    assert (entry.folder / "session.mcap").exists()
    admin.end(entry, result())
    assert len(admin.results()) == 1
    assert admin.verify().problems == ()
