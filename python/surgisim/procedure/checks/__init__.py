"""What can be wrong with a procedure although every key is right.

Each check is a function from a procedure to findings, in a file for each kind of mistake; a finding
names the place by its path of keys and indices, and `load` turns that into line and column.
"""

import math
from collections.abc import Callable, Iterator, Mapping

from surgisim.procedure.checks.beneath import check_beneath
from surgisim.procedure.checks.chance import check_chance, check_groups
from surgisim.procedure.checks.complications import check_causes, check_effects, check_states
from surgisim.procedure.checks.guards import check_guards
from surgisim.procedure.checks.ids import check_ids
from surgisim.procedure.checks.interrupts import check_interrupts
from surgisim.procedure.checks.lacking import check_lacking
from surgisim.procedure.checks.never import check_never
from surgisim.procedure.checks.objectives import check_objectives
from surgisim.procedure.checks.readings import Readings
from surgisim.procedure.checks.responses import check_responses
from surgisim.procedure.checks.scene import check_port, check_properties, check_told
from surgisim.procedure.checks.scoring import check_scoring
from surgisim.procedure.checks.steps import check_hints, check_needs, check_step_times
from surgisim.procedure.checks.view import check_view
from surgisim.procedure.checks.windows import check_windows
from surgisim.procedure.finding import Finding
from surgisim.procedure.model import Procedure
from surgisim.procedure.reach import Reach
from surgisim.procedure.spans import Span, spans_of
from surgisim.procedure.words import words_of

__all__ = ["check"]

_CHECKS: tuple[Callable[[Procedure], Iterator[Finding]], ...] = (
    check_ids,
    check_effects,
    check_states,
    check_step_times,
    check_hints,
    check_scoring,
    check_properties,
    check_port,
    check_told,
    check_view,
    check_beneath,
    check_groups,
    check_objectives,
)


def check(procedure: Procedure, extra: Mapping[str, set[str]] | None = None) -> Iterator[Finding]:
    """Every mistake of a procedure, in the order of the checks below.

    `extra` adds ids of steps, errors, complications and responses that exist but could not be read.
    """
    more = extra or {}
    readings = Readings(words_of(procedure, more))
    steps = {step.id for step in procedure.steps} | more.get("steps", set())
    yield from check_guards(procedure, readings)
    yield from check_needs(procedure, steps)
    yield from check_chance(procedure, steps)
    yield from check_interrupts(procedure, steps)
    yield from check_responses(procedure, more)
    reach = Reach(procedure, readings.node, _spans(procedure, readings))
    yield from check_causes(procedure, reach.never)
    yield from check_never(procedure, readings, reach.spans)
    yield from check_windows(procedure, readings, reach.spans)
    yield from check_lacking(procedure, readings)
    for one in _CHECKS:
        yield from one(procedure)


def _spans(procedure: Procedure, readings: Readings) -> dict[str, Span]:
    """Collect what every word can be, those included that belong to unreadable parts."""
    return {name: Span(-math.inf, math.inf) for name in readings.words} | spans_of(procedure)
