"""Where an organ is held: its back, so that the front can be pressed and moves like tissue.

The patient lies on the back and +y points up. Of the surface triangles that face down, the
lowest are taken until they make up a quarter of the whole surface; their nodes are held. Triangles
close to the front are left out: there the organ is a thin margin, and one that is held underneath
would feel as hard as what it should be searched for. An organ that is thin everywhere would be
left with nothing to hold it, so there they count.

An organ that is to be lifted hangs from ligaments at its back, and the side that faces the feet
only lies on what is beneath. So of the triangles above, those that face the feet (+z) are free.
"""

import numpy as np
from numpy.typing import NDArray

__all__ = ["SUPPORT_SHARE", "hanging_nodes", "support_nodes", "support_warnings"]

SUPPORT_SHARE = 0.25
DOWNWARD = -0.3
"""Largest y of the unit normal of a triangle that counts as facing down (107 degrees from up)."""
UPWARD = 0.3
"""Smallest y of the unit normal of a triangle that counts as the front."""
FRONT_GAP_M = 0.015
"""Smallest distance from a held node to the nodes of the front, m."""
FOOTWARD = 0.3
"""Smallest z of the unit normal of a triangle that counts as facing the feet."""


def support_nodes(
    points: NDArray[np.float64], surface: NDArray[np.int32], share: float = SUPPORT_SHARE
) -> NDArray[np.int32]:
    """Ids of the surface nodes that hold the organ.

    Parameters
    ----------
    points : (n, 3) array, m
    surface : (k, 3) outward triangles
    share
        Part of the surface's area to hold; less if less faces down.

    Returns
    -------
    (s,) int32, ascending; empty if nothing faces down
    """
    area, size = _areas(points, surface)
    return _lowest(points, surface, share, area[:, 1] < DOWNWARD * size)


def hanging_nodes(
    points: NDArray[np.float64], surface: NDArray[np.int32], share: float = SUPPORT_SHARE
) -> NDArray[np.int32]:
    """Ids of the surface nodes that hold an organ whose edge is to be lifted; see above.

    Parameters and result as for `support_nodes`.
    """
    area, size = _areas(points, surface)
    down = area[:, 1] < DOWNWARD * size
    return _lowest(points, surface, share, down & (area[:, 2] < FOOTWARD * size))


def _lowest(
    points: NDArray[np.float64],
    surface: NDArray[np.int32],
    share: float,
    chosen_from: NDArray[np.bool_],
) -> NDArray[np.int32]:
    """Nodes of the lowest of these triangles, those near to the front left out if they can be."""
    area, size = _areas(points, surface)
    down = np.flatnonzero(chosen_from)
    lowest_first = down[np.lexsort((down, points[surface[down], 1].mean(axis=1)))]
    gaps = _front_gaps(points, surface[area[:, 1] > UPWARD * size])
    thick = (gaps[surface[lowest_first]] >= FRONT_GAP_M).all(axis=1)
    for chosen in (lowest_first[thick], lowest_first):
        held = chosen[np.cumsum(size[chosen]) <= share * size.sum()]
        if len(held):
            break
    return np.unique(surface[held]).astype(np.int32)


def support_warnings(
    points: NDArray[np.float64], surface: NDArray[np.int32], support: NDArray[np.int32]
) -> tuple[str, ...]:
    """Say what is unusual about the `support` that `support_nodes` chose; mostly nothing."""
    if len(support) == 0:
        return ("Nothing of it faces down, so nothing holds it and no session can use it.",)
    area, size = _areas(points, surface)
    front = surface[area[:, 1] > UPWARD * size]
    if _front_gaps(points, front)[support].min() >= FRONT_GAP_M:
        return ()
    return (
        f"It is thinner than {FRONT_GAP_M * 1e3:g} mm, so it is held close under its front, "
        "which will feel hard.",
    )


def _areas(
    points: NDArray[np.float64], surface: NDArray[np.int32]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Outward area vectors (k, 3) of the triangles, and their lengths, m^2."""
    x = points[surface]
    area = 0.5 * np.cross(x[:, 1] - x[:, 0], x[:, 2] - x[:, 0])
    return area, np.linalg.norm(area, axis=1)


def _front_gaps(points: NDArray[np.float64], front: NDArray[np.int32]) -> NDArray[np.float64]:
    """Distance, m, of each of the points (n, 3) to the nodes of the front triangles (k, 3)."""
    from scipy.spatial import cKDTree

    if len(front) == 0:
        return np.full(len(points), np.inf)
    gaps: NDArray[np.float64] = cKDTree(points[np.unique(front)]).query(points)[0]
    return gaps
