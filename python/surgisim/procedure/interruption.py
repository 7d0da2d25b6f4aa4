"""Complications in the way of steps: who stands, who is changed, who is over.

Looked at after all complications, so that what they began at this look counts from it on. Ending
counts before standing, standing before changing; only one complication may change a step, and what
its state says of the step counts before what the complication says.
"""

from collections.abc import Iterator, Mapping, Sequence

from surgisim.procedure.complication import RunningComplication
from surgisim.procedure.interrupt import Change
from surgisim.procedure.moment import Moment
from surgisim.procedure.running_step import RunningStep
from surgisim.snapshot import Event

__all__ = ["Interruption"]


class Interruption:
    """What is in the way of the steps now."""

    def __init__(
        self, steps: Mapping[str, RunningStep], complications: Sequence[RunningComplication]
    ) -> None:
        self._steps = steps
        self._complications = complications
        self._suspended: dict[str, str] = {}

    def holding(self, step: str) -> str:
        """Name the complication for which a step that could begin must wait, or nothing."""
        return self._suspended.get(step, "")

    def look(self, now: Moment) -> Iterator[Event]:
        """Act on the steps as the complications stand."""
        ended: dict[str, str] = {}
        completed: dict[str, str] = {}
        suspended: dict[str, str] = {}
        changed: dict[str, tuple[Change, str]] = {}
        for running in self._complications:
            by = running.record.id
            for one in running.interrupts():
                ended = dict.fromkeys(one.end, by) | ended
                completed = dict.fromkeys(one.complete, by) | completed
                suspended = dict.fromkeys(one.suspend, by) | suspended
                changed = {change.step: (change, by) for change in one.change} | changed
        self._suspended = suspended
        for name, step in self._steps.items():
            if not step.record.active:
                continue
            over = ended.get(name) or completed.get(name)
            if over is not None:
                yield step.break_off(now, over, done=name not in ended)
                continue
            yield from step.suspend(now, suspended.get(name, ""))
            change, by = changed.get(name, (None, ""))
            yield from step.change(now, change, by)
