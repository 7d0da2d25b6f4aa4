"""Tissues of the sourced library as materials of the simulation."""

from surgisim.anatomy.tissue_library import tissue_parameters
from surgisim.simulation import Material

__all__ = ["tissue"]


def tissue(name: str) -> Material:
    """Return the tissue `name` of the library as a material, with its source.

    It is elastic: Prony constants that the library has of fat and brain are left out, because they
    belong to the modulus at once, which the material's is not known to be. To relax all the same:
    ``dataclasses.replace(tissue("fat"), prony=[(0.39, 700.0)])``.

    Parameters
    ----------
    name
        As listed by `surgisim.anatomy.tissue_names`, for example ``"liver"``.

    Raises
    ------
    MaterialError
        The tissue is not in the library (the message names the nearest), or it lacks a modulus,
        Poisson's ratio or density; `surgisim tissues` marks those that have all three.
    """
    found = tissue_parameters(name)
    return Material(
        young_modulus=found.young_modulus,
        poisson_ratio=found.poisson_ratio,
        density=found.density,
        source=found.source,
        confidence=found.confidence,
        range=found.range,
    )
