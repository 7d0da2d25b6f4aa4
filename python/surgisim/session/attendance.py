"""Whether a person in a headset can play: what comes and goes is recorded, the procedure stands."""

from __future__ import annotations

from collections.abc import Callable

from surgisim.session.look import Looks
from surgisim.xr.connection import Connection, Story

__all__ = ["Attendance", "News", "away_text"]

_UNFOCUSED = "the headset is not worn, or shows something else"


def away_text(why: str) -> str:
    """Say that the headset is away, and why if that is known."""
    return f"the headset is away ({why})" if why else "the headset is away"


class News:
    """Tells a person at the desktop what becomes of the headset, each thing once.

    Parameters
    ----------
    tell
        Takes a sentence.
    """

    def __init__(self, tell: Callable[[str], None]) -> None:
        self._tell = tell
        self._losses = self._returns = 0

    def look(self, story: Story) -> None:
        """Tell what is new in a story."""
        if story.losses > self._losses:
            self._tell(f"{away_text(story.why)}; it is looked for again and again")
        if len(story.away_s) > self._returns:
            self._tell(f"the headset is back after {story.away_s[-1]:.1f} s")
        self._losses, self._returns = story.losses, len(story.away_s)


class Attendance:
    """Watches over headset and hand, once a look.

    Parameters
    ----------
    connection
        The headset.
    played
        Whether a person plays with it; a script needs neither headset nor hand.
    by_hand
        Whether the tracked hand moves the tool.
    """

    def __init__(self, connection: Connection, *, played: bool, by_hand: bool) -> None:
        self._connection = connection
        self._played = played
        self._by_hand = by_hand
        self._losses = 0
        self._away = self._lost = False

    def look(self, looks: Looks) -> None:
        """Record what came or went since the last look, and let the procedure stand or go on."""
        self._note_headset(looks)
        if not self._played:
            return
        takes_input = self._connection.takes_input
        is_away = self._connection.headset is None
        why = away_text(self._connection.story.why) if is_away else _UNFOCUSED
        looks.stand("" if takes_input else why)
        if takes_input and self._by_hand:  # while it stands nobody knows of the hand
            tool = self._connection.tool
            self._note_hand(looks, tool.position is None or not tool.tracked)

    def _note_headset(self, looks: Looks) -> None:
        story, away = self._connection.story, self._connection.headset is None
        if story.losses > self._losses:
            self._losses = story.losses
            looks.note("headset.lost", away_text(story.why))
            self._away = True
        if self._away and not away and story.away_s:
            looks.note("headset.back", f"the headset is back after {story.away_s[-1]:.1f} s")
            self._away = False

    def _note_hand(self, looks: Looks, lost: bool) -> None:
        if lost != self._lost:
            text = "the hand is not tracked" if lost else "the hand is tracked again"
            looks.note("tool.lost" if lost else "tool.found", text)
            self._lost = lost
