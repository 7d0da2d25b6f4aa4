"""The scene of a procedure file: the organ, its tissue, and the instrument in the hand."""

from typing import Annotated, Literal

from pydantic import Field

from surgisim.procedure.beneath import BeneathSpec
from surgisim.procedure.endoscope import EndoscopeSpec
from surgisim.procedure.keys import Force, Friction, Id, Keys, Length, Lengths, Ratios, Text
from surgisim.procedure.port import PortSpec
from surgisim.procedure.quantity import Measured
from surgisim.procedure.respiration import BreathingSpec
from surgisim.procedure.targets import TargetsSpec
from surgisim.procedure.tissue import OwnProperties

__all__ = ["ALL", "Limits", "Nodules", "Probe", "Scene", "Sourced"]

MeshEdge = Annotated[float, Measured("m", 0.004, 0.04, "from 4 mm to 40 mm")]


ALL = "all"
"""Among organs that stand beside: every other organ of the anatomy."""


class Sourced(Keys):
    """A clinical figure and where it came from."""

    value: Force
    source: Text


class Limits(Keys):
    """What the tissue bears."""

    force: Sourced


class Probe(Keys):
    """The instrument in the hand; `source` says where its friction comes from.

    A sphere touches with its tip alone, a rod with `length` of its shaft as well.
    """

    shape: Literal["sphere", "rod"]
    radius: Length
    length: Length = 0.1
    friction: Friction = 0.0
    source: Text | None = None
    port: PortSpec | None = None


class Nodules(Keys):
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


class Scene(Keys):
    """The organ, its tissue and the instrument, and what stands around.

    `edge` is the mean edge of the organ's mesh where the anatomy is made by formula; `beside` names
    organs of the anatomy that are seen and hide things, and do not move, or `ALL` of them.
    """

    anatomy: Text
    edge: MeshEdge | None = None
    organ: Id
    beside: list[Id] = Field(default_factory=list)
    tissue: Id
    capsule: Id | None = None
    properties: OwnProperties = OwnProperties()
    probe: Probe
    endoscope: EndoscopeSpec | None = None
    nodules: Nodules | None = None
    breathing: BreathingSpec | None = None
    beneath: BeneathSpec | None = None
    targets: TargetsSpec | None = None
    limits: Limits
