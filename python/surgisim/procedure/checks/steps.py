"""What can be wrong with the order of steps and with the time they have."""

from collections.abc import Iterator, Mapping

from surgisim.nearest import suggest
from surgisim.procedure.finding import Finding
from surgisim.procedure.model import Procedure

__all__ = ["check_needs", "check_step_times"]


def check_needs(procedure: Procedure, steps: set[str]) -> Iterator[Finding]:
    """Unknown steps in `needs`, and steps that need each other in a circle."""
    for number, step in enumerate(procedure.steps):
        for at, need in enumerate(step.needs):
            if need not in steps:
                text = f"unknown step '{need}'{suggest(need, sorted(steps))}"
                yield Finding(("steps", number, "needs", at), text)
    needs = {step.id: step.needs for step in procedure.steps}
    told: set[str] = set()
    for number, step in enumerate(procedure.steps):
        circle = _circle(step.id, needs)
        if circle and not told.intersection(circle):
            told.update(circle)
            text = f"steps need each other in a circle: {' -> '.join(circle)}"
            yield Finding(("steps", number, "needs"), text)


def _circle(start: str, needs: Mapping[str, list[str]]) -> list[str]:
    """Follow `needs` from a step back to itself; empty if that does not happen."""
    ways = [[start]]
    seen: set[str] = set()
    while ways:
        way = ways.pop(0)
        for need in needs.get(way[-1], []):
            if need == start:
                return [*way, start]
            if need not in seen:
                seen.add(need)
                ways.append([*way, need])
    return []


def check_step_times(procedure: Procedure) -> Iterator[Finding]:
    """Find steps that may take longer than the whole."""
    for number, step in enumerate(procedure.steps):
        if step.time_limit is not None and step.time_limit > procedure.time_limit:
            text = (
                f"step '{step.id}' may take {step.time_limit:g} s, longer than the whole "
                f"procedure ({procedure.time_limit:g} s)"
            )
            yield Finding(("steps", number, "time_limit"), text)
