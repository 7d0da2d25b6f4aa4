"""``surgisim run --watch``: real files, real processes, a real window."""

import itertools
import os
import queue
import subprocess
import sys
import textwrap
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import pytest

from surgisim.authoring import begin
from surgisim.cli import main
from surgisim.commands.watching import Watching
from surgisim.procedure import load
from surgisim.session.stage import set_stage
from surgisim.session.theatre import Theatre

WAIT_S = 120.0


class Told:
    """The lines that a process writes, as they come."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self.process = process
        self._lines: queue.Queue[str] = queue.Queue()
        threading.Thread(target=self._read, daemon=True).start()

    def _read(self) -> None:
        assert self.process.stdout is not None
        for line in self.process.stdout:
            self._lines.put(line)

    def until(self, part: str) -> str:
        """Give all that is told up to a line with this part."""
        told = line = ""
        while part not in line:
            line = self._lines.get(timeout=WAIT_S)
            told += line
        return told


@contextmanager
def watching(path: Path, coarse: Path, out: Path, *more: str) -> Iterator[Told]:
    command = [sys.executable, "-u", "-m", "surgisim", "run", str(path), "--watch"]
    command += ["--trainee", "careful", "--anatomy", str(coarse), "--out", str(out), *more]
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.STDOUT}
    with subprocess.Popen(command, text=True, env=os.environ, **pipes) as process:
        try:
            yield Told(process)
        finally:
            process.kill()


def change(path: Path, old: str, new: str) -> None:
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new))


def shorten(path: Path) -> None:
    """Let a session end after 2 s."""
    for old in ("time_limit: 5 min", "time_limit: 30 s", "time_limit: 4 min"):
        change(path, old, "time_limit: 2 s")
    change(path, "window: 5..15 s", "window: 1..2 s")
    change(path, "after: 90 s", "after: 1 s")


def test_the_session_begins_anew_when_the_file_is_saved(tmp_path: Path, coarse_liver: Path) -> None:
    path = begin("watched", tmp_path)
    with watching(path, coarse_liver, tmp_path / "out") as told:
        told.until("playing ...")
        change(path, "needs: [touch]", "needs: [tuch]")
        wrong = told.until("did you mean 'touch'")
        assert ":43:13: unknown step 'tuch'" in wrong
        assert "the session begins" not in wrong
        shorten(path)
        change(path, "needs: [tuch]", "needs: [touch]")
        begun = told.until("playing ...")
        assert "saved: the session begins anew from seed 1" in begun
        assert "played" not in begun  # the one before was left, and counts for nothing
        ended = told.until("waiting for the next change")
        assert "played 2.0 s" in ended
        assert "practised with" in ended
        change(path, "metric: force.peak", "metric: force.pek")
        assert "unknown metric 'force.pek'" in told.until("force.pek")
        change(path, "metric: force.pek", "metric: force.peak")
        assert "saved: the session begins anew" in told.until("playing ...")
        assert told.process.poll() is None


def test_it_waits_for_a_file_with_mistakes_to_be_mended(tmp_path: Path, coarse_liver: Path) -> None:
    path = begin("mended", tmp_path)
    shorten(path)
    change(path, "organ: liver ", "organ: livre ")
    with watching(path, coarse_liver, tmp_path / "out") as told:
        assert "unknown organ 'livre'" in told.until("waiting for the next change")
        change(path, "organ: livre ", "organ: liver ")
        told.until("playing ...")


def test_in_a_window_the_session_begins_anew(
    display: str, tmp_path: Path, coarse_liver: Path
) -> None:
    assert display
    path = begin("shown", tmp_path)
    with watching(path, coarse_liver, tmp_path / "out", "--view", "window") as told:
        told.until("no mistakes")
        for old, new in (("title: Shown", "title: Again"), ("title: Again", "title: Once more")):
            change(path, old, new)
            told.until("saved: the session begins anew")
        assert told.process.poll() is None


def test_the_window_stays_the_same(display: str, tmp_path: Path, coarse_liver: Path) -> None:
    assert display
    path = begin("same", tmp_path)
    asked: list[bool] = []

    def again() -> bool:
        asked.append(True)
        return True

    theatre = Theatre(lambda *_: None, size=(320, 200), sleep=lambda _: None, again=again)
    rng = np.random.default_rng(1)
    windows = []
    with theatre:
        for _ in range(2):
            theatre.cast(set_stage(load(path), coarse_liver, rng), rng)
            windows.append(theatre.window)
        assert windows[0] is windows[1]
        assert len(asked) == 2  # each briefing was left for the next session
        assert not theatre.closing


BESIDE = """\
    patient: {ref: patient.yaml, source: chosen}
    behaviour: behaviour.py
    """
PATIENT = "surgisim: patient@1\nage: 54 years\nsource: chosen\n"
PROGRAM = "from surgisim.procedure import Behaviour\n\n\nclass Own(Behaviour):\n    pass\n"


def test_the_files_that_a_procedure_names_are_watched_too(tmp_path: Path) -> None:
    """Those that it names now, there or not; what is wrong with them is told."""
    path, said, clock = begin("named", tmp_path), list[str](), itertools.count()
    watching = Watching(path, None, lambda: float(next(clock)), lambda _: None, said.append)

    def noticed() -> bool:
        watching.again = False
        said.clear()
        return any(watching.due() for _ in range(10))

    assert not noticed()
    path.write_text(path.read_text() + textwrap.dedent(BESIDE))
    assert not noticed()
    assert len([line for line in said if "there is no file" in line]) == 2
    (tmp_path / "behaviour.py").write_text(PROGRAM)
    (tmp_path / "patient.yaml").write_text(PATIENT)
    assert noticed()
    assert not noticed()
    (tmp_path / "patient.yaml").write_text(PATIENT.replace("54 years", "54 yeas"))
    assert not noticed()
    assert "did you mean 'years'" in said[0]
    (tmp_path / "patient.yaml").write_text(PATIENT.replace("54", "60"))
    assert noticed()
    (tmp_path / "behaviour.py").write_text(PROGRAM + "\n# more\n")
    assert noticed()


@pytest.mark.parametrize(
    ("more", "told"),
    [
        (["--view", "headset"], "--watch shows changes in a window or without a view"),
        (["--enter"], "its sessions count for nobody; leave --enter and --trainee-id out"),
        (["--trainee-id", "me"], "its sessions count for nobody"),
    ],
)
def test_what_does_not_go_with_watching(
    more: list[str], told: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["run", "liver_palpation", "--watch", *more]) == 2
    assert told in capsys.readouterr().err
