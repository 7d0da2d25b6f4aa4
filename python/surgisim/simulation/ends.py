"""Where attachments end: what a caller gives, checked, and in words."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import ArrayLike

from surgisim.errors import SurgisimError
from surgisim.simulation.body import SoftBody
from surgisim.simulation.checks import check_part, vector
from surgisim.simulation.tool import Tool
from surgisim.snapshot import Vector

if TYPE_CHECKING:
    from surgisim.simulation.world import World

__all__ = ["end_of", "end_text", "tissue_end"]


def tissue_end(world: World, body: SoftBody, place: int | ArrayLike) -> tuple[int, int | Vector]:
    """Return the index of `body` of `world`, and a node of it or a point, m.

    Raises
    ------
    MeshError
        An unknown node.
    SurgisimError
        A body of another world, or a place that is neither a node id nor a point.
    """
    check_part(world, body, SoftBody, "body")
    if isinstance(place, (int, np.integer)) or (isinstance(place, np.ndarray) and place.ndim == 0):
        return body.index, body._nodes(place)[0]
    return body.index, vector(
        place, "an attachment's end", wanted="a node id or three finite numbers"
    )


def end_of(
    world: World, to: ArrayLike | tuple[SoftBody, int | ArrayLike]
) -> tuple[int | None, int | Vector]:
    """Return a place in tissue, as `tissue_end` does, or None and a point of `world`, m.

    Raises
    ------
    MeshError, SurgisimError
        As `tissue_end`; or a tool, which nothing can be tied to.
    """
    if isinstance(to, (tuple, list)) and len(to) == 2 and isinstance(to[0], SoftBody):
        return tissue_end(world, to[0], to[1])
    wanted = "three finite numbers, or (body, node or point)"
    if isinstance(to, Tool):
        raise SurgisimError(
            f"to is {to!r}, which nothing can be tied to; give {wanted}, and lead the point "
            "with Attachment.move_to"
        )
    return (None, vector(to, "to", wanted=wanted))


def end_text(body: int | None, place: int | Vector) -> str:
    """Where an attachment ends, in words."""
    if isinstance(place, int):
        return f"node {place} of body {body}"
    point = "({:.4g}, {:.4g}, {:.4g})".format(*place)
    return f"point {point} of the world" if body is None else f"body {body} at {point}"
