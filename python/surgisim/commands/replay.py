"""``surgisim replay``: simulate a session again from its recorded inputs."""

import argparse
import time
from pathlib import Path

from surgisim.record import load
from surgisim.session import verify_session

__all__ = ["add_parser"]


def add_parser(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Describe the command."""
    p = commands.add_parser(
        "replay",
        help="simulate a session again",
        description="Simulate a session again from its recorded inputs.",
    )
    p.add_argument("session", type=Path, metavar="SESSION", help="session folder")
    p.add_argument(
        "--verify",
        action="store_true",
        help="exit with 1 unless the record is whole and every recorded bit agrees",
    )
    p.set_defaults(work=_work)


def _work(given: argparse.Namespace) -> int:
    record = load(given.session)
    if record.damaged:
        print(f"note: {record.damaged}")
    started = time.perf_counter()
    verdict = verify_session(record)
    wall = time.perf_counter() - started
    print(f"simulated {verdict.ticks} ticks again in {wall:.1f} s")
    if not verdict.agrees:
        print(f"tick {verdict.first_difference} differs from the record")
    elif record.damaged:
        print("every recorded bit agrees, but the record is not whole")
    else:
        print("every recorded bit agrees")
    return 1 if given.verify and (record.damaged or not verdict.agrees) else 0
