"""A module's rules as functions of outcomes, and of a result."""

import math

from surgisim.course.model import CusumSpec, Limit, Module, Proficiency
from surgisim.scoring.proficiency import CusumRule, RepetitionRule

__all__ = ["cusum_rule", "missed", "repetition_rule", "shortest"]


def repetition_rule(module: Module) -> RepetitionRule | None:
    """Make the rule of repetitions; raises `ValueError` where nobody can meet it."""
    repeat = module.proficient.repeat
    if repeat is None:
        return None
    return RepetitionRule(repeat.in_a_row, repeat.more)


def cusum_rule(spec: CusumSpec | None) -> CusumRule | None:
    """Make the rule of CUSUM; raises `ValueError` where it is no test."""
    if spec is None:
        return None
    return CusumRule(spec.p0, spec.p1, spec.alpha, spec.beta, spec.reset)


def shortest(proficient: Proficiency) -> int:
    """Fewest runs that can meet every rule; raises `ValueError` as the rules do."""
    least = 0
    if proficient.repeat is not None:
        least = proficient.repeat.in_a_row + proficient.repeat.more
    cusum = cusum_rule(proficient.cusum)
    return least if cusum is None else max(least, cusum.shortest)


def missed(limit: Limit, value: float | None) -> bool:
    """Whether a measure misses its limit; one that was not measured does."""
    if value is None:
        return True
    low = -math.inf if limit.at_least is None else limit.at_least.value
    high = math.inf if limit.at_most is None else limit.at_most.value
    # Limits are written with few digits, measures have many.
    slack = 1e-9 * max(abs(value), 1.0)
    return not low - slack <= value <= high + slack
