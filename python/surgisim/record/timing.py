"""What the clock said about the ticks: rate, lateness, CPU time. It differs from run to run."""

from pathlib import Path
from typing import Literal

from pydantic import AwareDatetime, Field

from surgisim.record.files import Part, read_model, write_model

__all__ = [
    "TIMING_FILE",
    "Disturbance",
    "HeadsetTiming",
    "Percentiles",
    "Scheduler",
    "Timing",
    "TissueTiming",
    "read_timing",
    "write_timing",
]

TIMING_FILE = "timing.json"

Scheduler = Literal["fifo", "deadline", "normal", "lockstep"]
"""``fifo``, ``deadline``: real-time classes; ``normal``: refused; ``lockstep``: no clock."""


class Percentiles(Part):
    """A distribution of times in microseconds by its upper tail."""

    p50: float = Field(ge=0)
    p99: float = Field(ge=0)
    p99_9: float = Field(ge=0)
    p99_99: float = Field(ge=0)
    max: float = Field(ge=0)


class Disturbance(Part):
    """What the system did to the ticking thread after its first 100 ticks.

    Attributes
    ----------
    ticks
        Ticks that were watched.
    minor_faults, major_faults
        Pages met for the first time, without and with reading a disk.
    waits
        Times the thread waited for anything but its deadline.
    preemptions
        Times the processor was taken from it.
    """

    ticks: int = Field(ge=0)
    minor_faults: int = Field(ge=0)
    major_faults: int = Field(ge=0)
    waits: int = Field(ge=0)
    preemptions: int = Field(ge=0)


class HeadsetTiming(Part):
    """What a headset showed.

    Attributes
    ----------
    frames, late
        Pictures shown, and periods in which an old one was shown again.
    losses
        How often the headset went away and came back, or did not.
    beside_ms
        Processor time of a frame beside drawing, ms.
    to_light_ms_p50, to_light_ms_p99
        From where the hand was to the light of a picture whose tool had followed, ms: half of the
        pictures, and all but one in a hundred. None where no hand moved the tool.
    """

    frames: int = Field(ge=0)
    late: int = Field(ge=0)
    losses: int = Field(default=0, ge=0)
    beside_ms: float = Field(ge=0)
    to_light_ms_p50: float | None = None
    to_light_ms_p99: float | None = None


class TissueTiming(Part):
    """Tissue that was computed beside the tick.

    Attributes
    ----------
    hz
        Steps a second, as they were asked for.
    steps
        Steps that reached the tick.
    fell_behind, weak_ticks
        Times that the force was let go because no step came in time; ticks without the whole force.
    largest_step_n
        Largest change of the force in a tick by passing from one step to the next, N.
    took_us
        Wall time of a step; None in lockstep, where it lies in the CPU time of the tick that the
        step came in.
    """

    hz: float = Field(gt=0)
    steps: int = Field(ge=0)
    fell_behind: int = Field(ge=0)
    weak_ticks: int = Field(ge=0)
    largest_step_n: float = Field(ge=0)
    took_us: Percentiles | None = None


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
        Whole periods skipped; the most ticks in a row of which none was on time.
    clamped, slew_limited, silenced
        Ticks in which the device's force was limited in magnitude or change, or taken away by a
        fault.
    waited
        Ticks in which the force was not switched on yet, because it was not calm enough to begin.
    braked, watchdog_trips, leaps
        Ticks in which the passivity controller braked; times the force came back by a ramp after a
        hold, and times the hand's place leapt.
    device_watchdog
        Whether the device drops its force by itself where the loop hangs.
    echo_errors
        Answers in which the device said that it plays another force than it was given.
    cpu_us
        CPU time of a tick; see `cpu_holds_tissue`.
    lateness_us
        How long after its deadline a tick began; None in lockstep, which has no deadlines.
    cpu_histogram, lateness_histogram
        Pairs of a bin's upper edge in microseconds, ascending, and its count.
    scheduler, fallback
        Which scheduling the loop got, and why not the better one.
    passed_over
        Why it is not the real-time class that was asked for first; None if it is.
    memory_unlocked, memory_untouched
        Why the memory could not be locked, or not be made present in advance, so that ticks may
        have waited for it; None if it was, and in lockstep.
    deep_sleep
        Why the processor could not be kept awake; None if it was, and in lockstep.
    steal
        Share of processor time that the host of a virtual machine gave to others, 0 to 1.
    disturbance
        Faults and waits of the thread; None where nobody counted.
    headset
        What a headset showed; None without one.
    tissue
        What became of tissue that was computed beside the tick; None where it was in it.
    begun_at
        When the session began; None in records of before.
    """

    ticks: int = Field(ge=0)
    rate_hz: float = Field(ge=0)
    late: int = Field(ge=0)
    dropped: int = Field(ge=0)
    longest_burst: int = Field(default=0, ge=0)
    clamped: int = Field(default=0, ge=0)
    slew_limited: int = Field(default=0, ge=0)
    silenced: int = Field(default=0, ge=0)
    waited: int = Field(default=0, ge=0)
    braked: int = Field(default=0, ge=0)
    watchdog_trips: int = Field(default=0, ge=0)
    leaps: int = Field(default=0, ge=0)
    device_watchdog: bool = False
    echo_errors: int = Field(default=0, ge=0)
    cpu_us: Percentiles
    lateness_us: Percentiles | None = None
    cpu_histogram: tuple[tuple[float, int], ...] = ()
    lateness_histogram: tuple[tuple[float, int], ...] = ()
    scheduler: Scheduler
    fallback: str | None = None
    passed_over: str | None = None
    memory_unlocked: str | None = None
    memory_untouched: str | None = None
    deep_sleep: str | None = None
    steal: float | None = Field(default=None, ge=0, le=1)
    disturbance: Disturbance | None = None
    headset: HeadsetTiming | None = None
    tissue: TissueTiming | None = None
    begun_at: AwareDatetime | None = None

    @property
    def cpu_holds_tissue(self) -> bool:
        """Whether the CPU times of ticks hold the tissue's steps; not live, where it is beside."""
        return self.tissue is None or self.scheduler == "lockstep"


def write_timing(folder: Path, timing: Timing) -> None:
    """Write ``timing.json`` into a session folder, all of it or nothing."""
    write_model(folder / TIMING_FILE, timing)


def read_timing(path: Path) -> Timing:
    """Read a ``timing.json``; raises `RecordError` naming the first wrong field."""
    return read_model(path, Timing)
