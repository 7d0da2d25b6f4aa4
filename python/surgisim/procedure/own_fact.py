"""Facts that a procedure brings itself: its program tells them, its conditions may name them."""

from typing import Annotated

from pydantic import AfterValidator, StringConstraints

from surgisim.procedure.keys import Keys, Text
from surgisim.procedure.quantity import UNITS, unit_of
from surgisim.procedure.vocabulary import Word

__all__ = ["YES_OR_NO", "OwnFact"]

YES_OR_NO = "yes or no"


def _known(unit: str) -> str:
    if unit != YES_OR_NO:
        unit_of(unit)
    return unit


class OwnFact(Keys):
    """A fact of the procedure's program; its value is told in SI."""

    name: Annotated[str, StringConstraints(pattern=r"^own(\.[a-z][a-z0-9_]*)+$", max_length=60)]
    unit: Annotated[str, AfterValidator(_known)] = ""
    text: Text

    @property
    def word(self) -> Word:
        """Its entry in the vocabulary."""
        unit = "bool" if self.unit == YES_OR_NO else UNITS[self.unit][0]
        return Word(unit, self.text)
