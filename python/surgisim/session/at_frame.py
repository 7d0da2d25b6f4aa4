"""What was recorded of the instrument at the recorded shapes of the organ."""

import numpy as np

from surgisim.record import SessionRecord
from surgisim.record.reader import Frame
from surgisim.scoring import Recording
from surgisim.scoring.left_out import inside
from surgisim.snapshot import Vector
from surgisim.vectors import as_vector

__all__ = ["force_at", "hardest", "tip_at"]


def force_at(record: SessionRecord, frame: Frame) -> float:
    """Size of the force on the instrument, N."""
    return float(np.linalg.norm(_row(record, frame)["force"]))


def tip_at(record: SessionRecord, frame: Frame) -> Vector:
    """Where its tip was, m."""
    return as_vector(_row(record, frame)["tool"])


def hardest(record: SessionRecord, recording: Recording) -> tuple[Frame, float] | None:
    """Find the frame with the largest force, N, of those whose forces count; None without any."""
    times_s = np.array([frame.time_s for frame in record.frames])
    unmeant = inside(times_s, () if recording.held else recording.left_out)
    counted = [frame for frame, out in zip(record.frames, unmeant, strict=True) if not out]
    found = max(counted, key=lambda frame: force_at(record, frame), default=None)
    return None if found is None else (found, force_at(record, found))


def _row(record: SessionRecord, frame: Frame) -> np.void:
    index = int(np.searchsorted(record.trace["tick"], frame.tick))
    row: np.void = record.trace[min(index, len(record.trace) - 1)]
    return row
