"""What every part of a procedure file has in common.

No key but the known ones, nothing guessed, and quantities that are read into SI.
"""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, StringConstraints

from surgisim.procedure.quantity import Measured, Range, Ranged

__all__ = [
    "STRICT",
    "Age",
    "Duration",
    "Flow",
    "Force",
    "Friction",
    "Id",
    "Keys",
    "Length",
    "Lengths",
    "Mass",
    "Points",
    "Pressure",
    "Probability",
    "Rate",
    "Ratios",
    "Share",
    "Stature",
    "Text",
    "Times",
]

STRICT = ConfigDict(extra="forbid", frozen=True, strict=True)
Text = Annotated[str, StringConstraints(min_length=1, max_length=4000)]
Id = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]*$", max_length=60)]
Length = Annotated[float, Measured("m", 1e-5, 1.0, "from 0.01 mm to 1 m")]
Stature = Annotated[float, Measured("m", 0.2, 2.6, "from 20 cm to 260 cm")]
Lengths = Annotated[Range, Ranged("m", 1e-5, 1.0, "from 0.01 mm to 1 m")]
Duration = Annotated[float, Measured("s", 1e-3, 86400.0, "from 1 ms to 24 h")]
Times = Annotated[Range, Ranged("s", 0.0, 86400.0, "from 0 s to 24 h")]
Force = Annotated[float, Measured("N", 1e-3, 100.0, "from 1 mN to 100 N")]
Pressure = Annotated[float, Measured("Pa", 0.0, 4e4, "from 0 mmHg to 300 mmHg")]
Flow = Annotated[float, Measured("m3/s", 0.0, 1e-4, "from 0 mL/min to 6000 mL/min")]
Mass = Annotated[float, Measured("kg", 0.1, 500.0, "from 0.1 kg to 500 kg")]
Rate = Annotated[float, Measured("1/s", 0.0, 5.0, "from 0 /min to 300 /min")]
Age = Annotated[float, Measured("s", 0.0, 130 * 31557600.0, "from 0 days to 130 years")]
Share = Annotated[float, Measured("1", 0.0, 1.0, "from 0 % to 100 %")]
Friction = Annotated[float, Measured("1", 0.0, 2.0, "from 0 to 2")]
Ratios = Annotated[Range, Ranged("1", 0.1, 100.0, "from 0.1 to 100")]
Probability = Annotated[float, Measured("1", 0.0, 1.0, "from 0 to 1")]
Points = Annotated[float, Measured("1", 0.0, 100.0, "from 0 to 100", share=False)]


class Keys(BaseModel):
    """Part of a procedure file."""

    model_config = STRICT
