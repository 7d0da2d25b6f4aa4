"""What the clock said about the ticks: rate, lateness, CPU time. It differs from run to run."""

from pathlib import Path
from typing import Literal

from pydantic import Field

from surgisim.record.files import Part, read_model, write_model

__all__ = ["TIMING_FILE", "Percentiles", "Scheduler", "Timing", "read_timing", "write_timing"]

TIMING_FILE = "timing.json"

Scheduler = Literal["fifo", "normal", "lockstep"]
"""``fifo``: SCHED_FIFO granted; ``normal``: refused; ``lockstep``: ticks as fast as they go."""


class Percentiles(Part):
    """A distribution of times in microseconds by its upper tail."""

    p50: float = Field(ge=0)
    p99: float = Field(ge=0)
    p99_9: float = Field(ge=0)
    p99_99: float = Field(ge=0)
    max: float = Field(ge=0)


class Timing(Part):
    """The tick statistics of one session, ``timing.json``.

    Attributes
    ----------
    ticks
        Ticks that were computed.
    rate_hz
        Ticks per second of wall time.
    late
        Ticks that began more than one period after their deadline.
    dropped, longest_burst
        Whole periods skipped, and the most skipped between two ticks.
    cpu_us
        CPU time of a tick.
    lateness_us
        How long after its deadline a tick began; None in lockstep, which has no deadlines.
    cpu_histogram, lateness_histogram
        Pairs of a bin's upper edge in microseconds, ascending, and its count.
    scheduler, fallback
        Which scheduling the loop got, and why not the better one.
    memory_unlocked
        Why the memory could not be locked, so that ticks may have waited for it; None if it was,
        and in lockstep.
    """

    ticks: int = Field(ge=0)
    rate_hz: float = Field(ge=0)
    late: int = Field(ge=0)
    dropped: int = Field(ge=0)
    longest_burst: int = Field(default=0, ge=0)
    cpu_us: Percentiles
    lateness_us: Percentiles | None = None
    cpu_histogram: tuple[tuple[float, int], ...] = ()
    lateness_histogram: tuple[tuple[float, int], ...] = ()
    scheduler: Scheduler
    fallback: str | None = None
    memory_unlocked: str | None = None


def write_timing(folder: Path, timing: Timing) -> None:
    """Write ``timing.json`` into a session folder, all of it or nothing."""
    write_model(folder / TIMING_FILE, timing)


def read_timing(path: Path) -> Timing:
    """Read a ``timing.json``; raises `RecordError` naming the first wrong field."""
    return read_model(path, Timing)
