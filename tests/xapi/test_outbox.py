"""The queue on disk: nothing lost, nothing twice, whatever happens to the process."""

import json
import os
import signal
import sqlite3
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

from surgisim.errors import RecordError
from surgisim.xapi import Outbox, statements_of

from .conftest import ACTOR, played, someone, told


def test_statements_wait_in_order_and_are_put_once(tmp_path: Path) -> None:
    with Outbox(tmp_path / "deep" / "box") as outbox:
        assert outbox.put(told()) == len(told())
        assert outbox.put(told()) == 0
        waiting = outbox.waiting(500)
        assert [one.id for one in waiting] == [one.id for one in told()]
        assert waiting[0].content == told()[0].content()
        outbox.mark_sent(one.id for one in waiting[:3])
    with Outbox(tmp_path / "deep" / "box") as outbox:
        assert outbox.put(told()) == 0  # what was sent is not sent again
        assert outbox.counts().sent == 3
        assert [one.id for one in outbox.waiting(2)] == [one.id for one in told()[3:5]]


def test_what_is_refused_is_kept_with_its_reason(tmp_path: Path) -> None:
    with Outbox(tmp_path / "box") as outbox:
        outbox.put(told())
        outbox.mark_refused(told()[0].id, "400: no")
        assert outbox.refused() == [(told()[0].id, "400: no")]
        assert outbox.counts().waiting == len(told()) - 1
        assert outbox.try_again() == 1
        assert outbox.counts().refused == 0


_WRITER = """
    import sys
    from pathlib import Path
    sys.path.insert(0, sys.argv[2])
    from tests.xapi.conftest import told
    from surgisim.xapi import Outbox
    outbox = Outbox(Path(sys.argv[1]))
    for number in map(int, sys.argv[3:]):
        outbox.put(told(number))
        print(number, flush=True)
"""


def _writer(box: Path, numbers: range) -> "subprocess.Popen[str]":
    return subprocess.Popen(
        [
            *(sys.executable, "-c", textwrap.dedent(_WRITER)),
            *(str(box), str(Path(__file__).parents[2])),
            *map(str, numbers),
        ],
        stdout=subprocess.PIPE,
        text=True,
    )


def test_two_processes_may_write_at_once(tmp_path: Path) -> None:
    writers = [_writer(tmp_path / "box", range(first, first + 20)) for first in (0, 10)]
    for writer in writers:
        writer.communicate(timeout=120)
        assert writer.returncode == 0
    with Outbox(tmp_path / "box") as outbox:
        assert outbox.counts().waiting == 30 * len(told())  # sessions 10 to 19 came from both


@pytest.mark.skipif(os.name != "posix", reason="kills a process")
def test_a_process_that_is_killed_loses_nothing_it_reported(tmp_path: Path) -> None:
    writer = _writer(tmp_path / "box", range(10_000))
    assert writer.stdout is not None
    reported = [int(writer.stdout.readline()) for _ in range(5)]
    writer.send_signal(signal.SIGKILL)
    writer.communicate(timeout=60)
    with Outbox(tmp_path / "box") as outbox:
        ids = {one.id for one in outbox.waiting(1_000_000)}
    for number in reported:
        assert {one.id for one in told(number)} <= ids
    assert len(ids) % len(told()) == 0  # a session's statements come together or not at all


def test_files_that_are_no_outbox_are_refused(tmp_path: Path) -> None:
    (tmp_path / "text").write_text("no database" * 100)
    with pytest.raises(RecordError, match="cannot be used"):
        Outbox(tmp_path / "text")
    newer = sqlite3.connect(tmp_path / "newer")
    newer.execute("PRAGMA user_version = 99")
    newer.close()
    with pytest.raises(RecordError, match="newer surgisim"):
        Outbox(tmp_path / "newer")
    other = sqlite3.connect(tmp_path / "recipes")
    other.execute("CREATE TABLE recipes (name TEXT)")
    other.close()
    before = (tmp_path / "recipes").read_bytes()
    with pytest.raises(RecordError, match="is no outbox of statements; name another file"):
        Outbox(tmp_path / "recipes")
    assert (tmp_path / "recipes").read_bytes() == before


def everything(folder: Path) -> bytes:
    return b"".join(path.read_bytes() for path in folder.glob("box*"))


def test_the_queue_is_for_its_owner_alone_and_keeps_ids_alone_of_what_was_sent(
    tmp_path: Path,
) -> None:
    with Outbox(tmp_path / "box") as outbox:
        assert (tmp_path / "box").stat().st_mode & 0o077 == 0
        outbox.put(told())
        outbox.mark_sent(one.id for one in told())
    assert ACTOR.account.name.encode() not in everything(tmp_path)
    with Outbox(tmp_path / "box") as outbox:
        assert outbox.put(told()) == 0


def test_who_is_forgotten_is_nowhere_in_the_file(tmp_path: Path) -> None:
    whole = f"{ACTOR.account.name}{'0' * 24}"
    for name in (ACTOR.account.name, whole):
        with Outbox(tmp_path / "box") as outbox:
            outbox.put(told())
            outbox.put(statements_of(played(1), someone("another")))
            outbox.mark_refused(told()[1].id, f"400: {ACTOR.account.name}")
            outbox.mark_sent([told()[0].id])
            assert outbox.forget(name) == len(told()) - 1
            assert ACTOR.account.name.encode() not in everything(tmp_path)
            assert outbox.counts().waiting == len(told())
            assert outbox.forget("anot") == 0  # too few of its digits
            assert outbox.put(told()[:1]) == 0  # what a store has does not go out again
    assert b"another" in everything(tmp_path)


def test_a_pseudonym_of_the_store_may_be_cut_and_no_other(tmp_path: Path) -> None:
    whole = f"{ACTOR.account.name}{'0' * 24}"
    with Outbox(tmp_path / "box") as outbox:
        outbox.put(statements_of(played(1), someone(whole)))
        outbox.put(statements_of(played(2), someone("trainee12")))
        assert outbox.forget("trainee1") == 0
        assert outbox.forget("trainee123") == 0
        assert outbox.forget(whole[:7]) == 0
        assert outbox.forget(whole[:8]) == len(told())
        assert outbox.counts().waiting == len(told())


def test_an_older_queue_is_cleared_of_what_was_sent(tmp_path: Path) -> None:
    content = json.dumps(told()[0].content())
    older = sqlite3.connect(tmp_path / "box")
    older.execute(
        "CREATE TABLE statement (place INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL UNIQUE,"
        " content TEXT NOT NULL, state TEXT NOT NULL DEFAULT 'waiting',"
        " reason TEXT NOT NULL DEFAULT '')"
    )
    for one, state in zip(told(), ("sent", "waiting"), strict=False):
        older.execute(
            "INSERT INTO statement (id, content, state) VALUES (?, ?, ?)",
            (str(one.id), content, state),
        )
    older.execute("PRAGMA user_version = 1")
    older.commit()
    older.close()
    with Outbox(tmp_path / "box") as outbox:
        assert (outbox.counts().sent, outbox.counts().waiting) == (1, 1)
        assert outbox.waiting(9)[0].content == told()[0].content()
    file = sqlite3.connect(tmp_path / "box")
    rows = file.execute("SELECT content = '' FROM statement ORDER BY place").fetchall()
    file.close()
    assert rows == [(1,), (0,)]


def test_what_another_program_holds_open_is_forgotten_later(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("surgisim.xapi.outbox._WAIT_S", 0.05)
    with Outbox(tmp_path / "box") as outbox:
        outbox.put(told())
        other = sqlite3.connect(tmp_path / "box")
        other.execute("BEGIN")
        other.execute("SELECT count(*) FROM statement").fetchone()
        with pytest.raises(RecordError, match="has the outbox open; end it and forget once more"):
            outbox.forget(ACTOR.account.name)
        other.close()
        assert outbox.forget(ACTOR.account.name) == 0
        assert ACTOR.account.name.encode() not in everything(tmp_path)
