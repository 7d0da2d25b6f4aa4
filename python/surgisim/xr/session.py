"""The life of an OpenXR session as a pure object: events in, what is to be done out.

    IDLE -> READY -> SYNCHRONIZED <-> VISIBLE <-> FOCUSED
              ^           |
            IDLE <---- STOPPING        any state -> LOSS_PENDING, EXITING

The runtime alone moves the state; the application begins the session at READY and ends it at
STOPPING (OpenXR 1.1, XrSessionState). A headset that is taken off leads back to IDLE and does not
end anything of ours: the session waits, and begins again at the next READY.
"""

from __future__ import annotations

from enum import Enum, IntEnum, auto

__all__ = ["Deed", "Life", "State"]


class State(IntEnum):
    """The runtime's states, with OpenXR's numbers."""

    UNKNOWN = 0
    IDLE = 1
    READY = 2
    SYNCHRONIZED = 3
    VISIBLE = 4
    FOCUSED = 5
    STOPPING = 6
    LOSS_PENDING = 7
    EXITING = 8


_STATES = frozenset(int(one) for one in State)


class Deed(Enum):
    """What the application does next."""

    BEGIN = auto()
    """Begin the session."""
    END = auto()
    """End it; frames stop until the next READY."""
    DESTROY = auto()
    """Destroy it and leave: the person closed the application."""
    RECREATE = auto()
    """Destroy it, and make a new one in the same instance when the system is there again."""
    RENEW = auto()
    """Destroy session and instance, and make both anew: the runtime went away."""


class Life:
    """What state the session is in, and what follows from it.

    Attributes
    ----------
    state
        The last one that was told.
    running
        Whether the session was begun and not ended.
    worn
        Whether somebody wears the headset, as far as the runtime tells.
    gone
        Whether the session is lost or left: no call on it makes sense any more.
    """

    def __init__(self) -> None:
        self.state = State.UNKNOWN
        self.running = False
        self.worn = True
        self.gone = False

    def enter(self, state: int) -> Deed | None:
        """Take in a changed state; returns what to do, if anything. Repeats change nothing."""
        if self.gone:
            return None
        self.state = State(state) if state in _STATES else State.UNKNOWN
        if self.state is State.READY and not self.running:
            self.running = True
            return Deed.BEGIN
        if self.state is State.STOPPING and self.running:
            self.running = False
            return Deed.END
        if self.state is State.EXITING:
            return self._end(Deed.DESTROY)
        if self.state is State.LOSS_PENDING:
            return self._end(Deed.RECREATE)
        return None

    def lose_session(self) -> Deed | None:
        """Take in that a call said the session is lost."""
        return None if self.gone else self._end(Deed.RECREATE)

    def lose_instance(self) -> Deed | None:
        """Take in that the instance is lost, or is about to be."""
        return None if self.gone else self._end(Deed.RENEW)

    def wear(self, worn: bool) -> None:
        """Take in whether somebody wears the headset."""
        self.worn = worn

    def _end(self, deed: Deed) -> Deed:
        self.running, self.gone = False, True
        return deed

    @property
    def runs_frames(self) -> bool:
        """Whether frames are to be waited for, begun and ended, drawn or not."""
        return self.running

    @property
    def is_seen(self) -> bool:
        """Whether somebody may see the pictures."""
        return self.running and self.state in (State.VISIBLE, State.FOCUSED)

    @property
    def takes_input(self) -> bool:
        """Whether input counts; without it the procedure's clock stands."""
        return self.running and self.state is State.FOCUSED and self.worn
