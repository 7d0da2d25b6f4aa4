"""The patient of a procedure file: figures that the trainee is told before the start.

They may stand in a file of their own, which `ref` names, so that several procedures share a
patient; figures beside `ref` count before those of the file.
"""

from typing import Literal

from pydantic import Field

from surgisim.procedure.keys import Age, Keys, Mass, Pressure, Rate, Share, Stature, Text
from surgisim.procedure.quantity import UNITS

__all__ = ["FIGURES", "Patient", "PatientFile"]


class _Figures(Keys):
    age: Age | None = None
    sex: Literal["female", "male"] | None = None
    weight: Mass | None = None
    height: Stature | None = None
    heart_rate: Rate | None = None
    respiratory_rate: Rate | None = None
    systolic: Pressure | None = None
    diastolic: Pressure | None = None
    mean_pressure: Pressure | None = None
    saturation: Share | None = None
    iap: Pressure | None = None
    history: list[Text] = Field(default_factory=list)
    source: Text | None = None

    @property
    def figures(self) -> list[str]:
        """The keys of `FIGURES` that are given."""
        return [key for key in FIGURES if getattr(self, key) is not None]

    def lines(self) -> list[str]:
        """Say who lies there, one figure a line; nothing for what is not known."""
        told = [
            f"{label}: {getattr(self, key) / UNITS[unit][1]:.4g} {unit}"
            for key, (label, unit) in FIGURES.items()
            if getattr(self, key) is not None
        ]
        sex = [] if self.sex is None else [f"Sex: {self.sex}"]
        return [*told[:1], *sex, *told[1:], *self.history]


FIGURES: dict[str, tuple[str, str]] = {
    "age": ("Age", "years"),
    "weight": ("Weight", "kg"),
    "height": ("Height", "cm"),
    "heart_rate": ("Heart rate", "/min"),
    "respiratory_rate": ("Respiratory rate", "/min"),
    "systolic": ("Systolic pressure", "mmHg"),
    "diastolic": ("Diastolic pressure", "mmHg"),
    "mean_pressure": ("Mean arterial pressure", "mmHg"),
    "saturation": ("Oxygen saturation", "%"),
    "iap": ("Intra-abdominal pressure", "mmHg"),
}
"""The figures of a patient: key -> (what people read, its unit)."""


class Patient(_Figures):
    """The patient, as a procedure tells it."""

    ref: Text | None = None


class PatientFile(_Figures):
    """A file that holds nothing but a patient."""

    surgisim: Literal["patient@1"]
