"""Tick statistics of a run as the record keeps them."""

from dataclasses import asdict
from typing import cast

from surgisim.record import Disturbance, HeadsetTiming, Percentiles, Timing, TissueTiming
from surgisim.record.timing import Scheduler
from surgisim.run import Distribution, TickStats

__all__ = ["timing_of"]


def timing_of(
    stats: TickStats, tissue_hz: float | None = None, headset: HeadsetTiming | None = None
) -> Timing:
    """Convert to the record's microseconds and counts.

    Parameters
    ----------
    stats
        Of the run.
    tissue_hz
        How often its tissue was computed beside the tick; None: in every tick.
    headset
        What a headset showed; None without one.
    """
    disturbance = stats.disturbance
    return Timing(
        ticks=stats.ticks,
        rate_hz=stats.rate_hz,
        late=stats.late,
        dropped=stats.dropped,
        longest_burst=stats.longest_burst,
        clamped=stats.clamped,
        slew_limited=stats.slew_limited,
        silenced=stats.silenced,
        waited=stats.waited,
        braked=stats.braked,
        watchdog_trips=stats.watchdog_trips,
        device_watchdog=stats.device_watchdog,
        echo_errors=stats.echo_errors,
        leaps=stats.leaps,
        cpu_us=_percentiles(stats.cpu),
        lateness_us=None if stats.lateness is None else _percentiles(stats.lateness),
        cpu_histogram=_histogram(stats.cpu),
        lateness_histogram=() if stats.lateness is None else _histogram(stats.lateness),
        scheduler=cast("Scheduler", stats.scheduler),
        fallback=stats.fallback,
        passed_over=stats.passed_over,
        memory_unlocked=stats.memory_unlocked,
        memory_untouched=stats.memory_untouched,
        deep_sleep=stats.deep_sleep,
        steal=stats.steal,
        disturbance=None if disturbance is None else Disturbance(**asdict(disturbance)),
        headset=headset,
        tissue=None if tissue_hz is None else _tissue(stats, tissue_hz),
    )


def _tissue(stats: TickStats, hz: float) -> TissueTiming | None:
    tissue = stats.tissue
    if tissue is None:
        return None
    return TissueTiming(
        hz=hz,
        steps=tissue.models,
        fell_behind=tissue.fell_behind,
        weak_ticks=tissue.weak_ticks,
        largest_step_n=tissue.largest_step_n,
        took_us=None if stats.scheduler == "lockstep" else _percentiles(tissue.took),
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
