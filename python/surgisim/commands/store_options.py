"""Which store, and who is at it: the options that every command with records has."""

import argparse
import functools
import getpass
import sys
from collections.abc import Callable
from typing import TYPE_CHECKING

from surgisim.commands.parsing import add_command

if TYPE_CHECKING:
    from surgisim.store import Store

__all__ = [
    "IN_STORE",
    "add_store_command",
    "add_store_options",
    "ask_passphrase",
    "store_of",
    "store_once",
]

IN_STORE = "store:"
"""What stands before a session's number, or people, of the store of records."""


def add_store_command(
    under: "argparse._SubParsersAction[argparse.ArgumentParser]",
    name: str,
    work: Callable[[argparse.Namespace], int],
    text: str,
    description: str | None = None,
) -> argparse.ArgumentParser:
    """Describe a command that works on a store; see `add_command`."""
    p = add_command(under, name, work, text, description)
    add_store_options(p)
    return p


def add_store_options(command: argparse.ArgumentParser) -> None:
    """Describe the options, in a group of their own at the end."""
    p = command.add_argument_group("store of records")
    p.add_argument(
        "--store",
        metavar="URL",
        help="the store of records: a folder, sqlite:////FOLDER/records.sqlite or "
        "postgresql://HOST/DATABASE (default: SURGISIM_STORE, else a folder among your data)",
    )
    p.add_argument(
        "--as",
        dest="sign_in_as",
        metavar="ID",
        help="sign in with a passphrase as the person of this local id (default: whom this "
        "system account stands for)",
    )


def store_of(given: argparse.Namespace) -> "Store":
    """Open the store that the options name, with whom they name signed in."""
    from surgisim.store import open_store

    return open_store(
        given.store,
        sign_in_as=given.sign_in_as,
        passphrase=lambda: ask_passphrase(f"passphrase of {given.sign_in_as}: "),
        tell=lambda text: print(f"surgisim: {text}", file=sys.stderr),
    )


def store_once(given: argparse.Namespace) -> "Callable[[], Store]":
    """Give what opens the store when it is first asked for; a passphrase is asked for once."""
    return functools.cache(lambda: store_of(given))


def ask_passphrase(prompt: str) -> str:
    """Ask for a passphrase without showing it; another program writes it as one line."""
    if sys.stdin.isatty():
        return getpass.getpass(prompt)
    return sys.stdin.readline().rstrip("\n")
