"""One look of the engine, and clocks that stand while something gets in the way."""

from collections.abc import Mapping
from dataclasses import dataclass

from surgisim.snapshot import Event

__all__ = ["Moment", "OwnClock"]


@dataclass(frozen=True, slots=True)
class Moment:
    """One look of the engine: the tick and its time, s."""

    tick: int
    time_s: float

    def event(self, kind: str, text: str, values: Mapping[str, float | str | bool]) -> Event:
        """Make an event of this moment."""
        return Event(self.tick, self.time_s, kind, text, None, values)


class OwnClock:
    """The session's clock less the time for which it stood."""

    def __init__(self) -> None:
        self._stood_s = 0.0
        self._stands_from: float | None = None

    def stand(self, time_s: float, stands: bool) -> None:
        """Let it stand from `time_s` on, or go on; nothing happens where it does so already."""
        if stands and self._stands_from is None:
            self._stands_from = time_s
        elif not stands and self._stands_from is not None:
            self._stood_s += time_s - self._stands_from
            self._stands_from = None

    def at(self, time_s: float) -> float:
        """Its own time when the session's is `time_s`, s."""
        return (time_s if self._stands_from is None else self._stands_from) - self._stood_s
