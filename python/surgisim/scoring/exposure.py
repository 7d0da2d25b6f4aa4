"""Measures of how well something was held in view.

A session records when what is wanted came into view, when it was lost, and when the edge that hid
it slipped off the instrument. Only time below the force limit counts as held: an edge that is
pulled away with force is exposed, too.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from surgisim.scoring.left_out import Interval, inside, lasted
from surgisim.scoring.metric import Metric
from surgisim.scoring.runs import longest, runs, step_of
from surgisim.snapshot import Event

__all__ = ["exposure_metrics", "slips", "views"]

_WON, _LOST, _SLIPPED = "exposure.won", "exposure.lost", "exposure.slipped"


def views(events: Sequence[Event], end_s: float) -> tuple[Interval, ...]:
    """From when to when it was in view, in a session that ended at `end_s`."""
    found: list[Interval] = []
    since_s: float | None = None
    for event in events:
        if event.kind == _WON and since_s is None:
            since_s = event.time_s
        elif event.kind == _LOST and since_s is not None:
            found.append(Interval("view", since_s, event.time_s))
            since_s = None
    if since_s is not None:
        found.append(Interval("view", since_s, end_s))
    return tuple(found)


def slips(events: Sequence[Event]) -> tuple[float, ...]:
    """When the edge slipped off, s."""
    return tuple(event.time_s for event in events if event.kind == _SLIPPED)


def exposure_metrics(
    time_s: NDArray[np.float64],
    force: NDArray[np.float64],
    limit: float,
    seen: Sequence[Interval] | None,
    slipped_s: Sequence[float],
    left_out: Sequence[Interval] = (),
) -> dict[str, Metric]:
    """Time held in view below the limit, s; time until first in view, s; slips.

    The interval of the first is the longest stretch that counted.

    Parameters
    ----------
    time_s, force
        At equal steps, (n,), s and N.
    limit
        N.
    seen, slipped_s
        As `views` and `slips` find them; None where nothing was to be brought into view, and then
        nothing is measured.
    left_out
        Times that do not count.
    """
    if seen is None:
        units = {"held": "s", "reached": "s", "slips": "1"}
        return {f"exposure.{name}": Metric(None, unit) for name, unit in units.items()}
    counts = inside(time_s, seen) & (force <= limit) & ~inside(time_s, left_out)
    first_s = min((one.from_s for one in seen), default=None)
    reached_s = None if first_s is None else lasted(left_out, 0.0, first_s)
    return {
        "exposure.held": _held(time_s, counts),
        "exposure.reached": Metric(reached_s, "s", first_s),
        "exposure.slips": Metric(float(len(slipped_s)), "1", min(slipped_s, default=None)),
    }


def _held(time_s: NDArray[np.float64], counts: NDArray[np.bool_]) -> Metric:
    found = runs(counts)
    if not found:
        return Metric(0.0, "s")
    start, end = longest(found)
    total = float(np.count_nonzero(counts)) * step_of(time_s)
    return Metric(total, "s", float(time_s[start]), float(time_s[end - 1]))
