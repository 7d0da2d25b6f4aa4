"""A session as moving pictures: what is drawn is what was recorded."""

import re
from pathlib import Path

import numpy as np
import pytest

from surgisim.cli import main
from surgisim.errors import RecordError
from surgisim.record import SessionRecord, load
from surgisim.session import Order, debrief, film, play
from surgisim.session.film import _moments, _Story

from .heavy import Heavy

RATE_HZ = 4


@pytest.fixture(scope="module")
def record(gl: None, tmp_path_factory: pytest.TempPathFactory, coarse_liver: Path) -> SessionRecord:
    out = tmp_path_factory.mktemp("session")
    play(
        Order("liver_palpation", out, anatomy=coarse_liver, trainee="heavy"), lambda *_: Heavy(2.0)
    )
    return load(out)


def test_the_shapes_are_those_that_were_recorded(record: SessionRecord) -> None:
    shown = {snapshot.tick: snapshot.positions for _, snapshot in _moments(record, 50)}
    recorded = [frame for frame in record.frames if frame.tick in shown]
    assert len(recorded) > 2
    for frame in recorded:
        np.testing.assert_array_equal(shown[frame.tick].astype(np.float32), frame.positions)


def test_what_is_told_follows_the_events(record: SessionRecord) -> None:
    story = _Story(record)
    looks = [(share, story.look(snapshot)) for share, snapshot in _moments(record, RATE_HZ)]
    assert [share for share, _ in looks] == sorted(share for share, _ in looks)
    first, last = looks[0][1], looks[-1][1]
    assert (len(first.marks), len(last.marks)) == (0, 1)
    assert len(last.tears) > 0
    assert last.blood_ml > 0.0
    assert last.hud is not None
    assert "Torn capsule: the capsule has torn" in last.hud.alarm  # as the window said it
    assert max(look.hud.force_n for _, look in looks if look.hud and look.hud.force_n) > 3.0


def test_every_picture_is_drawn_and_twice_the_same(record: SessionRecord) -> None:
    shares: list[float] = []
    pictures = list(film(record, (96, 64), RATE_HZ, shares.append))
    assert len(pictures) == int(record.duration_s * RATE_HZ)
    assert shares[-1] > 0.9
    assert all(picture.shape == (64, 96, 3) for picture in pictures)
    assert not np.array_equal(pictures[0], pictures[2])
    again = list(film(record, (96, 64), RATE_HZ))
    np.testing.assert_array_equal(pictures, again)


def test_a_part_is_what_the_whole_shows_there(record: SessionRecord) -> None:
    whole = list(film(record, (96, 64), RATE_HZ))
    shares: list[float] = []
    part = list(film(record, (96, 64), RATE_HZ, shares.append, span=(0.6, 1.3)))
    assert len(part) == 3  # at 0.75, 1 and 1.25 s
    np.testing.assert_array_equal(part, whole[2:5])
    assert shares == sorted(shares)
    assert shares[-1] == pytest.approx(1.0)


def test_a_record_without_an_organ_is_told(record: SessionRecord) -> None:
    fields = {name: getattr(record, name) for name in record.__slots__}
    bare = SessionRecord(**{**fields, "arrays": {}})
    with pytest.raises(RecordError, match="holds no organ and no probe"):
        next(film(bare, (96, 64), RATE_HZ))


def test_from_the_command_line(
    record: SessionRecord, ffmpeg: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert ffmpeg
    video = tmp_path / "session.mp4"
    given = ["replay", str(record.folder), "--video", str(video), "--size", "96x64", "--rate", "4"]
    assert main(given) == 0
    assert f"video: {video}" in capsys.readouterr().out
    assert video.stat().st_size > 1000


def test_what_decided_a_line_of_the_score_is_filmed(
    record: SessionRecord, ffmpeg: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert ffmpeg
    result = debrief(record.folder).result
    (peak,) = [line for line in result.lines if line.id == "peak_force"]
    given = ["replay", str(record.folder), "--size", "96x64", "--rate", "4"]
    video = tmp_path / "peak.mp4"
    assert main([*given, "--video", str(video), "--line", "peak_force"]) == 0
    assert peak.moment_s is not None
    span = min(peak.moment_s + 2.0, record.duration_s) - max(peak.moment_s - 2.0, 0.0)
    told = re.search(r"\(([\d.]+) s, \d+ pictures\)", capsys.readouterr().out)
    assert told is not None
    assert float(told[1]) == pytest.approx(span, abs=0.3)
    assert main([*given, "--video", str(video), "--line", "peek_force"]) == 2
    assert "has no line 'peek_force' (did you mean 'peak_force'?)" in capsys.readouterr().err
    assert main([*given, "--line", "peak_force"]) == 2
    assert "give --video FILE with it" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("option", "value", "told"),
    [
        ("--size", "95x64", "even numbers"),
        ("--size", "9999x64", "even numbers"),
        ("--size", "large", "give width x height"),
        ("--rate", "0", "give 1 to 100 a second"),
        ("--rate", "fast", "give 1 to 100 a second"),
    ],
)
def test_wrong_options_are_told(
    option: str, value: str, told: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as stop:
        main(["replay", "somewhere", "--video", "film.mp4", option, value])
    assert stop.value.code == 2
    assert told in capsys.readouterr().err
