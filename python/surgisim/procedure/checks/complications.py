"""What can be wrong with complications, their effects and their states."""

from collections.abc import Collection, Iterator, Mapping

from surgisim.nearest import suggest
from surgisim.procedure.checks.paths import effects
from surgisim.procedure.effect import EffectSpec
from surgisim.procedure.finding import Finding, Path
from surgisim.procedure.model import END, Complication, Procedure

__all__ = ["check_causes", "check_effects", "check_states"]


def check_causes(procedure: Procedure, never: Collection[str]) -> Iterator[Finding]:
    """Find complications without a condition that never happen; `never` as `Reach` tells it."""
    caused = {wrong.may_cause for one in procedure.complications for wrong in one.wrong}
    for number, one in enumerate(procedure.complications):
        path: Path = ("complications", number)
        if one.when is not None or f"complication.{one.id}" not in never:
            continue
        told = f"complication '{one.id}' can never happen: "
        if one.id in caused or (one.random is not None and one.random.p > 0.0):
            yield Finding(path, f"{told}nothing that may cause it comes about", whole=())
        elif one.random is None:
            yield Finding(path, f"{told}add 'when' or 'random'", whole=path)
        else:
            yield Finding((*path, "random", "p"), f"{told}its probability is 0", whole=path)


def check_effects(procedure: Procedure) -> Iterator[Finding]:
    """Find effects that do nothing."""
    for path, effect in effects(procedure):
        if all(value is None for _, value in effect):
            kinds = [f"'{key}'" for key in EffectSpec.model_fields]
            text = f"the effect does nothing: add {', '.join(kinds[:-1])} or {kinds[-1]}"
            yield Finding(path, text, whole=path)


def check_states(procedure: Procedure) -> Iterator[Finding]:
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
        reached = _reached(complication.states[0].id, exits)
        ending = _reached(END, _entries(exits))
        for at, state in enumerate(complication.states):
            place = (*path, "states", at)
            if state.id not in reached:
                text = f"nothing leads to state '{state.id}': name it in a 'then' or 'else'"
                yield Finding(place, text, whole=path)
            elif state.id not in ending:
                text = f"state '{state.id}' never ends: let a 'then' or 'else' lead to '{END}'"
                yield Finding(place, text, whole=path)


def _exits(complication: Complication) -> dict[str, list[str]]:
    return {
        state.id: [target for target in (state.then, state.otherwise) if target is not None]
        for state in complication.states
    }


def _entries(exits: Mapping[str, list[str]]) -> dict[str, list[str]]:
    """For every state, and the end, the states that lead to it."""
    entries: dict[str, list[str]] = {}
    for state, targets in exits.items():
        for target in targets:
            entries.setdefault(target, []).append(state)
    return entries


def _reached(start: str, exits: Mapping[str, list[str]]) -> set[str]:
    found: set[str] = set()
    front = [start]
    while front:
        state = front.pop()
        if state not in found:
            found.add(state)
            front += exits.get(state, [])
    return found
