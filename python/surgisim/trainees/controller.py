"""A person with a tracked controller, or a bare hand: the tool goes where the hand is.

A press of the trigger (or a pinch) sets a mark, as the mark button does; the menu button, held for
a second, says that the work is finished. While the clutch is held the hand moves without the tool.
A hand that is not tracked moves nothing: the tool stays where it was, and what it does there is
not scored. When it is seen again, and where its place leaps as by recentring, the tool does not but
comes to it, two thirds of the way in `CATCH_UP_S`. What is pressed when a pause ends counts for
nothing until it is pressed anew.
"""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from surgisim.snapshot import ToolInput, Vector
from surgisim.trainees.trainee import Action, Sight

__all__ = ["CATCH_UP_S", "FINISH_S", "Controlled"]

FINISH_S = 1.0
"""How long the menu button is to be held."""

CATCH_UP_S = 0.3
"""Time constant with which a tool comes to a hand that was lost."""

FASTEST_M_S = 4.0
"""A place that moves faster has leapt: no hand does (the same figure as for a device's hand)."""

_CLOSED, _OPEN = 0.7, 0.4  # of the trigger: where a press begins, and where it is over

Floats = NDArray[np.float64]
Read = Callable[[], ToolInput]
Place = Callable[[Vector], Vector]


class Controlled:
    """A person whose hand is tracked.

    Parameters
    ----------
    read
        Returns what the hand does now.
    place
        Where the tool is to be for a place of the hand, world m; the rig's scale.
    moves
        Whether the hand moves the tool; a haptic device does otherwise, and the hand only marks.

    Attributes
    ----------
    lost
        Whether the hand is not tracked at present, so that the tool stands still.
    aim
        Where the tool was told to go, or None before the hand was seen.
    """

    def __init__(self, read: Read, place: Place, *, moves: bool = True) -> None:
        self._read = read
        self._place = place
        self._moves = moves
        self.aim: Vector | None = None
        self.lost = False
        self._shift = np.zeros(3)
        self._clutched = False
        self._behind = np.zeros(3)
        self._closed = self._marked = True  # a press that began the session marks nothing
        self._menu_s: float | None = None
        self._seen_s = 0.0
        self._stood = False

    def stand(self) -> None:
        """Take in that nobody can play now; afterwards the hand is elsewhere and begins anew."""
        self._stood = self._closed = self._marked = True
        self._menu_s = None

    def act(self, sight: Sight) -> Action:
        """Do what the hand does."""
        tool = self._read()
        if self._moves:
            self._follow(tool, sight)
        mark = self._presses(tool)
        return Action(
            aim=self.aim if self._moves else None, mark=mark, finish=self._finishes(tool, sight)
        )

    def _follow(self, tool: ToolInput, sight: Sight) -> None:
        passed_s = sight.time_s - self._seen_s
        was_lost = self.lost or self._stood
        self._seen_s = sight.time_s
        self.lost = tool.position is None or not tool.tracked
        if tool.position is None or self.lost:
            return
        self._stood = False
        wanted = np.asarray(self._place(tool.position)) + self._shift
        last = wanted if self.aim is None else np.asarray(self.aim)
        gone_m = float(np.linalg.norm(wanted - last - self._behind))
        if tool.clutch or self._clutched:  # the look in which it is let go still holds the tool
            self._shift = self._shift + last - wanted
            self._behind = np.zeros(3)
            wanted = last
        elif (was_lost and self.aim is not None) or gone_m > FASTEST_M_S * passed_s:
            self._behind = wanted - last
        else:
            self._behind = self._behind * max(1.0 - passed_s / CATCH_UP_S, 0.0)
        self._clutched = tool.clutch
        x, y, z = wanted - self._behind
        self.aim = (float(x), float(y), float(z))

    def _presses(self, tool: ToolInput) -> bool:
        """Whether a press of trigger or mark button begins now."""
        closed = tool.grasp > (_OPEN if self._closed else _CLOSED)
        begins = (closed and not self._closed) or (tool.mark and not self._marked)
        self._closed, self._marked = closed, tool.mark
        return begins

    def _finishes(self, tool: ToolInput, sight: Sight) -> bool:
        if not tool.menu:
            self._menu_s = None
            return False
        if self._menu_s is None:
            self._menu_s = sight.time_s
        return sight.time_s - self._menu_s >= FINISH_S
