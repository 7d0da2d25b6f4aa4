import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from surgisim.scoring.proficiency import (
    RepetitionRule,
    contrast,
    contrasting_groups,
    expert_levels,
)


@pytest.mark.parametrize(
    ("novices", "experts", "cut", "passing", "failing"),
    [
        ((50, 10), (80, 8), 66.0742, 0.05398, 0.04087),
        ((16, 3), (24, 2.8), 20.0655, 0.08769, 0.07999),
    ],
)
def test_golden_cuts(
    novices: tuple, experts: tuple, cut: float, passing: float, failing: float
) -> None:
    found = contrast(novices, experts)
    assert found.cut == pytest.approx(cut, abs=1e-4)
    assert found.false_positive == pytest.approx(passing, abs=1e-4)
    assert found.false_negative == pytest.approx(failing, abs=1e-4)


def test_equal_spreads_are_cut_in_the_middle() -> None:
    assert contrast((10, 2), (20, 2)).cut == pytest.approx(15.0)


def test_less_is_better_is_the_mirror() -> None:
    up, down = contrast((50, 10), (80, 8)), contrast((-50, 10), (-80, 8))
    assert down.cut == pytest.approx(-up.cut)
    assert down.false_positive == pytest.approx(up.false_positive)
    assert down.false_negative == pytest.approx(up.false_negative)


@given(st.floats(0, 50), st.floats(1, 20), st.floats(0.5, 3), st.floats(0.5, 2))
def test_both_densities_are_equal_at_the_cut(m: float, s: float, gap: float, t: float) -> None:
    high, t = m + gap * s * max(1.0, t) + s, t * s
    cut = contrast((m, s), (high, t)).cut
    assert m < cut < high
    density = [np.exp(-(((cut - a) / b) ** 2) / 2) / b for a, b in ((m, s), (high, t))]
    assert density[0] == pytest.approx(density[1], rel=1e-6)


def test_groups_that_lie_in_each_other_have_no_cut() -> None:
    with pytest.raises(ValueError, match="do not cross between"):
        contrast((50, 1), (50.1, 30))


def test_observed_rates_stand_beside_the_theoretical_ones() -> None:
    novices, experts = [40, 50, 55, 60, 72], [66, 78, 80, 82, 90]
    found = contrasting_groups(novices, experts)
    assert 60 < found.cut < 78
    assert found.observed_false_positive == 0.2
    assert found.observed_false_negative == 0.2
    times = contrasting_groups([-x for x in novices], [-x for x in experts])
    assert times.cut == pytest.approx(-found.cut)
    assert times.observed_false_positive == 0.2
    assert times.observed_false_negative == 0.2


@pytest.mark.parametrize(
    ("novices", "experts", "said"),
    [
        ([1, 2], [3, 4, 5], "at least 3"),
        ([1, 2, 3], [1, 2, 3], "same mean"),
        ([1, 1, 1], [3, 4, 5], "no spread"),
        ([0.1, 0.1, 0.1], [3, 4, 5], "no spread"),  # whose spread is computed as 2e-17
    ],
)
def test_groups_that_say_nothing_are_refused(novices: list, experts: list, said: str) -> None:
    with pytest.raises(ValueError, match=said):
        contrasting_groups(novices, experts)


def test_expert_levels_in_the_direction_of_each_measure() -> None:
    runs = {"time": [100, 110, 120], "nodules.found": [3, 3, 2]}
    up = {"time": False, "nodules.found": True}
    time, found = expert_levels(runs, up, margin=1.0)
    assert (time.mean, time.sd, time.limit) == (110.0, 10.0, 120.0)
    assert time.met(120.0)
    assert not time.met(121.0)
    assert found.limit == pytest.approx(8 / 3 - np.std([3, 3, 2], ddof=1))
    assert found.met(3.0)
    assert not found.met(2.0)
    assert not found.met(None)
    assert expert_levels(runs, up)[0].limit == 110.0


def test_experts_who_are_all_alike_meet_their_own_level() -> None:
    """The mean of three times 0.1 is computed as a little more than 0.1."""
    (up,) = expert_levels({"economy": [0.1] * 3}, {"economy": True})
    (down,) = expert_levels({"force": [0.7] * 6}, {"force": False})
    assert up.met(0.1)
    assert down.met(0.7)
    assert up.outside == down.outside == ()
    assert not up.met(0.0999)


def test_an_experts_odd_run_is_told() -> None:
    values = [10.0] * 5 + [11.0] * 5 + [30.0]
    assert expert_levels({"time": values}, {"time": False})[0].outside == (10,)
    with pytest.raises(ValueError, match="'time' was measured on too few experts, 2"):
        expert_levels({"time": [1.0, 2.0]}, {"time": False})
    with pytest.raises(ValueError, match="0 or more"):
        expert_levels({"time": [1.0, 2.0, 3.0]}, {"time": False}, margin=-1)


def test_two_in_a_row_and_ten_more() -> None:
    rule = RepetitionRule(consecutive=2, more=10, at_most=80)
    assert rule.shortest == 12
    assert rule.judge([True] * 12).proficient_at == 12
    assert rule.judge([True] * 11).proficient_at is None
    alternating = [True, False] * 20
    assert rule.judge(alternating).proficient_at is None
    standing = rule.judge([*alternating, True, True])
    assert (standing.proficient_at, standing.longest, standing.row) == (42, 2, 2)


def test_a_cap_ends_what_counts() -> None:
    rule = RepetitionRule(consecutive=2, at_most=4)
    standing = rule.judge([False, True, False, True, True])
    assert standing.proficient_at is None
    assert standing.spent
    assert rule.judge([False, True, True]).proficient_at == 3
    with pytest.raises(ValueError, match="12 runs are the fewest"):
        RepetitionRule(2, 10, at_most=11)
    with pytest.raises(ValueError, match="at least 1 success"):
        RepetitionRule(0)


@given(st.lists(st.booleans(), max_size=30), st.integers(1, 4), st.integers(0, 4))
def test_standing_agrees_with_looking_at_every_start(
    outcomes: list[bool], consecutive: int, more: int
) -> None:
    met = None
    for end in range(1, len(outcomes) + 1):
        seen = outcomes[:end]
        rows = [all(seen[i : i + consecutive]) for i in range(end - consecutive + 1)]
        if any(rows) and sum(seen) >= consecutive + more:
            met = end
            break
    assert RepetitionRule(consecutive, more).judge(outcomes).proficient_at == met
