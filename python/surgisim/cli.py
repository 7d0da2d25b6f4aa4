"""The command line: ``surgisim COMMAND``.

A command is loaded when it is called for, and nothing but what Python has loaded anyway is imported
at the head of this file: so the first answer is quick, and Ctrl-C is looked after from the start.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import argparse
    from types import FrameType

__all__ = ["main"]

_COMMANDS = {
    "run": "play a procedure",
    "procedures": "list the shipped procedures",
    "new": "begin a procedure of your own",
    "check": "check procedures and courses",
    "explain": "show what a procedure does",
    "rehearse": "let scripts play a procedure many times",
    "replay": "simulate a session again",
    "report": "write the debriefing",
    "why": "say why a session went as it did",
    "schema": "write the JSON Schema of procedures",
    "docs": "read the documents",
    "course": "say where a trainee stands in a course",
    "passmark": "take a pass mark from experts and novices",
    "rate": "rate a session on a scale, such as GOALS",
    "agreement": "say how far raters agree",
    "records": "results of many sessions and people",
    "anatomy": "build and explore anatomies",
    "tissues": "show the tissue library",
    "devices": "list devices",
    "rig": "set up devices: scale, clutch, calibration",
    "xr": "examine a headset",
    "xapi": "send sessions to a learning record store",
    "doctor": "examine this machine",
    "bench": "measure this machine",
}
_STOPPED = "surgisim: stopped"
_INTERRUPTED = 130  # 128 and the number of SIGINT, as shells have it


def parser(arguments: Sequence[str] | None = None) -> argparse.ArgumentParser:
    """Build the parser: of all commands, or of the one that these arguments name.

    The other commands are then known by name alone.
    """
    import argparse

    from surgisim.commands.parsing import Parser

    class Version(argparse.Action):
        def __call__(self, top: argparse.ArgumentParser, *_: object) -> None:
            from surgisim import __version__

            print(f"surgisim {__version__}")
            top.exit()

    top = Parser(
        prog="surgisim", description="An open surgical simulator that feels right in the hand."
    )
    top.add_argument("--version", action=Version, nargs=0, help="show the version and leave")
    commands = top.add_subparsers(dest="command", required=True, metavar="COMMAND")
    first = next((one for one in arguments or () if not one.startswith("-")), "")
    for name, text in _COMMANDS.items():
        if arguments is None or name == first:
            import_module(f"surgisim.commands.{name}").add_parser(commands)
        else:
            commands.add_parser(name, help=text)
    return top


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command; returns the exit status: 0 done, 1 a check failed, 2 wrong use."""
    arguments = sys.argv[1:] if arguments is None else arguments
    try:
        with _ending_at_once():
            given = parser(arguments).parse_args(arguments)
        return _work(given)
    except KeyboardInterrupt:
        print(_STOPPED, file=sys.stderr)
        return _INTERRUPTED


def _work(given: argparse.Namespace) -> int:
    from surgisim.errors import SurgisimError

    try:
        status: int = given.work(given)
        sys.stdout.flush()
    except SurgisimError as error:
        print(f"surgisim: {error}", file=sys.stderr)
        return 2
    except BrokenPipeError:  # whoever reads, such as `head`, has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    return status


@contextmanager
def _ending_at_once() -> Iterator[None]:
    """End the process at Ctrl-C: an exception in the middle of an import may be lost or renamed."""
    import signal
    import threading

    def end(_number: int, _frame: FrameType | None) -> None:
        os.write(sys.stderr.fileno(), f"{_STOPPED}\n".encode())
        os._exit(_INTERRUPTED)

    in_main = threading.current_thread() is threading.main_thread()
    ours = in_main and signal.getsignal(signal.SIGINT) is signal.default_int_handler
    if ours:
        signal.signal(signal.SIGINT, end)
    try:
        yield
    finally:
        if ours:
            signal.signal(signal.SIGINT, signal.default_int_handler)
