"""The keys of a procedure file, `surgisim: procedure@1`, and what each may hold.

Values are read into SI: a length written ``8 mm`` is 0.008 here. Every clinical figure and every
probability carries the `source` it came from. What no single key can show, such as a step that
needs itself, is found by `surgisim.procedure.checks`.
"""

from typing import Annotated, Any, Literal

from pydantic import Field

from surgisim.procedure.any_quantity import AnyQuantity
from surgisim.procedure.effect import EffectSpec
from surgisim.procedure.hint import Hint
from surgisim.procedure.interrupt import Interrupt
from surgisim.procedure.keys import Duration, Id, Keys, Length, Points, Probability, Text, Times
from surgisim.procedure.own_fact import OwnFact
from surgisim.procedure.patient import Patient
from surgisim.procedure.quantity import Quantity
from surgisim.procedure.response import Response, ResponseSpec, Wrong
from surgisim.procedure.scene import Scene
from surgisim.procedure.vocabulary import METRICS

__all__ = [
    "END",
    "Complication",
    "ErrorRule",
    "Objective",
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
    objective: Id | None = None


class Step(Keys):
    """A step of the work."""

    id: Id
    title: Text
    text: str = ""
    needs: list[Id] = Field(default_factory=list)
    done_when: Text
    time_limit: Duration | None = None
    hints: list[Hint] = Field(default_factory=list)
    errors: list[ErrorRule] = Field(default_factory=list)


class Random(Keys):
    """Chance: drawn with the seed before the session starts.

    Of those with the same `one_of`, one happens by chance at most: their probabilities add up.
    """

    p: Probability
    window: Times
    after: Id | None = None
    one_of: Id | None = None
    source: Text


class State(Keys):
    """A state of a complication."""

    id: Id
    text: str = ""
    effect: EffectSpec | None = None
    interrupt: Interrupt | None = None
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
    interrupt: Interrupt | None = None
    states: list[State] = Field(default_factory=list)
    correct: list[Response] = Field(default_factory=list)
    wrong: list[Wrong] = Field(default_factory=list)

    @property
    def recognised(self) -> list[ResponseSpec]:
        """The right responses that have a condition."""
        return [one for one in self.correct if one.when is not None]

    @property
    def interrupts(self) -> list[Interrupt]:
        """What it does to steps, and what its states do."""
        every = (self.interrupt, *(state.interrupt for state in self.states))
        return [one for one in every if one is not None]

    @property
    def lasts(self) -> bool:
        """Whether it goes on after it began: with states, or for as long as its effect does."""
        return bool(self.states) or self.effect is not None


class Objective(Keys):
    """What the trainee shall learn; score lines, mistakes and responses name it."""

    id: Id
    text: Text


class PassMark(Keys):
    """The points that pass."""

    min: Points
    source: Text


class ScoreSpec(Keys):
    """One line of the score: `weight` points at `best`, none at `worst`, linear in between.

    It earns nothing where one of the lines that it `needs` has earned nothing.
    """

    id: Id
    title: Text
    metric: Text
    weight: Points
    best: Annotated[Quantity, AnyQuantity()]
    worst: Annotated[Quantity, AnyQuantity()]
    needs: list[Id] = Field(default_factory=list)
    objective: Id | None = None
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
    patient: Patient | None = None
    objectives: list[Objective] = Field(default_factory=list)
    time_limit: Duration
    end_when: Text | None = None
    behaviour: Text | None = None
    facts: list[OwnFact] = Field(default_factory=list)
    scene: Scene
    steps: Annotated[list[Step], Field(min_length=1)]
    errors: list[ErrorRule] = Field(default_factory=list)
    complications: list[Complication] = Field(default_factory=list)
    scoring: Scoring

    @property
    def hints(self) -> list[Hint]:
        """The hints of all steps."""
        return [hint for step in self.steps for hint in step.hints]

    @property
    def introduction(self) -> str:
        """What the trainee reads before the start: the briefing, and who lies there."""
        told = [] if self.patient is None else self.patient.lines()
        patient = f"Patient: {'; '.join(told)}." if told else ""
        return " ".join(filter(None, (self.briefing.strip(), patient)))

    @property
    def identity(self) -> str:
        """What a score belongs to: ``id@version``."""
        return f"{self.id}@{self.version}"

    @property
    def counting(self) -> dict[str, list[str]]:
        """For every objective the ids of the lines, mistakes and responses that count for it."""
        named = [(line.id, line.objective) for line in self.scoring.lines]
        named += [(rule.id, rule.objective) for rule in self.all_errors]
        for complication in self.complications:
            named += [(one.id or "", one.objective) for one in complication.recognised]
            named += [(wrong.id, wrong.objective) for wrong in complication.wrong]
        return {
            objective.id: [one for one, of in named if of == objective.id]
            for objective in self.objectives
        }

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
