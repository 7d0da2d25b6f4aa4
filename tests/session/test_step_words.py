"""What the window says of a step, also while a complication holds it up."""

import numpy as np
from tests.procedure.trial import HEAD, NOTHING

from surgisim.procedure import Engine
from surgisim.procedure.load import loads
from surgisim.session.step_words import counted, instruction

BODY = """\
steps:
  - {id: search, title: Search, text: Go over it., done_when: marks.count >= 1}
  - {id: report, title: Report, needs: [search], done_when: trainee.finished}
complications:
  - id: tear
    title: Torn capsule
    text: the capsule has torn
    when: capsule.torn
    interrupt: INTERRUPT
    states:
      - {id: bleeding, text: blood runs over the liver, until: probe.path > 1 m, then: worse}
      - {id: worse, until: probe.path > 2 m}
"""


def engine_of(interrupt: str) -> Engine:
    text = HEAD + BODY.replace("INTERRUPT", interrupt)
    return Engine(loads(text, "trial"), np.random.default_rng(1))


def test_a_suspended_step_says_so_and_what_goes_on() -> None:
    engine = engine_of("{suspend: [search]}")
    engine.update(0, 0.0, NOTHING)
    assert (instruction(engine), counted(engine)) == (("Search", "Go over it."), (1, 2))
    torn = NOTHING | {"capsule.torn": True}
    engine.update(20, 0.02, torn)
    told = "Torn capsule: blood runs over the liver."
    assert (instruction(engine), counted(engine)) == (("Search: suspended", told), (1, 2))
    engine.update(40, 0.04, torn | {"probe.path": 1.5})
    assert instruction(engine)[1] == "Torn capsule: the capsule has torn."  # a state without text
    engine.update(60, 0.06, torn | {"probe.path": 2.5})
    assert instruction(engine) == ("Search", "Go over it.")


def test_a_step_that_waits_says_so() -> None:
    engine = engine_of("{suspend: [report]}")
    engine.update(0, 0.0, NOTHING | {"capsule.torn": True})
    engine.update(20, 0.02, NOTHING | {"capsule.torn": True, "marks.count": 1.0})
    told = "Torn capsule: blood runs over the liver."
    assert (instruction(engine), counted(engine)) == (("Report: waits", told), (2, 2))


def test_a_changed_step_is_told_as_it_is_meanwhile() -> None:
    engine = engine_of("{change: [{step: search, text: Press a swab on the tear}]}")
    engine.update(0, 0.0, NOTHING | {"capsule.torn": True})
    assert instruction(engine) == ("Press a swab on the tear", "")


def test_a_hint_takes_the_place_of_the_text() -> None:
    text = HEAD + BODY.replace("INTERRUPT", "{suspend: [search]}")
    text = text.replace(
        "text: Go over it.,", "text: Go over it., hints: [{after: 1 s, text: Press.}],"
    )
    engine = Engine(loads(text, "trial"), np.random.default_rng(1))
    engine.update(0, 0.0, NOTHING)
    assert instruction(engine) == ("Search", "Go over it.")
    engine.update(1000, 1.0, NOTHING)
    assert instruction(engine) == ("Search", "Hint: Press.")
    engine.update(1020, 1.02, NOTHING | {"capsule.torn": True})
    assert instruction(engine)[0] == "Search: suspended"
