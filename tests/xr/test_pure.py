"""Plain parts of the headset: capabilities, poses, bindings, loss, prediction, vibration."""

import math

import numpy as np
import pytest

from surgisim.render.view import Fov
from surgisim.snapshot import Meters, ProbeState, Snapshot
from surgisim.xr.bindings import HANDS, MEANINGS, PROFILES, Kind, other_hand, profile_of, suggested
from surgisim.xr.blend import ADDITIVE, ALPHA, OPAQUE, choose_blend
from surgisim.xr.caps import DRAWING, EXTENSIONS, negotiate
from surgisim.xr.loss import LONGEST_S, Retry
from surgisim.xr.pose import IDENTITY, Pose
from surgisim.xr.prediction import LIMIT_S, Latency, Prediction
from surgisim.xr.vibration import FULL_N, KNOCK_FADE_S, Vibration

HALF = math.sqrt(0.5)


def test_only_what_is_offered_is_asked_for() -> None:
    caps = negotiate({DRAWING, "XR_KHR_visibility_mask", "XR_FOO_bar"}, (1, 0))
    assert caps.enabled == (DRAWING, "XR_KHR_visibility_mask")
    assert caps.flags == {"mask"}
    assert "depth" not in caps


def test_what_became_part_of_the_core_is_there_without_being_listed() -> None:
    assert {"floor", "quad_views", "hp"} <= negotiate({DRAWING}, (1, 1)).flags
    assert not negotiate({DRAWING}, (1, 0)).flags
    assert negotiate({DRAWING}, (1, 1)).enabled == (DRAWING,)


def test_flags_and_names_are_each_ones_own() -> None:
    assert len({one.flag for one in EXTENSIONS}) == len(EXTENSIONS)
    assert len({one.name for one in EXTENSIONS}) == len(EXTENSIONS)


@pytest.mark.parametrize(
    ("offered", "passthrough", "chosen"),
    [
        ([OPAQUE, ALPHA], False, OPAQUE),
        ([OPAQUE, ALPHA], True, ALPHA),
        ([ADDITIVE], False, ADDITIVE),
        ([ADDITIVE, ALPHA], True, ALPHA),
        ([OPAQUE], True, OPAQUE),
    ],
)
def test_blending_is_one_of_those_offered(
    offered: list[int], passthrough: bool, chosen: int
) -> None:
    assert choose_blend(offered, passthrough=passthrough) == chosen


def test_poses_compose_as_their_matrices_do() -> None:
    a = Pose((1.0, 2.0, 3.0), (HALF, 0.0, HALF, 0.0))
    b = Pose((0.5, 0.0, -1.0), (HALF, HALF, 0.0, 0.0))
    point = np.array([0.3, -0.2, 0.7])
    by_hand = np.asarray(a.position) + a.matrix @ (np.asarray(b.position) + b.matrix @ point)
    assert (a @ b).point(point) == pytest.approx(by_hand)
    assert (a @ a.inverse).position == pytest.approx((0.0, 0.0, 0.0))
    assert (a.inverse @ a).rotation == pytest.approx((1.0, 0.0, 0.0, 0.0))
    assert a.direction((0.0, 0.0, -1.0)) == pytest.approx((-1.0, 0.0, 0.0))  # turned left


def test_the_heading_keeps_the_way_one_faces_and_drops_the_nod() -> None:
    left, nod = Pose(rotation=(HALF, 0.0, HALF, 0.0)), Pose(rotation=(0.9, -0.435889894, 0.0, 0.0))
    assert (left @ nod).heading.rotation == pytest.approx(left.rotation)
    assert IDENTITY.heading.rotation == IDENTITY.rotation


def test_every_profile_binds_tool_and_grasp_for_both_hands_and_only_known_meanings() -> None:
    kinds = {one.name: one.kind for one in MEANINGS}
    for profile in PROFILES:
        bound = list(profile.bindings())
        assert len(bound) == len(set(bound))
        for meaning, path in bound:
            assert path.startswith(("/user/hand/left/", "/user/hand/right/"))
            ends = {Kind.POSE: "/pose", Kind.PULSE: "output/haptic"}.get(kinds[meaning])
            assert ends is None or path.endswith(ends)
        for hand in HANDS:
            for meaning in ("tool", "aim", "grasp"):
                assert any(m == meaning and f"/{hand}/" in path for m, path in bound), profile


def test_profiles_of_extensions_are_named_only_where_these_are_there() -> None:
    plain = {one.path for one in suggested(negotiate({DRAWING}, (1, 0)))}
    assert {"khr/simple_controller", "oculus/touch_controller", "valve/index_controller"} <= plain
    assert not any("logitech" in path or "generic" in path or "hand_" in path for path in plain)
    offered = {DRAWING, *(one.name for one in EXTENSIONS)}
    assert len(suggested(negotiate(offered, (1, 0)))) == len(PROFILES)


def test_profiles_are_found_by_what_the_runtime_calls_them() -> None:
    found = profile_of("/interaction_profiles/valve/index_controller")
    assert found is not None
    assert found.title == "Valve Index"
    assert profile_of("/interaction_profiles/acme/wand") is None
    hand = profile_of("/interaction_profiles/ext/hand_interaction_ext")
    assert hand is not None
    assert hand.source == "hand"
    assert [other_hand(hand) for hand in HANDS] == ["right", "left"]


def test_tries_come_soon_then_rarely_and_end_when_it_is_back() -> None:
    retry, now, tries = Retry(), 0.0, []
    assert not retry.due(now)
    retry.lose(10.0)
    while now < 60.0:
        now += 0.01
        if retry.due(now):
            tries.append(now - 10.0)
    assert tries[:3] == pytest.approx([0.25, 0.75, 1.75], abs=0.05)
    assert np.diff(tries).max() == pytest.approx(LONGEST_S, abs=0.02)
    assert retry.regain(62.0) == pytest.approx(52.0)
    assert not retry.due(100.0)


def test_a_loss_within_a_loss_counts_from_the_first() -> None:
    retry = Retry()
    retry.lose(1.0)
    retry.lose(1.2)
    assert retry.due(1.26)
    assert retry.regain(2.0) == pytest.approx(1.0)


def snapshot(time_s: float, x: float, speed: float = 0.1) -> Snapshot:
    probe = ProbeState((x, 0.0, 0.0), (speed, 0.0, 0.0), (0.0, 0.0, 0.0), False)
    nodes = np.array([[2.0 * x, 0.0, 0.0]])
    return Snapshot(round(1e3 * time_s), time_s, probe, Meters(), nodes)


def test_between_two_states_is_interpolated_and_beyond_carried_on_up_to_a_limit() -> None:
    prediction = Prediction()
    with pytest.raises(LookupError):
        prediction.at(0)
    prediction.add(0, snapshot(0.0, 0.0))
    assert prediction.at(10_000_000).tip == pytest.approx((0.001, 0.0, 0.0))
    prediction.add(20_000_000, snapshot(0.02, 0.002))
    between = prediction.at(5_000_000)
    assert between.tip == pytest.approx((0.0005, 0.0, 0.0))
    assert between.positions[0] == pytest.approx((0.001, 0.0, 0.0))
    ahead = prediction.at(30_000_000)
    assert ahead.tip == pytest.approx((0.003, 0.0, 0.0))
    assert ahead.positions[0] == pytest.approx((0.006, 0.0, 0.0))
    far = prediction.at(10**12)
    assert far.tip == pytest.approx((0.002 + 0.1 * LIMIT_S, 0.0, 0.0))
    assert prediction.at(-(10**12)).tip == pytest.approx((0.0, 0.0, 0.0))


def test_what_leaps_is_not_carried_on_by_as_much_again() -> None:
    prediction = Prediction()
    prediction.add(0, snapshot(0.0, 0.0))
    prediction.add(1_000_000, snapshot(0.001, 1.0, speed=1e3))
    shown = prediction.at(31_000_000)
    assert shown.tip[0] - 1.0 <= 0.0101
    assert shown.positions[0, 0] - 2.0 <= 0.0101


def test_latency_is_told_by_its_quantiles() -> None:
    latency = Latency()
    assert latency.percentile_ms(0.5) is None
    for ms in range(101):
        latency.show(0, ms * 1_000_000)
    assert latency.percentile_ms(0.5) == pytest.approx(50.0)
    assert latency.percentile_ms(0.99) == pytest.approx(99.0)


def pulses(vibration: Vibration, force_n: float, seconds: float, start_s: float = 0.0) -> list:
    times = start_s + np.arange(0.0, seconds, 0.02)
    return [vibration.feel(force_n, float(t)) for t in times]


def test_more_force_is_felt_more_and_none_not_at_all() -> None:
    assert not any(a for a in pulses(Vibration(), 0.0, 1.0))
    felt = [max(a or 0.0 for a in pulses(Vibration(), f, 1.0)) for f in (0.1, 0.5, 1.5, FULL_N)]
    assert felt == sorted(felt)
    assert felt[0] > 0.05
    assert felt[-1] == pytest.approx(1.0)


def test_a_touch_is_felt_as_a_knock_that_fades() -> None:
    vibration = Vibration()
    pulses(vibration, 0.0, 0.2)
    knock = vibration.feel(0.5, 0.2)
    later = [a for a in pulses(vibration, 0.5, 10 * KNOCK_FADE_S, start_s=0.22) if a]
    assert knock is not None
    assert knock > 1.5 * later[-1]


def test_pulses_stop_once_and_can_be_turned_off() -> None:
    vibration = Vibration()
    assert vibration.feel(1.0, 0.0)
    assert vibration.silence() == 0.0
    assert vibration.silence() is None
    assert not any(a for a in pulses(Vibration(0.0), 3.0, 1.0))


def test_the_fov_of_a_mask_fills_clip_space() -> None:
    from surgisim.xr.mask import on_near_plane

    fov = Fov(-0.8, 0.6, -0.7, 0.9)
    corners = np.array(
        [(math.tan(x), math.tan(y)) for x in (-0.8, 0.6) for y in (-0.7, 0.9)], np.float32
    )
    assert on_near_plane(corners, fov) == pytest.approx(
        np.array([(-1, -1), (-1, 1), (1, -1), (1, 1)]), abs=1e-6
    )
