"""What can be wrong with what a scene shows: its endoscope and what stands around the organ."""

from collections.abc import Iterator

from surgisim.nearest import suggest
from surgisim.procedure.finding import Finding
from surgisim.procedure.model import Procedure
from surgisim.procedure.scene import ALL

__all__ = ["check_view"]


def check_view(procedure: Procedure) -> Iterator[Finding]:
    """Find every mistake of a scene's endoscope, and organs that are named twice."""
    yield from _beside(procedure)
    yield from _endoscope(procedure)
    yield from _targets(procedure)
    yield from _fog(procedure)


def _beside(procedure: Procedure) -> Iterator[Finding]:
    seen = {procedure.scene.organ}
    for number, name in enumerate(procedure.scene.beside):
        if name in seen:
            text = f"'{name}' is in the scene already: name each organ once"
            yield Finding(("scene", "beside", number), text, whole=("scene",))
        seen.add(name)


def _targets(procedure: Procedure) -> Iterator[Finding]:
    scene = procedure.scene
    if scene.targets is None:
        return
    place = ("scene", "targets")
    if scene.endoscope is None or not scene.endoscope.held:
        text = "targets are for an endoscope in the hand: add 'endoscope' without a port of its own"
        yield Finding(place, text, whole=("scene",))
    if scene.targets.behind > scene.targets.count:
        text = f"more targets are 'behind' than there are: {scene.targets.count} at most"
        yield Finding((*place, "behind"), text, whole=place)


def _fog(procedure: Procedure) -> Iterator[Finding]:
    for number, one in enumerate(procedure.complications):
        if one.effect is not None and one.effect.fog is not None and not one.states:
            text = "fog lasts as long as its complication: add a state that says until when"
            place = ("complications", number)
            yield Finding((*place, "effect", "fog"), text, whole=place)


def _endoscope(procedure: Procedure) -> Iterator[Finding]:
    scene = procedure.scene
    scope = scene.endoscope
    if scope is None:
        return
    place = ("scene", "endoscope")
    if scope.held and scene.probe.port is None:
        text = "the endoscope has no port: give it one, or give 'probe' one to hold it in the hand"
        yield Finding(place, text, whole=("scene",))
    if scope.held and "distance" in scope.model_fields_set:
        text = "'distance' is of an endoscope that stands still: give it a 'port', or leave it out"
        yield Finding((*place, "distance"), text, whole=place)
    if scope.at is None:
        return
    if scope.held:
        text = "'at' is of an endoscope that stands still: give it a 'port', or leave it out"
        yield Finding((*place, "at"), text, whole=place)
    known = [scene.organ, *scene.beside]
    if scope.at not in known and ALL not in known:
        text = f"unknown organ '{scope.at}'{suggest(scope.at, known)}: name one of the scene"
        yield Finding((*place, "at"), text, whole=("scene",))
