"""What a person says on a line counts, and the verdict follows from it."""

import pytest

from surgisim.scoring import Overrule, Score, ScoreLine, overruled

LINES = (
    ScoreLine("found", "nodules found", 0.5, "1", 30.0, 60.0, 12.0, "half of them"),
    ScoreLine("time", "time", 60.0, "s", 30.0, 40.0, None, "a minute"),
    ScoreLine("too_hard", "Pressed hard.", 1.0, "1", -5.0, 0.0, 3.0, "once"),
)
FAILED = Score(55.0, 100.0, False, LINES, ("points",))


def word(line: str, points: float | None = None, passed: bool | None = None) -> Overrule:
    return Overrule(line, points, passed, "seen on the video", "an instructor", "2026-11-30")


def test_without_a_word_the_score_is_the_same() -> None:
    assert overruled(FAILED, 70.0, ()) is FAILED


def test_points_of_a_line_are_summed_again_and_pass() -> None:
    score = overruled(FAILED, 70.0, [word("found", 45.0)])
    assert (score.total, score.passed, score.failed_by) == (70.0, True, ())
    assert [line.points for line in score.lines] == [45.0, 30.0, -5.0]
    assert score.lines[0].text == LINES[0].text


def test_the_latest_word_on_a_line_counts() -> None:
    words = [word("found", 45.0), word("time", 40.0), word("found", 10.0)]
    assert overruled(FAILED, 70.0, words).total == 45.0


def test_the_total_stays_within_0_and_100() -> None:
    assert overruled(FAILED, 70.0, [word("found", 200.0)]).total == 100.0
    assert overruled(FAILED, 70.0, [word("found", -200.0)]).total == 0.0


def test_a_critical_mistake_fails_until_the_verdict_itself_is_overruled() -> None:
    critical = Score(80.0, 100.0, False, LINES, ("too_hard",))
    forgiven = overruled(critical, 50.0, [word("too_hard", 0.0)])
    assert (forgiven.total, forgiven.passed, forgiven.failed_by) == (60.0, False, ("too_hard",))
    passed = overruled(critical, 50.0, [word("too_hard", 0.0), word("verdict", passed=True)])
    assert passed.passed


def test_a_verdict_may_be_overruled_to_failed() -> None:
    good = Score(90.0, 100.0, True, LINES, ())
    assert not overruled(good, 70.0, [word("verdict", passed=False)]).passed


@pytest.mark.parametrize("mark", [None, 70.0])
def test_a_word_on_a_line_that_is_not_there_changes_nothing(mark: float | None) -> None:
    score = overruled(FAILED, mark, [word("elegance", 50.0)])
    assert score.total == 55.0
    assert score.passed is (mark is None)
