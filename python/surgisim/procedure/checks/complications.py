"""What can be wrong with complications, their effects and their states."""

from collections.abc import Iterator, Mapping

from surgisim.nearest import suggest
from surgisim.procedure.effect import EffectSpec
from surgisim.procedure.finding import Finding, Path
from surgisim.procedure.model import END, Complication, Procedure

__all__ = ["check_effects", "check_states"]


def check_effects(procedure: Procedure) -> Iterator[Finding]:
    """Complications that never happen, and effects that do nothing."""
    caused = {wrong.may_cause for one in procedure.complications for wrong in one.wrong}
    for number, complication in enumerate(procedure.complications):
        path: Path = ("complications", number)
        never = complication.when is None and complication.random is None
        if never and complication.id not in caused:
            text = f"complication '{complication.id}' can never happen: add 'when' or 'random'"
            yield Finding(path, text, whole=path)
        if complication.when is None and complication.random and complication.random.p == 0.0:
            text = f"complication '{complication.id}' can never happen: its probability is 0"
            yield Finding((*path, "random", "p"), text, whole=path)
        effects: list[tuple[Path, EffectSpec | None]] = [((*path, "effect"), complication.effect)]
        for at, state in enumerate(complication.states):
            effects.append(((*path, "states", at, "effect"), state.effect))
        for place, effect in effects:
            if effect is not None and all(value is None for _, value in effect):
                kinds = [f"'{key}'" for key in EffectSpec.model_fields]
                text = f"the effect does nothing: add {', '.join(kinds[:-1])} or {kinds[-1]}"
                yield Finding(place, text, whole=place)


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
