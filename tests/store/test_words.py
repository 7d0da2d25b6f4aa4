"""Scores that persons overrule, and what they write down."""

from collections.abc import Callable
from pathlib import Path

import pytest

from surgisim.errors import StoreError
from surgisim.store import Store

from .making import result, session_folder

SignIn = Callable[[str, str], Store]


@pytest.fixture
def teacher(admin: Store, signed_in: SignIn, home: Path) -> Store:
    """An instructor at a store with a session of Ann's, failed with 50 of 70 points."""
    admin.add(session_folder(home / "played"), result(50.0), "person", admin.pseudonym("ann"))
    return signed_in("miss", "instructor")


def test_the_original_stays_beside_what_was_overruled(teacher: Store) -> None:
    teacher.overrule(1, "found", "one was hidden by the picture", points=75.0)
    teacher.overrule(1, "found", "looked again", points=72.5)
    (found,) = teacher.results()
    assert (found.session.score, found.session.passed) == (50.0, False)
    assert (found.session.outcome, found.outcome) == ("failed", "passed")
    assert (found.original.total, found.original.passed) == (50.0, False)
    assert (found.final.total, found.final.passed) == (72.5, True)
    assert [(one.points, one.reason) for one in found.overrules] == [
        (75.0, "one was hidden by the picture"),
        (72.5, "looked again"),
    ]
    assert {one.by for one in found.overrules} == {str(teacher.actor.person)[:8]}
    teacher.overrule(1, "verdict", "was helped", passed=False)
    assert not teacher.results()[0].final.passed
    assert teacher.results()[0].outcome == "failed"
    assert teacher.verify().problems == ()


def test_sessions_are_looked_for_by_what_finally_came_of_them(teacher: Store) -> None:
    def numbers(outcome: str) -> list[int]:
        listed = [one.number for one in teacher.sessions(outcome=outcome)]
        assert listed == [one.session.number for one in teacher.results(outcome=outcome)]
        return listed

    assert (numbers("failed"), numbers("passed")) == ([1], [])
    teacher.overrule(1, "verdict", "was helped by the alarm", passed=True)
    assert (numbers("failed"), numbers("passed")) == ([], [1])


def test_a_record_that_breaks_off_is_passed_by_the_verdict_alone(
    admin: Store, teacher: Store, home: Path
) -> None:
    broken = result(50.0, seed=8).model_copy(update={"failed_by": ("too_hard", "points", "record")})
    admin.add(session_folder(home / "broken", 8), broken, "person", admin.pseudonym("ann"))
    teacher.overrule(2, "found", "seen", points=90.0)
    (_, found) = teacher.results()
    assert (found.final.passed, found.final.failed_by) == (False, ("too_hard", "record"))
    teacher.overrule(2, "verdict", "seen to its end", passed=True)
    assert teacher.results()[1].final.passed


def test_practice_has_no_verdict_to_overrule(admin: Store, teacher: Store, home: Path) -> None:
    practised = result(50.0, seed=8).model_copy(update={"outcome": "practice", "passed": None})
    admin.add(session_folder(home / "practice", 8), practised, "person", admin.pseudonym("ann"))
    with pytest.raises(StoreError, match="was practice, which is neither passed nor failed"):
        teacher.overrule(2, "verdict", "seen", passed=True)
    teacher.overrule(2, "found", "seen", points=90.0)
    assert (teacher.results()[1].outcome, teacher.results()[1].final.total) == ("practice", 90.0)
    left = practised.model_copy(update={"outcome": "interrupted", "failed_by": ("left",)})
    admin.add(session_folder(home / "left", 9), left, "person", admin.pseudonym("ann"))
    with pytest.raises(StoreError, match="was practice, which is neither passed nor failed"):
        teacher.overrule(3, "verdict", "seen", passed=True)
    teacher.overrule(3, "found", "seen", points=90.0)
    assert teacher.results()[2].outcome == "interrupted"


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ({"line": "elegance", "points": 1.0}, "has no line 'elegance' in its score; it has found"),
        ({"line": "found", "points": 100.5}, "'found' is worth 0 to 100 points, not 100.5"),
        ({"line": "found", "points": -1.0}, "'found' is worth 0 to 100 points, not -1"),
        ({"line": "found", "points": float("nan")}, "is worth 0 to 100 points, not nan"),
        ({"line": "found", "passed": True}, "give points for a line"),
        ({"line": "verdict", "points": 1.0}, "give points for a line"),
        ({"line": "found"}, "give points for a line"),
        ({"line": "found", "points": 1.0, "reason": " "}, "a reason has 1 to 10000 letters"),
        ({"line": "found", "points": 1.0, "number": 7}, "the store has no session 7"),
    ],
)
def test_what_cannot_be_is_refused(teacher: Store, words: dict[str, object], told: str) -> None:
    given = {"number": 1, "reason": "seen", **words}
    with pytest.raises(StoreError, match=told):
        teacher.overrule(**given)
    assert teacher.results()[0].overrules == ()


def test_a_session_that_has_not_ended_has_nothing_to_overrule(admin: Store, teacher: Store) -> None:
    entry = admin.begin("liver_palpation", 7, "mouse", "person", admin.pseudonym("ann"))
    with pytest.raises(StoreError, match="has not ended, so there is nothing to overrule"):
        teacher.overrule(entry.number, "verdict", "seen", passed=True)


def test_notes_are_read_in_their_order(teacher: Store) -> None:
    ann = teacher.pseudonym("ann")
    teacher.add_note(ann, "left-handed")
    teacher.add_note(ann, "  größer als 5 mm  ")
    assert [note.text for note in teacher.notes(ann)] == ["left-handed", "größer als 5 mm"]
    assert teacher.notes(ann)[0].at < teacher.notes(ann)[1].at
    with pytest.raises(StoreError, match="nobody in the store is"):
        teacher.add_note(teacher.pseudonym("bob"), "who?")
    assert teacher.verify().problems == ()
