import numpy as np
import pytest

from surgisim.procedure.breathing import Breath

BREATH = Breath(amplitude=0.022, inhale=1.5, hold=0.5, exhale=2.0)


def test_supports_go_to_the_feet_and_come_back() -> None:
    frames = BREATH.keyframes(10.0)
    depths = [frame.offset[2] for frame in frames]
    assert frames[0].time_s == 10.0
    assert max(depths) == pytest.approx(0.022)
    assert frames[-1].offset == (0.0, 0.0, 0.0)
    assert frames[-1].time_s + frames[-1].duration_s == pytest.approx(10.0 + BREATH.duration_s)
    assert all(frame.offset[:2] == (0.0, 0.0) for frame in frames)


def test_moves_follow_each_other_without_a_jerk() -> None:
    frames = BREATH.keyframes(0.0)
    ends = np.array([frame.time_s + frame.duration_s for frame in frames])
    starts = np.array([frame.time_s for frame in frames])
    gaps = starts[1:] - ends[:-1]
    assert np.sum(gaps > 1e-9) == 1
    assert gaps.max() == pytest.approx(BREATH.hold)
    depth = np.array([0.0, *(frame.offset[2] for frame in frames)])
    speed = np.abs(np.diff(depth)) / np.array([frame.duration_s for frame in frames])
    half = len(frames) // 2
    rise = np.concatenate(([0.0], speed[:half], [0.0]))
    assert np.abs(np.diff(rise)).max() < 0.13 * rise.max()


def test_depth_is_half_a_cosine() -> None:
    assert BREATH.depth(-1.0) == 0.0
    assert BREATH.depth(0.75) == pytest.approx(0.5)
    assert BREATH.depth(1.7) == pytest.approx(1.0)
    assert BREATH.depth(3.0) == pytest.approx(0.5)
    assert BREATH.depth(9.0) == 0.0
