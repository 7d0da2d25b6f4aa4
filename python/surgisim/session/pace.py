"""Keeping pace with a wall clock: when the next look is due, and whether there is time to draw."""

from collections.abc import Callable

__all__ = ["Pace"]

_FRAME_S = 1.0 / 60.0
_REST_SHARE = 0.5  # after a picture that took d seconds, this much of d without one


class Pace:
    """When to look and when to draw, on a wall clock.

    Parameters
    ----------
    clock, sleep
        Seconds, and waiting for some.
    """

    def __init__(self, clock: Callable[[], float], sleep: Callable[[float], None]) -> None:
        self._clock = clock
        self._sleep = sleep
        self._look_due: float | None = None
        self._draw_due = 0.0

    def wait(self, seconds: float) -> None:
        """Wait until `seconds` after the last look was due; what is late is not made up for."""
        now = self._clock()
        due = now + seconds if self._look_due is None else self._look_due + seconds
        if due > now:
            self._sleep(due - now)
        self._look_due = max(due, now)

    def draw(self, picture: Callable[[], None]) -> bool:
        """Draw if there is time for it; returns whether it was drawn."""
        start = self._clock()
        if start < self._draw_due:
            return False
        picture()
        end = self._clock()
        self._draw_due = max(start + _FRAME_S, end + _REST_SHARE * (end - start))
        return True
