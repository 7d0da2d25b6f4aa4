"""Why something happened: what an event says of the condition that brought it about.

Every transition of a procedure carries in its values `why`, one phrase; `guard`, the condition as
it is written; and for each fact that it names ``fact.NAME``, its value at that look in SI.
"""

from collections.abc import Mapping

from surgisim.procedure.guard import Facts, Guard

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
        values.update({f"{FACT}{name}": seen[name] for name in sorted(guard.names)})
    return values
