"""Which points an eye sees past a surface of triangles.

A point p is hidden from the eye e when the segment from e to p meets a triangle (Moeller and
Trumbore 1997): with d = p - e, edges u and v of the triangle from its corner a, s = e - a,

    e + t d = a + b u + c v,   t = (v . (s x u)) / D,  b = (s . (d x v)) / D,
    c = (d . (s x u)) / D,     D = u . (d x v)

and 0 < t < 1 - g, b >= 0, c >= 0, b + c <= 1. The gap g keeps what touches a point from hiding it.
"""

import numpy as np
from numpy.typing import ArrayLike, NDArray

__all__ = ["sees"]

Floats = NDArray[np.float64]

GAP_M = 1e-3
_FLAT = 1e-18  # a triangle that the line lies in


def sees(
    eye: ArrayLike, points: Floats, positions: Floats, surface: NDArray[np.integer]
) -> NDArray[np.bool_]:
    """Whether the eye sees each point.

    Parameters
    ----------
    eye
        (3,), m.
    points
        (n, 3), m.
    positions, surface
        Nodes (m, 3), m, and triangles (k, 3) that hide what is behind them.
    """
    origin = np.asarray(eye, dtype=np.float64)
    a = positions[surface[:, 0]]
    u, v = positions[surface[:, 1]] - a, positions[surface[:, 2]] - a
    s = origin - a
    q = np.cross(s, u)
    height = np.einsum("kj,kj->k", v, q)
    free = np.empty(len(points), dtype=np.bool_)
    for i, d in enumerate(points - origin):
        h = np.cross(d, v)
        det = np.einsum("kj,kj->k", u, h)
        inverse = np.divide(1.0, det, out=np.zeros_like(det), where=np.abs(det) > _FLAT)
        b, c = np.einsum("kj,kj->k", s, h) * inverse, (q @ d) * inverse
        t = height * inverse
        far = 1.0 - GAP_M / float(np.linalg.norm(d))
        free[i] = not bool(
            np.any((b >= 0.0) & (c >= 0.0) & (b + c <= 1.0) & (t > 0.0) & (t < far))
        )
    return free
