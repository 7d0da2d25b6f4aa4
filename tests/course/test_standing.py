from dataclasses import dataclass, field

import pytest
from hypothesis import given
from hypothesis import strategies as st

from surgisim.course import Course, CourseStanding, standing
from surgisim.course.words import doing, progress


@dataclass(frozen=True)
class Measure:
    value: float | None


@dataclass(frozen=True)
class Result:
    procedure: str = "palpation"
    passed: bool | None = True
    score: float = 90.0
    version: str = "1.0"
    seed: int = 0
    outcome: str | None = None
    barred: tuple[str, ...] = ()
    metrics: dict[str, Measure] = field(default_factory=dict)


GOOD, BAD = Result(), Result(passed=False, score=40.0)
PROCEDURES = {"palpation": "palpation", "exposure": "exposure"}


def course(*modules: dict) -> Course:
    whole = [
        {"title": one["id"], "procedure": "palpation", **one, "proficient": _with_source(one)}
        for one in modules
    ]
    return Course.model_validate(
        {"surgisim": "course@1", "id": "own", "title": "Own", "version": "1", "modules": whole}
    )


def _with_source(one: dict) -> dict:
    return {"source": "chosen", **one.get("proficient", {"repeat": {"in_a_row": 2}})}


def judged(made: Course, *results: Result) -> CourseStanding:
    return standing(made, PROCEDURES, results)


ONE = {"id": "one"}
TWO = {"id": "two", "procedure": "exposure", "needs": ["one"]}
SHOWN = Result("exposure")


def test_two_in_a_row_are_done() -> None:
    (one,) = judged(course(ONE), GOOD, BAD, GOOD, GOOD).modules
    assert (one.state, one.done_at) == ("done", 4)
    assert progress(one) == "proficient with run 4"
    (one,) = judged(course(ONE), GOOD, BAD, GOOD).modules
    assert one.state == "open"
    assert progress(one) == "3 runs, 2 successes; 1 more success needed"


def test_a_gate_opens_when_what_it_needs_is_done() -> None:
    made = course(ONE, TWO)
    early = judged(made, SHOWN, GOOD)
    assert [one.state for one in early.modules] == ["open", "locked"]
    assert early.modules[1].runs[0].why == ("too early: 'one' not done",)
    assert progress(early.modules[1]) == "needs 'one'"
    assert doing(early) == "next: surgisim run palpation (one)"
    opened = judged(made, SHOWN, GOOD, GOOD, SHOWN)
    assert [one.state for one in opened.modules] == ["done", "open"]
    assert len(opened.modules[1].counted) == 1
    assert judged(made, GOOD, GOOD, SHOWN, SHOWN).done


def test_runs_after_the_module_was_done_change_nothing() -> None:
    found = judged(course(ONE), GOOD, GOOD, BAD, BAD).modules[0]
    assert (found.state, found.done_at, len(found.counted)) == ("done", 2, 2)
    assert found.runs[2].why == ("the module was done",)


def test_used_up_runs_ask_for_a_teacher() -> None:
    found = judged(course({**ONE, "at_most": 3}), GOOD, BAD, GOOD, GOOD)
    (one,) = found.modules
    assert one.state == "spent"
    assert one.runs[3].why == ("no run was left",)
    assert "no run is left, ask your teacher" in progress(one)
    assert doing(found) == "no module is open: 'one' has no run left, ask your teacher"


@pytest.mark.parametrize(
    ("module", "result", "why"),
    [
        ({"versions": ["1.0"]}, Result(version="0.9"), "version 0.9 does not count"),
        ({}, Result(outcome="interrupted", passed=False), "it was interrupted"),
        ({"new_seed": "yes"}, Result(seed=0), "seed 0 was played before"),
    ],
)
def test_what_does_not_count_is_told(module: dict, result: Result, why: str) -> None:
    (one,) = judged(course({**ONE, **module}), GOOD, result, Result(seed=1)).modules
    assert one.runs[1].why == (why,)
    assert one.done_at == 2  # the row was not broken
    assert len(one.counted) == 2


def test_a_seed_that_was_seen_in_a_run_that_was_left_is_not_new() -> None:
    left = Result(seed=5, outcome="interrupted", passed=False)
    (one,) = judged(
        course({**ONE, "new_seed": "yes"}), left, Result(seed=5), Result(seed=6)
    ).modules
    assert [run.counts for run in one.runs] == [False, False, True]
    assert one.runs[1].why == ("seed 5 was played before",)


def test_success_asks_for_all_that_is_said() -> None:
    success = {
        "passed": False,
        "score": 80,
        "limits": [
            {"metric": "time", "at_most": "2 min", "source": "chosen"},
            {"metric": "force.peak", "at_least": "1 N", "at_most": "3 N", "source": "chosen"},
        ],
    }
    made = course({**ONE, "success": success})

    def why(**given: object) -> tuple[str, ...]:
        metrics = {"time": Measure(100.0), "force.peak": Measure(2.0)}
        metrics |= {k.replace("_", "."): Measure(v) for k, v in given.items() if k != "score"}
        result = Result(passed=None, score=given.get("score", 90.0), metrics=metrics)
        return judged(made, result).modules[0].runs[0].why

    assert why() == ()
    assert why(score=79.9) == ("79.9 of the 80 points needed",)
    assert why(score=79.96) == ("79.9 of the 80 points needed",)
    assert why(time=120.0) == ()
    assert why(time=121.0) == ("time 121 s, needed at most 120 s",)
    assert why(force_peak=0.5) == ("force.peak 0.5 N, needed at least 1 N and at most 3 N",)
    assert why(force_peak=None, score=10.0) == (
        "10.0 of the 80 points needed",
        "force.peak not measured, needed at least 1 N and at most 3 N",
    )


def test_practice_does_not_pass_by_itself() -> None:
    assert judged(course(ONE), Result(passed=None)).modules[0].runs[0].why == ("not passed",)


def test_practice_with_a_critical_mistake_is_no_success() -> None:
    torn = Result(passed=None, barred=("tore the capsule, a critical mistake",))
    made = course({**ONE, "success": {"passed": False, "score": 30}})
    assert judged(made, torn).modules[0].runs[0].why == torn.barred
    assert judged(made, torn, torn).modules[0].done_at is None


CUSUM = {"p0": "10 %", "p1": "30 %", "alpha": 0.1, "beta": 0.1, "reset": "unacceptable"}


def test_a_cusum_rule_carries_its_parameters() -> None:
    made = course({**ONE, "proficient": {"cusum": CUSUM}})
    short = judged(made, *[GOOD] * 8).modules[0]
    assert short.state == "open"
    assert progress(short) == "8 runs, 8 successes; CUSUM at -1.49, acceptable at -1.63"
    done = judged(made, *[GOOD] * 9).modules[0]
    assert done.done_at == 9
    assert done.cusum is not None
    rule = done.cusum.rule
    assert (rule.p0, rule.p1, rule.alpha, rule.beta, rule.reset) == (
        0.1,
        0.3,
        0.1,
        0.1,
        "unacceptable",
    )


def test_both_rules_have_to_be_met() -> None:
    both = {"repeat": {"in_a_row": 2, "more": 10}, "cusum": CUSUM}
    made = course({**ONE, "proficient": both})
    assert judged(made, *[GOOD] * 11).modules[0].done_at is None
    assert judged(made, *[GOOD] * 12).modules[0].done_at == 12


@given(st.lists(st.sampled_from([GOOD, BAD, SHOWN, Result("exposure", passed=False)]), max_size=20))
def test_more_runs_never_undo_what_was_done(results: list[Result]) -> None:
    made = course(ONE, TWO)
    done: set[str] = set()
    for end in range(len(results) + 1):
        now = {m.module.id for m in judged(made, *results[:end]).modules if m.state == "done"}
        assert done <= now
        done = now
