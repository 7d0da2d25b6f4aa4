"""Conditions that can never hold, and those that hold before anything happened."""

import math
from collections.abc import Iterator, Mapping

from surgisim.procedure.checks.paths import conditions
from surgisim.procedure.expression import GuardError, Node
from surgisim.procedure.finding import Finding
from surgisim.procedure.guard import Guard
from surgisim.procedure.holding import always_holds, why_never
from surgisim.procedure.model import Procedure
from surgisim.procedure.spans import Span, spans_of
from surgisim.procedure.vocabulary import Word

__all__ = ["all_spans", "check_never", "readable"]


def readable(
    text: str, words: Mapping[str, Word], *, deadline_allowed: bool = False
) -> Node | None:
    """Read a condition; None where it is told elsewhere what is wrong with it."""
    try:
        return Guard(text, words, deadline_allowed=deadline_allowed).condition
    except GuardError:
        return None


def all_spans(procedure: Procedure, words: Mapping[str, Word]) -> dict[str, Span]:
    """Collect what every word can be, those included that belong to unreadable parts."""
    return {name: Span(-math.inf, math.inf) for name in words} | spans_of(procedure)


def check_never(procedure: Procedure, words: Mapping[str, Word]) -> Iterator[Finding]:
    """Conditions that never hold; an end of the session that holds from the start."""
    spans = all_spans(procedure, words)
    for one in conditions(procedure):
        node = readable(one.text, words, deadline_allowed=one.path[-1] == "until")
        if node is None:
            continue
        found = why_never(node, spans, words)
        if found is not None:
            text, offset = found
            yield Finding(one.path, f"{one.what}: {text}", offset, whole=())
        elif one.path == ("end_when",) and always_holds(node, spans):
            text = "the session would end at its first look: 'end_when' always holds"
            yield Finding(one.path, text, whole=())
