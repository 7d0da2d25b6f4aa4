"""The endoscope of a scene: one that stands still in a port of its own, or the one in the hand.

Where it is follows from its port and its tip; `surgisim.scope` says how.
"""

from typing import Annotated

from surgisim.procedure.keys import Id, Keys, Length, Text
from surgisim.procedure.port import PortSpec
from surgisim.procedure.quantity import Measured

__all__ = ["Angle", "EndoscopeSpec"]

Angle = Annotated[float, Measured("rad", 0.0, 1.2218, "from 0 deg to 70 deg")]
Field = Annotated[float, Measured("rad", 0.3490, 2.0944, "from 20 deg to 120 deg")]


class EndoscopeSpec(Keys):
    """An endoscope.

    Attributes
    ----------
    angle
        Between shaft and line of sight, rad.
    field_of_view
        Full angle across the round field, rad.
    port
        Where it stands: it looks at `at` from there and stays. Without a port of its own it is
        the instrument in the hand, which goes through the probe's port.
    at
        An organ of the scene that a standing scope looks at; by default the scene's.
    distance
        From a standing scope's lens to the middle of that organ's front, m.
    source
        Where the figures come from.
    """

    angle: Angle = 0.523598775598299  # 30 degrees
    field_of_view: Field = 1.221730476396031  # 70 degrees
    port: PortSpec | None = None
    at: Id | None = None
    distance: Length = 0.1
    source: Text | None = None

    @property
    def held(self) -> bool:
        """Whether it is the instrument in the hand."""
        return self.port is None
