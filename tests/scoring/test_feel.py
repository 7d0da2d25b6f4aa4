"""What the hand felt, taken from rows of a record that are computed by formula."""

from dataclasses import dataclass

import numpy as np
import pytest

from surgisim.scoring import Press, Profile, Unfelt, presses, profiles
from surgisim.snapshot import TRACE_DTYPE
from surgisim.vectors import rotation_matrix

DT_S = 1e-3
UNMOVED = np.eye(3)
SOFT = 100.0  # N/m in the hand
DEEP_M = 0.004


@dataclass(frozen=True)
class Nodule:
    center: tuple[float, float, float]
    radius_m: float = 0.008


def pressed(
    x: float, stiffness: float, *, slide_m: float = 0.0, seconds: float = 0.6, turn=UNMOVED
) -> np.ndarray:
    """Rows of one press down at (x, 0, 0), in free space before and after it."""
    t = np.arange(round(seconds / DT_S)) * DT_S / seconds
    rows = np.zeros(len(t) + 400, TRACE_DTYPE)
    body = rows[200:-200]
    way = DEEP_M * np.sin(np.pi * t)
    down = np.array([0.0, -1.0, 0.0])
    rows["tool"] = (x, 0.0, 0.0)
    body["tool"] += np.outer(way, down) + np.outer(slide_m * t, (1.0, 0.0, 0.0))
    rows["hand"] = rows["tool"] @ turn  # the world turned back into the device's frame
    body["device_force"] = np.outer(stiffness * way, -down) @ turn
    body["contacts"] = 1
    return rows


def session(*parts: np.ndarray) -> np.ndarray:
    rows = np.concatenate(parts)
    rows["tick"] = np.arange(1, len(rows) + 1)
    return rows


def around(stiffness_at_0: float, turn: np.ndarray = UNMOVED) -> np.ndarray:
    """A press at 0 and plain ones to both sides of it, 18 mm away and more."""
    spots = [0.0, -0.018, 0.018, -0.021, 0.021, -0.024, 0.024]
    return session(*(pressed(x, SOFT if x else stiffness_at_0, turn=turn) for x in spots))


def profile(rows: np.ndarray, turn: np.ndarray = UNMOVED) -> Profile:
    (one,) = profiles(presses(rows, turn, DT_S), [Nodule((0.0, -0.02, 0.0))])
    assert isinstance(one, Profile)
    return one


@pytest.mark.parametrize(("ratio", "told"), [(1.31, True), (1.05, False), (0.8, True)])
def test_what_a_hand_felt_over_a_nodule_is_the_ratio_of_stiffness(ratio: float, told: bool) -> None:
    one = profile(around(ratio * SOFT))
    assert one.excess == pytest.approx(ratio - 1.0, abs=1e-3)
    assert one.noticeable is told
    assert one.way == pytest.approx(DEEP_M, rel=0.02)
    assert one.beside == pytest.approx(SOFT * one.way, rel=1e-3)
    assert one.off == pytest.approx(0.0, abs=1e-9)
    assert len(one.offs) == 7


def test_a_turned_device_is_the_same_hand() -> None:
    turn = rotation_matrix((np.cos(0.6), 0.0, np.sin(0.6) * 0.6, np.sin(0.6) * 0.8))
    assert turn @ turn.T == pytest.approx(np.eye(3))
    straight, turned = profile(around(2 * SOFT)), profile(around(2 * SOFT, turn), turn)
    assert turned.excess == pytest.approx(straight.excess, abs=1e-9)
    assert turned.offs == pytest.approx(straight.offs, abs=1e-9)


def test_a_shallow_press_over_a_nodule_is_compared_at_its_own_way() -> None:
    rows = around(2 * SOFT)
    for name in ("hand", "tool", "device_force"):  # of the first press, over the nodule
        rows[name][:1000] *= 0.5
    one = profile(rows)
    assert one.way == pytest.approx(0.5 * DEEP_M, rel=0.02)
    assert one.excess == pytest.approx(1.0, abs=0.01)


def test_what_slid_or_knocked_is_no_press() -> None:
    assert len(presses(session(pressed(0.0, SOFT)), UNMOVED, DT_S)) == 1
    assert presses(session(pressed(0.0, SOFT, slide_m=0.02)), UNMOVED, DT_S) == []
    assert presses(session(pressed(0.0, SOFT, seconds=0.15)), UNMOVED, DT_S) == []
    assert presses(session(pressed(0.0, 0.0)), UNMOVED, DT_S) == []
    assert presses(np.zeros(0, TRACE_DTYPE), UNMOVED, DT_S) == []
    assert profiles([], [Nodule((0.0, 0.0, 0.0))]) == [Unfelt(0, "no spot was pressed")]


def test_a_contact_lost_for_a_moment_is_one_press() -> None:
    rows = session(pressed(0.0, SOFT))
    rows["contacts"][450:480] = 0
    assert len(presses(rows, UNMOVED, DT_S)) == 1


def test_a_nodule_without_presses_over_or_beside_it_is_named_with_the_reason() -> None:
    spots = [-0.018, 0.018, -0.021, 0.021]
    beside = session(*(pressed(x, SOFT) for x in spots))
    found = presses(beside, UNMOVED, DT_S)
    over, beyond = Nodule((0.018, -0.02, 0.0)), Nodule((0.0, -0.02, 0.0))
    compared, untouched = profiles(found, [over, beyond])
    assert isinstance(compared, Unfelt) or compared.nodule == 0
    assert untouched == Unfelt(1, "no press went over it; the nearest passed 18 mm beside")
    alone = presses(session(pressed(0.0, SOFT), pressed(0.02, SOFT)), UNMOVED, DT_S)
    few = Unfelt(0, "3 presses beside it are needed, and there are 1")
    assert profiles(alone, [beyond]) == [few]


def test_presses_over_another_nodule_are_not_beside_this_one() -> None:
    rows = session(around(2 * SOFT), *(pressed(0.02, 3 * SOFT) for _ in range(9)))
    nodules = [Nodule((0.0, -0.02, 0.0)), Nodule((0.02, -0.02, 0.0), 0.004)]
    first, *_ = profiles(presses(rows, UNMOVED, DT_S), nodules)
    assert isinstance(first, Profile)
    assert first.excess == pytest.approx(1.0, abs=0.02)


def test_a_press_tells_its_force_only_as_far_as_it_went() -> None:
    line = np.linspace(0.0, 0.002, 5)
    press = Press(0.0, np.zeros(3), np.array([0.0, -1.0, 0.0]), line, 50.0 * line)
    assert press.at(0.0) == 0.0
    assert press.at(0.0013) == pytest.approx(0.065)
    assert np.isnan(press.at(0.0021))
    assert press.off((0.003, -5.0, 0.004)) == pytest.approx(0.005)
