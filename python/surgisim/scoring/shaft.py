"""Measures of how the instrument was turned, and how far it went along its shaft.

With p(t) the tip (m), r(t) the shaft's direction (unit vector from the tip to the hand) and q(t)
the tool's rotation:

    depth perception        sum |(p_k+1 - p_k) . r_k|                              m
    angular path            sum acos(clip(r_k . r_k+1, -1, 1))                     rad
    response orientation    sum |twist about r_k of q_k+1 q_k^-1|                  rad

Depth perception and response orientation after Cotin et al. 2002 (MICCAI, LNCS 2488:35), angular
path after the reviews of such measures (Oropesa et al. 2011, J Surg Res 171:e81): the way in and
out that one camera shows badly, the turning about the port, the roll of the hand. The first may
also be taken along the camera's axis. Valid where the instrument has a shaft: through a port, or
with a device that says how it is turned. Noise of a sensor adds to all three, and most to the
angular path, so that they are taken of motion below 10 Hz.
"""

import numpy as np
from numpy.typing import NDArray

from surgisim.scoring.metric import Metric
from surgisim.scoring.motion import busiest

__all__ = ["angular_path", "depth_path", "roll_path"]

Values = NDArray[np.float64]


def depth_path(time_s: Values, positions: Values, axis: Values) -> Metric:
    """Way along an axis, there and back, m; the interval is its busiest ten seconds.

    Parameters
    ----------
    time_s
        Rising, shape (n,).
    positions
        Shape (n, 3), m.
    axis
        Unit vectors of the shaft, shape (n, 3), or one of the camera, shape (3,).
    """
    moved = np.diff(positions, axis=0)
    along = axis if axis.ndim == 1 else axis[:-1]
    return busiest(time_s, np.abs(np.sum(moved * along, axis=1)), "m")


def angular_path(time_s: Values, shaft: Values) -> Metric:
    """How much the shaft turned, without sign, rad; the interval is its busiest ten seconds.

    Parameters
    ----------
    time_s
        Rising, shape (n,).
    shaft
        Unit vectors, shape (n, 3).
    """
    before, after = shaft[:-1], shaft[1:]
    # atan2 keeps the digits of small angles that acos of a cosine near 1 loses.
    sine = np.linalg.norm(np.cross(before, after), axis=1)
    return busiest(time_s, np.arctan2(sine, np.sum(before * after, axis=1)), "rad")


def roll_path(time_s: Values, rotation: Values, shaft: Values) -> Metric:
    """How much the tool rolled about its shaft, there and back, rad.

    Parameters
    ----------
    time_s
        Rising, shape (n,).
    rotation
        Of the tool, unit quaternions (w, x, y, z), shape (n, 4).
    shaft
        Unit vectors, world, shape (n, 3).
    """
    w0, v0 = rotation[:-1, 0], rotation[:-1, 1:]
    w1, v1 = rotation[1:, 0], rotation[1:, 1:]
    # q_k+1 q_k^-1 = (w, v); its twist about r is 2 atan2(v . r, w).
    w = w0 * w1 + np.sum(v0 * v1, axis=1)
    v = w0[:, None] * v1 - w1[:, None] * v0 - np.cross(v1, v0)
    twist = 2.0 * np.arctan2(np.sum(v * shaft[:-1], axis=1), w)
    twist = (twist + np.pi) % (2.0 * np.pi) - np.pi  # q and -q are one rotation
    return busiest(time_s, np.abs(twist), "rad")
