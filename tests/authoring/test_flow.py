"""What the flow tells of complications that get in the way of steps."""

from surgisim.authoring import beginning
from surgisim.authoring.flow import Flow, flow_of
from surgisim.procedure.load import loads

RESPONSES = """\
    interrupt:
      suspend: [search]
      change:
        - {step: report, text: Hand over, time_limit: 20 s}
    correct:
      - {id: let_go, text: let go, when: not probe.touching, best: 3 s, worst: 9 s, penalty: 5}
    wrong:
      - id: pressed_on
        when: probe.force > 1 N for 2 s
        text: pressed on the tear
        penalty: 10
        may_cause: deep_breath
        p: 30 %
        source: chosen
"""


def _flow() -> Flow:
    text = beginning("interrupted")
    plain = "    correct:\n      - stop pressing and say that you have finished\n"
    assert plain in text
    return flow_of(loads(text.replace(plain, RESPONSES), "interrupted"))


def test_steps_name_what_gets_in_their_way() -> None:
    steps = {step.id: step.troubles for step in _flow().steps}
    assert steps == {
        "touch": ("A may follow",),
        "search": ("B interrupts",),
        "report": ("B interrupts",),
    }


def test_a_complication_tells_what_becomes_of_steps() -> None:
    _, tear = _flow().troubles
    assert tear.effects[1:] == (
        "'Search the liver' stands still meanwhile",
        "meanwhile 'Report' reads 'Hand over', is late after 20 s",
    )
    assert tear.right == (
        "let go (when the probe does not touch the organ, in 3 s, else up to -5)",
    )
    (wrong,) = tear.wrong
    assert (wrong.text, wrong.cost, wrong.severity) == ("pressed on the tear", "-10", "minor")


def test_a_complication_tells_all_its_causes() -> None:
    breath, tear = _flow().troubles
    assert breath.causes == (
        "by chance in 50 % of sessions, 5 s to 15 s after 'Touch the liver'",
        "by B: pressed on the tear, in 30 % of cases",
    )
    assert tear.causes == ("when the organ's capsule has torn",)
    bleeding, worse = tear.stages
    assert [(way.when, way.target) for way in bleeding.exits] == [
        ("the trainee has declared the work finished", "end"),
        ("after 45 s", "worse"),
    ]
    assert [way.target for way in worse.exits] == ["end"]


def test_a_critical_mistake_fails_an_assessment_and_keeps_practice_from_its_goal() -> None:
    text = beginning("torn")
    costs = [one.cost for one in flow_of(loads(text, "torn")).mistakes]
    assert costs == ["-2", "-20, no goal reached"]
    exam = text.replace("purpose: practice", "purpose: assessment")
    assert [one.cost for one in flow_of(loads(exam, "torn")).mistakes] == ["-2", "-20, fails"]
