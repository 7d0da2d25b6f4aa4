from dataclasses import dataclass

import pytest

from surgisim.scoring.rating import agreement, scales


@dataclass(frozen=True)
class Given:
    session: str
    rater: str
    scores: dict[str, int]


@pytest.mark.parametrize(
    ("name", "least", "most", "items"),
    [("goals", 4, 20, 5), ("gears", 5, 25, 6), ("osats", 7, 35, 7)],
)
def test_ranges_are_those_of_the_published_scales(
    name: str, least: int, most: int, items: int
) -> None:
    scale = scales()[name]
    assert len(scale.items) == items
    lowest = {item.id: 1 for item in scale.items if not item.optional}
    assert scale.total(lowest) == least
    assert scale.span(lowest) == (least, most)
    assert all(set(item.anchors) == {1, 3, 5} for item in scale.items)


def test_a_rating_that_is_not_whole_is_refused() -> None:
    goals = scales()["goals"]
    whole = {item.id: 3 for item in goals.items}
    assert goals.total(whole) == 15
    for scores, said in (
        ({**whole, "grip": 3}, "no item 'grip'"),
        ({**whole, "efficiency": 0}, "'Efficiency' is rated 1 to 5, not 0"),
        ({k: v for k, v in whole.items() if k != "efficiency"}, "'Efficiency' was not rated"),
    ):
        with pytest.raises(ValueError, match=said):
            goals.total(scores)


def test_optional_items_that_somebody_left_out_are_left_out_for_all() -> None:
    goals = scales()["goals"]
    short = {item.id: 3 for item in goals.items if not item.optional}
    ratings = [
        Given("a", "R1", {**short, "autonomy": 5}),
        Given("a", "R2", short),
        Given("b", "R1", dict.fromkeys(short, 4)),
        Given("b", "R2", dict.fromkeys(short, 4)),
    ]
    found = agreement(goals, ratings)
    assert found.total is not None
    assert found.total.single.value == pytest.approx(1.0)
    assert "autonomy" not in found.pairs[0].linear


def test_one_rater_or_no_common_session_says_so() -> None:
    goals = scales()["goals"]
    short = {item.id: 3 for item in goals.items if not item.optional}
    lonely = agreement(goals, [Given("a", "R1", short)])
    assert lonely.total is None
    assert "at least 2" in lonely.why
    apart = agreement(goals, [Given("a", "R1", short), Given("b", "R2", short)])
    assert apart.total is None
    assert apart.why == "no session was rated by every rater"
    assert apart.incomplete == ("a", "b")
