"""What can be wrong with a procedure although every key is right.

Each check is a function from a procedure to findings; a finding names the place by its path of
keys and indices, and `load` turns that into line and column.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from surgisim.procedure.effect import EffectSpec
from surgisim.procedure.expression import GuardError
from surgisim.procedure.guard import Guard, suggest
from surgisim.procedure.model import END, Complication, Procedure, ScoreSpec
from surgisim.procedure.port import LEAST_INSIDE_M, START_ABOVE_M
from surgisim.procedure.quantity import in_words
from surgisim.procedure.vocabulary import METRICS, Word, facts_of

__all__ = ["Finding", "Path", "check", "words_of"]

Path = tuple[str | int, ...]


@dataclass(frozen=True, slots=True)
class Finding:
    """One mistake.

    Attributes
    ----------
    path
        Keys and indices down to the place.
    message
        What is wrong and what to do.
    offset
        Character inside the text there, for guards.
    whole
        The part of the file that must be readable for this finding to count, as a path.
    """

    path: Path
    message: str
    offset: int = 0
    whole: Path | None = None


def words_of(procedure: Procedure, extra: Mapping[str, set[str]] | None = None) -> dict[str, Word]:
    """Collect the vocabulary of the guards of a procedure.

    `extra` adds ids of steps, errors and complications that exist but could not be read.
    """
    more = extra or {}
    return facts_of(
        {step.id for step in procedure.steps} | more.get("steps", set()),
        {error.id for error in procedure.all_errors} | more.get("errors", set()),
        {one.id for one in procedure.complications} | more.get("complications", set()),
    )


def check(procedure: Procedure, extra: Mapping[str, set[str]] | None = None) -> list[Finding]:
    """Every mistake of a procedure, in the order of the checks below."""
    words = words_of(procedure, extra)
    steps = {step.id for step in procedure.steps} | (extra or {}).get("steps", set())
    findings = [*_guards(procedure, words), *_needs(procedure, steps)]
    findings += _random(procedure, steps)
    for one in _CHECKS:
        findings += one(procedure)
    return findings


def _error_paths(procedure: Procedure) -> Iterator[tuple[Path, str, str]]:
    """Path, id and guard of every error rule."""
    for number, error in enumerate(procedure.errors):
        yield ("errors", number), error.id, error.when
    for at, step in enumerate(procedure.steps):
        for number, error in enumerate(step.errors):
            yield ("steps", at, "errors", number), error.id, error.when


def _guards(procedure: Procedure, words: Mapping[str, Word]) -> Iterator[Finding]:
    """Guards that cannot be read, name something unknown or mix units."""
    places: list[tuple[Path, str | None]] = [(("end_when",), procedure.end_when)]
    places += [(("steps", n, "done_when"), s.done_when) for n, s in enumerate(procedure.steps)]
    places += [((*path, "when"), when) for path, _, when in _error_paths(procedure)]
    for n, complication in enumerate(procedure.complications):
        places.append((("complications", n, "when"), complication.when))
        places += [
            (("complications", n, "states", m, "until"), state.until)
            for m, state in enumerate(complication.states)
        ]
    for path, text in places:
        if text is None:
            continue
        try:
            guard = Guard(text, words, deadline_allowed=path[-1] == "until")
        except GuardError as error:
            yield Finding(path, str(error), error.offset)
            continue
        if path[-1] == "until":
            yield from _deadline(procedure, path, guard)


def _deadline(procedure: Procedure, path: Path, guard: Guard) -> Iterator[Finding]:
    complication = procedure.complications[int(path[1])]
    state = complication.states[int(path[3])]
    if state.otherwise is not None and guard.deadline_s is None:
        text = f"'else' of state '{state.id}' is never taken: 'until' has no 'within'"
        yield Finding((*path[:-1], "else"), text, whole=path[:-1])
    if state.otherwise is None and guard.deadline_s is not None:
        text = f"state '{state.id}' has no way on when its time is over: add 'else'"
        yield Finding(path, text, whole=path[:-1])


def _needs(procedure: Procedure, steps: set[str]) -> Iterator[Finding]:
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


def _random(procedure: Procedure, steps: set[str]) -> Iterator[Finding]:
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


def _duplicates(procedure: Procedure) -> Iterator[Finding]:
    """Ids used twice."""
    groups: list[tuple[str, list[tuple[Path, str]]]] = [
        ("step", [(("steps", n), s.id) for n, s in enumerate(procedure.steps)]),
        ("error", [(path, error) for path, error, _ in _error_paths(procedure)]),
        (
            "complication",
            [(("complications", n), c.id) for n, c in enumerate(procedure.complications)],
        ),
        (
            "score line",
            [(("scoring", "lines", n), x.id) for n, x in enumerate(procedure.scoring.lines)],
        ),
    ]
    for n, complication in enumerate(procedure.complications):
        states = enumerate(complication.states)
        groups.append(("state", [(("complications", n, "states", m), s.id) for m, s in states]))
    for kind, ids in groups:
        seen: set[str] = set()
        for path, one in ids:
            if one in seen:
                yield Finding((*path, "id"), f"the {kind} id '{one}' is used twice")
            seen.add(one)


def _effects(procedure: Procedure) -> Iterator[Finding]:
    """Complications that never happen, and effects that do nothing."""
    for number, complication in enumerate(procedure.complications):
        path: Path = ("complications", number)
        if complication.when is None and complication.random is None:
            text = f"complication '{complication.id}' can never happen: add 'when' or 'random'"
            yield Finding(path, text, whole=path)
        effects: list[tuple[Path, EffectSpec | None]] = [((*path, "effect"), complication.effect)]
        for at, state in enumerate(complication.states):
            effects.append(((*path, "states", at, "effect"), state.effect))
        for place, effect in effects:
            if effect is not None and not any(value for _, value in effect):
                text = "the effect does nothing: add 'bleed', 'breath' or 'fog'"
                yield Finding(place, text, whole=place)


def _states(procedure: Procedure) -> Iterator[Finding]:
    """Find exits to nowhere, states nothing leads to, and states that never end."""
    for number, complication in enumerate(procedure.complications):
        path: Path = ("complications", number)
        exits = _exits(complication)
        known = [*exits, END]
        for at, state in enumerate(complication.states):
            place: Path = (*path, "states", at)
            if state.id == END:
                yield Finding((*place, "id"), f"'{END}' is the way out and no name for a state")
            for key, target in (("then", state.then), ("else", state.otherwise)):
                if target is not None and target not in known:
                    text = f"unknown state '{target}'{suggest(target, known)}"
                    yield Finding((*place, key), text, whole=path)
        targets = {target for state in exits.values() for target in state}
        if not exits or not targets <= set(known):
            continue
        first = complication.states[0].id
        reached = _reached(first, exits)
        for at, state in enumerate(complication.states):
            place = (*path, "states", at)
            if state.id not in reached:
                text = f"nothing leads to state '{state.id}': name it in a 'then' or 'else'"
                yield Finding(place, text, whole=path)
            elif END not in _reached(state.id, exits):
                text = f"state '{state.id}' never ends: let a 'then' or 'else' lead to '{END}'"
                yield Finding(place, text, whole=path)


def _exits(complication: Complication) -> dict[str, list[str]]:
    return {
        state.id: [target for target in (state.then, state.otherwise) if target is not None]
        for state in complication.states
    }


def _reached(start: str, exits: Mapping[str, list[str]]) -> set[str]:
    found: set[str] = set()
    front = [start]
    while front:
        state = front.pop()
        if state not in found:
            found.add(state)
            front += exits.get(state, [])
    return found


def _times(procedure: Procedure) -> Iterator[Finding]:
    """Find steps that may take longer than the whole."""
    for number, step in enumerate(procedure.steps):
        if step.time_limit is not None and step.time_limit > procedure.time_limit:
            text = (
                f"step '{step.id}' may take {step.time_limit:g} s, longer than the whole "
                f"procedure ({procedure.time_limit:g} s)"
            )
            yield Finding(("steps", number, "time_limit"), text)


_BOUNDS: dict[str, tuple[float, float]] = {"economy": (0.0, 1.0), "sparc": (-1e9, 0.0)}
_ANY = (-1e9, 1e9)


def _bounds(procedure: Procedure, metric: str) -> tuple[float, float]:
    """Give the least and the largest value that a metric can take."""
    nodules = procedure.scene.nodules
    if metric == "targets.found":
        targets = procedure.scene.targets
        return 0.0, float(targets.count if targets else 0)
    if metric in ("nodules.found", "nodules.missed"):
        return 0.0, float(nodules.count if nodules else 0)
    return _BOUNDS.get(metric, _ANY if metric == "ldlj" else (0.0, 1e9))


def _reachable(procedure: Procedure, line: ScoreSpec) -> float:
    """Give the most points that a line can earn."""
    low, high = _bounds(procedure, line.metric)
    nearest = min(max(line.best.value, low), high)
    share = (nearest - line.worst.value) / (line.best.value - line.worst.value)
    return line.weight * min(max(share, 0.0), 1.0)


def _scoring(procedure: Procedure) -> Iterator[Finding]:
    """Unknown metrics, wrong units, weights that are not 100, a pass mark out of reach."""
    sound = True
    for number, line in enumerate(procedure.scoring.lines):
        path: Path = ("scoring", "lines", number)
        if line.metric not in METRICS:
            yield Finding(
                (*path, "metric"), f"unknown metric '{line.metric}'{suggest(line.metric, METRICS)}"
            )
            sound = False
            continue
        for key, quantity in (("best", line.best), ("worst", line.worst)):
            if quantity.unit != line.unit:
                text = f"'{key}' has the wrong unit: '{line.metric}' is {in_words(line.unit)}"
                yield Finding((*path, key), text)
                sound = False
            elif quantity.per_cent and not METRICS[line.metric].share:
                text = f"'{key}' is in per cent: '{line.metric}' takes a number such as 3"
                yield Finding((*path, key), text)
                sound = False
        if line.best == line.worst:
            yield Finding((*path, "worst"), "'best' and 'worst' are the same")
            sound = False
    if sound:
        yield from _points(procedure)


def _points(procedure: Procedure) -> Iterator[Finding]:
    total = sum(line.weight for line in procedure.scoring.lines)
    if abs(total - 100.0) > 1e-6:
        text = f"the weights add up to {total:g}: they must make 100"
        yield Finding(("scoring", "lines"), text, whole=("scoring",))
        return
    reachable = sum(_reachable(procedure, line) for line in procedure.scoring.lines)
    if reachable < procedure.scoring.pass_mark.min - 1e-6:
        text = (
            f"the pass mark of {procedure.scoring.pass_mark.min:g} cannot be reached: "
            f"the lines give {reachable:.4g} points at most"
        )
        yield Finding(("scoring", "pass", "min"), text, whole=())


def _properties(procedure: Procedure) -> Iterator[Finding]:
    """Properties of a capsule that the scene does not have."""
    scene = procedure.scene
    if scene.properties.ultimate_strain is not None and scene.capsule is None:
        text = "'ultimate_strain' is of a capsule, and the scene names none: add 'capsule'"
        yield Finding(("scene", "properties", "ultimate_strain"), text, whole=("scene",))


def _port(procedure: Procedure) -> Iterator[Finding]:
    """Find a port so low that the probe would start outside."""
    probe = procedure.scene.probe
    if probe.port is None:
        return
    least = probe.radius + START_ABOVE_M + LEAST_INSIDE_M
    if probe.port.above < least - 1e-9:
        text = (
            f"the port is {1e3 * probe.port.above:.4g} mm above the organ, and the probe has to "
            f"start below it: give at least {1e3 * least:.4g} mm"
        )
        yield Finding(("scene", "probe", "port", "above"), text, whole=("scene", "probe"))


_CHECKS: tuple[Callable[[Procedure], Iterator[Finding]], ...] = (
    _duplicates,
    _effects,
    _states,
    _times,
    _scoring,
    _properties,
    _port,
)
