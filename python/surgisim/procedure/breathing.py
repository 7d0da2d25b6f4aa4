"""A deep breath: how far the organ's supports move, and when.

The diaphragm pushes the liver towards the feet (+z). Its excursion is linear in the inspired
volume: 1.66 (SD 0.24) cm per litre, supine, ten subjects (Houston et al. 1994, Thorax 49:885).
Rise and fall are glides that start and end at rest (the tick moves supports with minimum jerk);
the hold is flat.
"""

from dataclasses import dataclass

from surgisim.snapshot import Vector

__all__ = ["CAUDAL", "Breath", "Keyframe"]

CAUDAL: Vector = (0.0, 0.0, 1.0)
"""Towards the patient's feet, in the world frame."""


@dataclass(frozen=True, slots=True)
class Keyframe:
    """From `time_s` on, the supports glide to `offset` (m from rest) within `duration_s`."""

    time_s: float
    offset: Vector
    duration_s: float


@dataclass(frozen=True, slots=True)
class Breath:
    """One breath.

    Attributes
    ----------
    amplitude
        How far the supports move, m.
    inhale, hold, exhale
        Times, s.
    direction
        Unit vector of the way in, world.
    """

    amplitude: float
    inhale: float
    hold: float
    exhale: float
    direction: Vector = CAUDAL

    @property
    def duration_s(self) -> float:
        """From the first motion to the last, s."""
        return self.inhale + self.hold + self.exhale

    def keyframes(self, start_s: float) -> tuple[Keyframe, Keyframe]:
        """Give the way in and the way back, from `start_s` on; the last ends at zero."""
        x, y, z = (self.amplitude * axis for axis in self.direction)
        out = start_s + self.inhale + self.hold
        return (
            Keyframe(start_s, (x, y, z), self.inhale),
            Keyframe(out, (0.0, 0.0, 0.0), self.exhale),
        )
