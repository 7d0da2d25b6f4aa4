"""A person with a tracked controller: following, marking, clutching, losing the hand."""

from dataclasses import replace

import numpy as np
import pytest

from surgisim.snapshot import ProbeState, ToolInput, Vector
from surgisim.trainees.controller import CATCH_UP_S, FINISH_S, Controlled
from surgisim.trainees.trainee import Action, Sight

LOOK_S = 0.02


class Hand:
    """A controller made of numbers, and the looks of a session."""

    def __init__(self, *, moves: bool = True) -> None:
        self.tool = ToolInput(source="controller", position=(0.0, 0.0, 0.0), tracked=True)
        self.person = Controlled(lambda: self.tool, lambda place: place, moves=moves)
        self.time_s = 0.0

    def at(self, x: float, **changes: object) -> Action:
        self.tool = replace(self.tool, position=(x, 0.0, 0.0), **changes)
        return self.look()

    def look(self) -> Action:
        self.time_s += LOOK_S
        probe = ProbeState((0.0, 0.0, 0.0), (0.0, 0.0, 0.0), (0.0, 0.0, 0.0), False)
        nothing = np.zeros((0, 3))
        sight = Sight(self.time_s, probe, 0.008, nothing, nothing.astype(int), 0, 3, "", "", 3.0)
        return self.person.act(sight)


def x_of(aim: Vector | None) -> float:
    assert aim is not None
    return aim[0]


def test_the_tool_goes_where_the_hand_is_seen() -> None:
    hand = Hand()
    assert hand.at(0.10).aim == (0.10, 0.0, 0.0)
    assert hand.at(0.15).aim == (0.15, 0.0, 0.0)


@pytest.mark.parametrize("gone", [{"tracked": False}, {"position": None, "tracked": False}])
def test_a_lost_hand_freezes_the_tool_and_it_does_not_leap_when_it_is_back(gone: dict) -> None:
    hand = Hand()
    hand.at(0.1)
    hand.tool = replace(hand.tool, **({"position": (0.3, 0.0, 0.0)} | gone))
    assert hand.look().aim == (0.1, 0.0, 0.0)
    assert hand.person.lost
    way = [x_of(hand.at(0.3, tracked=True).aim) for _ in range(round(4 * CATCH_UP_S / LOOK_S))]
    assert not hand.person.lost
    assert way == sorted(way)
    assert way[0] == pytest.approx(0.1, abs=0.02)
    assert np.diff(way).max() < 0.02
    assert way[-1] == pytest.approx(0.3, abs=0.01)


def test_the_clutch_parts_hand_and_tool() -> None:
    hand = Hand()
    hand.at(0.1)
    assert x_of(hand.at(0.1, clutch=True).aim) == pytest.approx(0.1)
    assert x_of(hand.at(0.4, clutch=True).aim) == pytest.approx(0.1)
    assert x_of(hand.at(0.4, clutch=False).aim) == pytest.approx(0.1)
    assert x_of(hand.at(0.45).aim) == pytest.approx(0.15)


def test_a_press_marks_once_however_long_it_is_held() -> None:
    hand = Hand()
    marks = [hand.at(0.0, grasp=g).mark for g in (0.0, 0.5, 0.9, 0.9, 0.5, 0.9, 0.1, 0.9)]
    assert marks == [False, False, True, False, False, False, False, True]
    hand.at(0.0, grasp=0.0)
    assert [hand.at(0.0, mark=m).mark for m in (True, True, False, True)] == [
        True,
        False,
        False,
        True,
    ]


def test_the_menu_button_finishes_when_it_is_held_and_not_before() -> None:
    hand = Hand()
    looks = round(FINISH_S / LOOK_S)
    assert not any(hand.at(0.0, menu=True).finish for _ in range(looks - 1))
    hand.at(0.0, menu=False)
    assert not hand.at(0.0, menu=True).finish
    assert [hand.look().finish for _ in range(looks + 1)][-1]


def test_beside_a_device_the_hand_marks_and_moves_nothing() -> None:
    hand = Hand(moves=False)
    hand.at(0.0)
    action = hand.at(0.5, mark=True)
    assert action.aim is None
    assert action.mark


def test_after_a_pause_the_tool_does_not_leap_to_a_hand_that_moved_meanwhile() -> None:
    hand = Hand()
    hand.at(0.1)
    hand.time_s += 5.0
    hand.person.stand()
    way = [x_of(hand.at(0.4).aim) for _ in range(round(4 * CATCH_UP_S / LOOK_S))]
    assert way[0] < 0.2
    assert way == sorted(way)
    assert way[-1] == pytest.approx(0.4, abs=0.01)


def test_a_press_that_began_before_the_session_marks_nothing() -> None:
    hand = Hand()
    assert not hand.at(0.0, grasp=1.0, mark=True).mark
    assert not hand.at(0.0, grasp=0.0, mark=False).mark
    assert hand.at(0.0, grasp=1.0).mark


def test_what_is_pressed_when_a_pause_ends_counts_for_nothing_until_it_is_pressed_anew() -> None:
    hand = Hand()
    hand.at(0.0, menu=True)
    hand.person.stand()
    hand.time_s += 5.0
    action = hand.at(0.0, grasp=1.0, mark=True)
    assert not action.finish
    assert not action.mark
    assert not hand.at(0.0, grasp=0.0, mark=False, menu=False).mark
    assert hand.at(0.0, grasp=1.0).mark


def test_the_tool_does_not_leap_where_the_place_of_the_hand_does() -> None:
    hand = Hand()
    hand.at(0.1)
    hand.at(0.1)
    way = [x_of(hand.at(0.6).aim) for _ in range(round(6 * CATCH_UP_S / LOOK_S))]
    assert way[0] == pytest.approx(0.1)
    assert way == sorted(way)
    assert np.diff(way).max() < 0.04
    assert way[-1] == pytest.approx(0.6, abs=0.01)


def test_looks_that_come_late_do_not_hold_the_tool() -> None:
    hand = Hand()
    hand.at(0.0)
    for place in (0.02, 0.04, 0.06):
        hand.time_s += 0.2
        assert x_of(hand.at(place).aim) == place
