"""The tissue library: sourced properties of tissues, read from ``tissues.toml``.

MR elastography measures the shear stiffness mu of small waves. For a nearly incompressible
isotropic tissue the small-strain Young's modulus is ``E = 3 mu`` (E = 2 mu (1 + nu), nu -> 0.5).
The material keeps this E. With the nu of the numerical model, below the tissue's own, its shear
modulus is E / 2 (1 + nu): at 0.45 by 3.4 % above the published mu.
"""

import difflib
import reprlib
import tomllib
from collections.abc import Mapping
from functools import cache
from importlib import resources
from types import MappingProxyType
from typing import Annotated, Literal

from pydantic import Field, TypeAdapter
from pydantic.dataclasses import dataclass

from surgisim.errors import MaterialError

__all__ = [
    "TissueParameters",
    "TissueProperty",
    "elastic_properties",
    "properties",
    "tissue_names",
    "tissue_parameters",
]

_MODULI = {"young_modulus": 1.0, "shear_stiffness": 3.0, "shear_modulus": 3.0}
"""Names of a modulus in the library, the first found counts; and E over it."""

Confidence = Literal["A", "B", "C"]
Text = Annotated[str, Field(min_length=1)]


@dataclass(frozen=True, slots=True, config={"extra": "forbid"})
class TissueProperty:
    """One measured or assumed number.

    Attributes
    ----------
    value, lo, hi
        The number and its spread, in ``unit`` (SI).
    model
        What it means.
    source
        Where it was read.
    confidence
        "A" a table of the source was read, "B" its abstract or text, "C" recollection or a
        secondary text.
    species, state, strain_rate, strain_range
        How it was measured; "-" where that does not apply or the source does not say. The state
        "model" is no measurement but a choice of the numerical model; the note says what it
        changes.
    note
        Anything else to know.
    """

    value: float
    unit: Text
    lo: float
    hi: float
    model: Text
    source: Text
    confidence: Confidence
    species: Text = "-"
    state: Text = "-"
    strain_rate: Text = "-"
    strain_range: Text = "-"
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
    if not isinstance(tissue, str):
        raise MaterialError(
            f"{reprlib.repr(tissue)} is no name of a tissue; give one, for example 'liver'."
        )
    if tissue not in library:
        near = difflib.get_close_matches(tissue, library, n=3, cutoff=0.5)
        told = (
            f"the nearest names are {', '.join(near)}" if near else f"it has {', '.join(library)}"
        )
        raise MaterialError(f"The tissue library has no {tissue!r}; {told}.")
    return library[tissue]


def _modulus_of(entry: Mapping[str, TissueProperty]) -> str | None:
    return next((name for name in _MODULI if name in entry), None)


def elastic_properties(tissue: str) -> Mapping[str, TissueProperty]:
    """Return what the elastic material of a tissue is made of.

    Returns
    -------
    Mapping
        The properties behind ``young_modulus`` (in the library it may be a shear modulus),
        ``poisson_ratio`` and ``density``, by these names.

    Raises
    ------
    MaterialError
        If the tissue is unknown, or the library lacks one of the three for it.
    """
    entry = properties(tissue)
    modulus = _modulus_of(entry)
    if modulus is None or not {"poisson_ratio", "density"} <= entry.keys():
        raise MaterialError(
            f"The tissue library knows {', '.join(entry)} of {tissue}, which do not make an "
            "elastic material; give young_modulus, poisson_ratio and density yourself."
        )
    parts = {"young_modulus": modulus, "poisson_ratio": "poisson_ratio", "density": "density"}
    return {part: entry[name] for part, name in parts.items()}


def tissue_parameters(tissue: str) -> TissueParameters:
    """Young's modulus, Poisson's ratio and density of a tissue.

    Raises
    ------
    MaterialError
        If the tissue is unknown, or the library lacks one of the three for it.
    """
    used = elastic_properties(tissue)
    modulus = used["young_modulus"]
    factor = _MODULI[_modulus_of(properties(tissue)) or "young_modulus"]
    return TissueParameters(
        young_modulus=factor * modulus.value,
        poisson_ratio=used["poisson_ratio"].value,
        density=used["density"].value,
        source="; ".join(dict.fromkeys(p.source for p in used.values())),
        confidence=max(p.confidence for p in used.values()),
        range=(factor * modulus.lo, factor * modulus.hi),
    )
