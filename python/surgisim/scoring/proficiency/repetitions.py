"""Rules of repetition: so many successes in a row, and so many more.

A course for the FLS tasks asks for two consecutive runs at the level of proficiency, and for peg
transfer and the intracorporeal suture for ten more that need not be consecutive, within 80 runs at
most (Texas Association of Surgical Skills Laboratories, FLS curriculum; Ritter and Scott 2007, Surg
Innov 14:107). Here:

    proficient at run n   when among the first n runs there are `consecutive` successes in a row,
                          and `consecutive` + `more` successes in all

The further ones may lie before, after or next to the row. A rule of three in a row with none more
is that of robotic simulators, which ask it of every measure at once.
"""

from collections.abc import Sequence
from dataclasses import dataclass

__all__ = ["RepetitionRule", "Standing"]


@dataclass(frozen=True, slots=True)
class RepetitionRule:
    """The rule.

    Attributes
    ----------
    consecutive
        Successes in a row, 1 or more.
    more
        Further successes, anywhere.
    at_most
        Runs after which a teacher has to be asked; None for no such limit.
    """

    consecutive: int = 1
    more: int = 0
    at_most: int | None = None

    def __post_init__(self) -> None:
        """Refuse a rule that nobody can meet, with one sentence (`ValueError`)."""
        if self.consecutive < 1 or self.more < 0:
            raise ValueError("a rule needs at least 1 success in a row and no fewer than 0 more")
        if self.at_most is not None and self.at_most < self.shortest:
            raise ValueError(
                f"{self.shortest} runs are the fewest that meet the rule, and {self.at_most} are "
                "allowed"
            )

    @property
    def shortest(self) -> int:
        """Fewest runs that can meet it."""
        return self.consecutive + self.more

    def judge(self, successes: Sequence[bool]) -> "Standing":
        """Judge runs in their order."""
        total = row = longest = 0
        proficient: int | None = None
        allowed = successes if self.at_most is None else successes[: self.at_most]
        for number, success in enumerate(allowed, start=1):
            total += success
            row = row + 1 if success else 0
            longest = max(longest, row)
            if proficient is None and longest >= self.consecutive and total >= self.shortest:
                proficient = number
        spent = self.at_most is not None and len(successes) >= self.at_most
        return Standing(len(successes), total, row, longest, proficient, spent)


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a row of runs stands.

    Attributes
    ----------
    runs, successes
        How many; successes among those that were allowed.
    row, longest
        Successes in a row up to the last run, and at most.
    proficient_at
        Run, from 1, with which the rule was met; None so far.
    spent
        Whether all runs that were allowed are used up.
    """

    runs: int
    successes: int
    row: int
    longest: int
    proficient_at: int | None
    spent: bool
