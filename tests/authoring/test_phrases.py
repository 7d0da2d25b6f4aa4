"""Conditions as a person would say them."""

import pytest

from surgisim.authoring.phrases import condition, deadline, lasting, measured
from surgisim.procedure.guard import Guard
from surgisim.procedure.vocabulary import facts_of

WORDS = facts_of(["touch", "look"], ["slip"], ["tear"])
TITLES = {
    "step.touch": "Touch the liver",
    "step.look": "See what is torn",
    "complication.tear": "Torn capsule",
}


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("probe.touching", "the probe touches the organ"),
        ("not probe.touching", "the probe does not touch the organ"),
        ("probe.touching for 3 s", "the probe touches the organ for 3 s"),
        ("probe.force > 2.5 N", "force between probe and organ: more than 2.5 N"),
        ("marks.count >= 3", "marks set: at least 3"),
        ("marks.count >= nodules.count", "marks set: at least as many as nodules in the organ"),
        ("count(limit.exceeded) >= 3", "the force limit was exceeded, at least 3 times"),
        (
            "capsule.torn or trainee.finished",
            "the organ's capsule has torn, or the trainee has declared the work finished",
        ),
        (
            "trainee.finished within 10 s of capsule.torn",
            "the trainee has declared the work finished, at most 10 s after the organ's capsule "
            "has torn",
        ),
        ("not (probe.touching for 3 s)", "not (the probe touches the organ for 3 s)"),
        ("not probe.touching for 3 s", "the probe does not touch the organ for 3 s"),
        (
            "not (count(limit.exceeded) >= 3)",
            "not (the force limit was exceeded, at least 3 times)",
        ),
        (
            "count(probe.touching or capsule.torn) > 1",
            "(the probe touches the organ, or the organ's capsule has torn), more than 1 times",
        ),
        (
            "not view.fogged",
            "not (the lens is fogged, so that targets cannot be made out)",
        ),
        ("not step.look.done", "'See what is torn' is not done"),
        ("not step.look.suspended", "'See what is torn' does not stand still"),
        ("trainee.finished within 45 s", "the trainee has declared the work finished"),
        ("step.touch.done", "'Touch the liver' is done"),
        ("not step.touch.late", "'Touch the liver' did not run over its time limit"),
        ("complication.tear.active for 2 min", "'Torn capsule' goes on for 2 min"),
        ("error.slip", "error slip has happened at least once"),
        (
            "(probe.touching for 3 s) and not (capsule.torn or limit.exceeded)",
            "(the probe touches the organ for 3 s), and not (the organ's capsule has torn, or the "
            "force limit was exceeded)",
        ),
    ],
)
def test_a_condition_in_words(written: str, said: str) -> None:
    Guard(written, WORDS, deadline_allowed=True)  # it is one
    assert condition(written, WORDS, TITLES) == said


def test_every_fact_can_be_said_and_denied() -> None:
    for name, word in WORDS.items():
        if word.unit == "bool":
            said = condition(name, WORDS, TITLES)
            assert condition(f"not {name}", WORDS, TITLES) != said
            assert "  " not in said


def test_times_and_values() -> None:
    assert deadline("probe.touching within 45 s") == 45.0
    assert deadline("probe.touching for 3 s") is None
    assert [lasting(s) for s in (0.2, 60.0, 90.0, 120.0, 600.0)] == [
        "0.2 s",
        "60 s",
        "90 s",
        "2 min",
        "10 min",
    ]
    assert measured(5e-5, "m3") == "50 mL"
    assert measured(3.0, "1") == "3"
