"""``surgisim run --watch``: the session begins anew when its procedure, or its files, is saved."""

import argparse
import time
from collections.abc import Callable
from pathlib import Path

from surgisim.authoring.saved import LOOK_S, Saved
from surgisim.errors import SurgisimError
from surgisim.procedure import find, named_beside, problems_of
from surgisim.session import Order
from surgisim.session.look import Looks
from surgisim.session.play import Watcher
from surgisim.session.stock import stock_of
from surgisim.snapshot import Snapshot

__all__ = ["Watching", "add_watch", "check_watching", "leaving", "play_on"]

_PAST = "surgisim: waiting for the next change of {}; Ctrl-C ends"


def add_watch(p: argparse.ArgumentParser) -> None:
    """Describe the option."""
    p.add_argument(
        "--watch",
        action="store_true",
        help="begin anew from the same seed whenever the procedure, or a file that it names, is "
        "saved; what is wrong is told as it is saved",
    )


def check_watching(given: argparse.Namespace) -> None:
    """Keep sessions that are watched out of the store of records.

    Raises
    ------
    SurgisimError
        Another option does not go with ``--watch``.
    """
    if given.view == "headset":
        raise SurgisimError(
            "--watch shows changes in a window or without a view, not in a headset; leave one of "
            "the two out"
        )
    if given.enter or given.trainee_id is not None:
        raise SurgisimError(
            "--watch is for trying a procedure out, and its sessions count for nobody; leave "
            "--enter and --trainee-id out"
        )
    given.enter = False  # also where a trainee is signed in


class Watching:
    """A procedure's file, and those that it names, while written: checked as they are saved.

    Parameters
    ----------
    file
        The procedure.
    anatomy
        An anatomy to find its organs in, or None for its own.
    clock, sleep
        The wall clock.
    say
        Takes a line for the person who writes.

    Attributes
    ----------
    again
        Whether the file was saved and is sound, so that the session is to begin anew.
    """

    def __init__(
        self,
        file: Path,
        anatomy: Path | None,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
        say: Callable[[str], None] = lambda line: print(line, flush=True),
    ) -> None:
        self.again = False
        self._file = file
        self._anatomy = anatomy
        self._sleep = sleep
        self._say = say
        self._clock = clock
        self._saved: list[Saved] = []
        self._look_from_now()

    def due(self) -> bool:
        """Whether to begin anew; what is wrong with a file that was saved is told at once."""
        if any(one.asked() for one in self._saved):
            self._look_from_now()
            self.again = self.sound()
        return self.again

    def _look_from_now(self) -> None:
        """Look at the procedure and at the files that it names now."""
        self._saved = [Saved(one, self._clock) for one in (self._file, *named_beside(self._file))]

    def sound(self) -> bool:
        """Check the file, and tell every mistake with its line."""
        try:
            problems = problems_of(self._file, stock_of(self._anatomy))
        except SurgisimError as error:
            self._say(f"surgisim: {error}")
            return False
        for problem in problems:
            self._say(str(problem))
        if not problems:
            self._say(f"{self._file}: no mistakes")
        return not problems

    def wait(self, closing: Callable[[], bool]) -> bool:
        """Wait for the next save of a sound file; False where `closing` says that all is over."""
        self._say(_PAST.format(self._file))
        while not self.due():
            if closing():
                return False
            self._sleep(LOOK_S)
        return True


def leaving(watching: Watching | None, show: Watcher | None = None) -> Watcher | None:
    """Look at a session, and leave it as soon as its procedure was saved anew."""
    if watching is None:
        return show

    def watch(looks: Looks, snapshot: Snapshot) -> None:
        if show is not None:
            show(looks, snapshot)
        if watching.due():
            looks.leave()

    return watch


def play_on(
    order: Order,
    once: Callable[[Watching], bool],
    closing: Callable[[], bool] = lambda: False,
) -> None:
    """Play a procedure, again from the same seed whenever it is saved, until somebody leaves.

    Parameters
    ----------
    order
        What is played.
    once
        Plays it once, leaving as soon as `Watching.due` says so; returns whether to go on.
    closing
        Asked between sessions: whether somebody closes the window.
    """
    watching = Watching(find(order.procedure), order.anatomy)
    going = watching.sound() or watching.wait(closing)
    while going:
        if watching.again:
            print(f"saved: the session begins anew from seed {order.seed}", flush=True)
        watching.again = False
        try:
            going = once(watching)
        except SurgisimError as error:  # such as an anatomy that is not there
            print(f"surgisim: {error}", flush=True)
        if going and not watching.again:
            going = watching.wait(closing)
