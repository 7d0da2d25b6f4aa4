"""A session as commands take it: a folder, or ``store:N`` for one in the store of records."""

import argparse
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from surgisim.commands.store_options import IN_STORE, add_store_options, store_of
from surgisim.errors import StoreError
from surgisim.record.rating import keep_rating

if TYPE_CHECKING:
    from surgisim.scoring import Overrule
    from surgisim.store import Store

__all__ = ["SESSION_HELP", "Found", "add_session", "session_named", "session_of"]

SESSION_HELP = f"session folder, or {IN_STORE}N for session N of the store of records"


@dataclass(frozen=True, slots=True)
class Found:
    """A session folder, and what persons said of its score.

    Attributes
    ----------
    folder
        It; for a session of the store only as long as it is looked at.
    stored
        The store and the session's number in it, None for a folder of one's own.
    words
        What was overruled, in order.
    """

    folder: Path
    stored: "tuple[Store, int] | None" = None
    words: "tuple[Overrule, ...]" = ()


def add_session(p: argparse.ArgumentParser) -> None:
    """Describe the argument and its options."""
    p.add_argument("session", metavar="SESSION", help=SESSION_HELP)
    add_store_options(p)


def session_of(given: argparse.Namespace) -> AbstractContextManager[Found]:
    """Give the folder of the session that `add_session` describes; see `session_named`."""
    return session_named(given.session, lambda: store_of(given))


@contextmanager
def session_named(name: str, opened: "Callable[[], Store]") -> Iterator[Found]:
    """Give the folder of a session; one of the store is opened for as long as the block lasts.

    Parameters
    ----------
    name
        A folder, or ``store:N``.
    opened
        Opens the store, where it is one of it.
    """
    if not name.startswith(IN_STORE):
        yield Found(Path(name))
        return
    from surgisim.store import StoredResult

    number = name.removeprefix(IN_STORE)
    if not (number.isascii() and number.isdecimal()):
        raise StoreError(f"{name} is no session; give its number, such as {IN_STORE}12.")
    store = opened()
    with store.looking_at(int(number)) as folder:
        result = store.result(int(number))
        words = result.overrules if isinstance(result, StoredResult) else ()
        for rating in result.ratings if isinstance(result, StoredResult) else ():
            keep_rating(folder, rating)
        yield Found(folder, (store, int(number)), words)
