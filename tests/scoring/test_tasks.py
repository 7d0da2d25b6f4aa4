"""T >= cut-off scores nothing; a slower or worse run never scores more; tasks weigh equally."""

import tomllib
from importlib import resources

import pytest
from hypothesis import given
from hypothesis import strategies as st

from surgisim.scoring.tasks import Penalty, Task, score_task, tasks, total_score

FLS = {
    name: tasks()[name]
    for name in (
        "peg_transfer",
        "precision_cut",
        "ligating_loop",
        "extracorporeal_suture",
        "intracorporeal_suture",
    )
}
task = st.sampled_from(list(tasks().values()))
time = st.floats(0, 2000)
amount = st.floats(0, 500)


def given_of(penalty: Penalty, draw: st.DataObject) -> float | str:
    if penalty.grades:
        return draw.draw(st.sampled_from(list(penalty.grades)))
    return draw.draw(amount)


@given(task, st.floats(0, 1000), st.data())
def test_at_the_cutoff_and_after_it_a_run_scores_nothing(
    one: Task, over: float, draw: st.DataObject
) -> None:
    wrong = {p.id: given_of(p, draw) for p in one.penalties}
    assert score_task(one, one.cutoff_s + over, wrong) == 0.0


@given(task, time, time, st.data())
def test_a_slower_run_never_scores_more(one: Task, a: float, b: float, draw: st.DataObject) -> None:
    wrong = {p.id: given_of(p, draw) for p in one.penalties}
    fast, slow = (score_task(one, t, wrong) for t in sorted((a, b)))
    assert fast >= slow >= 0.0


@given(task, time, st.data())
def test_more_wrong_never_scores_more(one: Task, t: float, draw: st.DataObject) -> None:
    wrong = {p.id: given_of(p, draw) for p in one.penalties}
    for penalty in one.penalties:
        other = given_of(penalty, draw)
        less, more = sorted((wrong[penalty.id], other), key=penalty.seconds)
        scores = [score_task(one, t, wrong | {penalty.id: x}) for x in (less, more)]
        assert scores[0] >= scores[1] >= 0.0


@given(task)
def test_every_task_weighs_the_same(one: Task) -> None:
    best = score_task(one, one.cutoff_s - one.raw_best)
    assert best == pytest.approx(100.0)
    assert total_score({one.id: best}, {one.id: one}) == pytest.approx(100.0)


@given(st.sampled_from(list(FLS)))
def test_a_task_that_was_not_done_costs_its_share(name: str) -> None:
    norms = dict.fromkeys(FLS, 100.0)
    assert total_score(norms, FLS) == pytest.approx(100.0)
    del norms[name]
    assert total_score(norms, FLS) == pytest.approx(80.0)


def test_a_run_by_hand() -> None:
    suture = tasks()["intracorporeal_suture"]
    score = score_task(suture, 200.0, {"off_dots": 3.0, "gap": 1.0, "knot": "slipping"})
    assert score == pytest.approx(100 * (600 - 200 - 3 - 1 - 10) / 488)
    assert score_task(suture, 112.0) == pytest.approx(100.0)


@pytest.mark.parametrize(
    ("time_s", "wrong", "said"),
    [
        (100.0, {"gapp": 1.0}, "has no penalty 'gapp'"),
        (100.0, {"gap": -1.0}, "'gap' is an amount of 0 or more"),
        (100.0, {"gap": "wide"}, "'gap' is an amount of 0 or more"),
        (100.0, {"knot": "good"}, "'knot' is one of secure, slipping, loose"),
        (-1.0, {}, "0 s or more"),
    ],
)
def test_what_cannot_be_scored_is_refused(time_s: float, wrong: dict, said: str) -> None:
    with pytest.raises(ValueError, match=said):
        score_task(tasks()["intracorporeal_suture"], time_s, wrong)


def test_every_coefficient_has_a_source_and_what_is_remembered_assesses_nobody() -> None:
    text = resources.files("surgisim.scoring.tasks").joinpath("tasks.toml").read_text()
    for name, entry in tomllib.loads(text).items():
        for part in (entry, *entry["penalties"]):
            assert part["confidence"] in "ABC"
            assert part["source"].endswith(".")
        remembered = any(p["confidence"] == "C" for p in (entry, *entry["penalties"]))
        assert tasks()[name].assessable is not remembered
    assert not any(one.assessable for one in FLS.values())
