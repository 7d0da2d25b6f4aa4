"""How able a scripted trainee is, from 1 (as its script says) down to 0 (the first time).

A skill s turns six shortcomings on together, each in proportion to 1 - s:

| shortcoming | at 0 | what it does |
| --- | --- | --- |
| `reaction_s` | 0.6 s | so much later is acted on what the screen shows: force, warnings, alarms |
| `tremor_m` | 0.4 mm | root mean square on each axis of a tremor of 8 to 12 Hz |
| `overpress` | 2 | the hand pushes on by so many times what it feels, see below |
| `weber` | 0.5 | spread of a felt stiffness about the true one, as a share of it |
| `missed` | 0.5 | share of the places to look at that is left out, in one stretch |
| `slowness` | 1.0 | everything takes 1 + so much times as long |

A hand of stiffness k on tissue of stiffness q that means to press with F and pushes on by g times
what it feels presses with F / (1 - g q / (k + q)), and goes 12 mm further at most. On a liver (q
about k / 3) that is 2 F at g = 2.

At 1 all are 0, and the trainee does the same to the bit as without a skill.

Sources. Tremor of the hand lies at 8 to 12 Hz (Elble and Randall 1976, J Neurophysiol 39:370).
People tell stiffnesses apart that differ by a share of 0.23 (Jones and Hunter 1990, Exp Brain Res
79:150); the 0.5 at skill 0 is twice that. All values at 0 are chosen: the scale orders trainees and
has not been measured on people, so a curve over it has the shape of a learning curve, not its pace.
"""

from dataclasses import dataclass, fields
from typing import Self

from surgisim.errors import SurgisimError

__all__ = ["Skill"]


@dataclass(frozen=True, slots=True)
class Skill:
    """Shortcomings of a scripted trainee, as the table above; none by default.

    Attributes
    ----------
    reaction_s, tremor_m, overpress, weber, missed, slowness
        See above.
    """

    reaction_s: float = 0.0
    tremor_m: float = 0.0
    overpress: float = 0.0
    weber: float = 0.0
    missed: float = 0.0
    slowness: float = 0.0

    @classmethod
    def at(cls, level: float) -> Self:
        """Skill at `level`, from 0 to 1.

        Raises
        ------
        SurgisimError
            Another number.
        """
        if not 0.0 <= level <= 1.0:
            raise SurgisimError(f"the skill is {level:g}; choose a number from 0 to 1")
        lack = 1.0 - level
        first = cls(0.6, 0.4e-3, 2.0, 0.5, 0.5, 1.0)
        return cls(**{one.name: lack * getattr(first, one.name) for one in fields(cls)})

    @property
    def perfect(self) -> bool:
        """Whether nothing is lacking."""
        return self == type(self)()
