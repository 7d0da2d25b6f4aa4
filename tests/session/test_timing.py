"""What the record keeps of the ticks' statistics."""

from surgisim.record import Disturbance
from surgisim.run import Distribution, TickStats
from surgisim.run import Disturbance as Counted
from surgisim.session.timing import timing_of

TIMES = Distribution(1e-4, 2e-4, 3e-4, 4e-4, 5e-4, ((1e-3, 10),))


def stats(longest_burst: int = 0, disturbance: Counted | None = None) -> TickStats:
    return TickStats(
        ticks=10,
        rate_hz=1000.0,
        late=1,
        dropped=9000,
        longest_late_s=5.9,
        longest_burst=longest_burst,
        clamped=3,
        slew_limited=4,
        silenced=5,
        scheduler="normal",
        fallback="refused",
        memory_unlocked="no rights",
        cpu=TIMES,
        lateness=TIMES,
        passed_over="no deadline",
        memory_untouched="too much of it",
        deep_sleep="no device",
        steal=0.02,
        disturbance=disturbance,
        braked=6,
        watchdog_trips=7,
        leaps=8,
    )


def test_what_the_system_refused_and_did_is_told() -> None:
    timing = timing_of(stats(7, Counted(900, 1, 2, 3, 4)))
    assert timing.longest_burst == 7
    assert timing.memory_unlocked == "no rights"
    assert timing.memory_untouched == "too much of it"
    assert timing.deep_sleep == "no device"
    assert timing.passed_over == "no deadline"
    assert timing.steal == 0.02
    assert (timing.clamped, timing.slew_limited, timing.silenced) == (3, 4, 5)
    assert (timing.braked, timing.watchdog_trips, timing.leaps) == (6, 7, 8)
    assert timing.disturbance == Disturbance(
        ticks=900, minor_faults=1, major_faults=2, waits=3, preemptions=4
    )


def test_what_nobody_counted_is_left_open() -> None:
    assert timing_of(stats()).disturbance is None
