from collections.abc import Callable

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from surgisim.procedure.expression import GuardError, parse
from surgisim.procedure.guard import Guard
from surgisim.procedure.vocabulary import facts_of

WORDS = facts_of(["touch"], ["pressed"], ["tear"])
FACTS: dict[str, float | bool] = {
    name: False if word.unit == "bool" else 0.0 for name, word in WORDS.items()
}


def facts(**values: float | bool) -> dict[str, float | bool]:
    return FACTS | {name.replace("__", "."): value for name, value in values.items()}


def holds(text: str, **values: float | bool) -> bool:
    return Guard(text, WORDS).holds(facts(**values), 0.0)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("probe.touching", True),
        ("not probe.touching", False),
        ("not not probe.touching", True),
        ("probe.force > 1 N", True),
        ("probe.force > 1500 mN", True),
        ("2000 mN >= probe.force", True),
        ("probe.force > limit.force", False),
        ("probe.force > 1 N and probe.speed < 10 mm/s", True),
        ("probe.force > 3 N or probe.touching", True),
        ("(probe.force > 3 N or probe.touching) and not capsule.torn", True),
        ("probe.speed > -1 mm/s", True),
        (".5 N < probe.force", True),
        ("marks.count == 2", True),
        ("marks.count != 2", False),
        ("marks.count >= nodules.count", False),
        ("blood.lost < 50 mL", True),
        ("blood.rate < 60 mL/min", True),
        ("capsule.strain < 30 %", True),
        ("time < 2 min", True),
        ("step.touch.done", True),
        ("error.pressed or complication.tear.active", False),
        ("true and not false", True),
    ],
)
def test_conditions(text: str, expected: bool) -> None:
    found = holds(
        text,
        probe__touching=True,
        probe__force=2.0,
        probe__speed=0.005,
        limit__force=3.0,
        marks__count=2.0,
        nodules__count=3.0,
        blood__lost=49e-6,
        blood__rate=0.9e-6,
        capsule__strain=0.29,
        time=100.0,
        step__touch__done=True,
    )
    assert found is expected


def run(text: str, fact: Callable[[int], dict[str, float | bool]], looks: int = 300) -> list[int]:
    """Looks, at 50 Hz, at which the guard holds."""
    guard = Guard(text, WORDS)
    return [n for n in range(looks) if guard.holds(facts(**fact(n)), n * 0.02)]


def test_for_needs_an_unbroken_time() -> None:
    touching = [*range(50), *range(51, 130)]
    found = run("probe.touching for 1 s", lambda n: {"probe__touching": n in touching})
    assert found == list(range(101, 130))


def test_not_binds_closer_than_for() -> None:
    found = run("not probe.touching for 1 s", lambda n: {"probe__touching": n < 100})
    assert found == list(range(150, 300))


def test_within_of_looks_back() -> None:
    found = run(
        "trainee.finished within 1 s of capsule.torn",
        lambda n: {"capsule__torn": n == 40, "trainee__finished": n in (20, 60, 90, 91, 200)},
    )
    assert found == [60, 90]


def test_count_counts_beginnings() -> None:
    found = run("count(probe.touching) >= 3", lambda n: {"probe__touching": n % 20 < 10}, 60)
    assert found == list(range(40, 60))


def test_every_part_is_asked_at_every_look() -> None:
    text = "capsule.torn or (probe.touching for 1 s)"
    torn_then_not = run(text, lambda n: {"capsule__torn": n < 60, "probe__touching": True}, 70)
    assert torn_then_not == list(range(70))


def test_reset_forgets() -> None:
    guard = Guard("probe.touching for 1 s", WORDS)
    assert not guard.holds(facts(probe__touching=True), 0.0)
    guard.reset()
    assert not guard.holds(facts(probe__touching=True), 1.5)
    assert guard.holds(facts(probe__touching=True), 2.5)


def test_deadline_is_read_apart() -> None:
    guard = Guard("trainee.finished or capsule.torn within 1 min", WORDS, deadline_allowed=True)
    assert guard.deadline_s == 60.0
    assert guard.names == {"trainee.finished", "capsule.torn"}
    held = Guard("probe.touching for 3 s within 1 min", WORDS, deadline_allowed=True)
    assert held.deadline_s == 60.0


@pytest.mark.parametrize(
    ("text", "offset", "message"),
    [
        ("", 0, "the condition ends too early"),
        ("probe.touching and", 18, "the condition ends too early"),
        ("probe.touching probe.touching", 15, "'probe.touching' is not expected here"),
        ("probe.touching)", 14, "')' is not expected here"),
        ("count probe.touching", 0, "'count' needs parentheses: count(condition)"),
        ("probe.touching for", 18, "'for' needs a time such as 'for 3 s'"),
        (
            "probe.touching for 3 s for 4 s",
            23,
            "a second 'for' here: put parentheses around the first",
        ),
        ("count(probe.force) > 2", 6, None),
        ("capsule.torn and 3", 17, None),
        ("probe.force + 1 N > 2 N", 12, "the sign + has no meaning in a condition"),
        ("probe.force > - 1 N", 14, "the sign - has no meaning in a condition"),
        ("lambda: 1", 6, "the sign : has no meaning in a condition"),
        ("probe.__class__", 0, None),
        ("(" * 60 + "true" + ")" * 60, 40, "more than 40 levels inside each other"),
        ("not " * 60 + "true", 160, "more than 40 levels inside each other"),
        ("true and " * 300 + "true", 0, "the condition is longer than 2000 characters"),
    ],
)
def test_refusals(text: str, offset: int, message: str | None) -> None:
    with pytest.raises(GuardError) as caught:
        Guard(text, WORDS)
    assert caught.value.offset == offset
    assert message is None or str(caught.value) == message


WORDS_OF_GUARDS = """
probe.force probe.touching marks.count nosuch.name and or not for within of count ( ) ( )
< <= > >= == != = 3 3N 3.5 0.2 s 2 min true false . , + - * ' " # é
"""
PIECES = st.sampled_from([*WORDS_OF_GUARDS.split(), "\n", "\t"])


@given(st.one_of(st.text(max_size=60), st.lists(PIECES, max_size=14).map(" ".join)))
@example("probe.force > 1 N s")
@example("٣")
def test_any_text_is_read_or_refused_at_a_place_inside_it(text: str) -> None:
    for allowed in (False, True):
        try:
            guard = Guard(text, WORDS, deadline_allowed=allowed)
        except GuardError as error:
            assert 0 <= error.offset <= len(text)  # noqa: PT017 a refusal or an answer
        else:
            assert guard.holds(FACTS, 0.0) in (True, False)


CONDITIONS = st.recursive(
    st.sampled_from(["probe.touching", "capsule.torn", "probe.force > 1 N", "marks.count >= 2"]),
    lambda inner: st.one_of(
        inner.map("(not {})".format),
        st.tuples(inner, inner).map("({0[0]} and {0[1]})".format),
        st.tuples(inner, inner).map("({0[0]} or {0[1]})".format),
    ),
    max_leaves=12,
)


@given(CONDITIONS, st.booleans(), st.booleans(), st.floats(0, 3), st.integers(0, 4))
def test_agrees_with_python(text: str, touch: bool, torn: bool, force: float, marks: int) -> None:
    answer = text.replace("probe.touching", str(touch)).replace("capsule.torn", str(torn))
    answer = answer.replace("probe.force > 1 N", str(force > 1.0))
    answer = answer.replace("marks.count >= 2", str(marks >= 2))
    found = holds(
        text, probe__touching=touch, capsule__torn=torn, probe__force=force, marks__count=marks
    )
    assert found is eval(answer, {})  # noqa: S307 a text of True, False, and, or, not alone


def test_parse_keeps_the_text_of_numbers() -> None:
    assert "'0.5 N'" in repr(parse("probe.force > 0.5 N").condition)
