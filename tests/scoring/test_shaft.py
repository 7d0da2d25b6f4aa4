import numpy as np
import pytest

from surgisim.scoring.shaft import angular_path, depth_path, roll_path

T = np.arange(0, 4 + 1e-9, 0.01)
UP = np.tile([0.0, 1.0, 0.0], (T.size, 1))


def about_y(angle: np.ndarray) -> np.ndarray:
    zero = 0 * angle
    return np.column_stack([np.cos(angle / 2), zero, np.sin(angle / 2), zero])


def test_depth_counts_the_way_along_the_shaft_alone() -> None:
    tip = np.column_stack([0.3 * T, 0.02 * np.sin(2 * np.pi * T / 2), 0 * T])
    metric = depth_path(T, tip, UP)
    assert metric.value == pytest.approx(2 * 4 * 0.02, rel=1e-3)  # two whole waves
    assert metric.unit == "m"
    assert depth_path(T, tip, np.array([0.0, 1.0, 0.0])).value == pytest.approx(metric.value)
    assert depth_path(T, tip, np.array([0.0, 0.0, 1.0])).value == 0.0


def test_angular_path_of_a_swing_there_and_back() -> None:
    angle = np.radians(30) * np.sin(np.pi * T / 4)
    shaft = np.column_stack([np.sin(angle), np.cos(angle), 0 * T])
    metric = angular_path(T, shaft)
    assert metric.value == pytest.approx(np.radians(60), rel=1e-4)
    assert metric.unit == "rad"
    twin = np.arccos(np.clip(np.sum(shaft[:-1] * shaft[1:], axis=1), -1, 1)).sum()
    assert metric.value == pytest.approx(twin, rel=1e-6)


def test_a_still_shaft_has_no_angular_path() -> None:
    assert angular_path(T, UP).value == pytest.approx(0.0, abs=1e-12)


def test_roll_counts_twist_about_the_shaft_and_no_swing() -> None:
    twist = np.radians(40) * np.sin(np.pi * T / 2)
    assert roll_path(T, about_y(twist), UP).value == pytest.approx(np.radians(160), rel=1e-3)
    across = np.tile([1.0, 0.0, 0.0], (T.size, 1))
    assert roll_path(T, about_y(twist), across).value == pytest.approx(0.0, abs=1e-12)


def test_a_quaternion_and_its_negative_are_one_rotation() -> None:
    turned = about_y(0.5 * T)
    flipped = turned * np.where(np.arange(T.size) % 2, -1.0, 1.0)[:, None]
    assert roll_path(T, flipped, UP).value == pytest.approx(2.0)


def test_the_busiest_ten_seconds_are_the_evidence() -> None:
    time = np.arange(0, 60, 0.01)
    angle = np.where(time < 30, 0.0, np.minimum(0.1 * (time - 30), 1.0))
    shaft = np.column_stack([np.sin(angle), np.cos(angle), 0 * time])
    metric = angular_path(time, shaft)
    assert (metric.moment_s, metric.until_s) == (
        pytest.approx(30.0, abs=0.05),
        pytest.approx(40.0, abs=0.05),
    )
