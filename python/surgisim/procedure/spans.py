"""What the facts of a procedure can be at all, before anything is played.

A scene without a capsule never has a torn one; a count is never below 0; no session is longer than
its time limit. From such spans follows which conditions can never hold, see
`surgisim.procedure.holding`.
"""

from dataclasses import dataclass

from surgisim.procedure.effect import EffectSpec
from surgisim.procedure.model import Procedure
from surgisim.procedure.vocabulary import OWN
from surgisim.procedure.words import words_of

__all__ = ["Span", "spans_of"]

_FOREVER = float("inf")


@dataclass(frozen=True, slots=True)
class Span:
    """From `low` to `high`, in SI; no and yes are 0 and 1. `why` says what sets the bounds."""

    low: float
    high: float
    why: str = ""

    def within(self, low: float, high: float) -> "Span | None":
        """Return what is left of it between two bounds; None for nothing."""
        left = Span(max(self.low, low), min(self.high, high), self.why)
        return left if left.low <= left.high else None


def spans_of(procedure: Procedure) -> dict[str, Span]:
    """For every fact that a condition may name what it can be."""
    spans = {}
    for name, word in words_of(procedure).items():
        free = name.startswith(OWN)  # a program's own: nothing is known of it
        high = 1.0 if word.unit == "bool" else _FOREVER
        spans[name] = Span(-_FOREVER if free and word.unit != "bool" else 0.0, high)
    return spans | _of_scene(procedure) | _of_times(procedure) | _of_steps(procedure)


def _of_scene(procedure: Procedure) -> dict[str, Span]:
    scene = procedure.scene
    limit = scene.limits.force.value
    found = {"limit.force": Span(limit, limit, "that is the scene's limit")}
    if scene.nodules is not None:
        count = scene.nodules.count
        found["nodules.count"] = Span(count, count, f"the scene has {count} nodules")
    if scene.targets is not None:
        count, why = scene.targets.count, f"the scene has {scene.targets.count} targets"
        found |= {"targets.count": Span(count, count, why), "targets.found": Span(0.0, count, why)}
        found["target.held"] = Span(0.0, scene.targets.hold, "then the next target lights up")
    if scene.beneath is not None:
        hold = scene.beneath.hold
        found["exposure.asked"] = Span(hold, hold, "that is what 'beneath' asks for")
        found["exposure.visible"] = Span(0.0, 1.0, "it is a share")
    if scene.capsule is None:
        found["capsule.torn"] = Span(0.0, 0.0, "the scene names no capsule")
    return found | _of_effects(procedure)


def _of_effects(procedure: Procedure) -> dict[str, Span]:
    found = {}
    effects = _effects(procedure)
    if procedure.scene.endoscope is not None and not any(effect.fog for effect in effects):
        found["view.fogged"] = Span(0.0, 0.0, "no complication fogs the lens")
    if procedure.behaviour is None and not any(effect.bleed for effect in effects):
        for name in ("blood.lost", "blood.rate"):
            found[name] = Span(0.0, 0.0, "no complication bleeds")
    return found


def _effects(procedure: Procedure) -> list[EffectSpec]:
    every = [one.effect for one in procedure.complications]
    every += [state.effect for one in procedure.complications for state in one.states]
    return [effect for effect in every if effect is not None]


def _of_times(procedure: Procedure) -> dict[str, Span]:
    why, names = "the session lasts no longer", ("time", "limit.time", "exposure.held")
    return {name: Span(0.0, procedure.time_limit, why) for name in names}


def _of_steps(procedure: Procedure) -> dict[str, Span]:
    interrupts = [act for one in procedure.complications for act in one.interrupts]
    suspended = {step for one in interrupts for step in one.suspend}
    limited = {c.step for one in interrupts for c in one.change if c.time_limit is not None}
    limited |= {step.id for step in procedure.steps if step.time_limit is not None}
    found = {}
    for step in procedure.steps:
        if step.id not in limited:
            found[f"step.{step.id}.late"] = Span(0.0, 0.0, "the step has no time limit")
        if step.id not in suspended:
            found[f"step.{step.id}.suspended"] = Span(0.0, 0.0, "no complication suspends it")
    return found
