"""Risk-adjusted CUSUM: whether somebody fails more often than these cases let expect.

With p_t the risk of failure of case t, R0 and RA the odds ratios of failure that are expected and
to be found (Steiner, Cook, Farewell and Treasure 2000, Biostatistics 1:441):

    W_t(failure) = ln( (1 - p_t + R0 p_t) RA / ((1 - p_t + RA p_t) R0) )
    W_t(success) = ln( (1 - p_t + R0 p_t) / (1 - p_t + RA p_t) )
    X_t = max(0, X_t-1 + W_t),      a signal where X_t >= h

RA > 1 looks for worse, RA < 1 for better performance. Valid for 0 < p < 1; h sets how many cases go
by between false alarms and has to be simulated for the cases at hand.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

__all__ = ["RaCusumChart", "RaCusumRule"]


@dataclass(frozen=True, slots=True)
class RaCusumRule:
    """The rule, with all that a result depends on.

    Attributes
    ----------
    r0, ra
        Odds ratio of failure that is expected (1: as the risks say), and that is to be found.
    h
        Where it signals.
    reset
        Whether the sum begins again from 0 after a signal.
    """

    ra: float
    h: float
    r0: float = 1.0
    reset: bool = False

    def __post_init__(self) -> None:
        """Refuse what is no test, with one sentence (`ValueError`)."""
        if self.r0 <= 0.0 or self.ra <= 0.0 or self.r0 == self.ra:
            raise ValueError(f"r0 and ra are odds ratios and must differ: {self.r0}, {self.ra}")
        if self.h <= 0.0:
            raise ValueError(f"h must be above 0: {self.h}")

    def weight(self, risk: float, failure: bool) -> float:
        """Return what a case adds.

        Parameters
        ----------
        risk
            Of failure, between 0 and 1.
        failure
            Whether it failed.

        Raises
        ------
        ValueError
            A risk that is 0, 1 or outside.
        """
        if not 0.0 < risk < 1.0:
            raise ValueError(f"the risk of a case lies between 0 and 1: {risk}")
        expected = 1.0 - risk + self.r0 * risk
        found = 1.0 - risk + self.ra * risk
        ratio = self.ra / self.r0 if failure else 1.0
        return math.log(expected / found * ratio)

    def chart(self, risks: Sequence[float], successes: Sequence[bool]) -> "RaCusumChart":
        """Run over the cases in their order."""
        total, sums, signals = 0.0, [], []
        for case, (risk, success) in enumerate(zip(risks, successes, strict=True)):
            total = max(0.0, total + self.weight(risk, not success))
            sums.append(total)
            if total >= self.h:
                signals.append(case)
                total = 0.0 if self.reset else total
        return RaCusumChart(self, tuple(sums), tuple(signals))


@dataclass(frozen=True, slots=True)
class RaCusumChart:
    """The sums after each case, before they begin again, and the indices of those that signal."""

    rule: RaCusumRule
    sums: tuple[float, ...]
    signals: tuple[int, ...]
