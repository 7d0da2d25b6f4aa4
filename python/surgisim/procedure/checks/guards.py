"""Guards that cannot be read, name something unknown or mix units."""

from collections.abc import Iterator

from surgisim.procedure.checks.paths import conditions
from surgisim.procedure.checks.readings import Readings
from surgisim.procedure.expression import GuardError
from surgisim.procedure.finding import Finding, Path
from surgisim.procedure.guard import Guard
from surgisim.procedure.model import Procedure
from surgisim.procedure.vocabulary import OWN

__all__ = ["check_guards"]


def check_guards(procedure: Procedure, readings: Readings) -> Iterator[Finding]:
    """Guards that cannot be read, name something unknown or mix units."""
    for one in conditions(procedure):
        guard = readings.of(one)
        if isinstance(guard, GuardError):
            whole = ("facts",) if OWN in one.text else None  # a fact may be what cannot be read
            yield Finding(one.path, str(guard), guard.offset, whole=whole)
        elif one.path[-1] == "until":
            yield from _deadline(procedure, one.path, guard)


def _deadline(procedure: Procedure, path: Path, guard: Guard) -> Iterator[Finding]:
    complication = procedure.complications[int(path[1])]
    state = complication.states[int(path[3])]
    if state.otherwise is not None and guard.deadline_s is None:
        text = f"'else' of state '{state.id}' is never taken: 'until' has no 'within'"
        yield Finding((*path[:-1], "else"), text, whole=path[:-1])
    if state.otherwise is None and guard.deadline_s is not None:
        text = f"state '{state.id}' has no way on when its time is over: add 'else'"
        yield Finding(path, text, whole=path[:-1])
