import numpy as np
import pytest

from surgisim.scoring.proficiency import LearningCurve, Unclear, fit_curve

N = np.arange(1.0, 31.0)


def fitted(scores: np.ndarray) -> LearningCurve:
    found = fit_curve(scores)
    assert isinstance(found, LearningCurve)
    return found


def test_a_power_law_is_found_exactly() -> None:
    found = fitted(60 + 140 * N**-0.7)
    assert found.shape == "power"
    assert found.plateau == pytest.approx(60, abs=0.1)
    assert found.start == pytest.approx(200, abs=0.1)
    assert found.rate == pytest.approx(0.7, abs=1e-3)
    assert found.explained == pytest.approx(1.0)


def test_an_exponential_is_found_exactly_and_rising() -> None:
    found = fitted(90 - 50 * np.exp(-(N - 1) / 6))
    assert found.shape == "exponential"
    assert found.plateau == pytest.approx(90, abs=0.05)
    assert found.rate == pytest.approx(6, abs=0.01)
    assert found.at(np.array([1.0]))[0] == pytest.approx(40, abs=0.05)


def test_repetitions_until_a_level() -> None:
    found = fitted(90 - 50 * np.exp(-(N - 1) / 6))
    fit, low, high = found.repetitions(80.0)
    assert fit == pytest.approx(1 + 6 * np.log(5), abs=0.05)
    assert low <= fit + 0.1
    assert fit <= high + 0.1
    assert found.repetitions(95.0)[0] == np.inf
    assert found.repetitions(30.0)[0] == 1.0


@pytest.mark.parametrize("shape", ["power", "exponential"])
def test_the_interval_holds_the_plateau_as_often_as_it_says(shape: str) -> None:
    rng = np.random.default_rng(7)
    true = 60 + 140 * (N**-1.0 if shape == "power" else np.exp(-(N - 1) / 5))
    held = 0
    for _ in range(60):
        found = fit_curve(true + rng.normal(0, 8, N.size))
        assert isinstance(found, LearningCurve)
        held += found.plateau_low <= 60 <= found.plateau_high
    assert held >= 51  # of 60 with 95 %: less than once in a thousand below


def test_the_interval_of_repetitions_holds_the_true_number() -> None:
    rng = np.random.default_rng(8)
    true = 1 + 5 * np.log(140 / 20)  # where 60 + 140 exp(-(n - 1) / 5) is 80
    held = 0
    for _ in range(60):
        found = fit_curve(60 + 140 * np.exp(-(N - 1) / 5) + rng.normal(0, 8, N.size))
        assert isinstance(found, LearningCurve)
        _, low, high = found.repetitions(80.0)
        held += low <= true <= high
    assert held >= 51


@pytest.mark.parametrize(
    ("scores", "said"),
    [
        (np.linspace(100, 60, 9), "9 runs are too few"),
        (np.full(12, 70.0), "all runs are alike"),
        (np.full(12, 72.3), "all runs are alike"),  # whose mean is rounded
        ([*range(60, 71), np.nan], "a run has no score"),
        (70 + np.random.default_rng(11).normal(0, 5, 15), "no learning is to be seen yet"),
    ],
)
def test_what_cannot_be_told_is_told(scores: np.ndarray, said: str) -> None:
    found = fit_curve(scores)
    assert isinstance(found, Unclear)
    assert said in found.why


def test_a_plateau_that_nobody_came_near_is_not_called_reached() -> None:
    slow = fitted(200 - 3 * N[:12] + np.random.default_rng(1).normal(0, 1, 12))
    assert not slow.reached
    assert slow.plateau_high - slow.plateau_low > 30
    assert fitted(60 + 140 * N**-1.2).reached
