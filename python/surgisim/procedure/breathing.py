"""A deep breath: how far the organ's supports move, and when.

The diaphragm pushes the liver towards the feet (+z). Its excursion is linear in the inspired
volume: 1.66 (SD 0.24) cm per litre, supine, ten subjects (Houston et al. 1994, Thorax 49:885).
Rise and fall are glides that start and end at rest (the tick moves supports with minimum jerk);
the hold is flat. Breaths that overlap add up.
"""

from dataclasses import dataclass
from heapq import heappop, heappush

from surgisim.snapshot import Vector

__all__ = ["CAUDAL", "Breath", "Breathing", "Keyframe"]

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


class Breathing:
    """All breaths of a session, those that overlap added up."""

    def __init__(self) -> None:
        self._count = 0
        self._waiting: list[tuple[float, int, Keyframe]] = []  # a heap: by time, then by breath
        self._out: dict[int, Vector] = {}  # where the breaths under way take the supports
        self._still_s = 0.0  # when the glides under way end

    def begin(self, breath: Breath, start_s: float) -> None:
        """Let a breath begin at `start_s`."""
        for frame in breath.keyframes(start_s):
            heappush(self._waiting, (frame.time_s, self._count, frame))
        self._count += 1

    def due(self, time_s: float) -> Keyframe | None:
        """Return the glide that begins now, at `time_s`, or None.

        It goes to the sum of all breaths under way. It takes the place of glides under way, so it
        ends no earlier than they would have: no breath is hurried by another.
        """
        durations_s = []
        while self._waiting and self._waiting[0][0] <= time_s:
            _, breath, frame = heappop(self._waiting)
            self._out[breath] = frame.offset
            durations_s.append(frame.duration_s)
        if not durations_s:
            return None
        duration_s = max(*durations_s, self._still_s - time_s)
        self._still_s = time_s + duration_s
        x, y, z = (sum(axis) for axis in zip(*self._out.values(), strict=True))
        return Keyframe(time_s, (x, y, z), duration_s)
