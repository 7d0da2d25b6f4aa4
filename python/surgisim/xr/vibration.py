"""Force shown by a controller's vibration: short pulses, as often as a motor can follow.

Sensation grows with the logarithm of the stimulus (Fechner 1860). With force F (N):

    amplitude = ln(1 + F / SOFT_N) / ln(1 + FULL_N / SOFT_N), at most 1

as for a gamepad's strong motor (`crates/haptics/src/effects.rs`, the same figures); a knock, that
is a quick rise of force, is added and fades in `KNOCK_FADE_S`. It tells that something is touched
and how hard; it pushes nothing, and is no substitute for a device with force.
"""

from __future__ import annotations

import math

__all__ = ["PULSE_S", "Vibration"]

SOFT_N = 0.3
FULL_N = 3.0
KNOCK_FULL = 60.0
"""Rise of force that is shown with the full amplitude, N/s."""
KNOCK_FADE_S = 0.06
PULSE_S = 0.05
"""Length of a pulse: it ends by itself where nothing follows."""

_EVERY_S = 0.030  # the next pulse comes before the last one has ended
_LEAST = 0.02  # a weaker one is not felt


class Vibration:
    """From the force on the tool to pulses.

    Parameters
    ----------
    strength
        Factor on the amplitude, 0 (off) to 1.
    """

    def __init__(self, strength: float = 1.0) -> None:
        self.strength = min(max(strength, 0.0), 1.0)
        self._force_n = 0.0
        self._knock = 0.0
        self._at_s: float | None = None
        self._due_s = 0.0
        self._felt = False

    def feel(self, force_n: float, now_s: float) -> float | None:
        """Take in the force; returns the amplitude of a pulse to begin now, 0 to stop, or None.

        Parameters
        ----------
        force_n
            On the tool, N.
        now_s
            The session's time, s.
        """
        passed_s = 0.0 if self._at_s is None else now_s - self._at_s
        if self._at_s is not None and passed_s > 0.0:
            self._knock *= math.exp(-passed_s / KNOCK_FADE_S)
            self._knock = max(self._knock, (force_n - self._force_n) / passed_s / KNOCK_FULL)
        self._force_n, self._at_s = force_n, now_s
        if now_s < self._due_s:
            return None
        amplitude = self.strength * min(_loudness(force_n) + min(self._knock, 1.0), 1.0)
        if amplitude < _LEAST:
            return self.silence()
        self._due_s, self._felt = now_s + _EVERY_S, True
        return amplitude

    def silence(self) -> float | None:
        """Stop: 0 once, where something was felt."""
        felt, self._felt = self._felt, False
        return 0.0 if felt else None


def _loudness(force_n: float) -> float:
    return math.log1p(max(force_n, 0.0) / SOFT_N) / math.log1p(FULL_N / SOFT_N)
