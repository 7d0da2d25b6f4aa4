"""Places and rotations between NumPy and plain numbers."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from surgisim.snapshot import Vector

__all__ = ["as_vector", "rotation_matrix"]


def as_vector(values: Any) -> Vector:
    """Return the first three of an array's numbers as plain ones."""
    return (float(values[0]), float(values[1]), float(values[2]))


def rotation_matrix(quaternion: Sequence[float]) -> NDArray[np.float64]:
    """Return the rotation of a unit quaternion (w, x, y, z) as a matrix, (3, 3)."""
    w, x, y, z = quaternion
    return np.array(
        [
            [1.0 - 2.0 * (y * y + z * z), 2.0 * (x * y - w * z), 2.0 * (x * z + w * y)],
            [2.0 * (x * y + w * z), 1.0 - 2.0 * (x * x + z * z), 2.0 * (y * z - w * x)],
            [2.0 * (x * z - w * y), 2.0 * (y * z + w * x), 1.0 - 2.0 * (x * x + y * y)],
        ]
    )
