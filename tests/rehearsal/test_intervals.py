"""Intervals against published values, and the test of declared probabilities."""

import numpy as np
import pytest

from surgisim.rehearsal.intervals import differs, mean_of, share_of


@pytest.mark.parametrize(
    ("count", "of", "low", "high"),
    [
        # Newcombe 1998, Stat Med 17:857, table I, method 3
        (81, 263, 0.2553, 0.3662),
        (15, 148, 0.0624, 0.1605),
        (0, 20, 0.0, 0.1611),
        (1, 29, 0.0061, 0.1718),
        (29, 29, 1.0 - 0.1170, 1.0),
    ],
)
def test_a_share_has_wilson_s_interval(count: int, of: int, low: float, high: float) -> None:
    share = share_of(count, of)
    assert share.low == pytest.approx(low, abs=1e-4)
    assert share.high == pytest.approx(high, abs=1e-4)
    assert share.share == count / of


def test_of_nothing_nothing_is_known() -> None:
    assert (share_of(0, 0).low, share_of(0, 0).high) == (0.0, 1.0)
    assert not differs(0, 0, 0.5)


def test_a_mean_has_student_s_interval() -> None:
    mean = mean_of([1.0, 2.0, 3.0, 4.0, 5.0])
    assert mean.mean == 3.0
    assert mean.low == pytest.approx(3.0 - 2.776445 * np.sqrt(2.5 / 5), abs=1e-5)
    assert mean_of([7.0]).low is None
    assert mean_of([99.0, 90.0], 100.0).high == 100.0


def test_intervals_cover_what_they_should() -> None:
    rng = np.random.default_rng(7)
    counts = rng.binomial(200, 0.07, 4000)
    covered = [s.low <= 0.07 <= s.high for s in (share_of(int(k), 200) for k in counts)]
    assert np.mean(covered) == pytest.approx(0.95, abs=0.02)


@pytest.mark.parametrize(
    ("count", "of", "declared", "tests", "wrong"),
    [
        (10, 100, 0.05, 1, False),
        (14, 100, 0.05, 1, True),
        (13, 100, 0.05, 20, False),
        (99, 100, 1.0, 1, True),
        (100, 100, 1.0, 1, False),
        (1, 10000, 0.0, 1, True),
        (300, 10000, 0.03, 1, False),
        (346, 10000, 0.03, 1, True),
    ],
)
def test_a_declared_probability_is_tested(
    count: int, of: int, declared: float, tests: int, wrong: bool
) -> None:
    assert differs(count, of, declared, tests) is wrong


def test_a_true_probability_is_rarely_rejected() -> None:
    rng = np.random.default_rng(11)
    rejected = [differs(int(k), 500, 0.2) for k in rng.binomial(500, 0.2, 2000)]
    assert np.mean(rejected) <= 0.01 + 0.005
