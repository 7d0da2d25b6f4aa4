"""What a person should know of the ticks of a session that was played."""

import sys
from collections.abc import Sequence

from surgisim.run import TickStats

__all__ = ["warn"]

# Median processor time from which a tick of 1 ms is as good as missed, s.
_DEAR_TICK_S = 0.8e-3


def warn(stats: TickStats, told: Sequence[str] = ()) -> None:
    """Tell on stderr what the ticks cost and lacked, and `told` before."""
    for text in told:
        print(f"surgisim: WARNING: {text}", file=sys.stderr)
    if stats.fallback:
        print(
            f"surgisim: WARNING: the tick ran without real-time scheduling ({stats.fallback}); "
            "forces may be late. `surgisim doctor` says how to get the rights.",
            file=sys.stderr,
        )
    _warn_of_cost(stats)
    if any(stats.lost):
        print(
            "surgisim: WARNING: the program was held up so long that the record lacks ticks; it "
            "cannot be replayed. End what else takes the processor and play again.",
            file=sys.stderr,
        )


def _warn_of_cost(stats: TickStats) -> None:
    """Say what to do where the organ is too large for the tick, or for its own rate."""
    if stats.scheduler != "lockstep" and stats.cpu.p50 > _DEAR_TICK_S:
        print(
            f"surgisim: WARNING: half of the ticks took more than {1e3 * stats.cpu.p50:.1f} ms of "
            "the processor, and each has 1 ms; play with --tissue-hz 60, or take a coarser mesh.",
            file=sys.stderr,
        )
    if stats.scheduler != "lockstep" and stats.tissue is not None and stats.tissue.fell_behind:
        print(
            f"surgisim: WARNING: the tissue fell behind {stats.tissue.fell_behind} times, and its "
            f"force was let go; a step took {1e3 * stats.tissue.took.p50:.0f} ms, so play with a "
            "lower --tissue-hz, or take a coarser mesh.",
            file=sys.stderr,
        )
