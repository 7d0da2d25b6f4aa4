"""What the hands do, through a runtime: controllers of every kind, bare hands, vibration."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from surgisim.record import load
from surgisim.render import Scene
from surgisim.render.context import GLContext
from surgisim.render.renderer import Renderer
from surgisim.session.look import Looks
from surgisim.snapshot import Snapshot, ToolInput
from surgisim.testing.xr import FakeRuntime
from surgisim.trainees import Action
from surgisim.xr.bindings import PROFILES, Profile
from surgisim.xr.hands import INDEX_TIP, JOINTS
from surgisim.xr.headset import Headset
from surgisim.xr.instance import open_instance
from surgisim.xr.picture import Picture, Wishes
from surgisim.xr.pose import Pose

from .puppet import Visit, until, visit

Fake = Callable[..., FakeRuntime]
HELD = [one for one in PROFILES if one.source == "controller"]


class Player:
    """A session of its own that tells what the tool's hand does."""

    def __init__(self, ends: ExitStack, wishes: Wishes) -> None:
        instance = open_instance()
        ends.callback(instance.close)
        gl = ends.enter_context(GLContext.egl_surfaceless())
        self.headset = Headset(instance, gl, Renderer(gl, "software"), wishes, world=Pose())
        ends.callback(self.headset.close)
        self.look(8)

    def look(self, frames: int = 2) -> ToolInput:
        for _ in range(frames):
            self.headset.step(lambda *_: Picture(Scene(cavity=False)))
        return self.headset.tool


@pytest.fixture
def play(fake: Fake) -> Iterator[Callable[..., tuple[FakeRuntime, Player]]]:
    with ExitStack() as ends:

        def begin(wishes: Wishes | None = None, **settings: Any) -> tuple[FakeRuntime, Player]:
            runtime = fake(validate=True, eye=(64, 64), **settings)
            return runtime, Player(ends, wishes or Wishes())

        yield begin


Play = Callable[..., tuple[FakeRuntime, Player]]


def test_every_suggested_binding_is_taken(play: Play) -> None:
    runtime, player = play()
    assert player.headset.actions.refused == []
    assert runtime.errors == []
    assert runtime.violations == []


@pytest.mark.parametrize("profile", HELD, ids=lambda one: one.path)
def test_each_controllers_parts_mean_what_the_table_says(play: Play, profile: Profile) -> None:
    runtime, player = play()
    runtime.profile(profile.path)
    runtime.hand("right", (0.1, 1.5, -0.3))
    assert player.look().source == "controller"
    assert player.look().position == pytest.approx((0.1, -0.1, -0.3), abs=1e-6)
    for meaning, path in profile.bindings():
        if "/right/" not in path or meaning in ("tool", "aim", "pulse"):
            continue
        runtime.press(path, 1.0)
        told = player.look()
        value = getattr(told, meaning)
        assert value == 1.0 or value is True, path
        runtime.press(path, 0.0)
        assert not getattr(player.look(), meaning), path
    assert runtime.errors == []


def test_a_controller_that_is_put_down_and_another_taken_up_is_noticed(play: Play) -> None:
    runtime, player = play()
    profile = player.headset.actions.profile
    runtime.profile("valve/index_controller")
    player.look()
    found = profile("right")
    assert found is not None
    assert found.title == "Valve Index"
    runtime.profile(None)
    assert player.look().source == ""
    assert profile("right") is None


def test_the_left_hand_holds_the_tool_where_that_is_wished(play: Play) -> None:
    runtime, player = play(Wishes(hand="left"))
    runtime.profile("oculus/touch_controller")
    runtime.hand("left", (-0.3, 1.4, -0.2))
    runtime.press("/user/hand/left/input/x/click")
    runtime.press("/user/hand/right/input/a/click", 0.0)
    told = player.look()
    assert told.mark
    assert told.position == pytest.approx((-0.3, -0.2, -0.2), abs=1e-6)
    runtime.press("/user/hand/left/input/x/click", 0.0)
    runtime.press("/user/hand/right/input/a/click")
    assert not player.look().mark


def test_grip_holds_aim_points_and_velocity_is_the_measured_one(play: Play) -> None:
    runtime, player = play()
    turned = Pose((0.2, 1.5, -0.4), (0.8, 0.6, 0.0, 0.0))
    runtime.hand("right", turned, linear=(0.3, 0.0, 0.1))
    runtime.hand("right", (0.2, 1.6, -0.5), part="aim")
    told = player.look(1)
    assert told.velocity == pytest.approx((0.3, 0.0, 0.1), abs=1e-6)
    assert told.rotation == pytest.approx((0.8, 0.6, 0.0, 0.0), abs=1e-6)
    assert told.aim is not None
    assert told.aim[0] == pytest.approx((0.2, 0.0, -0.5), abs=1e-6)
    assert told.aim[1] == pytest.approx((0.0, 0.0, -1.0), abs=1e-6)
    assert told.time_ns == runtime.frames[-1].display_time


@pytest.mark.parametrize(
    ("flags", "known"), [({"tracked": False}, True), ({"valid": False}, False)]
)
def test_a_guess_is_told_as_one(play: Play, flags: dict[str, bool], known: bool) -> None:
    runtime, player = play()
    runtime.hand("right", (0.2, 1.5, -0.4), **flags)
    told = player.look()
    assert not told.tracked
    assert (told.position is not None) == known


def bare_hand(gap_m: float) -> list[Pose]:
    places = [Pose((0.1, 1.5, -0.3))] * JOINTS
    places[INDEX_TIP] = Pose((0.1 + 0.02 + gap_m, 1.5, -0.3))  # 10 mm of flesh around each joint
    return places


def test_a_bare_hand_drives_the_tool_only_while_it_holds_no_controller(play: Play) -> None:
    runtime, player = play()
    runtime.joints("right", bare_hand(0.002))
    assert player.look().source == "controller"
    runtime.profile(None, "right")
    told = player.look()
    assert told.source == "hand"
    assert told.grasp == pytest.approx(1.0)
    assert told.position == pytest.approx((0.111, -0.1, -0.3), abs=1e-4)
    runtime.joints("right", bare_hand(0.05))
    assert player.look().grasp == 0.0
    runtime.joints("right", bare_hand(0.05), tracked=False)
    assert not player.look().tracked
    runtime.set("hand_source", 2)  # inferred from a controller
    assert player.look().source == ""
    runtime.joints("right", None)
    assert player.look().source == ""
    assert runtime.errors == []
    assert runtime.violations == []


def test_pinch_and_fist_of_the_runtimes_own_are_bindings_like_others(play: Play) -> None:
    runtime, player = play()
    runtime.profile("ext/hand_interaction_ext")
    runtime.press("/user/hand/right/input/pinch_ext/value", 0.9)
    told = player.look()
    assert told.source == "hand"
    assert told.grasp == pytest.approx(0.9)


def test_without_focus_nothing_is_read_and_nothing_felt(play: Play) -> None:
    runtime, player = play()
    runtime.set("state", "visible")
    told = player.look(3)
    assert told == ToolInput(told.time_ns)
    player.headset.pulse(1.0, 0.05)
    assert not [pulse for pulse in runtime.haptics if not pulse.stop]
    assert runtime.errors == []


def test_a_headset_that_nobody_wears_takes_no_input(play: Play) -> None:
    runtime, player = play()
    runtime.wear(False)
    assert player.look().source == ""
    assert not player.headset.life.takes_input
    runtime.wear(True)
    assert player.look().source == "controller"
    assert runtime.errors == []


def test_hands_are_read_where_nothing_is_drawn(play: Play) -> None:
    runtime, player = play()
    runtime.set("should_render", 0)
    runtime.hand("right", (0.3, 1.7, -0.1))
    assert player.look().position == pytest.approx((0.3, 0.1, -0.1), abs=1e-6)
    assert runtime.frames[-1].layers == ()
    assert runtime.errors == []


def test_pressing_is_felt_and_the_end_is_still(
    fake: Fake, tmp_path: Path, coarse_liver: Path
) -> None:
    runtime = fake(validate=True, eye=(64, 64))
    visit(runtime, tmp_path, coarse_liver, until(5.0))
    assert runtime.errors == []
    felt = [pulse for pulse in runtime.haptics if not pulse.stop]
    assert felt
    assert {path for pulse in felt for path in pulse.paths} == {"/user/hand/right/output/haptic"}
    assert all(0.0 < pulse.amplitude <= 1.0 for pulse in felt)
    assert all(0 < pulse.duration <= 60_000_000 for pulse in felt)
    assert runtime.haptics[-1].stop
    record = load(tmp_path)
    assert (record.trace["contacts"] > 0).any()


def test_vibration_can_be_turned_off(fake: Fake, tmp_path: Path, coarse_liver: Path) -> None:
    runtime = fake(eye=(64, 64))
    visit(runtime, tmp_path, coarse_liver, until(4.0), wishes=Wishes(vibration=0.0))
    assert not [pulse for pulse in runtime.haptics if not pulse.stop]
    assert (load(tmp_path).trace["contacts"] > 0).any()


def test_the_trigger_marks_the_clutch_parts_and_the_menu_button_finishes(
    fake: Fake, tmp_path: Path, coarse_liver: Path
) -> None:
    runtime = fake(validate=True, eye=(64, 64))

    def script(theatre: Visit, looks: Looks, snapshot: Snapshot) -> None:
        look = round(50 * snapshot.time_s)
        theatre.script = Idle()
        if look == 20:
            theatre.hold = 1.0
        elif look == 25:
            theatre.hold = 0.0
        elif look == 30:
            runtime.press("/user/hand/right/input/squeeze/value")
        elif look == 40:
            runtime.hand("right", (0.3, 1.6, -0.2))
        elif look == 60:
            theatre.finished = True
        elif look > 200:
            looks.leave()

    visit(runtime, tmp_path, coarse_liver, script)
    assert runtime.errors == []
    record = load(tmp_path)
    kinds = [event.kind for event in record.events]
    assert kinds.count("mark.set") == 1
    assert kinds[-1] == "session.ended"
    assert record.duration_s == pytest.approx(2.3, abs=0.2)
    late = record.times_s > 0.7
    assert np.ptp(record.trace["hand"][late], axis=0).max() < 0.002  # the hand went without it


class Idle:
    """Does nothing of its own."""

    def act(self, _: object) -> Any:
        return Action()
