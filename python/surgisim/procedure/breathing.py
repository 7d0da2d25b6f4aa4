"""A deep breath: how far the organ's supports move, and when.

The diaphragm pushes the liver towards the feet (+z). Its excursion is linear in the inspired
volume: 1.66 (SD 0.24) cm per litre, supine, ten subjects (Houston et al. 1994, Thorax 49:885).
Rise and fall follow half a cosine, so that the supports never jerk; the hold is flat.
"""

import math
from dataclasses import dataclass

from surgisim.snapshot import Vector

__all__ = ["CAUDAL", "Breath", "Keyframe"]

CAUDAL: Vector = (0.0, 0.0, 1.0)
"""Towards the patient's feet, in the world frame."""

_PIECES = 25  # straight pieces of a rise or fall: speed steps of pi / 25 = 13 % of the top speed


@dataclass(frozen=True, slots=True)
class Keyframe:
    """From `time_s` on, move the supports to `offset` (m from rest) within `duration_s`."""

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

    def depth(self, since_s: float) -> float:
        """How far in the breath is, 0 to 1, `since_s` after its start."""
        if since_s <= self.inhale:
            phase = max(0.0, since_s) / self.inhale
        else:
            out = since_s - self.inhale - self.hold
            phase = 1.0 - min(1.0, max(0.0, out) / self.exhale)
        return 0.5 * (1.0 - math.cos(math.pi * phase))

    def keyframes(self, start_s: float) -> list[Keyframe]:
        """Split the breath into straight moves of the supports; the last ends at zero."""
        frames = []
        for begin, length in ((0.0, self.inhale), (self.inhale + self.hold, self.exhale)):
            piece = length / _PIECES
            for number in range(_PIECES):
                depth = self.amplitude * self.depth(begin + (number + 1) * piece)
                offset = tuple(depth * axis for axis in self.direction)
                frames.append(
                    Keyframe(
                        start_s + begin + number * piece, (offset[0], offset[1], offset[2]), piece
                    )
                )
        return frames
