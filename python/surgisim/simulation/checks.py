"""What is asked of every argument, each once: numbers, vectors, arrays, ids."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from surgisim.errors import MeshError, SurgisimError
from surgisim.snapshot import Vector

__all__ = [
    "Floats",
    "Ids",
    "Quaternion",
    "as_ids",
    "as_points",
    "as_quaternion",
    "check_ticks",
    "vector",
    "whole_ticks",
]

Floats = NDArray[np.float64]
Ids = NDArray[np.uint32]

# Ids are 32 bits wide, and the last of them means none.
_NO_ID = 2**32 - 1


def vector(value: ArrayLike, what: str) -> Vector:
    """Three finite numbers as a tuple; a SurgisimError names `what` otherwise."""
    array = np.asarray(value, dtype=np.float64)
    if array.shape != (3,) or not np.isfinite(array).all():
        raise SurgisimError(f"{what} is {value!r}; give three finite numbers")
    return (float(array[0]), float(array[1]), float(array[2]))


def as_points(value: ArrayLike, what: str) -> Floats:
    """Return an (n, 3) array of whole words; a MeshError names `what` otherwise."""
    array = np.require(value, dtype=np.float64, requirements=["C", "A"])
    if array.ndim != 2 or array.shape[1] != 3:
        raise MeshError(f"{what} has shape {array.shape}; give an (n, 3) array")
    return array


Quaternion = tuple[float, float, float, float]


def as_quaternion(orientation: ArrayLike | None) -> Quaternion:
    """(w, x, y, z) of a quaternion or a rotation matrix; no turn for None."""
    if orientation is None:
        return (1.0, 0.0, 0.0, 0.0)
    array = np.asarray(orientation, dtype=np.float64)
    if array.shape == (3, 3):
        array = _of_matrix(array)
    if array.shape != (4,) or not np.isfinite(array).all() or not array.any():
        raise SurgisimError(
            f"orientation is {orientation!r}; give a quaternion (w, x, y, z) that is not zero, "
            "or a rotation matrix"
        )
    w, x, y, z = array.tolist()
    return (w, x, y, z)


def _of_matrix(matrix: Floats) -> Floats:
    """Quaternion of a rotation matrix, by its largest component (Shepperd 1978)."""
    error = np.abs(matrix @ matrix.T - np.eye(3)).max()
    if not error < 1e-6 or np.linalg.det(matrix) < 0.0:
        raise SurgisimError(
            "orientation is no rotation matrix (its columns have to be unit vectors, square to "
            "each other and right-handed); give one, or a quaternion (w, x, y, z)"
        )
    trace = np.trace(matrix)
    (xx, xy, xz), (yx, yy, yz), (zx, zy, zz) = matrix
    rows = np.array(
        [
            [1.0 + trace, zy - yz, xz - zx, yx - xy],
            [zy - yz, 1.0 + 2.0 * xx - trace, xy + yx, xz + zx],
            [xz - zx, xy + yx, 1.0 + 2.0 * yy - trace, yz + zy],
            [yx - xy, xz + zx, yz + zy, 1.0 + 2.0 * zz - trace],
        ]
    )
    row = rows[np.argmax(np.diag(rows))]
    return np.asarray(row / np.linalg.norm(row), dtype=np.float64)


def as_ids(value: ArrayLike, what: str) -> NDArray[np.int64]:
    """Return ids of any shape; a MeshError names `what` otherwise."""
    array = np.asarray(value)
    if array.size == 0:
        return np.zeros(array.shape, dtype=np.int64)
    if not np.issubdtype(array.dtype, np.integer):
        raise MeshError(f"{what} holds {array.dtype} values; give integers, counted from 0")
    lowest, highest = int(array.min()), int(array.max())
    if lowest < 0 or highest >= _NO_ID:
        wrong = lowest if lowest < 0 else highest
        raise MeshError(f"{what} holds the id {wrong}; ids count from 0 and end before {_NO_ID}")
    return array.astype(np.int64)


def whole_ticks(seconds: float, dt: float) -> int:
    """Ticks of `dt` in a movement of `seconds`, at least 1.

    Raises
    ------
    SurgisimError
        `seconds` is negative, not finite or more ticks than can be counted.
    """
    if not 0.0 <= seconds / dt <= 2**32 - 1:
        raise SurgisimError(
            f"a movement of {seconds} s cannot be made in ticks of {dt} s; "
            f"give between 0 and {(2**32 - 1) * dt:.0f} s"
        )
    return max(1, round(seconds / dt))


def check_ticks(ticks: int, what: str) -> None:
    """Raise a SurgisimError that names `what` unless `ticks` is from 0 to 2**64 - 1."""
    if not 0 <= ticks < 2**64:
        raise SurgisimError(f"{what} was asked for {ticks} ticks; give 0 to 2**64 - 1")
