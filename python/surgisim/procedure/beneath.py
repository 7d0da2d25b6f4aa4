"""What lies beneath the organ's edge and is to be brought into view, as a procedure tells it.

Lengths are told from the organ, as those of a port are: which place of the edge hides most is found
on the anatomy, so that one file serves any liver.
"""

from typing import Annotated

from surgisim.procedure.keys import Duration, Keys, Length, Text
from surgisim.procedure.quantity import Measured

__all__ = ["BeneathSpec", "ScopeSpec"]

Height = Annotated[float, Measured("m", 0.01, 1.0, "from 10 mm to 1 m")]
Aside = Annotated[float, Measured("m", -0.5, 0.5, "from -500 mm to 500 mm")]
Part = Annotated[float, Measured("1", 0.05, 1.0, "from 5 to 100 %")]


class ScopeSpec(Keys):
    """Where the eye of the fixed endoscope is, told from what is to be seen."""

    above: Height
    near: Aside
    right: Aside = 0.0


class BeneathSpec(Keys):
    """A patch under the edge: `below` the edge, `size` wide and high.

    `wanted` of it is enough, and is to be held in view for `hold`.

    `source` says where these figures come from.
    """

    name: Text
    below: Length
    size: Length
    wanted: Part
    hold: Duration
    scope: ScopeSpec
    source: Text
