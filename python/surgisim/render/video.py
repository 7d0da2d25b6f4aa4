"""Pictures one after the other as a video file, by the program ffmpeg.

ffmpeg is not part of surgisim: its builds carry licences of their own. It is run as a program of
its own, found as ``SURGISIM_FFMPEG`` names it, else on the path; it chooses the codec by the
file's ending.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path
from typing import IO

import numpy as np
from numpy.typing import NDArray

from surgisim.errors import RenderError

__all__ = ["ENDINGS", "find_ffmpeg", "write_video"]

ENDINGS = (".mp4", ".webm", ".mkv", ".mov")
"""Kinds of video files that are written."""

_OF_KIND = {
    ".mp4": ("-movflags", "+faststart"),  # plays before it is loaded whole
    ".mov": ("-movflags", "+faststart"),
    ".webm": ("-deadline", "realtime", "-cpu-used", "6", "-b:v", "2M"),
}


def find_ffmpeg() -> str:
    """Find the program.

    Raises
    ------
    RenderError
        It is not installed, or ``SURGISIM_FFMPEG`` names no program.
    """
    named = os.environ.get("SURGISIM_FFMPEG")
    found = shutil.which(named or "ffmpeg")
    if found is None and named:
        raise RenderError(f"SURGISIM_FFMPEG names {named}, which is no program; correct its path")
    if found is None:
        raise RenderError(
            "videos need the program ffmpeg, which is not installed; on Debian install ffmpeg, "
            "or name it by SURGISIM_FFMPEG"
        )
    return found


def write_video(
    path: Path, pictures: Iterable[NDArray[np.uint8]], size: tuple[int, int], rate_hz: int
) -> int:
    """Write pictures into a video file.

    Parameters
    ----------
    path
        With one of `ENDINGS`. The file appears when it is whole; until then, and after a failure,
        what was there before stays.
    pictures
        Each (height, width, 3) uint8, sRGB, first row on top.
    size
        Width and height, px; both even, as codecs want them.
    rate_hz
        Pictures a second.

    Returns
    -------
    int
        How many pictures were written.

    Raises
    ------
    RenderError
        Another ending, an odd size, no ffmpeg, or what ffmpeg said that went wrong.
    """
    check_video(path, size)
    program = find_ffmpeg()
    unfinished = path.with_name(f".{path.stem}.unfinished{path.suffix}")
    command = [program, "-loglevel", "error", "-y", "-f", "rawvideo", "-pix_fmt", "rgb24"]
    command += ["-s", f"{size[0]}x{size[1]}", "-r", str(rate_hz), "-i", "-", "-an"]
    command += ["-pix_fmt", "yuv420p", "-g", str(rate_hz), *_OF_KIND.get(path.suffix, ())]
    command.append(str(unfinished.absolute()))  # what begins with a minus would be an option
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        count = _run(command, pictures)
        unfinished.replace(path)
    except OSError as error:
        raise RenderError(f"{path} cannot be written: {error.strerror or error}") from error
    finally:
        unfinished.unlink(missing_ok=True)
    return count


def check_video(path: Path, size: tuple[int, int]) -> None:
    """Refuse what no video can be written to, before any work is done.

    Raises
    ------
    RenderError
        Another ending than those of `ENDINGS`, or an odd size.
    """
    if path.suffix not in ENDINGS:
        raise RenderError(
            f"{path} is no video file; give it one of the endings {', '.join(ENDINGS)}"
        )
    if size[0] % 2 or size[1] % 2:
        raise RenderError(f"a video of {size[0]} x {size[1]} cannot be coded; give even numbers")


def _run(command: list[str], pictures: Iterable[NDArray[np.uint8]]) -> int:
    with tempfile.TemporaryFile() as said:
        program = subprocess.Popen(command, stdin=subprocess.PIPE, stderr=said)  # noqa: S603
        pipe = program.stdin
        assert pipe is not None  # noqa: S101  # as asked for
        try:
            count = _feed(pipe, pictures)
        except BrokenPipeError:
            count = 0  # it has ended by itself, and says why below
        except BaseException:
            program.kill()
            raise
        finally:
            with suppress(BrokenPipeError):
                pipe.close()
            status = program.wait()
        if status != 0:
            said.seek(0)
            words = said.read().decode(errors="replace").strip().splitlines()
            raise RenderError(f"ffmpeg failed: {words[-1] if words else 'it did not say why'}")
    return count


def _feed(pipe: IO[bytes], pictures: Iterable[NDArray[np.uint8]]) -> int:
    count = 0
    for picture in pictures:
        pipe.write(np.ascontiguousarray(picture).tobytes())
        count += 1
    return count
