"""Which store, and who is at it: the options that every command with records has."""

import argparse
import getpass
import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from surgisim.store import Store

__all__ = ["add_store_options", "ask_passphrase", "store_of"]


def add_store_options(p: argparse.ArgumentParser) -> None:
    """Describe the options."""
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


def ask_passphrase(prompt: str) -> str:
    """Ask for a passphrase without showing it; another program writes it as one line."""
    if sys.stdin.isatty():
        return getpass.getpass(prompt)
    return sys.stdin.readline().rstrip("\n")
