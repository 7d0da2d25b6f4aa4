"""Conditions that can never hold, and those that hold before anything happened."""

from collections.abc import Iterator, Mapping

from surgisim.procedure.checks.paths import conditions
from surgisim.procedure.checks.readings import Readings
from surgisim.procedure.expression import GuardError
from surgisim.procedure.finding import Finding
from surgisim.procedure.holding import always_holds, why_never
from surgisim.procedure.model import Procedure
from surgisim.procedure.spans import Span

__all__ = ["check_never"]


def check_never(
    procedure: Procedure, readings: Readings, spans: Mapping[str, Span]
) -> Iterator[Finding]:
    """Conditions that never hold; an end of the session that holds from the start."""
    for one in conditions(procedure):
        guard = readings.of(one)
        if isinstance(guard, GuardError):
            continue
        found = why_never(guard.condition, spans, readings.words)
        if found is not None:
            text, offset = found
            yield Finding(one.path, f"{one.what}: {text}", offset, whole=())
        elif one.path == ("end_when",) and always_holds(guard.condition, spans):
            text = "the session would end at its first look: 'end_when' always holds"
            yield Finding(one.path, text, whole=())
