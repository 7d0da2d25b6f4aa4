"""What is asked of every argument, each once: numbers, vectors, arrays, ids, parts of a world.

Ranges that the physics sets are checked by the native module.
"""

from __future__ import annotations

import math
import operator
import os
import reprlib
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Protocol

import numpy as np
from numpy.typing import ArrayLike, NDArray

from surgisim.errors import MeshError, SurgisimError
from surgisim.snapshot import Vector

if TYPE_CHECKING:
    from surgisim.simulation.world import World

__all__ = [
    "Floats",
    "Ids",
    "Quaternion",
    "as_floats",
    "as_ids",
    "as_points",
    "as_quaternion",
    "check_memory",
    "check_part",
    "check_ticks",
    "flag",
    "listed",
    "number",
    "positive",
    "shown",
    "vector",
    "whole_number",
    "whole_ticks",
]

Floats = NDArray[np.float64]
Ids = NDArray[np.uint32]
Quaternion = tuple[float, float, float, float]

# Ids are 32 bits wide, and the last of them means none.
_NO_ID = 2**32 - 1

_GIB = 2**30
# Taken for the memory of a machine that does not tell how much it has, bytes.
_USUAL_MEMORY = 16 * _GIB


class Part(Protocol):
    """What was added to a world."""

    @property
    def _world(self) -> World: ...


def shown(value: object) -> str:
    """Write any value in one short line, for a message."""
    return " ".join(reprlib.repr(value).split())


def listed(value: object) -> list[object] | None:
    """Return what `value` holds one by one; None for a single thing, which a text is, too."""
    try:
        return None if isinstance(value, (str, bytes)) else list(value)  # type: ignore[call-overload]
    except TypeError:
        return None


def number(value: object, what: str, error: type[SurgisimError] = SurgisimError) -> float:
    """Return a number, NaN and infinities too; an `error` names `what` otherwise."""
    try:
        # float() would also read the text '5' and, with a warning, an array of one number.
        if np.ndim(value) == 0 and not isinstance(value, (str, bytes)):  # type: ignore[arg-type]
            return float(value)  # type: ignore[arg-type]
    except (TypeError, ValueError, OverflowError):
        pass  # told below
    raise error(f"{what} is {shown(value)}; give a number") from None


def positive(value: object, what: str, error: type[SurgisimError] = SurgisimError) -> float:
    """Return a finite number above 0; an `error` names `what` otherwise."""
    given = number(value, what, error)
    if not 0.0 < given < math.inf:
        raise error(f"{what} is {given}; give a positive number")
    return given


def whole_number(
    value: object, what: str, lowest: int = 0, error: type[SurgisimError] = SurgisimError
) -> int:
    """Return an integer of at least `lowest`; an `error` names `what` otherwise."""
    try:
        given = operator.index(value)  # type: ignore[arg-type]
    except TypeError:
        given = lowest - 1
    if given < lowest:
        raise error(f"{what} is {shown(value)}; give a whole number, {lowest} or more")
    return given


def flag(value: object, what: str) -> bool:
    """Return True or False; a SurgisimError names `what` otherwise ('off' would count as true)."""
    if not isinstance(value, (bool, np.bool_, int)) or value not in (0, 1):
        raise SurgisimError(f"{what} is {shown(value)}; give True or False")
    return bool(value)


def vector(
    value: ArrayLike,
    what: str,
    error: type[SurgisimError] = SurgisimError,
    wanted: str = "three finite numbers",
) -> Vector:
    """Three finite numbers as a tuple; an `error` names `what` and what is `wanted` otherwise."""
    array = as_floats(value)
    if array is None or array.shape != (3,) or not np.isfinite(array).all():
        raise error(f"{what} is {shown(value)}; give {wanted}")
    return (float(array[0]), float(array[1]), float(array[2]))


def as_points(value: ArrayLike, what: str) -> Floats:
    """Return an (n, 3) array of whole words; a MeshError names `what` otherwise."""
    array = as_floats(value)
    if array is None:
        raise MeshError(f"{what} is {shown(value)}; give an (n, 3) array of numbers")
    if array.ndim != 2 or array.shape[1] != 3:
        raise MeshError(f"{what} has shape {array.shape}; give an (n, 3) array")
    return np.require(array, requirements=["C", "A"])


def as_floats(value: ArrayLike) -> Floats | None:
    """Return an array of any shape, None where `value` is not made of numbers."""
    try:
        array = np.asarray(value)
        if array.dtype.kind not in "iuf" and array.size:
            return None  # objects, and text, which would be read as numbers where it can
        return array.astype(np.float64, copy=False)
    except (TypeError, ValueError):  # rows of unlike lengths
        return None


def as_quaternion(orientation: ArrayLike | None) -> Quaternion:
    """(w, x, y, z) of a quaternion or a rotation matrix; no turn for None."""
    if orientation is None:
        return (1.0, 0.0, 0.0, 0.0)
    array = as_floats(orientation)
    if array is not None and array.shape == (3, 3):
        array = _of_matrix(array)
    if array is None or array.shape != (4,) or not np.isfinite(array).all() or not array.any():
        raise SurgisimError(
            f"orientation is {shown(orientation)}; give a quaternion (w, x, y, z) that is not "
            "zero, or a rotation matrix"
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


def as_ids(value: ArrayLike | Iterable[int], what: str) -> NDArray[np.int64]:
    """Return ids, of the shape that they are given in; a MeshError names `what` otherwise."""
    plain = hasattr(value, "__array__") or isinstance(value, Sequence)
    try:
        # NumPy would take a set or a generator for one object.
        array = np.asarray(list(value) if isinstance(value, Iterable) and not plain else value)
    except ValueError:  # rows of unlike lengths
        array = np.asarray(None)
    if array.size == 0:
        return np.zeros(array.shape, dtype=np.int64)
    if array.dtype == np.bool_:
        raise MeshError(f"{what} is a mask of True and False; give ids: np.flatnonzero(mask)")
    if array.dtype.kind not in "iuf":
        raise MeshError(f"{what} is {shown(value)}; give integers, counted from 0")
    if array.dtype.kind == "f":
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
        `seconds` is no number, negative, not finite or more ticks than can be counted.
    """
    lasting = number(seconds, "the time of a movement")
    if not 0.0 <= lasting / dt <= 2**32 - 1:
        raise SurgisimError(
            f"a movement of {lasting} s cannot be made in ticks of {dt} s; "
            f"give between 0 and {(2**32 - 1) * dt:.0f} s"
        )
    return max(1, round(lasting / dt))


def check_ticks(ticks: int, what: str) -> int:
    """Return `ticks`; a SurgisimError names `what` unless they are whole and 0 to 2**64 - 1."""
    try:
        given = operator.index(ticks)
    except TypeError:
        given = -1
    if not 0 <= given < 2**64:
        raise SurgisimError(
            f"{what} was asked for {shown(ticks)} ticks; give a whole number, 0 to 2**64 - 1"
        )
    return given


def check_memory(need: int, what: str) -> None:
    """Raise a MeshError that names `what` if it takes more than half of the machine's memory.

    Systems promise more memory than there is, and end the process that uses it.

    Parameters
    ----------
    need
        About how many bytes it takes.
    what
        What takes them.
    """
    try:
        present = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    except (AttributeError, ValueError, OSError):  # not on every system
        present = _USUAL_MEMORY
    if need > present // 2:
        raise MeshError(
            f"{what} takes about {min(need, 2**99) / _GIB:.3g} GiB, but this machine has "
            f"{present / _GIB:.3g}; ask for less"
        )


def check_part(world: World, part: Part, kind: type[Part], what: str) -> None:
    """Raise a SurgisimError that names `what` unless `part` is a `kind` that `world` has."""
    if not isinstance(part, kind):
        raise SurgisimError(f"the {what} is {shown(part)}; give a {kind.__name__} of this world")
    if part._world is not world:
        raise SurgisimError(
            f"the {what} belongs to another world; give the {what} that was added to this one"
        )
