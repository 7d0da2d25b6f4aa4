import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from surgisim.scoring.proficiency import CusumRule, RaCusumRule

# (p0, p1, alpha, beta): s, h0, h1, successes in a row that pass. Arithmetic of the formulas.
GOLDEN = [
    ((0.05, 0.10, 0.1, 0.1), 0.0724, 2.941, 2.941, 41),
    ((0.05, 0.15, 0.1, 0.1), 0.0919, 1.816, 1.816, 20),
    ((0.10, 0.20, 0.1, 0.1), 0.1452, 2.710, 2.710, 19),
    ((0.04, 0.08, 0.1, 0.1), 0.0578, 2.987, 2.987, 52),
    ((0.05, 0.10, 0.05, 0.2), 0.0724, 2.085, 3.711, 29),
]


@pytest.mark.parametrize(("parameters", "s", "h0", "h1", "shortest"), GOLDEN)
def test_golden_values(
    parameters: tuple[float, float, float, float], s: float, h0: float, h1: float, shortest: int
) -> None:
    rule = CusumRule(*parameters)
    assert rule.s == pytest.approx(s, abs=1e-4)
    assert rule.h0 == pytest.approx(h0, abs=5e-4)
    assert rule.h1 == pytest.approx(h1, abs=5e-4)
    assert rule.shortest == shortest
    assert rule.chart([True] * (shortest - 1)).proficient_at is None
    assert rule.chart([True] * shortest).proficient_at == shortest


def test_the_four_parameters_stay_with_the_result() -> None:
    rule = CusumRule(0.05, 0.15, 0.1, 0.1)
    chart = rule.chart([True, False])
    assert chart.rule is rule
    assert chart.sums == pytest.approx((-rule.s, 1 - 2 * rule.s))


def test_failures_in_a_row_are_unacceptable_and_never_pass() -> None:
    chart = CusumRule(0.05, 0.15, 0.1, 0.1).chart([False] * 4)
    assert chart.unacceptable == (1, 2, 3)
    assert chart.proficient_at is None


def test_reset_is_an_option_and_changes_the_result() -> None:
    outcomes = [False] * 4 + [True] * 30
    for reset, passes in (("never", None), ("unacceptable", 24), ("both", 24)):
        chart = CusumRule(0.05, 0.15, 0.1, 0.1, reset).chart(outcomes)
        assert chart.proficient_at == passes, reset
    long = CusumRule(0.05, 0.15, 0.1, 0.1, "both").chart([True] * 40)
    assert long.acceptable == (19, 39)
    assert len(CusumRule(0.05, 0.15, 0.1, 0.1).chart([True] * 40).acceptable) == 21


@given(st.lists(st.booleans(), max_size=60))
def test_the_sum_is_that_of_the_log_likelihood_ratio(outcomes: list[bool]) -> None:
    rule = CusumRule(0.05, 0.15, 0.05, 0.2)
    scale = math.log(0.15 / 0.05) + math.log(0.95 / 0.85)
    ratio = 0.0
    for success, told in zip(outcomes, rule.chart(outcomes).sums, strict=True):
        ratio += math.log(0.85 / 0.95) if success else math.log(0.15 / 0.05)
        assert told == pytest.approx(ratio / scale, abs=1e-9)


def test_errors_of_the_first_and_second_kind_are_about_those_asked_for() -> None:
    rule = CusumRule(0.05, 0.15, 0.1, 0.1)
    rng = np.random.default_rng(1)

    def first(rate: float) -> str:
        chart = rule.chart(rng.random(600) >= rate)
        good = chart.acceptable[0] if chart.acceptable else 10**6
        bad = chart.unacceptable[0] if chart.unacceptable else 10**6
        return "good" if good < bad else "bad"

    assert sum(first(0.15) == "good" for _ in range(400)) / 400 < 0.13
    assert sum(first(0.05) == "bad" for _ in range(400)) / 400 < 0.13


@pytest.mark.parametrize(
    ("parameters", "said"),
    [
        ((0.1, 0.1, 0.1, 0.1), "p0 must lie below p1"),
        ((0.0, 0.1, 0.1, 0.1), "p0 must lie below p1"),
        ((0.05, 0.1, 0.5, 0.5), "together below 1"),
        ((0.05, 0.1, 0.1, 0.1, "sometimes"), "reset is never"),
    ],
)
def test_what_is_no_test_is_refused(parameters: tuple, said: str) -> None:
    with pytest.raises(ValueError, match=said):
        CusumRule(*parameters)


RA_GOLDEN = [(0.02, 0.6733, -0.0198), (0.05, 0.6444, -0.0488), (0.1, 0.5978, -0.0953)]


@pytest.mark.parametrize(("risk", "failed", "went_well"), [*RA_GOLDEN, (0.20, 0.5108, -0.1823)])
def test_risk_adjusted_weights(risk: float, failed: float, went_well: float) -> None:
    rule = RaCusumRule(ra=2.0, h=3.0)
    assert rule.weight(risk, failure=True) == pytest.approx(failed, abs=1e-4)
    assert rule.weight(risk, failure=False) == pytest.approx(went_well, abs=1e-4)


def test_risk_adjusted_sum_never_falls_below_0_and_signals() -> None:
    rule = RaCusumRule(ra=2.0, h=1.2)
    chart = rule.chart([0.05] * 5, [True, False, False, True, True])
    assert chart.sums[0] == 0.0
    assert chart.sums[2] == pytest.approx(2 * 0.6444, abs=1e-3)
    assert chart.signals == (2, 3)
    again = RaCusumRule(ra=2.0, h=1.2, reset=True).chart([0.05] * 4, [False, False, True, False])
    assert again.sums[2] == 0.0
    assert again.signals == (1,)


def test_a_hard_case_that_fails_weighs_less_than_an_easy_one() -> None:
    rule = RaCusumRule(ra=2.0, h=3.0)
    assert rule.weight(0.5, failure=True) < rule.weight(0.01, failure=True)
    with pytest.raises(ValueError, match="between 0 and 1"):
        rule.weight(1.0, failure=True)
    with pytest.raises(ValueError, match="must differ"):
        RaCusumRule(ra=1.0, h=3.0)
    with pytest.raises(ValueError, match="h must be above 0"):
        RaCusumRule(ra=2.0, h=0.0)
