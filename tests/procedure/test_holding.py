"""What is told of conditions before anything is played is true of them when they are."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from surgisim.procedure.expression import parse
from surgisim.procedure.guard import Guard
from surgisim.procedure.holding import always_holds, can_hold, earliest, why_never
from surgisim.procedure.implication import implies
from surgisim.procedure.load import loads
from surgisim.procedure.spans import spans_of
from surgisim.procedure.words import words_of

from .trial import HEAD

PROCEDURE = loads(
    HEAD.replace("  capsule: liver_capsule\n", "")
    + "steps:\n  - {id: a, title: A, done_when: probe.touching}\n",
    "trial",
)
WORDS, SPANS = words_of(PROCEDURE), spans_of(PROCEDURE)
ATOMS = st.sampled_from(
    (
        "probe.touching",
        "capsule.torn",
        "step.a.late",
        "probe.force > 2 N",
        "probe.force < 1 N",
        "1 N >= probe.force",
        "probe.force <= limit.force",
        "nodules.count > 3",
        "nodules.count == 3",
        "marks.count != 0",
        "marks.count < 0",
        "blood.lost > 1 mL",
        "time > 0.5 s",
        "true",
        "false",
    )
)
CONDITIONS = st.recursive(
    ATOMS,
    lambda inner: st.one_of(
        inner.map("not ({})".format),
        inner.map("({}) for 0.1 s".format),
        inner.map("count({}) >= 2".format),
        st.tuples(inner, inner).map(lambda two: f"({two[0]}) and ({two[1]})"),
        st.tuples(inner, inner).map(lambda two: f"({two[0]}) or ({two[1]})"),
        st.tuples(inner, inner).map(lambda two: f"({two[0]}) within 0.2 s of ({two[1]})"),
    ),
    max_leaves=6,
)
LOOKS = st.lists(
    st.tuples(st.booleans(), st.sampled_from((0.0, 0.9, 1.5, 2.5, 4.0)), st.integers(0, 2)),
    min_size=1,
    max_size=40,
)


def seen(look: tuple[bool, float, int], time_s: float) -> dict[str, float | bool]:
    touching, force, marks = look
    facts = {n: False if w.unit == "bool" else 0.0 for n, w in WORDS.items()}
    constant = {"limit.force": 3.0, "nodules.count": 3.0, "time": time_s}
    moving = {"probe.touching": touching, "probe.force": force, "marks.count": float(marks)}
    return facts | constant | moving


@settings(max_examples=300, deadline=None)
@given(CONDITIONS, LOOKS)
def test_what_is_told_never_or_always_to_hold_does_so(
    text: str, looks: list[tuple[bool, float, int]]
) -> None:
    node, guard = parse(text).condition, Guard(text, WORDS)
    held = [guard.holds(seen(look, n * 0.02), n * 0.02) for n, look in enumerate(looks)]
    if not can_hold(node, SPANS):
        assert not any(held)
        assert why_never(node, SPANS, WORDS) is not None
    if always_holds(node, SPANS):
        assert all(held)
    first = next((n * 0.02 for n, holds in enumerate(held) if holds), None)
    assert first is None or first >= earliest(node, 0.0) - 1e-9


@settings(max_examples=300, deadline=None)
@given(CONDITIONS, CONDITIONS, LOOKS)
def test_what_is_told_to_follow_follows(
    one: str, other: str, looks: list[tuple[bool, float, int]]
) -> None:
    if not implies(parse(one).condition, parse(other).condition):
        return
    guards = Guard(one, WORDS), Guard(other, WORDS)
    for n, look in enumerate(looks):
        first, second = (guard.holds(seen(look, n * 0.02), n * 0.02) for guard in guards)
        assert second or not first


@pytest.mark.parametrize(
    ("one", "other", "follows"),
    [
        ("trainee.finished", "trainee.finished or time > 5 s", True),
        ("trainee.finished and probe.touching", "trainee.finished", True),
        ("trainee.finished for 2 s", "trainee.finished", True),
        ("trainee.finished or probe.touching", "trainee.finished", False),
        ("trainee.finished", "trainee.finished for 2 s", False),
        ("probe.touching and trainee.finished", "trainee.finished and probe.touching", True),
    ],
)
def test_what_follows_is_found(one: str, other: str, follows: bool) -> None:
    assert implies(parse(one).condition, parse(other).condition) is follows
