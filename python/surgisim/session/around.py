"""What lies around the scope in the hand: what hides, what can be touched, what is looked for."""

from dataclasses import dataclass

import numpy as np

from surgisim.anatomy.organ import Organ
from surgisim.procedure.scene import Scene
from surgisim.session.endoscope import Scope
from surgisim.session.port import LEAST_OUTSIDE_M
from surgisim.session.scenery import Occluders, Piece, piece_of
from surgisim.session.targets import Target, place_targets
from surgisim.viewpoints import Skin, Surroundings

__all__ = ["Around", "look_around"]


@dataclass(frozen=True, slots=True, eq=False)
class Around:
    """Surroundings of a scope that is held.

    Attributes
    ----------
    occluders
        What is in the way of sight.
    skin
        What stands beside the organ, as something to touch; None where nothing does.
    targets
        What is looked for, in the order in which it lights up.
    """

    occluders: Occluders
    skin: Skin | None
    targets: tuple[Target, ...]


def look_around(
    spec: Scene,
    scope: Scope | None,
    organ: Organ,
    beside: tuple[Piece, ...],
    rng: np.random.Generator,
) -> Around | None:
    """Prepare the surroundings of a scene's scope and draw its targets; None if none is held.

    Raises
    ------
    AnatomyError
        The targets do not fit.
    """
    if scope is None or not scope.held:
        return None
    occluders = Occluders(organ.points, organ.surface, beside)
    skin = Skin([(piece.points, piece.triangles) for piece in beside]) if beside else None
    if spec.targets is None or spec.probe.port is None:
        return Around(occluders, skin, ())
    surfaces = (piece_of(organ), *beside)
    around = Surroundings(
        np.asarray(scope.port),
        scope.angle,
        spec.probe.port.length - LEAST_OUTSIDE_M,
        occluders.trees(),
        Skin([(piece.points, piece.triangles) for piece in surfaces]),
    )
    return Around(occluders, skin, place_targets(spec.targets, surfaces, around, rng))
