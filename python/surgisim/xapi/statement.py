"""The statement of xAPI: an actor did something (a verb) to something (an object), with a result.

The models hold the rules of IEEE 9274.1.1, "Data", that a statement of ours can break: identifiers,
one way to name an actor, scores inside their bounds, no key with nothing in it. An actor is an
account and nothing else, so that no address of a person can get into a statement.
"""

from typing import Annotated, Any, Literal, Self
from uuid import UUID

from pydantic import Field, model_validator

from surgisim.record.files import Part
from surgisim.xapi.values import Duration, Extensions, Iri, LanguageMap, Timestamp

__all__ = [
    "Account",
    "Activity",
    "Agent",
    "Context",
    "ContextActivities",
    "Definition",
    "Result",
    "Score",
    "Statement",
    "Verb",
]


class Account(Part):
    """An account: the system that keeps it, and its name there, which is a pseudonym."""

    homePage: Iri  # noqa: N815  # the specification's name
    name: Annotated[str, Field(min_length=1, max_length=200)]


class Agent(Part):
    """Who did it."""

    objectType: Literal["Agent"] = "Agent"  # noqa: N815
    account: Account


class Verb(Part):
    """What was done."""

    id: Iri
    display: LanguageMap


class Definition(Part):
    """What an activity is, for people."""

    type: Iri
    name: LanguageMap
    description: LanguageMap | None = None


class Activity(Part):
    """What it was done to."""

    objectType: Literal["Activity"] = "Activity"  # noqa: N815
    id: Iri
    definition: Definition | None = None


class Score(Part):
    """A score: `scaled` from -1 to 1, `raw` between `min` and `max`."""

    scaled: Annotated[float, Field(ge=-1.0, le=1.0)]
    raw: float
    min: float
    max: float

    @model_validator(mode="after")
    def _inside(self) -> Self:
        if not self.min < self.max:
            raise ValueError("'min' of a score is below its 'max'")
        if not self.min <= self.raw <= self.max:
            raise ValueError("'raw' of a score lies between 'min' and 'max'")
        return self


class Result(Part):
    """What came of it; at least one of these."""

    score: Score | None = None
    success: bool | None = None
    completion: bool | None = None
    response: str | None = None
    duration: Duration | None = None
    extensions: Extensions | None = None

    @model_validator(mode="after")
    def _says_something(self) -> Self:
        if all(getattr(self, name) is None for name in type(self).model_fields):
            raise ValueError("a result that says nothing is left out")
        return self


class ContextActivities(Part):
    """Activities that this one belongs to."""

    parent: tuple[Activity, ...] | None = None
    grouping: tuple[Activity, ...] | None = None


class Context(Part):
    """What it was part of: the session's `registration`, and the activities around it."""

    registration: UUID
    contextActivities: ContextActivities | None = None  # noqa: N815
    platform: str | None = None
    language: str | None = None
    extensions: Extensions | None = None


class Statement(Part):
    """One statement; `id` decides whether two are the same."""

    id: UUID
    actor: Agent
    verb: Verb
    object: Activity
    result: Result | None = None
    context: Context
    timestamp: Timestamp

    def content(self) -> dict[str, Any]:
        """Return it as JSON's types, without keys that hold nothing."""
        return self.model_dump(mode="json", exclude_none=True)
