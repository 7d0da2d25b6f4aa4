"""The port of a laparoscopic instrument, as a procedure places it over the organ.

Lengths are told from the organ, which is what whoever writes a procedure knows: an anatomy may lie
anywhere in its image. docs/ports.md says what a port does to hand and tip.
"""

from typing import Annotated

from pydantic import BaseModel

from surgisim.procedure.keys import STRICT, Text
from surgisim.procedure.quantity import Measured

__all__ = ["LEAST_INSIDE_M", "START_ABOVE_M", "PortSpec"]

START_ABOVE_M = 0.03
"""Between the organ's highest point and the probe at the start, m."""
LEAST_INSIDE_M = 0.02
"""How deep the tip is in the port at the start, at least, m."""

Height = Annotated[float, Measured("m", 0.02, 1.0, "from 20 mm to 1 m")]
Aside = Annotated[float, Measured("m", -0.5, 0.5, "from -500 mm to 500 mm")]
Shaft = Annotated[float, Measured("m", 0.1, 1.0, "from 100 mm to 1 m")]
Seal = Annotated[float, Measured("N", 0.0, 20.0, "from 0 N to 20 N")]


class PortSpec(BaseModel):
    """Where the port is, and the instrument in it.

    Attributes
    ----------
    above
        From the organ's highest point up to the point that the shaft turns about, m.
    right, near
        From the organ's middle to the right on the screen, and towards the person, m.
    length
        Of the instrument, from the handle to the tip, m.
    friction
        Of the seal on the shaft, N; None for that of docs/ports.md.
    source
        Where the friction comes from.
    """

    model_config = STRICT

    above: Height
    right: Aside = 0.0
    near: Aside = 0.0
    length: Shaft = 0.33
    friction: Seal | None = None
    source: Text | None = None
