"""From outcomes to rates and to a verdict."""

import pytest

from surgisim.rehearsal.outcome import Outcome
from surgisim.rehearsal.summary import Summary, summarise
from surgisim.rehearsal.verdict import Verdict, judge

from .made import TEXT, outcome, plan


def summed(change: object = None, runs: int = 100) -> tuple[Summary, Verdict]:
    of = plan(runs=runs)
    done = {run: outcome(run.trainee, run.seed) for run in of.runs()}
    if change is not None:
        done = {run: change(one) for run, one in done.items()}  # type: ignore[operator]
    summary = summarise(of, done)
    return summary, judge(summary, of, 0.95)


def test_rates_are_counted_by_group() -> None:
    summary, _ = summed()
    careful = summary.group("careful", 1.0)
    assert careful is not None
    assert (careful.passed.count, careful.passed.of) == (100, 100)
    assert careful.steps["report"].count == 100  # late is done as well
    assert careful.complications["now_and_then"].count == 20
    assert careful.errors["too_hard"].count == 0
    dangerous = summary.group("dangerous", 1.0)
    assert dangerous is not None
    assert dangerous.errors["too_hard"].count == 100
    assert dangerous.score.mean == pytest.approx(22.0)


def test_the_order_in_which_runs_came_does_not_show() -> None:
    of = plan(runs=20)
    done = {run: outcome(run.trainee, run.seed) for run in of.runs()}
    assert summarise(of, dict(reversed(done.items()))) == summarise(of, done)


def test_each_seed_is_drawn_once_whoever_plays_it() -> None:
    summary, _ = summed()
    drawn = {hazard.id: hazard.drawn for hazard in summary.hazards}
    assert (drawn["even"].count, drawn["even"].of) == (50, 100)


def test_a_sound_procedure_has_no_faults() -> None:
    _, verdict = summed()
    assert verdict.faults == ()
    assert verdict.good[:2] == (
        "careful reached the goal in 100 of 100 runs, and 95 % are asked for",
        "dangerous reached the goal in none of 100 runs",
    )


def test_an_assessment_is_passed_and_practice_has_a_goal() -> None:
    of = plan(text=TEXT.replace("purpose: practice", "purpose: assessment"), runs=10)
    done = {run: outcome(run.trainee, run.seed, passed=True) for run in of.runs()}
    verdict = judge(summarise(of, done), of, 0.95)
    assert verdict.good[0] == "careful passed 10 of 10 runs, and 95 % are asked for"
    assert verdict.faults[0].startswith("dangerous passed 10 of 10 runs and must pass none: make")
    assert verdict.faults[0].endswith("or the pass mark higher")


def careful_fails(one: Outcome) -> Outcome:
    fails = one.trainee == "careful" and one.seed % 10 == 0
    lost = {"passed": False, "score": 57.0, "lines": {"force": 22.0, "time": 35.0}}
    return one.model_copy(update=lost) if fails else one


def dangerous_passes(one: Outcome) -> Outcome:
    passes = one.trainee == "dangerous" and one.seed == 3
    return one.model_copy(update={"passed": True}) if passes else one


def rare_is_common(one: Outcome) -> Outcome:
    return one if "rare" in one.drawn else one.model_copy(update={
        "drawn": (*one.drawn, "rare"),
        "due": (*one.due, "rare"),
        "complications": {**one.complications, "rare": "chance"},
    })  # fmt: skip


def always_is_missed(one: Outcome) -> Outcome:
    if one.trainee != "careful" or one.seed > 30:
        return one
    began = {name: cause for name, cause in one.complications.items() if name != "always"}
    due = tuple(name for name in one.due if name != "always")
    return one.model_copy(update={"complications": began, "due": due})


def engine_forgets(one: Outcome) -> Outcome:
    began = {name: cause for name, cause in one.complications.items() if name != "even"}
    return one.model_copy(update={"complications": began}) if one.seed == 8 else one


def breaks(one: Outcome) -> Outcome:
    return Outcome.broken(one.run, "its process ended with signal 9") if one.seed == 5 else one


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        (
            careful_fails,
            "careful reached the goal in 90 of 100 runs, below the 95 % that are asked for: seeds "
            "10 (57.0 points), 20 (57.0 points), 30 (57.0 points), 40 (57.0 points), 50 (57.0 "
            "points) and 5 more did not, most was lost by 'Peak force', 38.0 points on average",
        ),
        (
            dangerous_passes,
            "dangerous reached the goal in 1 of 100 runs and must in none: make what it does wrong "
            "a critical mistake, or the goal higher",
        ),
        (
            rare_is_common,
            "'rare' is declared in 3 % of sessions, and chance drew it in 100 of 100 seeds, which "
            "are not the same at 99 %",
        ),
        (
            always_is_missed,
            "'always' is declared in 100 % of sessions, and careful met it in 70 of 100: sessions "
            "end before its window of 1 to 2 s after 'touch'",
        ),
        (
            engine_forgets,
            "'even' did not begin when chance had drawn it, or began without, in 2 runs (seeds 8, "
            "8): the engine and the draw disagree",
        ),
        (
            breaks,
            "2 of 200 runs broke; the first was careful with seed 5: its process ended with signal "
            "9",
        ),
    ],
)
def test_each_fault_is_one_sentence(change: object, fault: str) -> None:
    _, verdict = summed(change)
    assert fault in verdict.faults


def test_a_run_that_did_not_pass_can_be_played_again() -> None:
    _, verdict = summed(careful_fails)
    assert verdict.again == "surgisim run hazards --trainee careful --seed 10"
    assert summed()[1].again == ""


def test_points_that_mistakes_cost_and_critical_ones_are_told() -> None:
    text = TEXT.replace("severity: major", "severity: critical")
    made = {"passed": False, "score": 50.0, "errors": {"too_hard": 4}}
    made["lines"] = {"force": 60.0, "time": 40.0}
    of = plan(("careful",), 1, text=text)
    done = {run: outcome(run.trainee, run.seed, **made) for run in of.runs()}
    (fault,) = judge(summarise(of, done), of, 0.95).faults
    assert fault == (
        "careful reached the goal in 0 of 1 runs, below the 95 % that are asked for: seed 1 (50.0 "
        "points) did not, most was lost by 'mistakes', 50.0 points, and 1 made a critical mistake"
    )


def test_too_much_chance_is_one_fault_and_not_said_to_come_too_late() -> None:
    _, verdict = summed(rare_is_common)
    assert len(verdict.faults) == 1
    assert "chance drew it in 100 of 100" in verdict.faults[0]


def test_what_a_trainee_can_cause_has_no_declared_rate_among_trainees() -> None:
    def caused(one: Outcome) -> Outcome:
        return one.model_copy(update={"complications": {**one.complications, "even": "caused"}})

    _, verdict = summed(caused)
    assert verdict.faults == ()


def test_where_every_run_broke_chance_agrees_with_nothing() -> None:
    _, verdict = summed(lambda one: Outcome.broken(one.run, "gone"), runs=2)
    assert verdict.good == ()
    assert len(verdict.faults) == 1


def test_without_careful_nothing_is_said_of_it() -> None:
    of = plan(trainees=("random",), runs=10)
    done = {run: outcome("random", run.seed) for run in of.runs()}
    verdict = judge(summarise(of, done), of, 0.95)
    assert not [text for text in verdict.good if "careful" in text]
