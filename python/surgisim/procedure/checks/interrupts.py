"""What can be wrong with complications that get in the way of steps."""

from collections.abc import Iterator

from surgisim.nearest import suggest
from surgisim.procedure.checks.paths import interrupts
from surgisim.procedure.finding import Finding, Path
from surgisim.procedure.interrupt import Change, Interrupt
from surgisim.procedure.model import Procedure

__all__ = ["check_interrupts"]


def check_interrupts(procedure: Procedure, steps: set[str]) -> Iterator[Finding]:
    """Unknown steps, contradictions, and steps that would stand for ever or not at all."""
    changed: dict[str, int] = {}
    for path, one in interrupts(procedure):
        yield from _steps(path, one, steps)
        for number, change in enumerate(one.change):
            yield from _change((*path, "change", number), change)
            owner = int(path[1])
            first = changed.setdefault(change.step, owner)
            if first != owner:
                text = (
                    f"step '{change.step}' is changed by complication "
                    f"'{procedure.complications[first].id}' too: one alone may change a step"
                )
                yield Finding((*path, "change", number, "step"), text)
    for number, complication in enumerate(procedure.complications):
        at: Path = ("complications", number)
        if complication.interrupt is not None and complication.interrupt.lasts:
            yield from _endless(procedure, at)


def _steps(path: Path, one: Interrupt, steps: set[str]) -> Iterator[Finding]:
    """Find steps that do not exist, and steps of which two things are said."""
    said: dict[str, str] = {}
    for place, step in one.steps():
        if step not in steps:
            text = f"unknown step '{step}'{suggest(step, sorted(steps))}"
            yield Finding((*path, *place), text)
        key = str(place[0])
        if step in said:
            text = f"step '{step}' stands under '{said[step]}' already: say one thing of it"
            yield Finding((*path, *place), text)
        said.setdefault(step, key)


def _change(path: Path, change: Change) -> Iterator[Finding]:
    if change.text is None and change.done_when is None and change.time_limit is None:
        text = "the change changes nothing: add 'text', 'done_when' or 'time_limit'"
        yield Finding(path, text, whole=path)


def _endless(procedure: Procedure, at: Path) -> Iterator[Finding]:
    """Find what stands or changes for no time at all, or to the end of the session."""
    one = procedure.complications[int(at[1])]
    effect = one.effect
    if not one.lasts:
        text = f"complication '{one.id}' is over as it begins, so no step stands: add 'states'"
        yield Finding((*at, "interrupt"), text, whole=at)
    elif not one.states and effect is not None and effect.bleed is not None:
        text = (
            f"complication '{one.id}' lasts to the end of the session, and its steps would stand "
            "so long: add 'states' that lead to 'end'"
        )
        yield Finding((*at, "interrupt"), text, whole=at)
