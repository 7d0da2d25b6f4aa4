"""Where the conditions and the mistakes of a procedure stand in its file."""

from collections.abc import Iterator
from dataclasses import dataclass

from surgisim.procedure.effect import EffectSpec
from surgisim.procedure.finding import Path
from surgisim.procedure.interrupt import Interrupt
from surgisim.procedure.model import ErrorRule, Procedure
from surgisim.procedure.response import Wrong

__all__ = [
    "Condition",
    "Scored",
    "conditions",
    "effects",
    "interrupts",
    "mistake_paths",
    "scored",
]


@dataclass(frozen=True, slots=True)
class Condition:
    """A condition, where it stands, and for how long it may be waited for, s.

    `what` is what never comes about where it never holds.
    """

    path: Path
    text: str
    what: str
    limit_s: float | None = None

    @property
    def late_at_limit(self) -> bool:
        """Whether it is first looked at after its time has begun, so that it is over at its end."""
        return self.path[-1] == "until" or "correct" in self.path


def mistake_paths(procedure: Procedure) -> Iterator[tuple[Path, str, str]]:
    """Path, id and condition of every mistake that can be made."""
    for number, error in enumerate(procedure.errors):
        yield ("errors", number), error.id, error.when
    for at, step in enumerate(procedure.steps):
        for number, error in enumerate(step.errors):
            yield ("steps", at, "errors", number), error.id, error.when
    for at, one in enumerate(procedure.complications):
        for number, wrong in enumerate(one.wrong):
            yield ("complications", at, "wrong", number), wrong.id, wrong.when


def interrupts(procedure: Procedure) -> Iterator[tuple[Path, Interrupt]]:
    """Every interruption: of the complications and of their states."""
    for n, one in enumerate(procedure.complications):
        if one.interrupt is not None:
            yield ("complications", n, "interrupt"), one.interrupt
        for m, state in enumerate(one.states):
            if state.interrupt is not None:
                yield ("complications", n, "states", m, "interrupt"), state.interrupt


def effects(procedure: Procedure) -> Iterator[tuple[Path, EffectSpec]]:
    """Every effect: of the complications and of their states."""
    for n, one in enumerate(procedure.complications):
        if one.effect is not None:
            yield ("complications", n, "effect"), one.effect
        for m, state in enumerate(one.states):
            if state.effect is not None:
                yield ("complications", n, "states", m, "effect"), state.effect


def conditions(procedure: Procedure) -> Iterator[Condition]:
    """Every condition of a procedure."""
    if procedure.end_when is not None:
        yield Condition(("end_when",), procedure.end_when, "the session would not end by it")
    for n, step in enumerate(procedure.steps):
        what = f"step '{step.id}' can never be done"
        yield Condition(("steps", n, "done_when"), step.done_when, what, step.time_limit)
        for m, hint in enumerate(step.hints):
            if hint.when is not None:
                what = f"hint {m + 1} of step '{step.id}' can never come"
                yield Condition(("steps", n, "hints", m, "when"), hint.when, what)
    for path, error, when in mistake_paths(procedure):
        yield Condition((*path, "when"), when, f"mistake '{error}' can never happen")
    for n, one in enumerate(procedure.complications):
        at: Path = ("complications", n)
        if one.when is not None:
            what = f"complication '{one.id}' can never happen"
            yield Condition((*at, "when"), one.when, what)
        for m, state in enumerate(one.states):
            what = f"state '{state.id}' is never left by it"
            yield Condition((*at, "states", m, "until"), state.until, what)
        for m, response in enumerate(one.correct):
            if response.when is not None:
                what = f"the response '{response.id}' can never be given"
                yield Condition((*at, "correct", m, "when"), response.when, what, response.worst)
    for path, interrupt in interrupts(procedure):
        for m, change in enumerate(interrupt.change):
            if change.done_when is not None:
                what = f"step '{change.step}' can never be done so"
                at = (*path, "change", m, "done_when")
                yield Condition(at, change.done_when, what, change.time_limit)


@dataclass(frozen=True, slots=True)
class Scored:
    """Something that names an objective, and whether any points hang on it."""

    path: Path
    objective: str
    counts: bool


def scored(procedure: Procedure) -> Iterator[Scored]:
    """Everything that counts for an objective, or would."""
    for n, line in enumerate(procedure.scoring.lines):
        if line.objective is not None:
            yield Scored(("scoring", "lines", n), line.objective, line.weight > 0.0)
    found: list[tuple[Path, ErrorRule | Wrong]] = []
    found += [(("errors", n), rule) for n, rule in enumerate(procedure.errors)]
    for n, step in enumerate(procedure.steps):
        found += [(("steps", n, "errors", m), rule) for m, rule in enumerate(step.errors)]
    for n, one in enumerate(procedure.complications):
        found += [(("complications", n, "wrong", m), wrong) for m, wrong in enumerate(one.wrong)]
        for m, response in enumerate(one.correct):
            if response.when is not None and response.objective is not None:
                at: Path = ("complications", n, "correct", m)
                yield Scored(at, response.objective, response.penalty > 0.0)
    for path, rule in found:
        if rule.objective is not None:
            counts = rule.penalty > 0.0 or rule.severity == "critical"
            yield Scored(path, rule.objective, counts)
