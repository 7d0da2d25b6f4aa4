"""The procedure's clock: it stands while nobody can play, and the tick goes on.

A device in the hand has to be served whatever the person sees, so the tick never stops. What
stands is the time of steps, complications and bleeds:

    t_procedure = t_tick - sum of the pauses
"""

__all__ = ["Pause"]


class Pause:
    """Whether the procedure stands, and for how long it stood.

    Attributes
    ----------
    why
        What it stands for, or nothing while it runs.
    stood_s
        Sum of the pauses that are over, s.
    """

    def __init__(self) -> None:
        self.why = ""
        self.stood_s = 0.0
        self._since_s = 0.0

    def begin(self, time_s: float, why: str) -> bool:
        """Stand from this time of the tick on; returns whether it ran before."""
        if self.why:
            return False
        self.why, self._since_s = why, time_s
        return True

    def end(self, time_s: float) -> bool:
        """Run again; returns whether it stood."""
        if not self.why:
            return False
        self.why = ""
        self.stood_s += time_s - self._since_s
        return True

    def clock(self, time_s: float) -> float:
        """Return the procedure's time at a time of the tick, s."""
        return (self._since_s if self.why else time_s) - self.stood_s
