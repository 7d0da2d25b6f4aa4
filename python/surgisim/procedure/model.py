"""The keys of a procedure file, `surgisim: procedure@1`, and what each may hold.

Values are read into SI: a length written ``8 mm`` is 0.008 here. Every clinical figure and every
probability carries the `source` it came from. What no single key can show, such as a step that
needs itself, is found by `surgisim.procedure.check`.
"""

from typing import Annotated, Any, Literal

from pydantic import BaseModel, Field, StringConstraints

from surgisim.procedure.bleeding import Vessel
from surgisim.procedure.breathing import Breath
from surgisim.procedure.keys import STRICT, Text
from surgisim.procedure.port import PortSpec
from surgisim.procedure.quantity import AnyQuantity, Measured, Quantity, Range, Ranged
from surgisim.procedure.tissue import OwnProperties
from surgisim.procedure.vocabulary import METRICS

__all__ = [
    "END",
    "BleedSpec",
    "BreathSpec",
    "Complication",
    "EffectSpec",
    "ErrorRule",
    "Limits",
    "Nodules",
    "PassMark",
    "PortSpec",
    "Probe",
    "Procedure",
    "Random",
    "Scene",
    "ScoreSpec",
    "Scoring",
    "Sourced",
    "State",
    "Step",
    "json_schema",
]

END = "end"  # the exit of a state that ends its complication

Id = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]*$", max_length=60)]
Length = Annotated[float, Measured("m", 1e-5, 1.0, "from 0.01 mm to 1 m")]
Lengths = Annotated[Range, Ranged("m", 1e-5, 1.0, "from 0.01 mm to 1 m")]
Duration = Annotated[float, Measured("s", 1e-3, 86400.0, "from 1 ms to 24 h")]
Times = Annotated[Range, Ranged("s", 0.0, 86400.0, "from 0 s to 24 h")]
Force = Annotated[float, Measured("N", 1e-3, 100.0, "from 1 mN to 100 N")]
Pressure = Annotated[float, Measured("Pa", 0.0, 4e4, "from 0 mmHg to 300 mmHg")]
Flow = Annotated[float, Measured("m3/s", 0.0, 1e-4, "from 0 mL/min to 6000 mL/min")]
Friction = Annotated[float, Measured("1", 0.0, 2.0, "from 0 to 2")]
Ratios = Annotated[Range, Ranged("1", 0.1, 100.0, "from 0.1 to 100")]
Probability = Annotated[float, Measured("1", 0.0, 1.0, "from 0 to 1")]
Points = Annotated[float, Measured("1", 0.0, 100.0, "from 0 to 100", share=False)]


class _Keys(BaseModel):
    model_config = STRICT


class Sourced(_Keys):
    """A clinical figure and where it came from."""

    value: Force
    source: Text


class Limits(_Keys):
    """What the tissue bears."""

    force: Sourced


class Probe(_Keys):
    """The instrument in the hand; `source` says where its friction comes from."""

    shape: Literal["sphere"]
    radius: Length
    friction: Friction = 0.0
    source: Text | None = None
    port: PortSpec | None = None


class Nodules(_Keys):
    """Stiff regions hidden in the organ; positions and sizes are drawn with the seed.

    `depth` is the healthy tissue between surface and nodule, `stiffness` how many times stiffer
    than the organ, `apart` the least distance between two centres.
    """

    count: Annotated[int, Field(ge=1, le=20)]
    radius: Lengths
    depth: Lengths
    stiffness: Ratios
    apart: Length
    source: Text


class Scene(_Keys):
    """The organ, its tissue and the instrument."""

    anatomy: Text
    organ: Id
    tissue: Id
    capsule: Id | None = None
    properties: OwnProperties = OwnProperties()
    probe: Probe
    nodules: Nodules | None = None
    limits: Limits


class BleedSpec(_Keys):
    """A vessel that bleeds; the rate follows from these figures."""

    vessel: Text
    diameter: Length
    length: Length | None = None
    pressure: Pressure
    outside: Pressure = 0.0
    inflow_limit: Flow | None = None
    source: Text

    def torn(self) -> Vessel:
        """Make the vessel of it."""
        return Vessel(
            name=self.vessel,
            diameter=self.diameter,
            pressure=self.pressure,
            outside=self.outside,
            length=self.length,
            inflow_limit=self.inflow_limit,
        )


class BreathSpec(_Keys):
    """A deep breath that moves the organ's supports."""

    amplitude: Length
    inhale: Duration
    hold: Duration
    exhale: Duration
    source: Text

    def breath(self) -> Breath:
        """Make the motion of it."""
        return Breath(self.amplitude, self.inhale, self.hold, self.exhale)


class EffectSpec(_Keys):
    """What a complication does to the scene."""

    bleed: BleedSpec | None = None
    breath: BreathSpec | None = None


class ErrorRule(_Keys):
    """A mistake: counted each time `when` becomes true, at most once per `again_after`."""

    id: Id
    when: Text
    severity: Literal["minor", "major", "critical"]
    text: Text
    penalty: Points = 0.0
    again_after: Duration = 1.0


class Step(_Keys):
    """A step of the work."""

    id: Id
    title: Text
    text: str = ""
    needs: list[Id] = []
    done_when: Text
    time_limit: Duration | None = None
    errors: list[ErrorRule] = []


class Random(_Keys):
    """Chance: drawn with the seed before the session starts."""

    p: Probability
    window: Times
    after: Id | None = None
    source: Text


class State(_Keys):
    """A state of a complication."""

    id: Id
    text: str = ""
    effect: EffectSpec | None = None
    until: Text
    then: Id = END
    otherwise: Id | None = Field(default=None, alias="else")


class Complication(_Keys):
    """Something that goes wrong: caused by `when`, or by chance, or both."""

    id: Id
    title: Text
    text: str = ""
    when: Text | None = None
    random: Random | None = None
    effect: EffectSpec | None = None
    states: list[State] = []
    correct: list[Text] = []


class PassMark(_Keys):
    """The points that pass."""

    min: Points
    source: Text


class ScoreSpec(_Keys):
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


class Scoring(_Keys):
    """How the session becomes points out of 100."""

    pass_mark: PassMark = Field(alias="pass")
    mark_tolerance: Length = 0.010
    lines: Annotated[list[ScoreSpec], Field(min_length=1)]


class Procedure(_Keys):
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
    errors: list[ErrorRule] = []
    complications: list[Complication] = []
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
