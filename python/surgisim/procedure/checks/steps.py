"""What can be wrong with the order of steps and with the time they have."""

from collections.abc import Iterator, Mapping

from surgisim.nearest import suggest
from surgisim.procedure.finding import Finding, Path
from surgisim.procedure.model import Procedure

__all__ = ["check_hints", "check_needs", "check_step_times"]


def check_needs(procedure: Procedure, steps: set[str]) -> Iterator[Finding]:
    """Unknown steps in `needs`, and steps that need each other in a circle."""
    for number, step in enumerate(procedure.steps):
        for at, need in enumerate(step.needs):
            if need not in steps:
                text = f"unknown step '{need}'{suggest(need, sorted(steps))}"
                yield Finding(("steps", number, "needs", at), text)
    needs = _in_circles({step.id: step.needs for step in procedure.steps})
    told: set[str] = set()
    for number, step in enumerate(procedure.steps):
        circle = [] if step.id in told or step.id not in needs else _circle(step.id, needs)
        if circle and not told.intersection(circle):
            told.update(circle)
            text = f"steps need each other in a circle: {' -> '.join(circle)}"
            yield Finding(("steps", number, "needs"), text)


def _in_circles(needs: Mapping[str, list[str]]) -> dict[str, list[str]]:
    """Leave out what is in no circle: steps that need none of the rest, and that none needs."""
    left = {step: [need for need in them if need in needs] for step, them in needs.items()}
    while True:
        needed = {need for them in left.values() for need in them}
        kept = {step for step, them in left.items() if them and step in needed}
        if len(kept) == len(left):
            return left
        left = {step: [need for need in left[step] if need in kept] for step in kept}


def _circle(start: str, needs: Mapping[str, list[str]]) -> list[str]:
    """Follow `needs` from a step back to itself; empty if that does not happen."""
    front, comes_from = [start], dict[str, str]()
    while front:
        step = front.pop(0)
        for need in needs.get(step, []):
            if need == start:
                way = [step]
                while way[-1] != start:
                    way.append(comes_from[way[-1]])
                return [*reversed(way), start]
            if need not in comes_from:
                comes_from[need] = step
                front.append(need)
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


def check_hints(procedure: Procedure) -> Iterator[Finding]:
    """Find hints that say not when, and those that come too late."""
    for number, step in enumerate(procedure.steps):
        for at, hint in enumerate(step.hints):
            path: Path = ("steps", number, "hints", at)
            if hint.after is None and hint.when is None:
                text = "nothing says when this hint comes: add 'after' or 'when'"
                yield Finding(path, text, whole=path)
            elif hint.after is not None and hint.after >= procedure.time_limit:
                text = (
                    f"the hint would come after {hint.after:g} s, and the session ends after "
                    f"{procedure.time_limit:g} s"
                )
                yield Finding((*path, "after"), text, whole=())
