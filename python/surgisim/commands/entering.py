"""Where ``surgisim run`` plays, and whether the session comes into the store of records.

A session is entered before it is played and taken in after its debriefing. It lies in the store
meanwhile, so that a crash loses nothing; what ``--out`` names gets a copy.
"""

import argparse
import itertools
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from surgisim.commands.store_options import add_store_options, store_of
from surgisim.errors import SurgisimError
from surgisim.record import SESSION_FILE

if TYPE_CHECKING:
    from surgisim.session.debrief import Debriefing
    from surgisim.store import OpenSession, Store

__all__ = ["Entry", "add_options", "entry_of"]

DEFAULT_OUT = Path("out/session")


def add_options(p: argparse.ArgumentParser) -> None:
    """Describe the options."""
    p.add_argument(
        "--trainee-id",
        metavar="ID",
        help="who plays, as your site knows them: the session comes into the store of records "
        "under a pseudonym (docs/records.md)",
    )
    p.add_argument(
        "--enter",
        action=argparse.BooleanOptionalAction,
        help="enter the session in the store of records, also a script's (default: where "
        "--trainee-id is given or a trainee is signed in)",
    )
    add_store_options(p)


@dataclass(frozen=True, slots=True)
class Entry:
    """Where a session is played, and where it goes afterwards.

    Attributes
    ----------
    folder
        Where it is played.
    store, session
        Where it is entered; None where it is not.
    copy
        Where the folder is to be copied to.
    """

    folder: Path
    store: "Store | None" = None
    session: "OpenSession | None" = None
    copy: Path | None = None

    def finish(self, debriefing: "Debriefing") -> None:
        """Take the session in and say where its report is."""
        report = debriefing.report
        if self.copy is not None:
            if aside := _set_aside(self.copy):
                print(_kept(self.copy, aside))
            shutil.copytree(self.folder, self.copy, dirs_exist_ok=True)
            report = self.copy / report.name
        if self.store is None or self.session is None:
            print(f"report: {report}", flush=True)
            return
        number = self.session.number
        self.store.end(self.session, debriefing.result)
        print(f"entered in the store as session {number}")
        if self.copy is None:
            print(f"report: surgisim report store:{number}")
        else:
            print(
                f"report: {report} (a copy outside of the store, which erasing does not reach)",
                flush=True,
            )


@contextmanager
def entry_of(given: argparse.Namespace, device: str) -> Iterator[Entry]:
    """Enter the session that is about to be played, where it is to be entered.

    What was played when the block raises stays in the store, broken off; nothing is not kept. What
    was taken in before that (a person leaves while the last page is shown) is whole, and stays so.
    """
    store = _store(given)
    if store is None:
        folder = given.out or DEFAULT_OUT
        with _older_aside(folder):
            yield Entry(folder)
        return
    copy = given.out
    if copy is not None and copy.exists() and not (copy / SESSION_FILE).exists():
        raise SurgisimError(
            f"{copy} is there and holds no session; give --out a new folder, or leave it out."
        )
    if copy is not None:
        _check_not_in(copy)
    session = store.begin(
        Path(given.procedure).stem,
        given.seed,
        device,
        given.trainee or "person",
        _whose(given, store),
    )
    try:
        yield Entry(session.folder, store, session, copy)
    except BaseException:
        if session.folder.is_dir() and not (session.folder / SESSION_FILE).exists():
            store.abandon(session)
        raise


@contextmanager
def _older_aside(folder: Path) -> Iterator[None]:
    """Keep an older session beside the one that is played; it stays where nothing is played."""
    aside = _set_aside(folder)
    try:
        yield
    finally:
        if aside is not None and not folder.exists():
            aside.rename(folder)
        elif aside is not None:
            print(_kept(folder, aside))


def _kept(folder: Path, aside: Path) -> str:
    return f"the session that was in {folder} is now in {folder.with_name(aside.name)}"


def _set_aside(folder: Path) -> Path | None:
    """Move a session that lies in a folder to the first number that is free; where it is then."""
    if not (folder / SESSION_FILE).exists():
        return None
    _check_not_in(folder)
    home = folder.absolute()
    names = (f"{home.name}-{number}" for number in itertools.count(1))
    kept = next(path for name in names if not os.path.lexists(path := home.with_name(name)))
    try:
        home.rename(kept)
    except OSError as error:
        raise SurgisimError(
            f"{folder} holds a session that cannot be kept as {kept.name}: {error.strerror}; give "
            "--out a new folder."
        ) from error
    return kept


def _check_not_in(folder: Path) -> None:
    """Refuse to move the folder from under whoever types."""
    if (folder / SESSION_FILE).exists() and Path.cwd().is_relative_to(folder.resolve()):
        raise SurgisimError(
            f"{folder} holds a session, and you are in it; give --out a new folder."
        )


def _store(given: argparse.Namespace) -> "Store | None":
    """Open the store, where the session is to be entered in one."""
    if given.trainee is not None and given.trainee_id is not None:
        raise SurgisimError(
            "a script's session is nobody's; leave --trainee-id out, or --trainee, and play "
            "yourself"
        )
    if given.enter is False:
        return None
    if given.enter or given.trainee_id is not None or given.sign_in_as is not None:
        return store_of(given)
    from surgisim.store.place import is_there

    if given.trainee is not None or not is_there(given.store):
        return None
    store = store_of(given)
    return store if store.actor.role == "trainee" else None


def _whose(given: argparse.Namespace, store: "Store") -> str | None:
    """Say whose session it is: nobody's for a script, else the trainee's or of who is signed in."""
    if given.trainee is not None:
        return None
    if given.trainee_id is not None:
        return store.pseudonym(given.trainee_id)
    return store.actor.person
