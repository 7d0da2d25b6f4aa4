"""What can be wrong with chance."""

from collections.abc import Iterator

from surgisim.nearest import suggest
from surgisim.procedure.finding import Finding, Path
from surgisim.procedure.model import Procedure

__all__ = ["check_chance", "check_groups"]


def check_chance(procedure: Procedure, steps: set[str]) -> Iterator[Finding]:
    """Chance that names an unknown step or comes too late."""
    for number, complication in enumerate(procedure.complications):
        chance = complication.random
        path: Path = ("complications", number, "random")
        if chance is None:
            continue
        if chance.after is not None and chance.after not in steps:
            text = f"unknown step '{chance.after}'{suggest(chance.after, sorted(steps))}"
            yield Finding((*path, "after"), text)
        if chance.window.high > procedure.time_limit:
            text = (
                f"the window of '{complication.id}' ends at {chance.window.high:g} s, after the "
                f"time limit of the procedure ({procedure.time_limit:g} s)"
            )
            yield Finding((*path, "window"), text)


def check_groups(procedure: Procedure) -> Iterator[Finding]:
    """Find probabilities of complications that exclude each other and add up to more than 1."""
    sums: dict[str, float] = {}
    for number, complication in enumerate(procedure.complications):
        chance = complication.random
        if chance is None or chance.one_of is None:
            continue
        before = sums.get(chance.one_of, 0.0)
        sums[chance.one_of] = before + chance.p
        if before <= 1.0 + 1e-9 < sums[chance.one_of]:
            text = (
                f"the probabilities of '{chance.one_of}', of which one happens at most, add up to "
                f"{_sum(procedure, chance.one_of):g}: they must not exceed 1"
            )
            yield Finding(("complications", number, "random", "p"), text, whole=("complications",))


def _sum(procedure: Procedure, group: str) -> float:
    chances = [one.random for one in procedure.complications]
    return sum(one.p for one in chances if one is not None and one.one_of == group)
