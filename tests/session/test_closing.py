"""What a person reads in the window when a session has ended, and how long it stays."""

from pathlib import Path

import glfw
import numpy as np
import pytest

from surgisim.render.window import DesktopWindow
from surgisim.session import Order, debrief, play
from surgisim.session.closing import SHOWN_S, Closing, closing_hud, closing_of
from surgisim.session.look import Looks
from surgisim.session.stage import Stage
from surgisim.session.theatre import Theatre
from surgisim.snapshot import Snapshot
from surgisim.trainees import Action, Sight, Trainee


class Wall:
    """A clock made of numbers; whoever waits may do something meanwhile."""

    def __init__(self) -> None:
        self.now_s = 0.0
        self.waits = 0

    def clock(self) -> float:
        return self.now_s

    def sleep(self, seconds: float) -> None:
        self.now_s += 20.0 * seconds
        self.waits += 1


class Finishes:
    """Says at once that it has finished."""

    def act(self, _: Sight) -> Action:
        return Action(finish=True)


def strike(window: DesktopWindow | None, key: int) -> None:
    assert window is not None
    window.on_key(key, glfw.PRESS)
    window.on_key(key, glfw.RELEASE)


def screen(window: DesktopWindow | None) -> np.ndarray:
    assert window is not None
    data = window.gl.api.detect_framebuffer(0).read(components=3, alignment=1, attachment=0)
    return np.frombuffer(data, np.uint8).astype(int)


def order(out: Path, liver: Path, procedure: str = "liver_palpation") -> Order:
    # Targets lie on all organs of an abdomen, which the coarse liver is not.
    return Order(procedure, out, anatomy=None if procedure == "camera_navigation" else liver)


@pytest.fixture
def closing(tmp_path: Path, coarse_liver: Path) -> Closing:
    play(order(tmp_path / "out", coarse_liver), lambda *_: Finishes())
    return closing_of(debrief(tmp_path / "out"))


def test_a_closing_tells_score_verdict_and_what_cost_most(closing: Closing) -> None:
    assert closing.title.startswith("Not passed: ")
    assert closing.title.endswith(" of 100 points")
    assert "pass" in closing.verdict
    assert len(closing.lines) == 3
    assert closing.lines[0][0].startswith("0 of ")
    assert "odules" in closing.lines[0][1]
    lost = [float(text.split()[2]) - float(text.split()[0]) for text, _ in closing.lines]
    assert lost == sorted(lost, reverse=True)
    hud = closing_hud(closing, (("R", "open it"),))
    assert hud.title == closing.title
    assert hud.help_lines[:3] == closing.lines
    assert str(closing.report) in dict(hud.help_lines)["report"]


def test_after_a_script_the_closing_goes_by_itself(
    display: str, closing: Closing, tmp_path: Path, coarse_liver: Path
) -> None:
    assert display
    wall = Wall()
    theatre = Theatre(lambda *_: Finishes(), size=(320, 200), clock=wall.clock, sleep=wall.sleep)
    with theatre:
        play(order(tmp_path / "seen", coarse_liver), theatre.cast, watch=theatre.show)
        theatre.wait_for_debriefing()
        over = screen(theatre.window)
        began_s = wall.now_s
        theatre.close(closing)
        shown = screen(theatre.window)
    assert wall.now_s - began_s == pytest.approx(SHOWN_S, abs=0.5)
    assert np.abs(shown - over).mean() > 1.0


@pytest.mark.parametrize("procedure", ["liver_palpation", "exposure", "camera_navigation"])
def test_a_person_opens_the_report_and_closes_the_window(
    display: str, closing: Closing, tmp_path: Path, coarse_liver: Path, procedure: str
) -> None:
    assert display
    opened: list[str] = []
    wall = Wall()

    def sleep(seconds: float) -> None:
        wall.sleep(seconds)
        if not theatre_ended:
            strike(theatre.window, glfw.KEY_SPACE)  # the briefing
        elif wall.now_s - theatre_ended[0] > 2 * SHOWN_S:
            strike(theatre.window, glfw.KEY_ESCAPE)
        elif len(opened) < 1:
            strike(theatre.window, glfw.KEY_R)

    def browse(address: str) -> bool:
        opened.append(address)
        return False

    theatre_ended: list[float] = []
    theatre = Theatre(
        lambda *_: None, size=(320, 200), clock=wall.clock, sleep=sleep, browse=browse
    )

    def cast(stage: Stage, rng: np.random.Generator) -> Trainee:
        theatre.cast(stage, rng)
        return Finishes()

    def watch(looks: Looks, snapshot: Snapshot) -> None:
        theatre.show(looks, snapshot)

    with theatre:
        play(order(tmp_path / "seen", coarse_liver, procedure), cast, watch=watch)
        theatre_ended.append(wall.now_s)
        theatre.close(closing)
    assert opened == [closing.report.resolve().as_uri()]
    assert wall.now_s - theatre_ended[0] > 2 * SHOWN_S  # to a person it stays


def test_a_window_that_was_closed_stays_closed(
    display: str, closing: Closing, tmp_path: Path, coarse_liver: Path
) -> None:
    assert display
    wall = Wall()
    theatre = Theatre(lambda *_: Finishes(), size=(320, 200), clock=wall.clock, sleep=wall.sleep)
    with theatre:
        play(order(tmp_path / "seen", coarse_liver), theatre.cast, watch=theatre.show)
        strike(theatre.window, glfw.KEY_ESCAPE)
        waits = wall.waits
        theatre.close(closing)
    assert wall.waits == waits
