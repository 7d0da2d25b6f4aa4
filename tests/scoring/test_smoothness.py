import numpy as np
import pytest
from numpy.typing import NDArray

from surgisim.scoring.smoothness import ldlj, resample, sparc, speed, strokes

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
