"""Videos: what goes in comes out, in order; and whatever goes wrong loses nothing."""

import subprocess
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from surgisim.errors import RenderError
from surgisim.render.video import ENDINGS, find_ffmpeg, write_video

SIZE = (64, 48)


def greys(values: list[int]) -> Iterator[NDArray[np.uint8]]:
    for value in values:
        picture = np.full((SIZE[1], SIZE[0], 3), value, dtype=np.uint8)
        picture[: SIZE[1] // 2, :, 1:] = 0  # the upper half is red
        yield picture


def decoded(path: Path) -> NDArray[np.uint8]:
    command = [find_ffmpeg(), "-loglevel", "error", "-i", str(path)]
    command += ["-f", "rawvideo", "-pix_fmt", "rgb24", "-"]
    data = subprocess.run(command, capture_output=True, check=True).stdout
    return np.frombuffer(data, np.uint8).reshape(-1, SIZE[1], SIZE[0], 3)


@pytest.mark.parametrize("ending", ENDINGS)
def test_pictures_come_back_in_order_and_upright(ffmpeg: str, tmp_path: Path, ending: str) -> None:
    assert ffmpeg
    values = [40, 90, 140, 190, 240]
    path = tmp_path / "new" / f"film{ending}"
    assert write_video(path, greys(values), SIZE, 5) == len(values)
    seen = decoded(path).astype(int)
    assert len(seen) == len(values)
    np.testing.assert_allclose(seen[:, 36:44, 8:56].mean(axis=(1, 2, 3)), values, atol=12)
    red = seen[-1, 4:16, 8:56].mean(axis=(0, 1))
    assert red[0] > 200
    assert red[1:].max() < 60


def test_another_ending_is_refused(tmp_path: Path) -> None:
    with pytest.raises(RenderError, match=r"film\.avi is no video file; give it one of .*\.mp4"):
        write_video(tmp_path / "film.avi", greys([1]), SIZE, 5)


def test_an_odd_size_is_refused(tmp_path: Path) -> None:
    with pytest.raises(RenderError, match="a video of 63 x 48 cannot be coded; give even numbers"):
        write_video(tmp_path / "film.mp4", greys([1]), (63, 48), 5)


def test_without_ffmpeg_it_is_said_how_to_get_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.delenv("SURGISIM_FFMPEG", raising=False)
    with pytest.raises(RenderError, match="ffmpeg, which is not installed; on Debian install"):
        find_ffmpeg()
    monkeypatch.setenv("SURGISIM_FFMPEG", "/nowhere/ffmpeg")
    with pytest.raises(RenderError, match="SURGISIM_FFMPEG names /nowhere/ffmpeg"):
        find_ffmpeg()


def test_what_ffmpeg_says_is_told_and_the_old_video_stays(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    program = tmp_path / "ffmpeg"
    program.write_text("#!/bin/sh\nhead -c 10 >/dev/null\necho 'no space left' >&2\nexit 1\n")
    program.chmod(0o755)
    monkeypatch.setenv("SURGISIM_FFMPEG", str(program))
    path = tmp_path / "film.mp4"
    path.write_bytes(b"old")
    with pytest.raises(RenderError, match="ffmpeg failed: no space left"):
        write_video(path, greys([1] * 500), SIZE, 5)
    assert path.read_bytes() == b"old"
    assert sorted(file.name for file in tmp_path.iterdir()) == ["ffmpeg", "film.mp4"]


def test_a_drawing_that_fails_ends_ffmpeg_and_leaves_no_file(ffmpeg: str, tmp_path: Path) -> None:
    assert ffmpeg

    def broken() -> Iterator[NDArray[np.uint8]]:
        yield from greys([1, 2])
        raise RenderError("the context was lost")

    with pytest.raises(RenderError, match="the context was lost"):
        write_video(tmp_path / "film.mp4", broken(), SIZE, 5)
    assert list(tmp_path.iterdir()) == []


def test_a_path_that_begins_with_a_minus_is_no_option(
    ffmpeg: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert ffmpeg
    monkeypatch.chdir(tmp_path)
    assert write_video(Path("-y/film.mp4"), greys([80, 160]), SIZE, 5) == 2
    assert len(decoded(tmp_path / "-y" / "film.mp4")) == 2
