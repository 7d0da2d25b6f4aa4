"""Objectives that nobody scores, and scores of objectives that are not there."""

from collections.abc import Iterator

from surgisim.nearest import suggest
from surgisim.procedure.checks.paths import Scored, scored
from surgisim.procedure.finding import Finding
from surgisim.procedure.model import Procedure

__all__ = ["check_objectives"]


def check_objectives(procedure: Procedure) -> Iterator[Finding]:
    """Unknown objectives, and those that no line, mistake or response counts for."""
    known = [one.id for one in procedure.objectives]
    counted: set[str] = set()
    for one in scored(procedure):
        if one.objective not in known:
            text = f"unknown objective '{one.objective}'{suggest(one.objective, known)}"
            yield Finding((*one.path, "objective"), text, whole=("objectives",))
        elif one.counts:
            counted.add(one.objective)
    for number, objective in enumerate(procedure.objectives):
        if objective.id not in counted:
            yield Finding(("objectives", number), _unscored(procedure, objective.id), whole=())


def _unscored(procedure: Procedure, objective: str) -> str:
    named: list[Scored] = [one for one in scored(procedure) if one.objective == objective]
    if named:
        return (
            f"nobody scores objective '{objective}': what names it takes no points and fails "
            "nobody, so give it a weight, a penalty or 'severity: critical'"
        )
    return (
        f"nobody scores objective '{objective}': add 'objective: {objective}' to a line of the "
        "score, a mistake or a response"
    )
