"""Hints: help with a step that comes by itself, when it has taken long or something shows a need.

Each is given once. Whether one came is a measure (`hints.given`), so that help may cost points.
"""

from surgisim.procedure.guard import SLACK_S, Facts, Guard
from surgisim.procedure.keys import Duration, Keys, Text
from surgisim.procedure.why import Values, because

__all__ = ["Hint", "HintWatch"]


class Hint(Keys):
    """What is told, and when: `after` so much of the step's own time, or once `when` holds.

    With both it is told as soon as the time is over and the condition holds.
    """

    text: Text
    after: Duration | None = None
    when: Text | None = None


class HintWatch:
    """A hint and whether it has been given.

    Parameters
    ----------
    spec
        What is told and when.
    guard
        Its condition; None where there is none.
    """

    def __init__(self, spec: Hint, guard: Guard | None) -> None:
        self.spec = spec
        self.guard = guard
        self._given = False

    def comes(self, seen: Facts, clock_s: float, taken_s: float) -> bool:
        """Whether it comes at this look, which happens once.

        Parameters
        ----------
        seen
            The facts.
        clock_s
            The step's own clock, s.
        taken_s
            How long the step has been under way by it, s.
        """
        if self._given:
            return False
        # asked also while the time is not over: a condition remembers what held before
        holds = self.guard is None or self.guard.holds(seen, clock_s)
        waited = self.spec.after is None or taken_s >= self.spec.after - SLACK_S
        self._given = holds and waited
        return self._given

    def why(self, seen: Facts) -> Values:
        """Say why it comes."""
        waited = "" if self.spec.after is None else f"{self.spec.after:g} s in this step"
        if self.guard is None:
            return because(waited)
        return because(f"{waited} and condition" if waited else "condition", self.guard, seen)
