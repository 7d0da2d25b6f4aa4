"""The order of a file decides nothing: where two things happen together, both orders do the same.

A statechart is deterministic if no look has two ways to go. The engine has none by its making: a
state is left by its condition before its deadline, everything of a look sees the same facts, and
what one complication causes begins with the next. Here procedures and facts are made up at random,
and the file is turned around.
"""

from collections import Counter
from pathlib import Path

import numpy as np
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from surgisim.procedure import Engine, Procedure
from surgisim.procedure.fit import fit
from surgisim.procedure.source import parse, plain
from surgisim.snapshot import Event

from .trial import HEAD, NOTHING

ATOMS = (
    "probe.touching",
    "capsule.torn",
    "limit.exceeded",
    "marks.count >= 1",
    "step.a.done",
    "step.b.done",
    "error.hit",
    "error.late",
    "complication.x.active",
    "response.late",
    "probe.touching for 0.06 s",
    "count(limit.exceeded) >= 2",
    "(probe.touching within 0.1 s of capsule.torn)",
)
GUARDS = st.one_of(
    st.sampled_from(ATOMS),
    st.tuples(
        st.sampled_from(ATOMS[:10]), st.sampled_from((" and ", " or ")), st.sampled_from(ATOMS[:10])
    ).map("".join),
)
CHANGE = "change: [{step: c, done_when: marks.count >= 1, time_limit: 0.1 s}]"
INTERRUPTS = st.sampled_from(
    ("{suspend: [a]}", "{suspend: [a, b]}", "{end: [b]}", "{complete: [a]}", "{suspend: [c]}")
)


@st.composite
def bodies(draw: st.DrawFn) -> tuple[str, str]:
    """The same procedure in two orders."""
    g = lambda: draw(GUARDS)  # noqa: E731
    steps = [
        f"  - {{id: a, title: A, done_when: '{g()}', time_limit: 0.2 s}}",
        f"  - {{id: b, title: B, needs: [a], done_when: '{g()}'}}",
        f"  - {{id: c, title: C, done_when: '{g()}'}}",
        "  - {id: d, title: D, needs: [a, b, c], done_when: trainee.finished}",
    ]
    errors = [
        f"  - {{id: hit, when: '{g()}', severity: minor, text: hit, penalty: 1}}",
        f"  - {{id: hot, when: '{g()}', severity: major, text: hot}}",
    ]
    complications = [
        f"  - {{id: x, title: X, when: '{g()}', interrupt: {draw(INTERRUPTS)},\n"
        f"     states: [{{id: s, until: '{g()} within 0.3 s', else: t}},\n"
        f"              {{id: t, until: '{g()}'}}],\n"
        f"     wrong: [{{id: slip, when: '{g()}', text: slip, penalty: 3, may_cause: z}}]}}",
        f"  - {{id: y, title: Y, when: '{g()}', interrupt: {{{CHANGE}}},\n"
        f"     states: [{{id: s, until: '{g()}', interrupt: {draw(INTERRUPTS)}}}],\n"
        f"     correct: [{{id: late, text: l, when: '{g()}',\n"
        "                 best: 0.1 s, worst: 0.4 s, penalty: 4}],\n"
        f"     wrong: [{{id: fall, when: '{g()}', text: fall, may_cause: z}}]}}",
        f"  - {{id: z, title: Z, states: [{{id: s, until: '{g()}'}}]}}",
    ]
    both = []
    for turn in (1, -1):
        parts = {
            "steps": steps[::turn],
            "errors": errors[::turn],
            "complications": complications[::turn],
        }
        both.append("".join(f"{key}:\n" + "\n".join(v) + "\n" for key, v in parts.items()))
    return both[0], both[1]


def played(procedure: Procedure, looks: list[list[bool]]) -> list[Counter[object]]:
    engine = Engine(procedure, np.random.default_rng(1))
    found = []
    for n, (touching, torn, exceeded, marked) in enumerate(looks):
        facts = NOTHING | {
            "probe.touching": touching,
            "capsule.torn": torn,
            "limit.exceeded": exceeded,
            "marks.count": float(marked),
        }
        found.append(Counter(map(seen, engine.update(n * 20, n * 0.02, facts))))
    return found


def seen(event: Event) -> object:
    """An event without the name of which of two complications is in a step's way."""
    values = {k: v for k, v in event.values.items() if k != "why" and not k.startswith("fact.")}
    if event.kind.startswith("step."):
        values.pop("complication", None)
    return event.tick, event.kind, event.text, tuple(sorted(values.items(), key=str))


def read(body: str) -> Procedure:
    """Read it with its head, though some of it may wait for itself."""
    text = HEAD.replace("end_when: trainee.finished\n", "") + body
    procedure, told, _ = fit(plain(parse(text)))
    assert procedure is not None
    assert not told
    return procedure


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(bodies(), st.lists(st.lists(st.booleans(), min_size=4, max_size=4), max_size=40))
def test_the_order_of_a_file_decides_nothing(
    body: tuple[str, str], looks: list[list[bool]]
) -> None:
    one, other = (played(read(text), looks) for text in body)
    assert one == other


def test_what_is_looked_for_would_be_found(tmp_path: Path) -> None:
    """Two procedures that differ are told apart by the comparison above."""
    text = "steps:\n  - {id: a, title: A, done_when: GUARD}\n"
    looks = [[n > 3, n > 5, False, False] for n in range(10)]
    guards = ("probe.touching", "capsule.torn")
    one, other = (played(read(text.replace("GUARD", guard)), looks) for guard in guards)
    assert one != other
