"""Ids used twice."""

from collections.abc import Iterator

from surgisim.procedure.checks.paths import mistake_paths
from surgisim.procedure.finding import Finding, Path
from surgisim.procedure.model import Procedure

__all__ = ["check_ids"]


def check_ids(procedure: Procedure) -> Iterator[Finding]:
    """Ids used twice."""
    groups: list[tuple[str, list[tuple[Path, str]]]] = [
        ("step", [(("steps", n), s.id) for n, s in enumerate(procedure.steps)]),
        ("error", _mistakes(procedure)),
        (
            "complication",
            [(("complications", n), c.id) for n, c in enumerate(procedure.complications)],
        ),
        (
            "score line",
            [(("scoring", "lines", n), x.id) for n, x in enumerate(procedure.scoring.lines)],
        ),
    ]
    groups.append(
        ("objective", [(("objectives", n), one.id) for n, one in enumerate(procedure.objectives)])
    )
    groups.append(("fact", [(("facts", n), one.name) for n, one in enumerate(procedure.facts)]))
    for n, complication in enumerate(procedure.complications):
        states = enumerate(complication.states)
        groups.append(("state", [(("complications", n, "states", m), s.id) for m, s in states]))
    for kind, ids in groups:
        seen: set[str] = set()
        for path, one in ids:
            if one in seen:
                key = "name" if kind == "fact" else "id"
                yield Finding((*path, key), f"the {kind} id '{one}' is used twice")
            seen.add(one)


def _mistakes(procedure: Procedure) -> list[tuple[Path, str]]:
    """Mistakes and the responses that count as one when they come late."""
    found = [(path, one) for path, one, _ in mistake_paths(procedure)]
    for n, complication in enumerate(procedure.complications):
        for m, response in enumerate(complication.correct):
            if response.id is not None:
                found.append((("complications", n, "correct", m), response.id))
    return found
