"""A person at the window: pointer and wheel to aims, the pace of looks, and whole live sessions."""

import time
from dataclasses import replace
from pathlib import Path

import glfw
import numpy as np
import pytest

from surgisim.record import load
from surgisim.render.control import Control, Pointer
from surgisim.render.view import Ray
from surgisim.render.window import DesktopWindow
from surgisim.session import Order, debrief, play, verify_session
from surgisim.session.look import Looks
from surgisim.session.pace import Pace
from surgisim.session.theatre import Theatre
from surgisim.snapshot import ProbeState, Snapshot
from surgisim.trainees import Action, Sight
from surgisim.trainees.person import DEEPEST_M, HIGHEST_M, HOVER_M, Person

RADIUS_M = 0.008
AXIS = np.linspace(-0.1, 0.1, 9)
PLATE = np.array([(x, 0.0, z) for x in AXIS for z in AXIS])
CELLS = [
    (9 * i + j, 9 * i + j + 1, 9 * i + j + 10, 9 * i + j + 9) for i in range(8) for j in range(8)
]
FACES = np.array([t for a, b, c, d in CELLS for t in ((a, b, c), (a, c, d))])


class Hands:
    """A window without a screen: pointer straight down onto (x, z), and what the hands do."""

    def __init__(self) -> None:
        self.x, self.z, self.inside = 0.0, 0.0, True
        self.depth_m = 0.0
        self.buttons: frozenset[str] = frozenset()
        self.pressed: tuple[str, ...] = ()
        self.closing = False

    def poll(self) -> Control:
        ray = Ray(np.array([self.x, 0.3, self.z]), np.array([0.0, -1.0, 0.0]))
        pressed, self.pressed = self.pressed, ()
        pointer = Pointer((0.0, 0.0), ray, self.buttons, self.inside)
        return Control(pointer, self.depth_m, pressed, self.closing)

    def set_depth(self, depth_m: float) -> None:
        self.depth_m = depth_m


def sight(positions: np.ndarray = PLATE) -> Sight:
    probe = ProbeState((0.0, 0.1, 0.0), (0.0, 0.0, 0.0), (0.0, 0.0, 0.0), False)
    return Sight(0.0, probe, RADIUS_M, positions, FACES, 0, 3, "", "", 3.0)


def settled(person: Person, seen: Sight) -> Action:
    for _ in range(60):
        action = person.act(seen)
    return action


def test_the_pointer_aims_above_the_surface_and_the_wheel_below_it() -> None:
    hands = Hands()
    person = Person(hands)
    assert settled(person, sight()).aim == pytest.approx((0.0, RADIUS_M + HOVER_M, 0.0))
    hands.x, hands.depth_m = 0.03, 0.009
    assert settled(person, sight()).aim == pytest.approx((0.03, RADIUS_M + HOVER_M - 0.009, 0.0))
    assert person.aim is not None
    assert person.aim.surface_rest == pytest.approx((0.03, 0.0, 0.0))


def test_however_fast_the_mouse_is_the_aim_glides_over_the_surface() -> None:
    hands = Hands()
    person = Person(hands)
    hands.x = -0.09
    last = settled(person, sight()).aim
    hands.x = 0.09  # at once
    for _ in range(60):
        aim = person.act(sight()).aim
        assert last is not None
        assert aim is not None
        assert np.linalg.norm(np.subtract(aim, last)) < 0.013
        last = aim
    assert last == pytest.approx((0.09, RADIUS_M + HOVER_M, 0.0))


def test_the_probe_does_not_go_down_a_side() -> None:
    hill = PLATE.copy()
    hill[hill[:, 0] > 0.06, 1] = -0.3  # a cliff
    hands = Hands()
    person = Person(hands)
    settled(person, sight(hill))
    hands.x = 0.072
    aim = settled(person, sight(hill)).aim
    assert aim == pytest.approx((0.0, RADIUS_M + HIGHEST_M, 0.0))


@pytest.mark.parametrize(("turned_m", "height_m"), [(1.0, -DEEPEST_M), (-1.0, HIGHEST_M)])
def test_the_wheel_ends_where_the_hand_does(turned_m: float, height_m: float) -> None:
    hands = Hands()
    person = Person(hands)
    hands.depth_m = turned_m
    assert settled(person, sight()).aim == pytest.approx((0.0, RADIUS_M + height_m, 0.0))
    hands.depth_m -= np.sign(turned_m) * 0.001  # the first notch back already counts
    settled(person, sight())
    assert person.aim is not None
    assert person.aim.height_m == pytest.approx(height_m + np.sign(turned_m) * 0.001)


def test_the_probes_own_dent_does_not_draw_it_deeper_and_a_breath_carries_it_along() -> None:
    hands = Hands()
    person = Person(hands)
    hands.depth_m = 0.015
    before = settled(person, sight()).aim
    dent = 0.02 * np.exp(-((np.linalg.norm(PLATE, axis=1) / 0.02) ** 2))
    dented = PLATE - dent[:, None] * np.array([0.0, 1.0, 0.0])
    assert settled(person, sight(dented)).aim == pytest.approx(before, abs=1e-4)
    lifted = settled(person, sight(PLATE + np.array([0.0, 0.02, 0.0]))).aim
    assert lifted is not None
    assert lifted[1] == pytest.approx(RADIUS_M + HOVER_M - 0.015 + 0.02, abs=1e-4)


@pytest.mark.parametrize("inside", [True, False])
def test_beside_the_organ_the_probe_waits_lifted_over_the_last_place(inside: bool) -> None:
    hands = Hands()
    person = Person(hands)
    hands.x, hands.depth_m = 0.05, 0.02
    settled(person, sight())
    if inside:
        hands.x = 5.0
    hands.inside = inside
    aim = settled(person, sight()).aim
    assert aim is not None
    assert aim[1] == pytest.approx(RADIUS_M + HIGHEST_M)
    assert 0.049 < aim[0] <= 0.1
    hands.x, hands.inside = 0.05, True
    aim = settled(person, sight()).aim
    assert aim == pytest.approx((0.05, RADIUS_M + HOVER_M, 0.0))  # the wheel began anew


def test_while_the_view_is_turned_the_probe_stays() -> None:
    hands = Hands()
    person = Person(hands)
    before = settled(person, sight()).aim
    hands.x, hands.buttons = 0.06, frozenset({"right"})
    assert settled(person, sight()).aim == before


def test_a_pointer_that_never_met_the_organ_leaves_the_hand_alone() -> None:
    hands = Hands()
    hands.x = 5.0
    assert Person(hands).act(sight()) == Action()


def test_keys_mark_finish_and_leave() -> None:
    hands = Hands()
    person = Person(hands)
    hands.pressed = ("mark",)
    assert person.act(sight()).mark
    hands.pressed = ("finish",)
    action = person.act(sight())
    assert action.finish
    assert not action.mark
    hands.closing = True
    assert person.act(sight()).leave


def test_with_a_device_the_mouse_aims_nothing_and_a_button_marks() -> None:
    hands = Hands()
    person = Person(hands, device=True)
    hands.x, hands.depth_m = 0.03, 0.009
    assert settled(person, sight()) == Action()
    assert person.aim is None
    assert hands.depth_m == 0.009  # the wheel is left alone
    assert person.act(replace(sight(), pressed=0b101)) == Action(mark=True)
    assert person.act(replace(sight(), pressed=0b110)) == Action()
    hands.pressed = ("mark", "finish")
    assert person.act(sight()) == Action(mark=True, finish=True)
    clutching = Person(hands, device=True, mark_button=1)
    assert clutching.act(replace(sight(), pressed=0b01)) == Action()
    assert clutching.act(replace(sight(), pressed=0b10)) == Action(mark=True)


def test_without_a_device_its_buttons_mark_nothing() -> None:
    assert not Person(Hands()).act(replace(sight(), pressed=1)).mark


class Wall:
    """A clock made of numbers."""

    def __init__(self) -> None:
        self.now_s = 0.0

    def clock(self) -> float:
        return self.now_s

    def sleep(self, seconds: float) -> None:
        assert seconds > 0.0
        self.now_s += seconds


@pytest.mark.parametrize(("draw_s", "pictures", "looks"), [(0.005, 50, 50), (0.1, 6, 20)])
def test_slow_pictures_are_left_out_so_that_looks_go_on(
    draw_s: float, pictures: int, looks: int
) -> None:
    wall = Wall()
    pace = Pace(wall.clock, wall.sleep)
    drawn = looked = 0
    while wall.now_s < 1.0:
        drawn += pace.draw(lambda: wall.sleep(draw_s))
        pace.wait(0.02)
        looked += 1
    assert drawn == pytest.approx(pictures, abs=2)
    assert looked == pytest.approx(looks, abs=4)


def test_a_late_look_is_not_made_up_for() -> None:
    wall = Wall()
    pace = Pace(wall.clock, wall.sleep)
    pace.wait(0.02)
    wall.sleep(5.0)
    pace.wait(0.02)
    before = wall.now_s
    pace.wait(0.02)
    assert wall.now_s - before == pytest.approx(0.02)


def strike(window: DesktopWindow, key: int) -> None:
    window.on_key(key, glfw.PRESS)
    window.on_key(key, glfw.RELEASE)


class Visitor:
    """A person made of code: reads the briefing, palpates one place, marks it, finishes."""

    def __init__(self) -> None:
        self.theatre = Theatre(lambda *_: None, size=(320, 200), sleep=self.sleep)
        self.stage = "briefing"
        self.helped: tuple[tuple[str, str], ...] = ()
        self.felt_n = 0.0
        self.pictures: list[np.ndarray] = []
        self._since_s = 0.0

    @property
    def window(self) -> DesktopWindow:
        assert self.theatre.window is not None
        return self.theatre.window

    def sleep(self, seconds: float) -> None:
        time.sleep(seconds)
        if self.stage == "briefing":
            self.picture()
            self.stage = "coming"
            self.helped = self.window.help_lines
            strike(self.window, glfw.KEY_F1)
            strike(self.window, glfw.KEY_SPACE)

    def watch(self, looks: Looks, snapshot: Snapshot) -> None:
        self.theatre.show(looks, snapshot)
        self.felt_n = float(np.linalg.norm(snapshot.probe.force))
        spent_s = snapshot.time_s - self._since_s
        if self.stage == "coming":
            self.window.on_cursor(110, 95)
            if spent_s > 1.0:
                self.enter("pressing", snapshot)
        elif self.stage == "pressing":
            if self.felt_n < 0.2:
                self.window.on_scroll(0.5)
            else:
                self.picture()
                strike(self.window, glfw.KEY_SPACE)
                self.enter("marked", snapshot)
        elif self.stage == "marked" and spent_s > 0.3:
            strike(self.window, glfw.KEY_ENTER)
            self.enter("done", snapshot)

    def enter(self, stage: str, snapshot: Snapshot) -> None:
        self.stage, self._since_s = stage, snapshot.time_s

    def picture(self) -> None:
        """Keep what the window shows."""
        screen = self.window.gl.api.detect_framebuffer(0)
        data = screen.read(components=3, alignment=1, attachment=0)
        self.pictures.append(np.frombuffer(data, np.uint8).reshape(200, 320, 3).astype(int))


def test_a_person_palpates_marks_and_finishes(
    display: str, tmp_path: Path, coarse_liver: Path
) -> None:
    assert display
    visitor = Visitor()
    order = Order(
        "liver_palpation", tmp_path, 3, coarse_liver, device="mouse", trainee="person", live=True
    )
    with visitor.theatre as theatre:
        played = play(order, theatre.cast, watch=visitor.watch, wait=theatre.wait)
        assert visitor.helped[-1] == ("Space", "begin")
        assert ("Space", "begin") not in visitor.window.help_lines
        assert not visitor.window.help_shown
    assert played.stats.scheduler in ("fifo", "normal")
    record = load(tmp_path)
    assert record.footer is not None
    assert record.footer["completed"]
    assert not record.footer["left"]
    kinds = [event.kind for event in record.events]
    assert kinds.count("mark.set") == 1
    assert kinds[-1] == "session.ended"
    marked = next(event for event in record.events if event.kind == "mark.set")
    force_n = np.linalg.norm(record.trace["force"], axis=1)
    assert force_n[record.times_s <= marked.time_s].max() > 0.2
    rest = np.array([marked.values[f"rest_{axis}"] for axis in "xyz"])
    gaps = np.linalg.norm(record.arrays["points"] - rest, axis=1)
    assert gaps.min() < 0.02
    assert debrief(tmp_path).report.stat().st_size > 10_000
    briefing, pressing = visitor.pictures
    assert briefing.std() > 15.0
    assert np.abs(pressing - briefing).max(axis=-1).mean() > 5.0


class Palpator:
    """A person with a device: a script aims it here, the window is only watched."""

    def __init__(self) -> None:
        self.theatre = Theatre(
            lambda *_: None, device=True, clutch=0, size=(320, 200), sleep=self.sleep
        )
        self.looks, self.begun = 0, False

    @property
    def window(self) -> DesktopWindow:
        assert self.theatre.window is not None
        return self.theatre.window

    def sleep(self, seconds: float) -> None:
        time.sleep(seconds)
        if self.theatre.window is not None and not self.begun:
            self.begun = True
            self.window.on_cursor(110, 95)
            strike(self.window, glfw.KEY_SPACE)

    def watch(self, looks: Looks, snapshot: Snapshot) -> None:
        self.theatre.show(looks, snapshot)
        self.looks = look = self.looks + 1
        if look == 2:
            looks.run.aim(np.subtract(looks.stage.scene.probe.start, (0.0, 0.036, 0.0)))
        elif look in (60, 80):  # button 0 clutches, button 1 marks
            looks.run.press(1 if look == 60 else 2)
        elif look in (62, 82):
            looks.run.press(0)
        elif look == 100:
            strike(self.window, glfw.KEY_ENTER)


def test_a_device_in_the_window_moves_the_probe_and_the_mouse_does_not(
    display: str, tmp_path: Path, coarse_liver: Path
) -> None:
    assert display
    visitor = Palpator()
    order = Order(
        "liver_palpation",
        tmp_path,
        anatomy=coarse_liver,
        device="simulated",
        trainee="person",
        live=True,
    )
    with visitor.theatre as theatre:
        play(order, theatre.cast, watch=visitor.watch, wait=theatre.wait)
        keys = [key for key, _ in visitor.window.help_lines]
    assert keys[:3] == ["device", "button 1, Space", "button 0, held"]
    assert not {"mouse", "wheel"} & set(keys)
    record = load(tmp_path)
    assert np.count_nonzero(record.commands["code"] == 1) == 1  # the aim of this test
    marks = [event for event in record.events if event.kind == "mark.set"]
    assert len(marks) == 1
    held = np.flatnonzero(record.trace["buttons"] == 2)
    assert 0.0 <= marks[0].time_s - record.times_s[held[0]] < 0.1
    assert record.trace["contacts"][-1] > 0
    assert verify_session(record).agrees


class Still:
    """Does nothing."""

    def act(self, sight: Sight) -> Action:
        return Action()


def test_escape_leaves_a_script_that_plays_in_the_window(
    display: str, tmp_path: Path, coarse_liver: Path
) -> None:
    assert display
    theatre = Theatre(lambda *_: Still(), size=(320, 200))

    def watch(looks: Looks, snapshot: Snapshot) -> None:
        theatre.show(looks, snapshot)
        if snapshot.time_s > 0.1 and theatre.window is not None:
            strike(theatre.window, glfw.KEY_ESCAPE)

    order = Order("liver_palpation", tmp_path, anatomy=coarse_liver)
    with theatre:
        play(order, theatre.cast, watch=watch)
        assert theatre.window is not None
        keys = [key for key, _ in theatre.window.help_lines]
    assert not {"mouse", "wheel", "Space", "Enter"} & set(keys)
    assert {"C", "F11", "Esc"} <= set(keys)
    footer = load(tmp_path).footer
    assert footer is not None
    assert footer["left"]
