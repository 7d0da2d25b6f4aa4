"""What can be wrong with right and wrong responses to complications."""

from collections.abc import Iterator, Mapping

from surgisim.nearest import suggest
from surgisim.procedure.finding import Finding, Path
from surgisim.procedure.model import Procedure
from surgisim.procedure.response import ResponseSpec, Wrong

__all__ = ["check_responses"]


def check_responses(procedure: Procedure, extra: Mapping[str, set[str]]) -> Iterator[Finding]:
    """Responses that cannot be told apart, scored, or that cause what is not there."""
    known = {one.id for one in procedure.complications} | extra.get("complications", set())
    for n, one in enumerate(procedure.complications):
        for m, response in enumerate(one.correct):
            yield from _right(("complications", n, "correct", m), response)
        if (one.recognised or one.wrong) and not one.lasts:
            text = (
                f"complication '{one.id}' is over as it begins, so nobody can respond: add 'states'"
            )
            path: Path = ("complications", n)
            yield Finding((*path, "correct" if one.recognised else "wrong"), text, whole=path)
        for m, wrong in enumerate(one.wrong):
            yield from _wrong(("complications", n, "wrong", m), wrong, one.id, sorted(known))


def _right(path: Path, one: ResponseSpec) -> Iterator[Finding]:
    if one.when is None:
        for key in ("id", "best", "worst", "penalty", "objective"):
            if key in one.model_fields_set:
                text = f"'{key}' needs 'when': without it the response is not recognised"
                yield Finding((*path, key), text, whole=path)
        return
    if one.id is None:
        text = "a response with 'when' needs an 'id', by which the report and conditions name it"
        yield Finding(path, text, whole=path)
    if one.worst is None:
        for key in ("best", "penalty"):
            if key in one.model_fields_set:
                text = f"'{key}' needs 'worst': the time after which all of the penalty counts"
                yield Finding((*path, key), text, whole=path)
    elif one.best is not None and one.best > one.worst:
        text = f"'best' ({one.best:g} s) comes after 'worst' ({one.worst:g} s)"
        yield Finding((*path, "best"), text)


def _wrong(path: Path, one: Wrong, owner: str, known: list[str]) -> Iterator[Finding]:
    if one.may_cause is None:
        if "p" in one.model_fields_set:
            yield Finding((*path, "p"), "'p' is the probability of 'may_cause': add it", whole=path)
        return
    if one.may_cause not in known:
        text = f"unknown complication '{one.may_cause}'{suggest(one.may_cause, known)}"
        yield Finding((*path, "may_cause"), text)
    elif one.may_cause == owner:
        text = f"complication '{owner}' goes on already and cannot cause itself"
        yield Finding((*path, "may_cause"), text)
    if "p" in one.model_fields_set and one.source is None:
        text = "a probability without its source: add 'source' and say where it comes from"
        yield Finding((*path, "p"), text, whole=path)
