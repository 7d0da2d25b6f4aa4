"""Targets that an endoscope has to find, centre and hold, as a procedure file says it."""

from typing import Annotated

from pydantic import Field

from surgisim.procedure.endoscope import Angle
from surgisim.procedure.keys import Duration, Keys, Length, Lengths, Text

__all__ = ["TargetsSpec"]


class TargetsSpec(Keys):
    """Targets on the surfaces of the scene; their places are drawn with the seed.

    Attributes
    ----------
    count, behind
        How many, and how many of them no straight scope can centre: something lies between them
        and the port.
    radius
        Of the disc that is drawn, m.
    apart
        Least distance between two, m.
    distance, within, hold
        A target is found once it has been at this distance from the lens (m) and this near to the
        middle of the picture (rad) for so long (s).
    source
        Where these figures come from.
    """

    count: Annotated[int, Field(ge=1, le=20)]
    behind: Annotated[int, Field(ge=0, le=20)] = 0
    radius: Length
    apart: Length
    distance: Lengths
    within: Angle
    hold: Duration
    source: Text
