"""Guards that cannot be read, name something unknown or mix units."""

from collections.abc import Iterator, Mapping

from surgisim.procedure.checks.paths import conditions
from surgisim.procedure.expression import GuardError
from surgisim.procedure.finding import Finding, Path
from surgisim.procedure.guard import Guard
from surgisim.procedure.model import Procedure
from surgisim.procedure.vocabulary import Word

__all__ = ["check_guards"]


def check_guards(procedure: Procedure, words: Mapping[str, Word]) -> Iterator[Finding]:
    """Guards that cannot be read, name something unknown or mix units."""
    for one in conditions(procedure):
        path = one.path
        try:
            guard = Guard(one.text, words, deadline_allowed=path[-1] == "until")
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
