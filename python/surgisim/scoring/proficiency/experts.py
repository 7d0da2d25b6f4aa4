"""Pass marks from experts: what those who can do it measure.

For each measure, with x_i the experts' values, their mean m and standard deviation s (n - 1):

    limit = m - k s   where more is better        limit = m + k s   where less is better

k = 0 asks for the experts' mean, as proficiency-based progression does (Mazzone et al. 2021, Ann
Surg 274:281); k > 0 gives a margin. A run succeeds when **every** measure is at its limit or
better, as robotic simulators ask; and several runs in a row have to (`RepetitionRule`). An expert's
run that lies more than 2 s from the mean is often left out first, and then has to be told. Valid
for runs of experts who know the simulator: their first runs measure the simulator.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

__all__ = ["LEAST", "ExpertLevel", "expert_levels"]

LEAST = 3
"""People in a group; below there is no spread to speak of."""

_ROUNDING = 1e-9  # share of a level by which means of equal values may be off


@dataclass(frozen=True, slots=True)
class ExpertLevel:
    """The level of experts in one measure.

    Attributes
    ----------
    metric
        Its name.
    experts
        How many values.
    mean, sd
        Of them, in the measure's unit.
    limit
        What is to be reached.
    more_is_better
        Whether above the limit is good.
    outside
        Indices of values more than two standard deviations from the mean.
    """

    metric: str
    experts: int
    mean: float
    sd: float
    limit: float
    more_is_better: bool
    outside: tuple[int, ...]

    def met(self, value: float | None) -> bool:
        """Whether a value is at the limit or better; one that was not measured is not."""
        if value is None:
            return False
        slack = _ROUNDING * abs(self.limit)
        if self.more_is_better:
            return value >= self.limit - slack
        return value <= self.limit + slack


def expert_levels(
    runs: Mapping[str, Sequence[float]],
    more_is_better: Mapping[str, bool],
    margin: float = 0.0,
) -> tuple[ExpertLevel, ...]:
    """Take the level of every measure.

    Parameters
    ----------
    runs
        Values of the experts by the measure's name, at least 3 of each.
    more_is_better
        By the same names.
    margin
        k, standard deviations that are let off.

    Raises
    ------
    ValueError
        Too few experts, or a negative margin.
    """
    if margin < 0.0:
        raise ValueError(f"the margin is 0 or more standard deviations, not {margin}")
    levels = []
    for name, values in runs.items():
        if len(values) < LEAST:
            raise ValueError(
                f"'{name}' was measured on too few experts, {len(values)}: {LEAST} are needed"
            )
        x = np.asarray(values, np.float64)
        mean, sd = float(x.mean()), float(x.std(ddof=1))
        up = more_is_better[name]
        limit = mean - margin * sd if up else mean + margin * sd
        far = np.flatnonzero(np.abs(x - mean) > 2.0 * sd + _ROUNDING * abs(mean))
        outside = tuple(int(i) for i in far)
        levels.append(ExpertLevel(name, len(values), mean, sd, limit, up, outside))
    return tuple(levels)
