"""Whether the tissues, the anatomy and the organ that a scene names are there.

What is there is known to other rooms, so it is handed in.
"""

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass

from surgisim.errors import AnatomyError
from surgisim.nearest import suggest
from surgisim.procedure.finding import Finding
from surgisim.procedure.model import Procedure
from surgisim.procedure.scene import ALL

__all__ = ["Room", "Stock", "check_names"]

_SCENE = ("scene",)


@dataclass(frozen=True, slots=True)
class Room:
    """How much room an organ has for what is hidden in it.

    Attributes
    ----------
    ball
        Radius of the largest ball that it holds, m.
    across
        Longest way through it, m.
    """

    ball: float
    across: float


def _unknown_room(anatomy: str, organ: str) -> Room | None:
    return None


@dataclass(frozen=True, slots=True)
class Stock:
    """What a scene may name.

    Attributes
    ----------
    tissues
        Those that an organ can be made of.
    capsules
        Those that can tear.
    organs_of
        Gives the organs of an anatomy by its name or folder; raises `AnatomyError` where there is
        none.
    grades_of
        Gives how well the properties of a tissue that the physics uses are known, by their names
        in a procedure: "A", "B" or "C"; nothing for a tissue that is not there.
    organs_chosen
        Whether the organs are those of an anatomy that a user chose in place of the procedure's
        own; what stands beside is then left out where it is not there.
    room_of
        Gives the room of an organ by its anatomy and name; None where only building it would tell.
    """

    tissues: Collection[str]
    capsules: Collection[str]
    organs_of: Callable[[str], Collection[str]]
    grades_of: Callable[[str], Mapping[str, str]]
    organs_chosen: bool = False
    room_of: Callable[[str, str], Room | None] = _unknown_room


def check_names(procedure: Procedure, stock: Stock) -> Iterator[Finding]:
    """Names of the scene that are not in stock."""
    scene = procedure.scene
    for key, name, known in (
        ("tissue", scene.tissue, stock.tissues),
        ("capsule", scene.capsule, stock.capsules),
    ):
        if name is not None and name not in known:
            yield Finding(("scene", key), _unknown(key, name, known), whole=_SCENE)
    try:
        organs = stock.organs_of(scene.anatomy)
    except AnatomyError as error:
        yield Finding(("scene", "anatomy"), str(error), whole=_SCENE)
        return
    if scene.organ not in organs:
        text = _unknown("organ", scene.organ, organs)
        yield Finding(("scene", "organ"), text, whole=_SCENE)
    yield from _check_room(procedure, stock.room_of(scene.anatomy, scene.organ))
    if stock.organs_chosen:
        return
    for number, name in enumerate(scene.beside):
        if name not in (*organs, ALL):
            text = _unknown("organ", name, organs)
            yield Finding(("scene", "beside", number), text, whole=_SCENE)


def _check_room(procedure: Procedure, room: Room | None) -> Iterator[Finding]:
    """Find nodules for which there is no place however the dice fall."""
    nodules, organ = procedure.scene.nodules, procedure.scene.organ
    if nodules is None or room is None:
        return
    if nodules.radius.high > room.ball:
        text = (
            f"a nodule of {1e3 * nodules.radius.high:g} mm radius does not fit into '{organ}': "
            f"{1e3 * room.ball:g} mm are the most"
        )
        yield Finding(("scene", "nodules", "radius"), text, whole=_SCENE)
    if nodules.count > 1 and nodules.apart > room.across:
        text = (
            f"no two nodules can be {1e3 * nodules.apart:g} mm apart: "
            f"'{organ}' is {1e3 * room.across:g} mm across"
        )
        yield Finding(("scene", "nodules", "apart"), text, whole=_SCENE)


def _unknown(key: str, name: str, known: Collection[str]) -> str:
    hint = suggest(name, known) or f": known are {', '.join(known)}"
    return f"unknown {key} '{name}'{hint}"
