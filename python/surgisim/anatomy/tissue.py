"""Tissues of the sourced library as materials of the simulation."""

from surgisim.anatomy.tissue_library import tissue_parameters
from surgisim.simulation import Material

__all__ = ["tissue"]


def tissue(name: str) -> Material:
    """Return the tissue `name` of the library as a material, with its source.

    Parameters
    ----------
    name
        As listed by `surgisim.anatomy.tissue_names`, for example ``"liver"``.

    Raises
    ------
    MaterialError
        The tissue is not in the library (the message names the nearest), or has no stiffness.
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
