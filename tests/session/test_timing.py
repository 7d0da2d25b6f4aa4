"""What the record keeps of the ticks' statistics."""

import pytest

from surgisim.run import Distribution, TickStats
from surgisim.session.timing import timing_of

TIMES = Distribution(1e-4, 2e-4, 3e-4, 4e-4, 5e-4, ((1e-3, 10),))


def stats(longest_late_s: float) -> TickStats:
    return TickStats(
        ticks=10,
        rate_hz=1000.0,
        late=1,
        dropped=9000,
        longest_late_s=longest_late_s,
        clamped=0,
        slew_limited=0,
        scheduler="normal",
        fallback="refused",
        memory_unlocked="no rights",
        cpu=TIMES,
        lateness=TIMES,
    )


@pytest.mark.parametrize(
    ("longest_late_ns", "dt_s", "skipped"),
    [
        (999_999, 1e-3, 0),
        (2_017_000_000, 1e-3, 2017),  # in floating point, this over dt is less than 2017
        (5_866_000, 1e-3, 5),
        (5_866_000, 5e-4, 11),
    ],
)
def test_the_latest_tick_skipped_the_whole_periods_it_was_late(
    longest_late_ns: int, dt_s: float, skipped: int
) -> None:
    assert timing_of(stats(longest_late_ns * 1e-9), dt_s).longest_burst == skipped


def test_memory_that_may_wait_is_told() -> None:
    assert timing_of(stats(0.0), 1e-3).memory_unlocked == "no rights"
