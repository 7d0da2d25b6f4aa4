import itertools
import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from surgisim.scoring.agreement import cohen_kappa, cronbach_alpha, icc2, weighted_kappa

# Shrout and Fleiss 1979, table 2: four ratings on six targets.
SHROUT_FLEISS = [
    [9, 2, 5, 8],
    [6, 1, 3, 2],
    [8, 4, 6, 8],
    [7, 1, 2, 6],
    [10, 5, 6, 9],
    [6, 2, 4, 7],
]

# Cohen 1968: 200 patients in three diagnoses, with weights of disagreement of his own.
COHEN = 200 * np.array([[0.44, 0.07, 0.09], [0.05, 0.20, 0.05], [0.01, 0.03, 0.06]])
COHEN_WEIGHTS = [[0, 1, 3], [1, 0, 6], [3, 6, 0]]


def test_icc_of_shrout_and_fleiss() -> None:
    found = icc2(SHROUT_FLEISS)
    assert found.single.value == pytest.approx(0.29, abs=0.005)
    assert found.mean.value == pytest.approx(0.62, abs=0.005)
    assert (found.single.low, found.single.high) == pytest.approx((0.019, 0.761), abs=0.001)
    assert (found.subjects, found.raters) == (6, 4)


def icc_by_components(x: np.ndarray) -> float:
    """The slow twin: variance components from sums over all pairs of cells."""
    n, k = x.shape
    cells = list(itertools.product(range(n), range(k)))

    def half_mean_square(pairs: list) -> float:
        return float(np.mean([(x[a] - x[b]) ** 2 for a, b in pairs])) / 2

    pairs = list(itertools.combinations(cells, 2))
    same_subject = half_mean_square([p for p in pairs if p[0][0] == p[1][0]])  # raters + error
    neither = half_mean_square([p for p in pairs if p[0][0] != p[1][0] and p[0][1] != p[1][1]])
    subjects = neither - same_subject  # neither = subjects + raters + error
    return subjects / neither


def test_icc_agrees_with_the_components_of_variance() -> None:
    rng = np.random.default_rng(3)
    for _ in range(20):
        x = rng.normal(size=(5, 3)) + 2 * rng.normal(size=(5, 1)) + rng.normal(size=3)
        assert icc2(x).single.value == pytest.approx(icc_by_components(x))


def test_interval_of_the_icc_covers_the_truth() -> None:
    rng = np.random.default_rng(4)
    truth = 1.5**2 / (1.5**2 + 0.5**2 + 1.0)
    held = 0
    for _ in range(300):
        x = 1.5 * rng.normal(size=(20, 1)) + 0.5 * rng.normal(size=4) + rng.normal(size=(20, 4))
        found = icc2(x).single
        held += found.low <= truth <= found.high
    assert 0.90 <= held / 300 <= 0.99


def test_raters_who_agree_exactly() -> None:
    found = icc2([[1, 1], [3, 3], [5, 5]])
    assert found.single.value == pytest.approx(1.0)


def test_raters_who_contradict_each_other_are_told_so_and_nothing_breaks() -> None:
    """Negative ICCs once divided by zero, or came out as a reliability of 5."""
    turned = icc2([[1, 5], [5, 1], [2, 4], [4, 2], [3, 3]])
    assert turned.single.value == pytest.approx(-5 / 3)
    assert turned.mean.value == -math.inf
    with pytest.raises(ValueError, match="only contradict each other"):
        icc2([[1, 2], [2, 1]])
    rng = np.random.default_rng(7)
    for _ in range(500):
        n, k = rng.integers(2, 6), rng.integers(2, 4)
        x = rng.integers(1, 6, size=(n, k))
        x[0, 0] += 7  # they never all agree
        found = icc2(x)
        for one in (found.single, found.mean):
            assert one.low <= one.value <= one.high <= 1.0 + 1e-9


@pytest.mark.parametrize(
    ("ratings", "said"),
    [
        ([[1, 2]], "at least 2 subjects"),
        ([[1], [2]], "at least 2 subjects"),
        ([[1, np.nan], [2, 3]], "at least 2 subjects"),
        ([[3, 3], [3, 3]], "all ratings are equal"),
    ],
)
def test_ratings_that_say_nothing_are_refused(ratings: list, said: str) -> None:
    with pytest.raises(ValueError, match=said):
        icc2(ratings)


def test_kappas_of_cohen_1968() -> None:
    assert cohen_kappa(COHEN, COHEN_WEIGHTS).value == pytest.approx(0.348, abs=5e-4)
    plain = cohen_kappa(COHEN, 1 - np.eye(3))
    assert plain.value == pytest.approx(0.492, abs=5e-4)
    assert plain.low < 0.492 < plain.high


def kappa_by_pairs(one: list[int], two: list[int], power: int) -> float:
    """The slow twin: disagreement within subjects over that between all pairs of subjects."""
    within = np.mean([abs(a - b) ** power for a, b in zip(one, two, strict=True)])
    across = np.mean([abs(a - b) ** power for a in one for b in two])
    return float(1 - within / across)


ratings = st.lists(st.tuples(st.integers(1, 5), st.integers(1, 5)), min_size=2, max_size=40)


@given(ratings, st.sampled_from(["linear", "quadratic"]))
def test_weighted_kappa_agrees_with_all_pairs(given: list, weights: str) -> None:
    one, two = [a for a, _ in given], [b for _, b in given]
    if len({*one, *two}) == 1:
        with pytest.raises(ValueError, match="one category alone"):
            weighted_kappa(one, two, range(1, 6), weights)
        return
    found = weighted_kappa(one, two, range(1, 6), weights)
    assert found.value == pytest.approx(kappa_by_pairs(one, two, 1 + (weights == "quadratic")))
    assert found.low <= found.value <= found.high


def test_the_standard_error_of_kappa_is_that_of_many_draws() -> None:
    rng = np.random.default_rng(5)
    n, draws = 400, 300
    shares = (COHEN / COHEN.sum()).ravel()
    values = [
        cohen_kappa(rng.multinomial(n, shares).reshape(3, 3), COHEN_WEIGHTS).value
        for _ in range(draws)
    ]
    found = cohen_kappa(COHEN * n / 200, COHEN_WEIGHTS)
    assert (found.high - found.low) / (2 * 1.96) == pytest.approx(np.std(values), rel=0.12)


def test_ratings_outside_the_categories_are_refused() -> None:
    with pytest.raises(ValueError, match="one of the categories"):
        weighted_kappa([1, 6], [1, 2], range(1, 6))
    with pytest.raises(ValueError, match="one of the categories"):
        weighted_kappa([1, 2], [1], range(1, 6))
    with pytest.raises(ValueError, match="gave nothing"):
        cohen_kappa(np.zeros((2, 2)), 1 - np.eye(2))


def test_alpha_of_items_that_say_the_same_and_of_noise() -> None:
    rng = np.random.default_rng(6)
    true = rng.normal(size=(500, 1))
    same = np.repeat(true, 4, axis=1)
    assert cronbach_alpha(same) == pytest.approx(1.0)
    # Four items with as much noise as truth: alpha = 4 r / (1 + 3 r), r = 0.5.
    assert cronbach_alpha(same + rng.normal(size=(500, 4))) == pytest.approx(0.8, abs=0.03)
    assert abs(cronbach_alpha(rng.normal(size=(500, 4)))) < 0.15
    with pytest.raises(ValueError, match="all totals are equal"):
        cronbach_alpha([[1, 2], [2, 1]])
    with pytest.raises(ValueError, match="none of them missing"):
        cronbach_alpha([[1, np.nan], [2, 1]])
