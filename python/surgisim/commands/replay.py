"""``surgisim replay``: simulate a session again from its recorded inputs."""

import argparse
import re
import time
from pathlib import Path
from typing import TYPE_CHECKING

from surgisim.commands.progress import bars
from surgisim.commands.session_folder import add_session, session_of
from surgisim.errors import RecordError
from surgisim.nearest import suggest
from surgisim.record import load
from surgisim.session import verify_session

if TYPE_CHECKING:
    from surgisim.record import SessionRecord

__all__ = ["add_parser"]

_SIZE = (960, 540)
_MOST_PIXELS = 4096  # of a side
_AROUND_S = 2.0  # before and after what decided a line of the score
_RATES_HZ = (1, 100)  # of the recorded session's own looks there are 50 a second


def add_parser(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Describe the command."""
    p = commands.add_parser(
        "replay",
        help="simulate a session again",
        description="Simulate a session again from its recorded inputs.",
    )
    add_session(p)
    p.add_argument(
        "--verify",
        action="store_true",
        help="exit with 1 unless the record is whole and every recorded bit agrees",
    )
    p.add_argument(
        "--video",
        type=Path,
        metavar="FILE",
        help="draw the session into a video, .mp4, .webm, .mkv or .mov (needs ffmpeg)",
    )
    p.add_argument(
        "--line",
        metavar="ID",
        help="of the video only what decided this line of the score, and 2 s before and after",
    )
    p.add_argument(
        "--size",
        type=_size,
        default=_SIZE,
        metavar="WxH",
        help="of the video, px (default 960x540)",
    )
    p.add_argument(
        "--rate", type=_rate, default=25, metavar="HZ", help="pictures a second (default 25)"
    )
    p.set_defaults(work=_work)


def _size(text: str) -> tuple[int, int]:
    """Read a size; argparse tells what is wrong with it."""
    found = re.fullmatch(r"(\d{2,4})x(\d{2,4})", text, re.ASCII)
    sides = (int(found[1]), int(found[2])) if found else (0, 0)
    if min(sides) < 16 or max(sides) > _MOST_PIXELS or sides[0] % 2 or sides[1] % 2:
        raise argparse.ArgumentTypeError(
            f"{text!r} is no size; give width x height as in 1280x720, even numbers of 16 to "
            f"{_MOST_PIXELS}"
        )
    return sides


def _rate(text: str) -> int:
    """Read a rate; argparse tells what is wrong with it."""
    least, most = _RATES_HZ
    if not (text.isascii() and text.isdecimal() and least <= int(text) <= most):
        raise argparse.ArgumentTypeError(f"{text!r} is no rate; give {least} to {most} a second")
    return int(text)


def _work(given: argparse.Namespace) -> int:
    with session_of(given) as found:
        return _replay(load(found.folder), given)


def _replay(record: "SessionRecord", given: argparse.Namespace) -> int:
    if record.damaged:
        print(f"note: {record.damaged}")
    if given.line is not None and given.video is None:
        raise RecordError("--line chooses a part of the video: give --video FILE with it.")
    span = None if given.line is None else _span(record, given.line)
    if given.video is not None:
        _film(record, given.video, given.size, given.rate, span)
        if not given.verify:
            return 0
    return _verify(record, strict=given.verify)


def _verify(record: "SessionRecord", *, strict: bool) -> int:
    started = time.perf_counter()
    with bars() as progress:
        verdict = verify_session(record, lambda share: progress("simulating again", share))
    wall = time.perf_counter() - started
    print(f"simulated {verdict.ticks} ticks again in {wall:.1f} s")
    if not verdict.agrees:
        print(f"tick {verdict.first_difference} differs from the record")
    elif record.damaged:
        print("every recorded bit agrees, but the record is not whole")
    else:
        print("every recorded bit agrees")
    return 1 if strict and (record.damaged or not verdict.agrees) else 0


def _span(record: "SessionRecord", line: str) -> tuple[float, float]:
    """When a line of the score was decided, with some time around it, s."""
    result = record.result
    lines = {} if result is None else {one.id: one for one in result.lines}
    if line not in lines:
        known = f": known are {', '.join(lines)}" if lines else ": `surgisim report` scores it"
        raise RecordError(f"{record.folder} has no line '{line}'{suggest(line, lines)}{known}.")
    moment = lines[line].moment_s
    begin = 0.0 if moment is None else moment
    until = lines[line].until_s
    end = begin if until is None else until
    return max(begin - _AROUND_S, 0.0), min(end + _AROUND_S, record.duration_s)


def _film(
    record: "SessionRecord",
    path: Path,
    size: tuple[int, int],
    rate_hz: int,
    span: tuple[float, float] | None,
) -> None:
    from surgisim.render.video import check_video, find_ffmpeg, write_video
    from surgisim.session import film

    check_video(path, size)
    find_ffmpeg()
    with bars() as progress:
        pictures = film(
            record, size, rate_hz, lambda share: progress("drawing the video", share), span
        )
        count = write_video(path, pictures, size, rate_hz)
    print(f"video: {path} ({count / rate_hz:.1f} s, {count} pictures)")
