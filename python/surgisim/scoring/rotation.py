"""Rotations as matrices."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

__all__ = ["matrix"]


def matrix(quaternion: Sequence[float]) -> NDArray[np.float64]:
    """Return the rotation of a unit quaternion (w, x, y, z) as a matrix, (3, 3)."""
    w, x, y, z = quaternion
    return np.array(
        [
            [1.0 - 2.0 * (y * y + z * z), 2.0 * (x * y - w * z), 2.0 * (x * z + w * y)],
            [2.0 * (x * y + w * z), 1.0 - 2.0 * (x * x + z * z), 2.0 * (y * z - w * x)],
            [2.0 * (x * z - w * y), 2.0 * (y * z + w * x), 1.0 - 2.0 * (x * x + y * y)],
        ]
    )
