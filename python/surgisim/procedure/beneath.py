"""What lies beneath the organ's edge and is to be brought into view, as a procedure tells it.

Which place of the edge hides most from the scene's endoscope is found on the anatomy, so that one
file serves any liver.
"""

from typing import Annotated

from surgisim.procedure.keys import Duration, Keys, Length, Text
from surgisim.procedure.quantity import Measured

__all__ = ["BeneathSpec"]

Part = Annotated[float, Measured("1", 0.05, 1.0, "from 5 to 100 %")]


class BeneathSpec(Keys):
    """A patch under the edge: `below` the edge, `size` wide and high.

    `wanted` of it is enough, and is to be held in view for `hold`. `source` says where these
    figures come from.
    """

    name: Text
    below: Length
    size: Length
    wanted: Part
    hold: Duration
    source: Text
