"""What a trainee does about a complication, as a procedure file says it: rightly or wrongly."""

from collections.abc import Mapping
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, GetJsonSchemaHandler
from pydantic_core.core_schema import CoreSchema

from surgisim.procedure.keys import Duration, Id, Keys, Points, Probability, Text

__all__ = ["Response", "ResponseSpec", "Wrong"]


class ResponseSpec(Keys):
    """What is right to do.

    With `when` it is recognised and timed. Nothing is taken off at `best` after the complication's
    beginning or sooner, all of `penalty` at `worst` or never, and in proportion in between.
    """

    text: Text
    id: Id | None = None
    when: Text | None = None
    best: Duration | None = None
    worst: Duration | None = None
    penalty: Points = 0.0
    objective: Id | None = None

    def taken_off(self, seconds: float) -> float:
        """Points that a response costs that came `seconds` after the complication began."""
        if self.worst is None:
            return 0.0
        best = self.worst if self.best is None else self.best
        if seconds <= best:
            return 0.0
        if seconds >= self.worst:
            return self.penalty
        return self.penalty * (seconds - best) / (self.worst - best)


def _from_text(written: object) -> object:
    """Take a plain text for a response that is told and not recognised."""
    return {"text": written} if isinstance(written, str) else written


class _OrText:
    """Lets an editor accept a plain text as well."""

    def __get_pydantic_json_schema__(
        self, core: CoreSchema, handler: GetJsonSchemaHandler
    ) -> Mapping[str, Any]:
        """Allow both."""
        return {"anyOf": [{"type": "string", "minLength": 1}, handler(core)]}


Response = Annotated[ResponseSpec, BeforeValidator(_from_text), _OrText()]
"""A response; a plain text is one that is told in the report and not recognised."""


class Wrong(Keys):
    """What is wrong to do about a complication: a mistake, which may cause another complication."""

    id: Id
    when: Text
    text: Text
    severity: Literal["minor", "major", "critical"] = "minor"
    penalty: Points = 0.0
    again_after: Duration = 1.0
    may_cause: Id | None = None
    p: Probability = 1.0
    source: Text | None = None
    objective: Id | None = None
