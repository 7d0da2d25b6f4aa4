"""What the scene of a procedure may name, and how well it is known."""

from collections.abc import Mapping
from pathlib import Path

from surgisim import anatomy
from surgisim.errors import MaterialError
from surgisim.procedure import Room, Stock

__all__ = ["stock_of"]


def stock_of(chosen: Path | None = None) -> Stock:
    """List the names that a scene may use.

    Parameters
    ----------
    chosen
        An anatomy folder to find the organs in, or None for the procedure's own anatomy.

    Raises
    ------
    AnatomyError
        `chosen` is no anatomy.
    """
    library = anatomy.tissue_names()
    tissues = [name for name in library if "young_modulus" in _grades(name)]
    capsules = [name for name in library if "ultimate_strain" in _grades(name)]
    if chosen is None:
        return Stock(tissues, capsules, anatomy.organ_names, _grades, room_of=_room)
    organs = anatomy.organ_names(chosen)
    return Stock(tissues, capsules, lambda _: organs, _grades, organs_chosen=True)


def _room(anatomy_name: str, organ: str) -> Room | None:
    found = anatomy.organ_room(anatomy_name, organ)
    return None if found is None else Room(*found)


def _grades(tissue: str) -> Mapping[str, str]:
    """Confidence of the properties that the physics can use of a tissue."""
    if tissue not in anatomy.tissue_names():
        return {}
    found = {name: one.confidence for name, one in _elastic(tissue).items()}
    strain = anatomy.properties(tissue).get("ultimate_strain")
    return found if strain is None else {**found, "ultimate_strain": strain.confidence}


def _elastic(tissue: str) -> Mapping[str, anatomy.TissueProperty]:
    try:
        return anatomy.elastic_properties(tissue)
    except MaterialError:
        return {}
