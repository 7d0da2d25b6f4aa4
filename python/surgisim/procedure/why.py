"""Why something happened: what an event says of the condition that brought it about.

Every transition of a procedure carries in its values `why`, one phrase; `guard`, the condition as
it is written; `seen`, the facts in it with their values at that look, for people; and for each of
them ``fact.NAME``, its value in SI.
"""

from collections.abc import Mapping

from surgisim.procedure.guard import Facts, Guard
from surgisim.procedure.quantity import readable

__all__ = ["FACT", "Values", "because"]

FACT = "fact."
"""What the names of facts begin with among the values of an event."""

Values = dict[str, float | str | bool]


def because(why: str, guard: Guard | None = None, facts: Facts | None = None) -> Values:
    """Say why: a phrase, and the condition with what it saw."""
    values: Values = {"why": why}
    if guard is not None:
        seen: Mapping[str, float | bool] = facts or {}
        values["guard"] = guard.text
        told = [f"{name} {_shown(seen[name], unit)}" for name, unit in sorted(guard.units.items())]
        values["seen"] = ", ".join(told)
        values.update({f"{FACT}{name}": seen[name] for name in sorted(guard.names)})
    return values


def _shown(value: float | bool, unit: str) -> str:
    if unit == "bool":
        return "yes" if value else "no"
    return readable(value, unit)
