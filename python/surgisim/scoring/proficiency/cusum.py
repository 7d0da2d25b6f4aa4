"""CUSUM: whether the rate of failures is acceptable, by a sequential test of a row of runs.

With p0 the acceptable and p1 the unacceptable rate of failures, alpha the chance to call acceptable
work unacceptable and beta the chance to call unacceptable work acceptable (Bolsin and Colson 2000,
Int J Qual Health Care 12:433; Williams, Parry and Schlup 1992, BMJ 304:1359):

    P = ln(p1 / p0)      Q = ln((1 - p0) / (1 - p1))      s = Q / (P + Q)
    a success takes s off the sum, a failure adds 1 - s
    h0 = ln((1 - alpha) / beta) / (P + Q)      h1 = ln((1 - beta) / alpha) / (P + Q)

A sum that falls to -h0 says that the rate is acceptable, one that rises to h1 that it is not. Both
are Wald's (1945) limits, so that **all four parameters belong to the rule**: with p0 = 5 %,
p1 = 15 % and alpha = beta = 0.1 no row shorter than 20 can pass. A result "CUSUM passed" without
them says nothing. Valid for 0 < p0 < p1 < 1, alpha + beta < 1, and runs that do not depend on one
another.

What happens at a limit differs between published charts, and changes the result: nothing (the sum
goes on), or the sum begins again from 0 at one of the limits or at both. So it is part of the rule.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

__all__ = ["CusumChart", "CusumRule", "Reset"]

Reset = Literal["never", "unacceptable", "both"]
"""Where the sum begins again from 0: nowhere, at h1, or at -h0 and h1."""


@dataclass(frozen=True, slots=True)
class CusumRule:
    """The rule, with all that a result depends on.

    Attributes
    ----------
    p0, p1
        Acceptable and unacceptable rate of failures.
    alpha, beta
        Chance to call acceptable work unacceptable, and unacceptable work acceptable.
    reset
        Where the sum begins again.
    """

    p0: float
    p1: float
    alpha: float
    beta: float
    reset: Reset = "never"

    def __post_init__(self) -> None:
        """Refuse what is no test.

        Raises
        ------
        ValueError
            One sentence that names the parameter.
        """
        if not 0.0 < self.p0 < self.p1 < 1.0:
            raise ValueError(f"p0 must lie below p1, both between 0 and 1: {self.p0}, {self.p1}")
        if not (0.0 < self.alpha < 1.0 and 0.0 < self.beta < 1.0 and self.alpha + self.beta < 1.0):
            raise ValueError(
                f"alpha and beta must be above 0 and together below 1: {self.alpha}, {self.beta}"
            )
        if self.reset not in ("never", "unacceptable", "both"):
            raise ValueError(f"reset is never, unacceptable or both, not {self.reset!r}")

    @property
    def _scale(self) -> float:
        return math.log(self.p1 / self.p0) + math.log((1.0 - self.p0) / (1.0 - self.p1))

    @property
    def s(self) -> float:
        """What a success takes off; a failure adds 1 - s."""
        return math.log((1.0 - self.p0) / (1.0 - self.p1)) / self._scale

    @property
    def h0(self) -> float:
        """How far below 0 the rate is acceptable."""
        return math.log((1.0 - self.alpha) / self.beta) / self._scale

    @property
    def h1(self) -> float:
        """How far above 0 it is unacceptable."""
        return math.log((1.0 - self.beta) / self.alpha) / self._scale

    @property
    def shortest(self) -> int:
        """Fewest runs that can pass: all of them successes."""
        return math.ceil(self.h0 / self.s - 1e-12)

    def chart(self, successes: Sequence[bool]) -> "CusumChart":
        """Run the test over successes and failures in their order."""
        total, sums, good, bad = 0.0, [], [], []
        for run, success in enumerate(successes):
            total += -self.s if success else 1.0 - self.s
            sums.append(total)
            if total <= -self.h0 + 1e-12:
                good.append(run)
                total = 0.0 if self.reset == "both" else total
            elif total >= self.h1 - 1e-12:
                bad.append(run)
                total = 0.0 if self.reset != "never" else total
        return CusumChart(self, tuple(sums), tuple(good), tuple(bad))


@dataclass(frozen=True, slots=True)
class CusumChart:
    """What came of the test.

    Attributes
    ----------
    rule
        The rule.
    sums
        After each run, before it begins again.
    acceptable, unacceptable
        Indices of the runs at or beyond -h0, and at or beyond h1.
    """

    rule: CusumRule
    sums: tuple[float, ...]
    acceptable: tuple[int, ...]
    unacceptable: tuple[int, ...]

    @property
    def proficient_at(self) -> int | None:
        """Run, from 1, after which the rate was first shown to be acceptable; None so far."""
        return self.acceptable[0] + 1 if self.acceptable else None
