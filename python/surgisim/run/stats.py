"""What the ticks of a run cost, and how punctual they were."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

__all__ = ["Distribution", "Disturbance", "TickStats", "TissueSteps", "stats_of"]


@dataclass(frozen=True, slots=True)
class Distribution:
    """Percentiles of a time per tick, s, and its histogram as (upper bound in s, count)."""

    p50: float
    p99: float
    p99_9: float
    p99_99: float
    max: float
    histogram: tuple[tuple[float, int], ...]


@dataclass(frozen=True, slots=True)
class Disturbance:
    """What the system did to the ticking thread in its last `ticks` ticks, the first 100 apart.

    Attributes
    ----------
    minor_faults, major_faults
        Pages that were met for the first time, without and with reading a disk.
    waits
        Times the thread waited for anything but its deadline: a lock, a file, a device.
    preemptions
        Times the processor was taken from it.
    """

    ticks: int
    minor_faults: int
    major_faults: int
    waits: int
    preemptions: int


@dataclass(frozen=True, slots=True)
class TissueSteps:
    """What became of the steps of tissue that is computed beside the tick.

    Attributes
    ----------
    models
        Steps that reached the tick.
    fell_behind, weak_ticks
        Times that the force was let go because no step came in time; ticks without the whole force.
    largest_step_n
        Largest change of the force in a tick by passing from one step to the next, N.
    took
        Wall time of a step, s; without values in lockstep.
    """

    models: int
    fell_behind: int
    weak_ticks: int
    largest_step_n: float
    took: Distribution


@dataclass(frozen=True, slots=True)
class TickStats:
    """What the ticks of a run cost and how punctual they were.

    Attributes
    ----------
    ticks, rate_hz
        Ticks made, and the rate achieved on the wall clock.
    late, dropped, longest_late_s
        Ticks more than 1 ms late, whole ticks left out, and the worst lateness.
    longest_burst
        Most ticks in a row of which none was on time: left out, or more than 1 ms late.
    clamped, slew_limited, silenced
        Ticks in which the force written to the device was limited, or taken away by a fault.
    waited
        Ticks in which the force was not switched on yet, because it was not calm enough to begin.
    braked, watchdog_trips, leaps
        Ticks in which the passivity controller braked; times the force had to come back by a ramp
        after a hold, and times the hand's place leapt.
    device_watchdog
        Whether the device drops its force by itself when nothing is written to it.
    echo_errors
        Answers in which the device said that it plays another force than it was given.
    scheduler, fallback
        ``"fifo"``, ``"deadline"``, ``"normal"`` or ``"lockstep"``; why it is not real time, or
        None.
    passed_over
        Why it is not the real-time class that was asked for first, or None.
    memory_unlocked, memory_untouched
        Why the memory could not be locked, or not be made present before the first tick, so that
        ticks may wait for it; None if it was, and in lockstep.
    deep_sleep
        Why the processor could not be kept awake between ticks; None if it was, and in lockstep.
    steal
        Share of the machine's processor time that the host of a virtual machine gave to others,
        or None.
    tissue
        What became of the steps of tissue that is computed beside the tick; None if it is in it.
    disturbance
        Faults and waits of the thread, or None where nobody counted.
    cpu, lateness
        Thread CPU time of a tick, in lockstep with the step of tissue that is computed beside it;
        lateness of its start (None in lockstep).
    lost
        Events, trace rows and commands that found their ring full.
    """

    ticks: int
    rate_hz: float
    late: int
    dropped: int
    longest_late_s: float
    longest_burst: int
    clamped: int
    slew_limited: int
    silenced: int
    scheduler: str
    fallback: str | None
    memory_unlocked: str | None
    cpu: Distribution
    lateness: Distribution | None
    lost: tuple[int, int, int] = (0, 0, 0)
    passed_over: str | None = None
    memory_untouched: str | None = None
    deep_sleep: str | None = None
    steal: float | None = None
    disturbance: Disturbance | None = None
    tissue: TissueSteps | None = None
    waited: int = 0
    braked: int = 0
    watchdog_trips: int = 0
    leaps: int = 0
    device_watchdog: bool = False
    echo_errors: int = 0


def _distribution(raw: Mapping[str, Any]) -> Distribution:
    return Distribution(
        p50=raw["p50_ns"] * 1e-9,
        p99=raw["p99_ns"] * 1e-9,
        p99_9=raw["p99_9_ns"] * 1e-9,
        p99_99=raw["p99_99_ns"] * 1e-9,
        max=raw["max_ns"] * 1e-9,
        histogram=tuple((to_ns * 1e-9, count) for to_ns, count in raw["buckets"]),
    )


def _tissue(raw: Mapping[str, Any]) -> TissueSteps | None:
    if raw["tissue"] is None:
        return None
    models, fell_behind, weak_ticks, largest_step_n = raw["tissue"]
    took = _distribution(raw["tissue_steps"])
    return TissueSteps(models, fell_behind, weak_ticks, largest_step_n, took)


def stats_of(
    raw: Mapping[str, Any],
    scheduler: str,
    *,
    punctual: bool,
    lost: tuple[int, int, int] = (0, 0, 0),
) -> TickStats:
    """Read what the native side counted; `punctual` where the run had deadlines."""
    return TickStats(
        ticks=raw["ticks"],
        rate_hz=raw["rate_hz"],
        late=raw["late"],
        dropped=raw["dropped"],
        longest_late_s=raw["longest_late_ns"] * 1e-9,
        longest_burst=raw["longest_burst"],
        clamped=raw["clamped"],
        slew_limited=raw["slew_limited"],
        silenced=raw["silenced"],
        scheduler=scheduler,
        fallback=raw["fallback"] if punctual else None,
        memory_unlocked=raw["memory_unlocked"] if punctual else None,
        cpu=_distribution(raw["cpu"]),
        lateness=_distribution(raw["lateness"]) if punctual else None,
        lost=lost,
        passed_over=raw["passed_over"] if punctual else None,
        memory_untouched=raw["memory_untouched"] if punctual else None,
        deep_sleep=raw["deep_sleep"] if punctual else None,
        steal=raw["steal"] if punctual else None,
        tissue=_tissue(raw),
        disturbance=Disturbance(*raw["disturbance"]) if punctual and raw["disturbance"] else None,
        waited=raw["waited"],
        braked=raw["braked"],
        watchdog_trips=raw["watchdog_trips"],
        leaps=raw["leaps"],
        device_watchdog=raw["device_watchdog"],
        echo_errors=raw["echo_errors"],
    )
