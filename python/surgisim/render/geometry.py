"""Where a plane meets a box."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from surgisim.render.exhibit import Plane

__all__ = ["box_corners", "plane_equation", "plane_polygon"]

Floats = NDArray[np.float64]

_EDGES = tuple((a, a | bit) for a in range(8) for bit in (1, 2, 4) if not a & bit)


def plane_equation(plane: Plane) -> Floats:
    """Return unit normal n and n . point, (4,): the taken side has n . p above the last."""
    normal = np.asarray(plane.normal, dtype=np.float64)
    normal = normal / max(float(np.linalg.norm(normal)), 1e-12)
    return np.array([*normal, float(normal @ np.asarray(plane.point))])


def box_corners(low: Floats, high: Floats) -> Floats:
    """Corners (8, 3) of an upright box; the bits of the row say which end of x, y, z."""
    ends = np.stack([low, high])
    return np.array([[ends[a >> 2 & 1, 0], ends[a >> 1 & 1, 1], ends[a & 1, 2]] for a in range(8)])


def plane_polygon(plane: Plane, corners: Floats) -> Floats:
    """Polygon in which a plane meets a box or parallelepiped.

    Parameters
    ----------
    plane
        Its normal must not be zero.
    corners
        (8, 3); rows that differ in one bit are neighbours.

    Returns
    -------
    polygon
        (0, 3) or (3 to 6, 3), counter-clockwise seen from where the normal points to.
    """
    n = plane_equation(plane)
    height = corners @ n[:3] - n[3]
    found = []
    for a, b in _EDGES:
        if (height[a] < 0.0) != (height[b] < 0.0):
            share = height[a] / (height[a] - height[b])
            found.append(corners[a] + share * (corners[b] - corners[a]))
    if len(found) < 3:
        return np.zeros((0, 3))
    points = np.array(found)
    middle = points.mean(axis=0)
    right = np.cross(n[:3], np.eye(3)[np.abs(n[:3]).argmin()])
    up = np.cross(n[:3], right)
    offset = points - middle
    return points[np.argsort(np.arctan2(offset @ up, offset @ right))]
