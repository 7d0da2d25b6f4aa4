"""A headset beside a desktop: the mirror window over GLX, the fall-back, and the command line."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from surgisim.cli import main
from surgisim.record import load, read_result, read_timing
from surgisim.session import Order, play
from surgisim.session.headset import HeadsetTheatre
from surgisim.session.headset_room import Room
from surgisim.session.look import Looks
from surgisim.snapshot import Snapshot
from surgisim.testing.xr import FakeRuntime
from surgisim.trainees import scripted
from surgisim.xr.picture import Wishes

from .puppet import Visit

Fake = Callable[..., FakeRuntime]


class Beside(Visit):
    """A visit whose window can be looked into."""

    def look_into_window(self) -> NDArray[np.uint8]:
        assert self.gl is not None
        self.gl.make_current()
        screen = self.gl.api.detect_framebuffer(0)
        width, height = screen.width, screen.height
        data = screen.read(components=3, alignment=1)
        return np.frombuffer(data, np.uint8).reshape(height, width, 3)[::-1]


def visit(
    runtime: FakeRuntime,
    out: Path,
    liver: Path,
    script: Callable[[Beside, Looks, Snapshot], None],
) -> Beside:
    theatre = Beside(runtime, Room(Wishes(), mirror=True, lockstep=True), by_hand=False)

    def watch(looks: Looks, snapshot: Snapshot) -> None:
        theatre.time_s = snapshot.time_s
        theatre.show(looks, snapshot)
        script(theatre, looks, snapshot)

    order = Order("liver_palpation", out, 3, liver)
    with theatre:
        play(order, theatre.cast, watch=watch, headset=theatre.timing)
    return theatre


def test_a_window_shows_what_the_left_eye_sees(
    fake: Fake, display: str, tmp_path: Path, coarse_liver: Path
) -> None:
    assert display
    runtime = fake(validate=True, pictures=True)
    shown: dict[str, NDArray[np.uint8]] = {}

    def script(theatre: Beside, looks: Looks, snapshot: Snapshot) -> None:
        if snapshot.time_s > 0.6:
            shown["window"] = theatre.look_into_window()
            shown["eye"] = runtime.picture(0)
            looks.leave()

    visit(runtime, tmp_path, coarse_liver, script)
    assert runtime.errors == []
    assert runtime.violations == []
    window, eye = shown["window"], shown["eye"][..., :3]
    height, width = window.shape[:2]
    side = min(height, width)
    left = (width - side) // 2
    part = window[:, left : left + side]
    rows = (np.arange(256) + 0.5) * side / 256
    sampled = part[rows.astype(int)][:, rows.astype(int)]
    assert sampled.std() > 10.0
    assert np.abs(sampled.astype(int) - eye.astype(int)).mean() < 6.0  # a picture or two apart


def test_while_the_headset_is_away_the_window_shows_the_field(
    fake: Fake, display: str, tmp_path: Path, coarse_liver: Path
) -> None:
    assert display
    runtime = fake(validate=True)
    shown: dict[str, NDArray[np.uint8]] = {}

    def script(theatre: Beside, looks: Looks, snapshot: Snapshot) -> None:
        look = round(50 * snapshot.time_s)
        if look == 20:
            runtime.lose("runtime")
        elif look == 30:
            shown["away"] = theatre.look_into_window()
            runtime.bring_back()
        elif look == 90:
            shown["back"] = theatre.look_into_window()
            looks.leave()

    theatre = visit(runtime, tmp_path, coarse_liver, script)
    assert runtime.errors == []
    assert theatre.connection is not None
    assert len(theatre.connection.story.away_s) == 1
    assert shown["away"].std() > 10.0
    wide = np.abs(shown["away"].astype(int) - shown["back"].astype(int)).mean()
    assert wide > 3.0  # the field from the patient's feet, then again the left eye


def test_a_script_is_watched_in_the_headset_from_the_command_line(
    fake: Fake, tmp_path: Path, coarse_liver: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    runtime = fake(validate=True, eye=(64, 64))
    arguments: list[Any] = ["run", "liver_palpation", "--view", "headset", "--no-mirror"]
    arguments += ["--trainee", "dangerous", "--speed", "max", "--eye-scale", "1.0"]
    arguments += ["--anatomy", str(coarse_liver), "--out", str(tmp_path / "out")]
    assert main(arguments) == 0
    assert runtime.errors == []
    assert runtime.violations == []
    told = capsys.readouterr()
    assert "frames" in told.out
    assert "no headset" not in told.err
    result = read_result(tmp_path / "out" / "result.json")
    timing = read_timing(tmp_path / "out" / "timing.json").headset
    assert timing is not None
    assert timing.frames == pytest.approx(90.0 * result.duration_s, rel=0.05)
    assert timing.to_light_ms_p50 is None  # no hand moved the tool
    report = (tmp_path / "out" / "report.html").read_text()
    assert f"{timing.frames} pictures" in report


def test_a_live_session_keeps_looking_while_frames_block(
    fake: Fake, tmp_path: Path, coarse_liver: Path
) -> None:
    """On real clocks, however slow the drawing is: the script acts, and the ticks go on."""
    runtime = fake(clock="real", eye=(64, 64), refresh_hz=72.0)
    theatre = HeadsetTheatre(lambda _, rng: scripted("careful", rng), Room())

    def watch(looks: Looks, snapshot: Snapshot) -> None:
        theatre.show(looks, snapshot)
        if snapshot.time_s > 1.5:
            looks.leave()

    order = Order("liver_palpation", tmp_path, 3, coarse_liver, device="mouse", live=True)
    with theatre:
        play(order, theatre.cast, watch=watch, wait=theatre.wait, headset=theatre.timing)
    assert runtime.errors == []
    record = load(tmp_path)
    assert record.duration_s > 1.4
    assert theatre.count.begun == theatre.count.ended > 0
    assert np.any(record.commands["code"] == 1)
