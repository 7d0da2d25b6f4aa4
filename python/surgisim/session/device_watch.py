"""What a session has to know of the device in the hand: its buttons, and what is wrong with it."""

from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

from surgisim.snapshot import Event

__all__ = ["DeviceWatch"]

_BACK_S = 3.0  # how long it is told that a device is back

# Faults of the device in a row of the trace, `Fault::bit` in crates/haptics/src/event.rs: it cannot
# be read, has no pose, cannot be written, or says of itself that it is not to be trusted.
_DEVICE_FAULTS = 1 | 1 << 1 | 1 << 2 | 1 << 7


class DeviceWatch:
    """Watches over the device, once a look.

    Parameters
    ----------
    warn
        Takes a sentence that the player is to be told after the session.

    Attributes
    ----------
    pressed
        Buttons (bit mask) that went down since the last look.
    alarm
        What the device is to be complained of now, or nothing.
    """

    def __init__(self, warn: Callable[[str], None]) -> None:
        self._warn = warn
        self.pressed = 0
        self.alarm = ""
        self._buttons: int | None = None
        self._force_waits = ""
        self._back_s = -np.inf
        self._broken = False

    def look(self, events: Sequence[Event], trace: NDArray[np.void], time_s: float) -> None:
        """Take in what the tick reported since the last look.

        Parameters
        ----------
        events, trace
            Of the ticks since then, the rows of `TRACE_DTYPE`.
        time_s
            Of the tick now, s.
        """
        if not len(trace):
            self.pressed = 0
            return
        held = trace["buttons"]
        before = np.concatenate(([held[0] if self._buttons is None else self._buttons], held[:-1]))
        self.pressed = int(np.bitwise_or.reduce(held & ~before.astype(held.dtype)))
        self._buttons = int(held[-1])
        self._watch_force(events, trace)
        faults = [event.text for event in events if event.kind == "tick.fault"]
        if any(event.kind == "device.back" for event in events):
            self._back_s = time_s
        if not int(trace["faults"][-1]) & _DEVICE_FAULTS:
            self._broken = False
            back = time_s - self._back_s < _BACK_S
            told = "the device is back; its force comes in slowly" if back else ""
            self.alarm = told or self._force_waits
        elif faults and not self._broken:  # what broke first says why
            self._broken = True
            self.alarm = faults[0]

    def _watch_force(self, events: Sequence[Event], trace: NDArray[np.void]) -> None:
        """Remember that the hand gets no force yet, until it does."""
        for event in events:
            if event.kind == "force.waits":
                self._force_waits = event.text
                self._warn(f"after {event.time_s:.0f} s {event.text}")
        if self._force_waits and np.any(trace["device_force"][-1]):
            self._force_waits = ""
