"""The command line: ``surgisim COMMAND``."""

import argparse
import os
import sys
from collections.abc import Sequence

from surgisim import __version__
from surgisim.commands import (
    anatomy,
    bench,
    check,
    devices,
    doctor,
    records,
    replay,
    report,
    rig,
    run,
    tissues,
    xr,
)
from surgisim.errors import SurgisimError

__all__ = ["main"]

_COMMANDS = (run, check, replay, report, records, anatomy, tissues, devices, rig, xr, doctor, bench)


def parser() -> argparse.ArgumentParser:
    """Build the parser of all commands."""
    top = argparse.ArgumentParser(
        prog="surgisim", description="An open surgical simulator that feels right in the hand."
    )
    top.add_argument("--version", action="version", version=f"surgisim {__version__}")
    commands = top.add_subparsers(dest="command", required=True, metavar="COMMAND")
    for command in _COMMANDS:
        command.add_parser(commands)
    return top


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command; returns the exit status: 0 done, 1 a check failed, 2 wrong use."""
    given = parser().parse_args(arguments)
    try:
        status: int = given.work(given)
        sys.stdout.flush()
    except SurgisimError as error:
        print(f"surgisim: {error}", file=sys.stderr)
        return 2
    except BrokenPipeError:  # whoever reads, such as `head`, has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except KeyboardInterrupt:
        print("surgisim: stopped", file=sys.stderr)
        return 130
    return status
