"""Tissue properties that a procedure gives itself, in place of those of the tissue library.

Each has a source of its own: whoever writes the procedure vouches for it.
"""

from typing import Annotated

from pydantic import BaseModel

from surgisim.procedure.keys import STRICT, Text
from surgisim.procedure.quantity import Measured

__all__ = ["CAPSULE", "ELASTIC", "OwnProperties", "OwnProperty"]

ELASTIC = ("young_modulus", "poisson_ratio", "density")
"""Properties of an organ's tissue that the physics uses."""
CAPSULE = ("ultimate_strain",)
"""Properties of its capsule that the physics uses."""

Modulus = Annotated[float, Measured("Pa", 10.0, 1e9, "from 10 Pa to 1000 MPa")]
PoissonRatio = Annotated[float, Measured("1", 0.01, 0.499, "from 0.01 to 0.499", share=False)]
Density = Annotated[float, Measured("kg/m3", 100.0, 3000.0, "from 100 kg/m3 to 3000 kg/m3")]
Strain = Annotated[float, Measured("1", 0.01, 10.0, "from 1 % to 1000 %")]


class OwnProperty(BaseModel):
    """A property and where it came from."""

    model_config = STRICT

    value: float
    source: Text


class YoungModulus(OwnProperty):
    """Stiffness at small strain, Pa."""

    value: Modulus


class PoissonsRatio(OwnProperty):
    """Sideways over lengthwise strain."""

    value: PoissonRatio


class MassDensity(OwnProperty):
    """Mass per volume, kg/m3."""

    value: Density


class UltimateStrain(OwnProperty):
    """Strain at which the capsule tears."""

    value: Strain


class OwnProperties(BaseModel):
    """Properties of the scene's tissue and capsule, each in place of the library's."""

    model_config = STRICT

    young_modulus: YoungModulus | None = None
    poisson_ratio: PoissonsRatio | None = None
    density: MassDensity | None = None
    ultimate_strain: UltimateStrain | None = None

    @property
    def given(self) -> dict[str, OwnProperty]:
        """Those that are given, by name; values in SI."""
        found = {name: getattr(self, name) for name in (*ELASTIC, *CAPSULE)}
        return {name: one for name, one in found.items() if one is not None}
