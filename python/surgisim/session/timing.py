"""Tick statistics of a run as the record keeps them."""

from typing import cast

from surgisim.record import Percentiles, Timing
from surgisim.record.timing import Scheduler
from surgisim.run import Distribution, TickStats

__all__ = ["timing_of"]


def timing_of(stats: TickStats, dt_s: float) -> Timing:
    """Convert to the record's microseconds and counts.

    Parameters
    ----------
    stats
        Of the run.
    dt_s
        Period of its ticks, s.
    """
    return Timing(
        ticks=stats.ticks,
        rate_hz=stats.rate_hz,
        late=stats.late,
        dropped=stats.dropped,
        # A tick that wakes n whole periods late skips n: the latest one skipped the most.
        longest_burst=round(1e9 * stats.longest_late_s) // round(1e9 * dt_s),
        cpu_us=_percentiles(stats.cpu),
        lateness_us=None if stats.lateness is None else _percentiles(stats.lateness),
        cpu_histogram=_histogram(stats.cpu),
        lateness_histogram=() if stats.lateness is None else _histogram(stats.lateness),
        scheduler=cast("Scheduler", stats.scheduler),
        fallback=stats.fallback,
        memory_unlocked=stats.memory_unlocked,
    )


def _percentiles(times: Distribution) -> Percentiles:
    return Percentiles(
        p50=1e6 * times.p50,
        p99=1e6 * times.p99,
        p99_9=1e6 * times.p99_9,
        p99_99=1e6 * times.p99_99,
        max=1e6 * times.max,
    )


def _histogram(times: Distribution) -> tuple[tuple[float, int], ...]:
    return tuple((1e6 * to, count) for to, count in times.histogram)
