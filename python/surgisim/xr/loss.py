"""When to try again after a headset was lost, on a clock that is passed in."""

from __future__ import annotations

__all__ = ["Retry"]

FIRST_S = 0.25
"""Wait before the first try."""

LONGEST_S = 4.0
"""Longest wait between two tries."""

_GROWTH = 2.0


class Retry:
    """Tries soon at first, then ever more rarely.

    The first tries fall 0.25, 0.75 and 1.75 s after the loss, so that a runtime which restarts at
    once is back within 2 s, and one that is gone costs a look every 4 s.

    Attributes
    ----------
    since_s
        When the headset was lost, or None while it is there.
    tries
        How often it was tried since.
    """

    def __init__(self) -> None:
        self.since_s: float | None = None
        self.tries = 0
        self._due_s = 0.0
        self._wait_s = FIRST_S

    def lose(self, now_s: float) -> None:
        """Take in a loss; one that follows another counts from the first."""
        if self.since_s is None:
            self.since_s, self.tries = now_s, 0
            self._wait_s = FIRST_S
            self._due_s = now_s + FIRST_S

    def due(self, now_s: float) -> bool:
        """Whether to try now; the next try is then put off."""
        if self.since_s is None or now_s < self._due_s:
            return False
        self.tries += 1
        self._wait_s = min(self._wait_s * _GROWTH, LONGEST_S)
        self._due_s = now_s + self._wait_s
        return True

    def regain(self, now_s: float) -> float:
        """Take in that it is back; returns how long it was away, s."""
        away_s = 0.0 if self.since_s is None else now_s - self.since_s
        self.since_s = None
        return away_s
