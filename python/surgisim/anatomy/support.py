"""Where an organ is held: its back, so that the front can be pressed and moves like tissue.

The patient lies on the back and +y points up. Of the surface triangles that face down, the
lowest are taken until they make up a quarter of the whole surface; their nodes are held. Triangles
close to the front are left out: there the organ is a thin margin, and one that is held underneath
would feel as hard as what it should be searched for.
"""

import numpy as np
from numpy.typing import NDArray
from scipy.spatial import cKDTree

__all__ = ["SUPPORT_SHARE", "support_nodes"]

SUPPORT_SHARE = 0.25
DOWNWARD = -0.3
"""Largest y of the unit normal of a triangle that counts as facing down (107 degrees from up)."""
UPWARD = 0.3
"""Smallest y of the unit normal of a triangle that counts as the front."""
FRONT_GAP_M = 0.015
"""Smallest distance from a held node to the nodes of the front, m."""


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
    (s,) int32, ascending
    """
    x = points[surface]
    area = 0.5 * np.cross(x[:, 1] - x[:, 0], x[:, 2] - x[:, 0])
    size = np.linalg.norm(area, axis=1)
    down = np.flatnonzero(area[:, 1] < DOWNWARD * size)
    front = np.unique(surface[area[:, 1] > UPWARD * size])
    if len(front):
        gaps, _ = cKDTree(points[front]).query(points)
        down = down[(gaps[surface[down]] >= FRONT_GAP_M).all(axis=1)]
    lowest_first = down[np.lexsort((down, x[down, :, 1].mean(axis=1)))]
    held = lowest_first[np.cumsum(size[lowest_first]) <= share * size.sum()]
    return np.unique(surface[held]).astype(np.int32)
