import numpy as np
import pytest

from surgisim.scoring.force import (
    force_integral,
    force_sd,
    mean_force,
    over_limit_count,
    over_limit_integral,
    over_limit_time,
    peak_force,
)
from surgisim.scoring.motion import (
    economy,
    economy_of_area,
    economy_of_volume,
    idle_time,
    path_length,
    stroke_smoothness,
)

T = np.arange(0, 30, 0.001)


def test_path_length_and_its_busiest_time() -> None:
    x = np.where(T < 20, 0.001 * T, 0.02 + 0.05 * (T - 20))
    x = np.where(T < 25, x, 0.27)
    metric = path_length(T, np.column_stack([x, 0 * T, 0 * T]))
    assert metric.value == pytest.approx(0.27)
    assert metric.unit == "m"
    assert metric.moment_s == pytest.approx(15.0, abs=0.01)
    assert metric.until_s == pytest.approx(25.0, abs=0.01)


def test_economy_is_straight_over_taken() -> None:
    corner = np.column_stack([np.clip(T, 0, 10), np.clip(T - 10, 0, 10), 0 * T])
    assert economy(T, corner, np.array([10.0, 20.0])).value == pytest.approx(1.0)
    detour = economy(T, corner, np.array([20.0]))
    assert detour.value == pytest.approx(np.sqrt(2) / 2, rel=1e-3)
    assert (detour.moment_s, detour.until_s) == (0.0, 20.0)
    assert economy(T, corner, np.array([])).value is None
    assert economy(T, 0 * corner, np.array([10.0])).value is None


def test_economies_of_area_and_volume() -> None:
    square = np.column_stack([np.clip(T, 0, 10), np.clip(T - 20, 0, 10), np.clip(T - 10, 0, 10)])
    assert economy_of_area(T, square).value == pytest.approx(10 / 30, rel=1e-3)
    assert economy_of_volume(T, square).value == pytest.approx(10 / 30, rel=1e-3)
    diagonal = np.column_stack([T, 0 * T, T])
    assert economy_of_area(T, diagonal).value == pytest.approx(np.sqrt(0.5))
    assert economy_of_volume(T, diagonal).value == 0.0
    assert economy_of_volume(T, np.column_stack([T, T, T])).value == pytest.approx(3**-0.5)
    assert economy_of_area(T, 0 * square).value is None


def test_idle_time_needs_more_than_a_second() -> None:
    times = np.arange(0, 20, 0.01)
    speeds = np.full(times.size, 0.05)
    speeds[200:290] = 0.0
    speeds[400:700] = 0.001
    speeds[1000:1150] = 0.004
    metric = idle_time(times, speeds)
    assert metric.value == pytest.approx(4.5)
    assert (metric.moment_s, metric.until_s) == (pytest.approx(4.0), pytest.approx(6.99))
    assert idle_time(times, speeds * 0 + 1.0).value == 0.0


def test_stroke_smoothness_names_the_worst_stroke() -> None:
    times = np.arange(0, 6, 0.01)
    one = 30 * times**2 * (1 - times) ** 2 * (times < 1)
    shaky = one * (1 + 0.8 * np.sin(2 * np.pi * 5 * times))
    speeds = one + np.roll(one, 200) + np.roll(shaky, 400)
    way = np.column_stack([np.cumsum(speeds) / 100, 0 * times, 0 * times])
    arc, jerk, cotin = stroke_smoothness(times, way, speeds)
    assert arc.value == pytest.approx(-1.41, abs=0.02)
    assert jerk.value == pytest.approx(-5.0, abs=0.1)  # -5.3 without the ends below 10 mm/s
    for metric in (arc, jerk, cotin):
        assert metric.moment_s == pytest.approx(4.0, abs=0.1)
        assert metric.until_s == pytest.approx(5.0, abs=0.1)
    assert all(m.value is None for m in stroke_smoothness(times, way, 0 * times))


def test_forces() -> None:
    force = np.where((T >= 5) & (T < 7), 4.0, 0.0) + np.where((T >= 10) & (T < 10.5), 6.0, 0.0)
    force += np.where((T >= 20) & (T < 25), 1.0, 0.0)
    peak = peak_force(T, force)
    assert (peak.value, peak.unit, peak.moment_s) == (6.0, "N", pytest.approx(10.0))
    assert mean_force(T, force).value == pytest.approx((2 * 4 + 0.5 * 6 + 5) / 7.5)
    assert force_sd(T, force).value == pytest.approx(force[force > 0].std())
    assert force_integral(T, force).value == pytest.approx(2 * 4 + 0.5 * 6 + 5)
    assert force_integral(T, force).until_s == pytest.approx(6.999)
    above = over_limit_time(T, force, 3.0)
    assert above.value == pytest.approx(2.5)
    assert above.moment_s == pytest.approx(5.0)
    assert above.until_s == pytest.approx(6.999)
    excess = over_limit_integral(T, force, 3.0)
    assert excess.value == pytest.approx(2 * 1.0 + 0.5 * 3.0)
    assert excess.unit == "N s"
    assert excess.moment_s == pytest.approx(5.0)


def test_pushes_above_the_limit_are_counted_when_apart() -> None:
    force = np.where((T >= 5) & (T < 6), 4.0, 0.0) + np.where((T >= 10) & (T < 11), 4.0, 0.0)
    force[10_500] = 0.0  # below the limit for a millisecond: still the same push
    found = over_limit_count(T, force, 3.0)
    assert (found.value, found.unit, found.moment_s) == (2.0, "1", pytest.approx(5.0))
    assert over_limit_count(T, force, 5.0).value == 0.0


def test_a_limit_that_held_points_at_the_peak() -> None:
    force = np.where((T >= 5) & (T < 6), 2.0, 1.0)
    for measure in (over_limit_time, over_limit_integral, over_limit_count):
        found = measure(T, force, 3.0)
        assert (found.value, found.moment_s) == (0.0, pytest.approx(5.0))


def test_a_tip_that_never_moved_has_no_busiest_moment() -> None:
    """Its evidence once was the first sample."""
    found = path_length(T, np.zeros((T.size, 3)))
    assert (found.value, found.moment_s) == (0.0, None)


def test_no_force_has_no_moment() -> None:
    for metric in (
        peak_force(T, 0 * T),
        force_integral(T, 0 * T),
        over_limit_time(T, 0 * T, 3.0),
        over_limit_integral(T, 0 * T, 3.0),
        over_limit_count(T, 0 * T, 3.0),
    ):
        assert metric.value == 0.0
        assert metric.moment_s is None
    for mean in (mean_force(T, 0 * T), force_sd(T, 0 * T)):  # 0 N would be the best of all means
        assert mean.value is None
