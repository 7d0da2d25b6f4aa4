"""What comes and goes with a headset is told as it is."""

from dataclasses import dataclass, field

import pytest

from surgisim.session.attendance import Attendance, News
from surgisim.snapshot import ToolInput
from surgisim.xr.connection import Story

SEEN = ToolInput(source="controller", position=(0.0, 0.0, 0.0), tracked=True)
UNSEEN = ToolInput(source="controller")


@dataclass
class Headset:
    """A connection made of numbers."""

    takes_input: bool = True
    tool: ToolInput = SEEN
    headset: object | None = "here"
    story: Story = field(default_factory=Story)


class Notes:
    """The looks of a session, as far as they are told something."""

    def __init__(self) -> None:
        self.kinds: list[str] = []
        self.why = ""

    def note(self, kind: str, _: str) -> None:
        self.kinds.append(kind)

    def stand(self, why: str) -> None:
        self.why = why


def test_a_hand_is_not_told_to_be_found_because_the_procedure_stands() -> None:
    headset, notes = Headset(), Notes()
    attendance = Attendance(headset, played=True, by_hand=True)
    headset.tool = UNSEEN
    attendance.look(notes)
    assert notes.kinds == ["tool.lost"]
    headset.takes_input = False
    attendance.look(notes)
    assert notes.why
    assert notes.kinds == ["tool.lost"]
    headset.takes_input, headset.tool = True, SEEN
    attendance.look(notes)
    assert notes.kinds == ["tool.lost", "tool.found"]
    assert not notes.why


@pytest.mark.parametrize(("played", "by_hand"), [(True, False), (False, True)])
def test_a_hand_that_moves_nothing_cannot_be_lost(played: bool, by_hand: bool) -> None:
    headset, notes = Headset(tool=UNSEEN), Notes()
    Attendance(headset, played=played, by_hand=by_hand).look(notes)
    assert notes.kinds == []


def test_why_the_headset_is_away_is_recorded_shown_and_told_once() -> None:
    headset, notes, told = Headset(), Notes(), []
    attendance, news = Attendance(headset, played=True, by_hand=True), News(told.append)
    headset.headset, headset.takes_input = None, False
    headset.story = Story(losses=1, why="the session was lost")
    for _ in range(3):
        attendance.look(notes)
        news.look(headset.story)
    assert notes.kinds == ["headset.lost"]
    assert notes.why == "the headset is away (the session was lost)"
    assert len(told) == 1
    assert told[0].startswith("the headset is away (the session was lost)")
    headset.story.away_s.append(1.25)
    news.look(headset.story)
    news.look(headset.story)
    assert told[1:] == ["the headset is back after 1.2 s"]
