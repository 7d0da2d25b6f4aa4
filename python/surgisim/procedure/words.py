"""The words that the guards of one procedure may use."""

from collections.abc import Iterator, Mapping

from surgisim.procedure.model import Procedure
from surgisim.procedure.vocabulary import Word, facts_of

__all__ = ["mistakes_of", "words_of"]


def mistakes_of(procedure: Procedure) -> Iterator[str]:
    """Give the ids of everything that counts as a mistake."""
    yield from (error.id for error in procedure.all_errors)
    for complication in procedure.complications:
        yield from (one.id for one in complication.recognised if one.id)
        yield from (one.id for one in complication.wrong)


def words_of(procedure: Procedure, extra: Mapping[str, set[str]] | None = None) -> dict[str, Word]:
    """Collect the vocabulary of the guards of a procedure.

    `extra` adds ids of steps, errors, complications and responses that exist but could not be read.
    """
    more = extra or {}
    words = facts_of(
        {step.id for step in procedure.steps} | more.get("steps", set()),
        set(mistakes_of(procedure)) | more.get("errors", set()),
        {one.id for one in procedure.complications} | more.get("complications", set()),
        {
            response.id
            for one in procedure.complications
            for response in one.recognised
            if response.id
        }
        | more.get("responses", set()),
    )
    return words | {fact.name: fact.word for fact in procedure.facts}
