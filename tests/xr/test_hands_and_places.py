"""Bare hands, eye sizes, seats and rigs: geometry without a runtime."""

import math
from dataclasses import replace

import numpy as np
import pytest

from surgisim.rig import Accuracy, Ball, Mapping, Rig
from surgisim.session.headset_place import Scaled, middle, world_of_rig
from surgisim.xr.eyes import choose_views, eye_size
from surgisim.xr.hands import INDEX_TIP, JOINTS, PALM, THUMB_TIP, Hand, pinch, tool_input
from surgisim.xr.instance import ViewSet
from surgisim.xr.mirror import fitted
from surgisim.xr.pose import IDENTITY, Pose
from surgisim.xr.space import AHEAD_M, BELOW_M, LOCAL, LOCAL_FLOOR, STAGE, choose_space, seat

HALF = math.sqrt(0.5)


def hand(gap_m: float, **changes: object) -> Hand:
    """A hand whose finger tips, 8 mm thick each, lie `gap_m` apart."""
    places = np.zeros((JOINTS, 3))
    places[INDEX_TIP, 0] = gap_m + 0.016
    everywhere = np.ones(JOINTS, dtype=bool)
    plain = Hand(places, np.full(JOINTS, 0.008), everywhere, everywhere, IDENTITY)
    return replace(plain, **changes)


def test_a_pinch_closes_with_the_gap_between_the_skins() -> None:
    assert pinch(hand(0.1)) == 0.0
    assert pinch(hand(0.0)) == 1.0
    closing = [pinch(hand(gap)) for gap in (0.03, 0.02, 0.01, 0.004)]
    assert closing == sorted(closing)
    assert closing[-1] == pytest.approx(1.0)


@pytest.mark.parametrize("joint", [THUMB_TIP, INDEX_TIP])
def test_a_finger_that_is_not_known_pinches_nothing(joint: int) -> None:
    known = np.ones(JOINTS, dtype=bool)
    known[joint] = False
    assert pinch(hand(0.0, known=known)) == 0.0
    told = tool_input(hand(0.0, known=known), 7, IDENTITY)
    assert told.position is None
    assert told.source == "hand"


def test_the_tool_of_a_bare_hand_lies_between_its_finger_tips_in_the_world() -> None:
    world = Pose((1.0, 0.0, 0.0), (HALF, 0.0, HALF, 0.0))  # x of the headset is -z of the world
    told = tool_input(hand(0.004, palm=Pose((0.0, 0.1, 0.0))), 7, world)
    assert told.position == pytest.approx((1.0, 0.0, -0.01))
    assert told.rotation == pytest.approx(world.rotation)
    assert told.grasp == pytest.approx(1.0)
    assert told.tracked
    unseen = np.ones(JOINTS, dtype=bool)
    unseen[INDEX_TIP] = False
    assert not tool_input(hand(0.004, tracked=unseen), 7, world).tracked


def test_a_hand_that_is_inferred_from_a_controller_drives_nothing() -> None:
    told = tool_input(hand(0.0, source="controller"), 7, IDENTITY)
    assert told.source == ""
    assert told.position is None
    assert told.grasp == 0.0
    assert tool_input(None, 7, IDENTITY).source == ""
    assert PALM == 0


@pytest.mark.parametrize(
    ("head", "ahead"),
    [
        (Pose((0.0, 1.6, 0.0)), (0.0, 1.6 - BELOW_M, -AHEAD_M)),
        (Pose((0.0, 1.6, 0.0), (HALF, 0.0, HALF, 0.0)), (-AHEAD_M, 1.6 - BELOW_M, 0.0)),
        (Pose((2.0, 1.2, 1.0), (0.92388, -0.38268, 0.0, 0.0)), (2.0, 1.2 - BELOW_M, 1 - AHEAD_M)),
    ],
)
def test_the_field_lies_before_whoever_sits_down(
    head: Pose, ahead: tuple[float, float, float]
) -> None:
    field = (0.03, 0.12, -0.05)
    world = seat(head, field)
    assert world.point(ahead) == pytest.approx(field, abs=1e-4)
    assert world.direction((0.0, 1.0, 0.0)) == pytest.approx((0.0, 1.0, 0.0), abs=1e-9)
    eyes = world @ head
    towards = np.asarray(field) - np.asarray(eyes.position)
    assert towards == pytest.approx((0.0, -BELOW_M, -AHEAD_M), abs=1e-4)
    higher = seat(head, field, height_m=0.1)
    lifted = (ahead[0], ahead[1] + 0.1, ahead[2])
    assert higher.point(lifted) == pytest.approx(field, abs=1e-4)


def test_standing_wants_the_floor_and_seated_the_eyes() -> None:
    assert choose_space({LOCAL, STAGE, LOCAL_FLOOR}, standing=True) == LOCAL_FLOOR
    assert choose_space({LOCAL, STAGE}, standing=True) == STAGE
    assert choose_space({LOCAL}, standing=True) == LOCAL
    assert choose_space({LOCAL, STAGE, LOCAL_FLOOR}, standing=False) == LOCAL


def test_hand_and_tool_are_scaled_about_the_middle_of_the_field() -> None:
    place = Scaled(middle(((0.0, 0.0, 0.0), (0.2, 0.4, 0.6))), 2.0)
    assert place((0.1, 0.2, 0.3)) == pytest.approx((0.1, 0.2, 0.3))
    assert place((0.2, 0.2, 0.3)) == pytest.approx((0.3, 0.2, 0.3))
    assert place.hand(place((0.05, 0.1, 0.7))) == pytest.approx((0.05, 0.1, 0.7))


def test_a_calibrated_device_is_felt_where_it_is_seen() -> None:
    measured = Mapping(rotation=(HALF, 0.0, HALF, 0.0), origin_device=(0.0, 0.005, 0.0))
    measured = replace(measured, origin_world=(0.12, 0.785, -0.31))
    rig = Rig("touch", measured, Ball((0.01, 0.0, 0.02), 0.08), Accuracy(8, 5e-4, 7e-4))
    center = (0.0, 0.1, 0.05)
    laid = world_of_rig(rig, center)
    assert laid is not None
    mapping, shift = laid
    turn = Pose(rotation=measured.rotation)
    for handle in ((0.01, 0.0, 0.02), (0.05, -0.03, 0.0)):
        seen = np.asarray(measured.origin_world) + turn.point(
            np.subtract(handle, measured.origin_device)
        )
        felt = np.asarray(mapping.origin_world) + turn.point(
            np.subtract(handle, mapping.origin_device)
        )
        assert seen + np.asarray(shift) == pytest.approx(felt)
    assert mapping.origin_world == center
    assert world_of_rig(replace(rig, calibration=None), center) is None


def test_views_are_the_favourite_of_those_that_can_be_drawn() -> None:
    stereo = ViewSet(2, *[((320, 240),) * 2] * 2)
    inset = ViewSet(1000037000, *[((320, 240),) * 4] * 2)
    odd = ViewSet(9, *[((320, 240),) * 3] * 2)
    assert choose_views([odd, inset, stereo], None) is inset
    assert choose_views([odd, inset, stereo], 2) is stereo
    assert choose_views([odd], None) is None
    most = (4096, 4096)
    assert eye_size((320, 240), 0.5, most) == (160, 120)
    assert eye_size((320, 240), 0.01, most) == (64, 64)
    assert eye_size((3000, 2000), 2.0, most) == (4096, 4000)


@pytest.mark.parametrize("window", [(960, 540), (300, 700), (1, 1)])
def test_a_mirrored_picture_is_whole_and_undistorted(window: tuple[int, int]) -> None:
    left, lower, right, upper = fitted((400, 300), window)
    assert 0 <= left <= right <= window[0]
    assert 0 <= lower <= upper <= window[1]
    if min(window) > 10:
        assert (right - left) / (upper - lower) == pytest.approx(4 / 3, abs=0.02)
        assert right - left == window[0] or upper - lower == window[1]
