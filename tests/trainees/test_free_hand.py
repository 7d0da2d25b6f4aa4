"""A person who moves a rod with mouse and wheel."""

from dataclasses import dataclass, field

import numpy as np
import pytest

from surgisim.render.control import Control, Pointer
from surgisim.render.view import Ray
from surgisim.snapshot import ProbeState
from surgisim.trainees import Exposed, Sight
from surgisim.trainees.free_hand import DEPTH_GAIN, FARTHEST_M, FreeHand

EYE = np.array([0.0, 0.3, 0.0])
TIP = (0.0, 0.1, 0.0)


@dataclass
class Hands:
    """A window without a screen: the pointer at a point of the level of the tip."""

    at: tuple[float, float] = (0.0, 0.0)
    inside: bool = True
    depth_m: float = 0.0
    pressed: tuple = ()
    buttons: frozenset = field(default_factory=frozenset)

    def poll(self) -> Control:
        way = np.array([self.at[0], TIP[1], self.at[1]]) - EYE
        ray = Ray(EYE, way / np.linalg.norm(way))
        return Control(
            Pointer((0.0, 0.0), ray, self.buttons, self.inside), self.depth_m, self.pressed, False
        )

    def set_depth(self, depth_m: float) -> None:
        self.depth_m = depth_m


def sight() -> Sight:
    probe = ProbeState(TIP, (0.0,) * 3, (0.0,) * 3, False)
    exposed = Exposed("patch", (0.0, 0.0, 0.0), 0.0, 0.6, 15.0)
    none = np.zeros((0, 3))
    return Sight(0.0, probe, 0.003, none, none.astype(int), 0, 0, "", "", 3.0, exposed=exposed)


def settled(person: FreeHand) -> tuple[float, float, float]:
    for _ in range(100):
        aim = person.act(sight()).aim
    assert aim is not None
    return aim


def test_the_mouse_moves_the_tip_across_and_the_wheel_away() -> None:
    hands = Hands(at=(0.03, -0.02))
    person = FreeHand(hands)
    assert settled(person) == pytest.approx((0.03, 0.1, -0.02))
    hands.depth_m = 0.01
    x, y, z = settled(person)
    assert y == pytest.approx(0.1 - DEPTH_GAIN * 0.01)
    assert (x, z) == pytest.approx((0.03 * 0.23 / 0.2, -0.02 * 0.23 / 0.2))  # along the ray


def test_however_fast_the_mouse_the_aim_glides() -> None:
    hands = Hands()
    person = FreeHand(hands)
    before = np.array(settled(person))
    hands.at = (0.05, 0.0)
    after = np.array(person.act(sight()).aim)
    assert np.linalg.norm(after - before) == pytest.approx(0.005)


def test_the_wheel_stops_where_the_rod_need_not_go() -> None:
    hands = Hands(depth_m=1.0)
    person = FreeHand(hands)
    assert settled(person)[1] == pytest.approx(0.1 - FARTHEST_M)
    assert hands.depth_m == pytest.approx(FARTHEST_M / DEPTH_GAIN)


def test_beside_the_window_and_while_the_view_turns_the_aim_stays() -> None:
    hands = Hands(at=(0.02, 0.0))
    person = FreeHand(hands)
    first = settled(person)
    hands.at, hands.inside = (0.08, 0.0), False
    assert settled(person) == first
    hands.inside, hands.buttons = True, frozenset({"right"})
    assert settled(person) == first


def test_keys_mark_and_finish() -> None:
    hands = Hands(pressed=("finish",))
    assert FreeHand(hands).act(sight()).finish
