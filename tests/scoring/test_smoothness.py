import numpy as np
import pytest
from numpy.typing import NDArray

from surgisim.scoring.smoothness import (
    at_rate,
    cotin_jerk,
    ldlj,
    resample,
    sparc,
    speed,
    strokes,
)

Values = NDArray[np.float64]


def minimum_jerk(t: Values) -> Values:
    return np.where((t >= 0) & (t <= 1), 30 * t**2 * (1 - t) ** 2, 0.0)


def seconds(duration: float, rate_hz: int) -> Values:
    return np.arange(round(duration * rate_hz) + 1) / rate_hz


def two_strokes(apart_s: float) -> Values:
    t = seconds(1 + apart_s, 1000)
    return minimum_jerk(t) + minimum_jerk(t - apart_s)


# Values of the reference implementation of Balasubramanian et al. 2015.
GOLDEN = [
    ("bell", np.exp(-5 * np.arange(-1, 1, 0.01) ** 2), 100, -1.414031, -5.816357, 1e-5),
    ("minimum jerk", minimum_jerk(seconds(1, 100)), 100, -1.405829, -5.301633, 1e-5),
    ("minimum jerk fine", minimum_jerk(seconds(1, 1000)), 1000, -1.402426, -5.320030, 1e-5),
    ("0.25 s apart", two_strokes(0.25), 1000, -1.40352, -5.44978, 1e-5),
    ("0.5 s apart", two_strokes(0.5), 1000, -1.62062, -6.41597, 1e-5),
    ("1 s apart", two_strokes(1.0), 1000, -2.24618, -8.09362, 1e-5),
]


@pytest.mark.parametrize(
    ("profile", "rate_hz", "arc", "jerk", "tolerance"),
    [row[1:] for row in GOLDEN],
    ids=[row[0] for row in GOLDEN],
)
def test_golden_vectors(
    profile: Values, rate_hz: float, arc: float, jerk: float, tolerance: float
) -> None:
    assert sparc(profile, rate_hz) == pytest.approx(arc, abs=tolerance)
    assert ldlj(profile, rate_hz) == pytest.approx(jerk, abs=tolerance)


def test_ldlj_nears_the_analytic_value_of_minimum_jerk() -> None:
    # T = 1, vmax = 30/16, integral of (d2v/dt2)^2 = 720: ln(720 / (30/16)^2) = 5.322034
    fine = ldlj(minimum_jerk(seconds(1, 20000)), 20000)
    assert fine == pytest.approx(-np.log(720 / (30 / 16) ** 2), abs=2e-4)


@pytest.mark.parametrize("rate_hz", [125, 130, 200, 500, 1000, 2000])
def test_a_profile_brought_to_100_hz_has_the_golden_values_of_100_hz(rate_hz: int) -> None:
    times = seconds(1, rate_hz)
    slow_times, slow = at_rate(times, minimum_jerk(times))
    assert slow_times == pytest.approx(seconds(1, 100))
    assert sparc(slow, 100) == pytest.approx(-1.405829, abs=1e-5)
    assert ldlj(slow, 100) == pytest.approx(-5.301633, abs=1e-5)


def reach(t: Values) -> Values:
    """A minimum-jerk way of 0.1 m in a second, with a second of rest before and after it."""
    s = np.clip(t - 1.0, 0.0, 1.0)
    return np.column_stack([0.1 * (10 * s**3 - 15 * s**4 + 6 * s**5), 0 * t, 0 * t])


def test_a_session_scores_the_same_whatever_its_rate() -> None:
    found = []
    for rate_hz in (125, 250, 500, 1000):
        times = seconds(3, rate_hz)
        _, calm = resample(times, reach(times))
        stroke = speed(calm)[100:201]
        found.append((sparc(stroke, 100), ldlj(stroke, 100), cotin_jerk(calm[100:201], 100)))
    spread = np.ptp(np.array(found), axis=0)
    assert spread[0] < 1e-3
    assert spread[1] < 0.02
    assert spread[2] < 0.2


def test_the_low_pass_leaves_a_calm_stroke_as_it_is() -> None:
    times = seconds(3, 1000)
    _, calm = resample(times, reach(times))
    stroke = speed(calm)[100:201]
    assert sparc(stroke, 100) == pytest.approx(-1.405829, abs=0.002)
    assert ldlj(stroke, 100) == pytest.approx(-5.301633, abs=0.15)


def test_cotin_jerk_nears_the_analytic_value_of_minimum_jerk() -> None:
    # T = 1, L = 0.1, integral of |d3p/dt3|^2 = 720 L^2: sqrt(720 / 2) = 18.974
    for rate_hz, tolerance in ((100, 1.0), (20000, 0.01)):
        way = reach(1.0 + seconds(1, rate_hz))
        assert cotin_jerk(way, rate_hz) == pytest.approx(np.sqrt(360), abs=tolerance)
    assert cotin_jerk(reach(1.0 + seconds(1, 100)), 100) == pytest.approx(18.053439, abs=1e-5)
    assert cotin_jerk(np.zeros((50, 3)), 100) == np.inf
    with pytest.raises(ValueError, match="at least 4 positions"):
        cotin_jerk(np.zeros((3, 3)), 100)


def test_cotin_jerk_has_no_unit_and_tremor_raises_it() -> None:
    way = reach(1.0 + seconds(1, 100))
    calm = cotin_jerk(way, 100)
    assert cotin_jerk(0.3 * way, 100) == pytest.approx(calm)
    assert cotin_jerk(way, 50) == pytest.approx(calm)  # the same way in twice the time
    shaken = way + 0.001 * np.sin(2 * np.pi * 6 * seconds(1, 100))[:, None]
    assert cotin_jerk(shaken, 100) > 2 * calm


@pytest.mark.parametrize("measure", [sparc, ldlj])
def test_size_does_not_matter_and_tremor_does(measure: object) -> None:
    assert callable(measure)
    stroke = minimum_jerk(seconds(1, 100))
    assert measure(0.01 * stroke, 100.0) == pytest.approx(measure(stroke, 100.0))
    tremor = stroke + 0.2 * np.sin(2 * np.pi * 6 * seconds(1, 100)) * stroke
    assert measure(tremor, 100.0) < measure(stroke, 100.0) - 0.1


def test_nothing_to_measure_is_refused() -> None:
    for measure in (sparc, ldlj):
        with pytest.raises(ValueError, match="at least 4 speeds"):
            measure(np.zeros(100), 100.0)
        with pytest.raises(ValueError, match="at least 4 speeds"):
            measure(np.ones(3), 100.0)


def test_resampling_keeps_slow_motion_in_time_and_drops_tremor() -> None:
    t = np.arange(0, 10, 0.001)
    slow = np.column_stack([0.05 * np.sin(2 * np.pi * 0.5 * t), 0 * t, 0 * t])
    shaken = slow + 0.002 * np.sin(2 * np.pi * 60 * t)[:, None]
    times, calm = resample(t, shaken)
    assert times[1] - times[0] == pytest.approx(0.01)
    expected = 0.05 * np.sin(2 * np.pi * 0.5 * times)
    inside = slice(50, -50)
    assert np.abs(calm[inside, 0] - expected[inside]).max() < 1e-4


def test_speed_of_a_circle() -> None:
    t = np.arange(0, 4, 0.01)
    circle = 0.1 * np.column_stack([np.cos(t), np.sin(t), 0 * t])
    assert speed(circle)[5:-5] == pytest.approx(0.1, rel=1e-4)


def test_pauses_cut_strokes() -> None:
    speeds = np.zeros(1000)
    speeds[100:200] = 0.05
    speeds[300:310] = 0.05  # a correction of 0.1 s
    speeds[500:540] = 0.02
    speeds[600:700] = 0.004
    assert strokes(speeds) == [slice(100, 200), slice(500, 540)]
