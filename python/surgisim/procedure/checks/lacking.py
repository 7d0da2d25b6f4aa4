"""Facts and measures of what a scene does not have: they tell nothing, and would not be missed."""

from collections.abc import Iterator, Mapping

from surgisim.procedure.checks.paths import conditions, effects
from surgisim.procedure.checks.readings import Readings
from surgisim.procedure.expression import GuardError
from surgisim.procedure.finding import Finding
from surgisim.procedure.guard import names_in
from surgisim.procedure.model import Procedure
from surgisim.procedure.scene import Scene

__all__ = ["check_lacking", "unmeasured"]

_NODULES = "no nodules: add 'nodules'"
_TARGETS = "no targets: add 'targets'"
_HELD = "no endoscope in the hand: add an 'endoscope' without a port of its own"
_BENEATH = "nothing that is to be brought into view: add 'beneath'"

# By what the names begin with.
_FACTS = {
    "nodules.": _NODULES,
    "target.": _TARGETS,
    "targets.": _TARGETS,
    "view.": _HELD,
    "scope.": _HELD,
    "lens.": _HELD,
    "exposure.": _BENEATH,
}
_METRICS = {
    "nodules.": _NODULES,
    "marks.": _NODULES,
    "target.": _TARGETS,
    "targets.": _TARGETS,
    "view.": _TARGETS,
    "lens.": _TARGETS,
    "exposure.": _BENEATH,
}


def check_lacking(procedure: Procedure, readings: Readings) -> Iterator[Finding]:
    """Conditions, and fog, that have to do with something the scene lacks."""
    scene = procedure.scene
    for one in conditions(procedure):
        guard = readings.of(one)
        if isinstance(guard, GuardError):
            continue
        told: set[str] = set()
        for name in names_in(guard.condition):
            what = _lack(name.name, _FACTS, scene)
            if what and what not in told:
                told.add(what)
                text = f"'{name.name}' tells nothing here: the scene has {what}"
                yield Finding(one.path, text, name.offset, whole=("scene",))
    for path, effect in effects(procedure):
        if effect.fog is not None and _HELD in _lacks(scene):
            text = f"fog has no lens to lie on: the scene has {_HELD}"
            yield Finding((*path, "fog"), text, whole=("scene",))


def unmeasured(metric: str, procedure: Procedure) -> tuple[str, str] | None:
    """Say what a measure needs that the procedure lacks, and the key below which it would be."""
    if metric == "hints.given" and not procedure.hints:
        return "no step has 'hints'", "steps"
    lack = _lack(metric, _METRICS, procedure.scene)
    return (f"the scene has {lack}", "scene") if lack else None


def _lacks(scene: Scene) -> set[str]:
    has = {
        _NODULES: scene.nodules is not None,
        _TARGETS: scene.targets is not None,
        _HELD: scene.endoscope is not None and scene.endoscope.held,
        _BENEATH: scene.beneath is not None,
    }
    return {what for what, there in has.items() if not there}


def _lack(name: str, needs: Mapping[str, str], scene: Scene) -> str:
    what = next((what for start, what in needs.items() if name.startswith(start)), "")
    return what if what in _lacks(scene) else ""
