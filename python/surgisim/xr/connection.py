"""A headset that comes and goes: sessions made, lost and made again, on a clock passed in.

Nothing of the simulation lives here. While there is no headset, `step` returns None at once, and
whoever calls shows something else meanwhile.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Protocol

from surgisim.errors import HeadsetError
from surgisim.snapshot import ToolInput
from surgisim.xr.frame import Moment
from surgisim.xr.headset import Headset
from surgisim.xr.instance import Instance
from surgisim.xr.loss import Retry
from surgisim.xr.picture import Paint, Picture
from surgisim.xr.session import Deed

__all__ = ["Connection", "Doors", "Story"]


_LEAVING_STEPS = 100  # at most, about a second
_LEAVING_S = 0.01


class Doors(Protocol):
    """How instances and sessions are made."""

    def open_instance(self) -> Instance:
        """Connect to the runtime; raises HeadsetError."""

    def open_headset(self, instance: Instance) -> Headset:
        """Begin a session; raises HeadsetError."""


@dataclass(slots=True)
class Story:
    """What became of the connection: losses, and how long the headset was away each time, s."""

    losses: int = 0
    away_s: list[float] = field(default_factory=list)
    why: str = ""


class Connection:
    """Keeps a headset connected.

    Parameters
    ----------
    doors
        Make instance and session.
    clock
        Seconds.

    Attributes
    ----------
    headset
        The present one, or None while it is away.
    left
        Whether the person closed the application in the headset.
    story
        What became of it.
    """

    def __init__(self, doors: Doors, clock: Callable[[], float]) -> None:
        self._doors = doors
        self._clock = clock
        self._retry = Retry()
        self._instance: Instance | None = None
        self.headset: Headset | None = None
        self.left = False
        self.story = Story()

    def open(self) -> None:
        """Connect for the first time.

        Raises
        ------
        HeadsetError
            There is no headset; nothing is tried again then.
        """
        instance = self._doors.open_instance()
        try:
            self.headset = self._doors.open_headset(instance)
        except HeadsetError:
            instance.close()
            raise
        self._instance = instance

    @property
    def takes_input(self) -> bool:
        """Whether what the hands do counts."""
        headset = self.headset
        return headset is not None and headset.life.takes_input and headset.reading

    @property
    def tool(self) -> ToolInput:
        """What the tool's hand did at the last frame; nothing while the headset is away."""
        return ToolInput() if self.headset is None else self.headset.tool

    def step(self, paint: Paint) -> Moment | None:
        """Make a frame, or try to get the headset back; None where no frame was made."""
        if self.headset is None:
            self._try_again()
            return None
        moment = self.headset.step(paint)
        if self.headset.deed is not None:
            self._part(self.headset, self.headset.deed)
        return moment

    def _part(self, headset: Headset, deed: Deed) -> None:
        headset.close()
        self.headset = None
        if deed is Deed.DESTROY:
            self.left = True
            return
        if deed is Deed.RENEW and self._instance is not None:
            self._instance.close()
            self._instance = None
        self.story.losses += 1
        self.story.why = headset.why
        self._retry.lose(self._clock())

    def _try_again(self) -> None:
        now_s = self._clock()
        if self.left or not self._retry.due(now_s):
            return
        try:
            if self._instance is None:
                self._instance = self._doors.open_instance()
            self.headset = self._doors.open_headset(self._instance)
        except HeadsetError as error:
            self.story.why = str(error)
            if self._instance is not None:  # it may belong to a runtime that has ended
                self._instance.close()
                self._instance = None
            return
        self.story.away_s.append(self._retry.regain(now_s))

    def leave(self, sleep: Callable[[float], None]) -> None:
        """End the session as the runtime wants it, if it does so soon; then close.

        It is asked to let the session go, and frames without pictures go on until it has: it tells
        STOPPING, which ends the session, and EXITING, which lets it be destroyed.

        Parameters
        ----------
        sleep
            Waits for some seconds where no frame was made.
        """
        headset = self.headset
        if headset is not None and headset.leave():
            for _ in range(_LEAVING_STEPS):
                if headset.step(_nothing) is None and headset.deed is None:
                    sleep(_LEAVING_S)
                if headset.deed is not None:
                    break
        self.close()

    def close(self) -> None:
        """End it at once."""
        if self.headset is not None:
            self.headset.silence()
            self.headset.close()
            self.headset = None
        if self._instance is not None:
            self._instance.close()
            self._instance = None


def _nothing(_: Moment, __: ToolInput) -> Picture:
    raise AssertionError("a session that is being left draws nothing")
