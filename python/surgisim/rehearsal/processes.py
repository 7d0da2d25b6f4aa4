"""Runs in processes of their own, each of which may die and takes nothing but its run with it."""

import queue
import subprocess
import sys
import threading
from collections.abc import Iterable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import IO

from pydantic import ValidationError

from surgisim.rehearsal.outcome import Outcome, Outcomes, Task

__all__ = ["PATIENCE_S", "in_processes", "play_apart"]

PATIENCE_S = 3600.0
"""Wall time after which a run counts as stuck and its process is ended, s."""


def in_processes(
    tasks: Iterable[Task], jobs: int, log: Path, patience_s: float = PATIENCE_S
) -> Outcomes:
    """Play tasks in `jobs` processes; outcomes come as they are done, in any order.

    Parameters
    ----------
    tasks
        What is to be played; taken one by one as processes are free.
    jobs
        How many at a time.
    log
        File that what they print is added to.
    patience_s
        See `PATIENCE_S`.
    """
    todo, done = _Shared(iter(tasks)), queue.SimpleQueue[Outcome | None]()
    with log.open("ab") as printed:
        players = [_Player(printed, patience_s) for _ in range(jobs)]
        threads = [
            threading.Thread(target=_serve, args=(player, todo, done), daemon=True)
            for player in players
        ]
        for thread in threads:
            thread.start()
        try:
            for _ in threads:
                while (outcome := done.get()) is not None:
                    yield outcome
        finally:
            todo.close()
            for player in players:
                player.kill()
            for thread in threads:
                thread.join()
            for player in players:
                player.close()


def play_apart(task: Task, patience_s: float = PATIENCE_S) -> Outcome:
    """Play one task in a process of its own."""
    player = _Player(None, patience_s)
    try:
        return player.play(task)
    finally:
        player.kill()
        player.close()


class _Shared:
    """Tasks that several threads take from."""

    def __init__(self, tasks: Iterator[Task]) -> None:
        self._tasks = tasks
        self._lock = threading.Lock()
        self._closed = False

    def take(self) -> Task | None:
        with self._lock:
            return None if self._closed else next(self._tasks, None)

    def close(self) -> None:
        with self._lock:
            self._closed = True


def _serve(player: "_Player", todo: _Shared, done: "queue.SimpleQueue[Outcome | None]") -> None:
    while (task := todo.take()) is not None:
        done.put(player.play(task))
    done.put(None)


class _Player:
    """A process that plays one run after the other; a new one where it has died."""

    def __init__(self, log: IO[bytes] | None, patience_s: float) -> None:
        self._log = log
        self._patience_s = patience_s
        self._process: subprocess.Popen[str] | None = None
        self._stuck = False

    def play(self, task: Task) -> Outcome:
        """Play a task, or say that its process died of it."""
        try:
            process = self._running()
        except OSError as error:
            return Outcome.broken(task.run, f"no process can be started ({error.strerror})")
        timer = threading.Timer(self._patience_s, self._give_up, (process,))
        timer.start()
        try:
            line = _ask(process, task.model_dump_json())
        finally:
            timer.cancel()
        whole = line.endswith("\n")  # a process that is killed while it answers leaves half a line
        if whole:
            with suppress(ValidationError):
                return Outcome.model_validate_json(line)
        self.kill()
        self.close()
        why = "its process answered something else" if whole else self._why(process.returncode)
        return Outcome.broken(task.run, why)

    def kill(self) -> None:
        """End the process, whatever it does."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()

    def close(self) -> None:
        """Let go of a process that has ended."""
        if self._process is None:
            return
        for pipe in (self._process.stdin, self._process.stdout):
            assert pipe is not None  # noqa: S101  # both are pipes
            with suppress(OSError):  # what was not read any more
                pipe.close()
        self._process = None

    def _running(self) -> subprocess.Popen[str]:
        if self._process is None:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "surgisim.rehearsal.worker"],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=self._log,
                text=True,
                encoding="utf-8",
                start_new_session=True,  # Ctrl-C is for the one who counts the runs
            )
        return self._process

    def _give_up(self, process: subprocess.Popen[str]) -> None:
        self._stuck = True
        process.kill()

    def _why(self, status: int) -> str:
        if self._stuck:
            self._stuck = False
            return f"it was not done after {self._patience_s:g} s, so its process was ended"
        how = f"signal {-status}" if status < 0 else f"status {status}"
        return f"its process ended with {how}"


def _ask(process: subprocess.Popen[str], line: str) -> str:
    """Send a line and wait for the answer; nothing where the process has died."""
    assert process.stdin is not None  # noqa: S101  # both are pipes
    assert process.stdout is not None  # noqa: S101
    try:
        process.stdin.write(line + "\n")
        process.stdin.flush()
        return process.stdout.readline()
    except OSError:
        return ""
