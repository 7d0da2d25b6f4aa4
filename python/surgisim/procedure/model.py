"""The keys of a procedure file, `surgisim: procedure@1`, and what each may hold.

Values are read into SI: a length written ``8 mm`` is 0.008 here. Every clinical figure and every
probability carries the `source` it came from. What no single key can show, such as a step that
needs itself, is found by `surgisim.procedure.check`.
"""

from typing import Annotated, Any, Literal

from pydantic import Field

from surgisim.procedure.effect import EffectSpec
from surgisim.procedure.keys import Duration, Id, Keys, Length, Points, Probability, Text, Times
from surgisim.procedure.quantity import AnyQuantity, Quantity
from surgisim.procedure.scene import Scene
from surgisim.procedure.vocabulary import METRICS

__all__ = [
    "END",
    "Complication",
    "ErrorRule",
    "PassMark",
    "Procedure",
    "Random",
    "ScoreSpec",
    "Scoring",
    "State",
    "Step",
    "json_schema",
]

END = "end"  # the exit of a state that ends its complication


class ErrorRule(Keys):
    """A mistake: counted each time `when` becomes true, at most once per `again_after`."""

    id: Id
    when: Text
    severity: Literal["minor", "major", "critical"]
    text: Text
    penalty: Points = 0.0
    again_after: Duration = 1.0


class Step(Keys):
    """A step of the work."""

    id: Id
    title: Text
    text: str = ""
    needs: list[Id] = Field(default_factory=list)
    done_when: Text
    time_limit: Duration | None = None
    errors: list[ErrorRule] = Field(default_factory=list)


class Random(Keys):
    """Chance: drawn with the seed before the session starts."""

    p: Probability
    window: Times
    after: Id | None = None
    source: Text


class State(Keys):
    """A state of a complication."""

    id: Id
    text: str = ""
    effect: EffectSpec | None = None
    until: Text
    then: Id = END
    otherwise: Id | None = Field(default=None, alias="else")


class Complication(Keys):
    """Something that goes wrong: caused by `when`, or by chance, or both."""

    id: Id
    title: Text
    text: str = ""
    when: Text | None = None
    random: Random | None = None
    effect: EffectSpec | None = None
    states: list[State] = Field(default_factory=list)
    correct: list[Text] = Field(default_factory=list)


class PassMark(Keys):
    """The points that pass."""

    min: Points
    source: Text


class ScoreSpec(Keys):
    """One line of the score: `weight` points at `best`, none at `worst`, linear in between."""

    id: Id
    title: Text
    metric: Text
    weight: Points
    best: Annotated[Quantity, AnyQuantity()]
    worst: Annotated[Quantity, AnyQuantity()]
    source: str = ""

    @property
    def unit(self) -> str:
        """SI symbol of the metric."""
        return METRICS[self.metric].unit

    @property
    def best_value(self) -> float:
        """`best` in SI."""
        return self.best.value

    @property
    def worst_value(self) -> float:
        """`worst` in SI."""
        return self.worst.value


class Scoring(Keys):
    """How the session becomes points out of 100."""

    pass_mark: PassMark = Field(alias="pass")
    mark_tolerance: Length = 0.010
    lines: Annotated[list[ScoreSpec], Field(min_length=1)]


class Procedure(Keys):
    """A whole procedure file."""

    surgisim: Literal["procedure@1"]
    id: Id
    title: Text
    version: Text
    purpose: Literal["assessment", "practice"] = "assessment"
    briefing: str = ""
    time_limit: Duration
    end_when: Text | None = None
    scene: Scene
    steps: Annotated[list[Step], Field(min_length=1)]
    errors: list[ErrorRule] = Field(default_factory=list)
    complications: list[Complication] = Field(default_factory=list)
    scoring: Scoring

    @property
    def all_errors(self) -> list[ErrorRule]:
        """Errors of the procedure, then those of its steps."""
        return [*self.errors, *(error for step in self.steps for error in step.errors)]


def json_schema() -> dict[str, Any]:
    """JSON Schema of a procedure file, for editors that check while one types."""
    schema = Procedure.model_json_schema(by_alias=True)
    schema["$schema"] = "https://json-schema.org/draft/2020-12/schema"
    schema["title"] = "surgisim procedure@1"
    return schema
