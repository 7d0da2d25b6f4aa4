"""The tissue library: sourced properties of tissues, read from ``tissues.toml``.

MR elastography measures the shear stiffness mu of small waves. For a nearly incompressible
isotropic tissue the small-strain Young's modulus is ``E = 3 mu`` (E = 2 mu (1 + nu), nu -> 0.5).
"""

import difflib
import tomllib
from collections.abc import Mapping
from functools import cache
from importlib import resources
from types import MappingProxyType
from typing import Annotated, Literal

from pydantic import Field, TypeAdapter
from pydantic.dataclasses import dataclass

from surgisim.errors import MaterialError

__all__ = ["TissueParameters", "TissueProperty", "properties", "tissue_names", "tissue_parameters"]

Confidence = Literal["A", "B", "C"]
Text = Annotated[str, Field(min_length=1)]


@dataclass(frozen=True, slots=True, config={"extra": "forbid"})
class TissueProperty:
    """One measured or assumed number.

    Attributes
    ----------
    value, lo, hi
        The number and its spread, in ``unit`` (SI).
    species, state, strain_rate, strain_range, model
        How it was measured and what it means; "-" where it does not apply.
    source
        Where it was read.
    confidence
        "A" a table of the source was read, "B" its abstract, "C" recollection or a secondary text.
    note
        Anything else to know.
    """

    value: float
    unit: Text
    lo: float
    hi: float
    species: Text
    state: Text
    strain_rate: Text
    strain_range: Text
    model: Text
    source: Text
    confidence: Confidence
    note: str = ""


@dataclass(frozen=True, slots=True)
class TissueParameters:
    """What an isotropic elastic material needs.

    Attributes
    ----------
    young_modulus
        Small-strain Young's modulus, Pa.
    poisson_ratio
        Poisson's ratio.
    density
        kg/m^3.
    source
        Sources of the three.
    confidence
        The weakest of the three.
    range
        Spread of the Young's modulus (lo, hi), Pa.
    """

    young_modulus: float
    poisson_ratio: float
    density: float
    source: str
    confidence: Confidence
    range: tuple[float, float]


@cache
def _library() -> Mapping[str, Mapping[str, TissueProperty]]:
    text = resources.files("surgisim.anatomy").joinpath("tissues.toml").read_text("utf-8")
    checked = TypeAdapter(dict[str, dict[str, TissueProperty]]).validate_python(tomllib.loads(text))
    return MappingProxyType({name: MappingProxyType(entry) for name, entry in checked.items()})


def tissue_names() -> tuple[str, ...]:
    """Names of the tissues in the library."""
    return tuple(_library())


def properties(tissue: str) -> Mapping[str, TissueProperty]:
    """Return all properties of a tissue by name: ``properties("liver")["density"].value``.

    Raises
    ------
    MaterialError
        If the library has no such tissue.
    """
    library = _library()
    if tissue not in library:
        near = difflib.get_close_matches(tissue, library, n=3, cutoff=0.4) or list(library)
        raise MaterialError(
            f"The tissue library has no {tissue!r}; the nearest names are {', '.join(near)}."
        )
    return library[tissue]


def tissue_parameters(tissue: str) -> TissueParameters:
    """Young's modulus, Poisson's ratio and density of a tissue.

    Raises
    ------
    MaterialError
        If the tissue is unknown, or the library lacks one of the three for it.
    """
    entry = properties(tissue)
    modulus, factor = entry.get("young_modulus"), 1.0
    if modulus is None:
        modulus, factor = entry.get("shear_stiffness"), 3.0
    ratio, density = entry.get("poisson_ratio"), entry.get("density")
    if modulus is None or ratio is None or density is None:
        raise MaterialError(
            f"The tissue library knows {', '.join(entry)} of {tissue}, which do not make an "
            "elastic material; give young_modulus, poisson_ratio and density yourself."
        )
    used = (modulus, ratio, density)
    return TissueParameters(
        young_modulus=factor * modulus.value,
        poisson_ratio=ratio.value,
        density=density.value,
        source="; ".join(dict.fromkeys(p.source for p in used)),
        confidence=max(p.confidence for p in used),
        range=(factor * modulus.lo, factor * modulus.hi),
    )
