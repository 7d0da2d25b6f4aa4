"""Times that contradict each other: limits shorter than what they limit, and what is too late."""

from collections.abc import Iterator, Mapping

from surgisim.procedure.checks.paths import conditions
from surgisim.procedure.checks.readings import Readings
from surgisim.procedure.expression import GuardError
from surgisim.procedure.finding import Finding, Path
from surgisim.procedure.holding import can_hold, earliest
from surgisim.procedure.implication import implies
from surgisim.procedure.model import Procedure
from surgisim.procedure.spans import Span

__all__ = ["check_windows"]


def check_windows(
    procedure: Procedure, readings: Readings, spans: Mapping[str, Span]
) -> Iterator[Finding]:
    """Conditions that need more time than they have, and steps and chances that come too late."""
    from_start = {
        ("steps", number, "done_when")
        for number, step in enumerate(procedure.steps)
        if not step.needs and spans[f"step.{step.id}.suspended"].high == 0.0
    }
    for one in conditions(procedure):
        guard = readings.of(one)
        if isinstance(guard, GuardError) or not can_hold(guard.condition, spans):
            continue  # told already
        least_s = earliest(guard.condition, 0.0)
        # what is waited for from later on may find its time come already
        waited_s = earliest(guard.condition, 0.0, timed=one.path in from_start)
        limit_s = guard.deadline_s if one.path[-1] == "until" else one.limit_s
        # a state and a response are looked at from the next look on, and are late at their limit
        if limit_s is not None and (
            waited_s > limit_s or (one.late_at_limit and waited_s == limit_s)
        ):
            text = (
                f"the condition cannot hold before {waited_s:g} s, and it has {limit_s:g} s: "
                "allow more time, or ask for less"
            )
            yield Finding(one.path, text, whole=one.path[:-1])
        elif least_s > procedure.time_limit:
            text = (
                f"{one.what}: the condition cannot hold before {least_s:g} s, and the session "
                f"ends after {procedure.time_limit:g} s"
            )
            yield Finding(one.path, text, whole=())
    yield from _courses(procedure, readings)


def _courses(procedure: Procedure, readings: Readings) -> Iterator[Finding]:
    """Find what comes too late because of the steps before it."""
    done_s = _earliest_done(procedure, readings)
    limit_s = procedure.time_limit
    for number, step in enumerate(procedure.steps):
        before_s = max((done_s.get(need, 0.0) for need in step.needs), default=0.0)
        if before_s <= limit_s < done_s.get(step.id, 0.0) and step.needs:
            text = (
                f"step '{step.id}' can never be done: with the steps before it it takes "
                f"{done_s[step.id]:g} s at the least, and the session ends after {limit_s:g} s"
            )
            yield Finding(("steps", number, "done_when"), text, whole=())
    yield from _after_the_end(procedure, readings)
    for number, one in enumerate(procedure.complications):
        chance = one.random
        if chance is None or chance.after is None or chance.window.high > limit_s:
            continue
        opens_s = done_s.get(chance.after, 0.0) + chance.window.low
        if opens_s > limit_s:
            text = (
                f"the window of '{one.id}' opens after {opens_s:g} s at the least, after the "
                f"time limit of the procedure ({limit_s:g} s)"
            )
            path: Path = ("complications", number, "random", "window")
            yield Finding(path, text, whole=())


def _earliest_done(procedure: Procedure, readings: Readings) -> dict[str, float]:
    """For every step the earliest time at which it can be done; nothing for those in a circle."""
    freed = _freed(procedure)
    done: dict[str, float] = {}
    left = {step.id: step for step in procedure.steps}
    while True:
        ready = [s for s in left.values() if not any(need in left for need in s.needs)]
        if not ready:
            return done
        for step in ready:
            del left[step.id]
            start_s = max((done.get(need, 0.0) for need in step.needs), default=0.0)
            node = readings.node(step.done_when)
            free = node is None or step.id in freed
            done[step.id] = start_s if free or node is None else earliest(node, start_s)


def _freed(procedure: Procedure) -> set[str]:
    """Find the steps that a complication may end as done, or let end by another condition."""
    every = [act for one in procedure.complications for act in one.interrupts]
    changed = {one.step for act in every for one in act.change if one.done_when is not None}
    return changed | {step for act in every for step in act.complete}


def _after_the_end(procedure: Procedure, readings: Readings) -> Iterator[Finding]:
    """Find steps that begin in the moment in which the session is over."""
    end = None if procedure.end_when is None else readings.node(procedure.end_when)
    if end is None:
        return
    freed = _freed(procedure)
    last = {
        step.id
        for step in procedure.steps
        if step.id not in freed
        and (node := readings.node(step.done_when)) is not None
        and implies(node, end)
    }
    for number, step in enumerate(procedure.steps):
        for at, need in enumerate(step.needs):
            if need in last and step.id != need:
                text = (
                    f"step '{step.id}' has only the moment in which '{need}' is done, for the "
                    f"session ends ('end_when') with it: let 'end_when' wait for '{step.id}', or "
                    f"'{step.id}' not need '{need}'"
                )
                yield Finding(("steps", number, "needs", at), text, whole=())
