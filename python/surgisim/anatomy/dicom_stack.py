"""From the slices of a DICOM series to one grid: order, spacing, tilt.

DICOM PS3.3 C.7.6.2: pixel (row r, column c) of a slice lies at ``P + X dx c + Y dy r`` with the
slice's position P, its unit row and column directions X and Y, and PixelSpacing (dy, dx); the
patient's axes are +x left, +y posterior, +z towards the head (LPS), millimetres. The world is
``x = x, y = -y, z = -z``, in metres. Slices are ordered along the normal ``N = X x Y``. With a
tilted gantry they are stepped along a line that is not the normal: a sheared grid, kept exactly.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from surgisim.errors import AnatomyError

__all__ = ["SliceHeader", "Stack", "stack"]

Floats = NDArray[np.float64]

WORLD_FROM_LPS = np.diag([1e-3, -1e-3, -1e-3])
UNEVEN = 0.05
"""Steps may differ by this share of the usual one: positions are often rounded to 0.1 mm."""
SAME_PLACE_MM = 0.01


@dataclass(frozen=True, slots=True)
class SliceHeader:
    """What one slice says of its place.

    Attributes
    ----------
    number
        Of the file in its folder, in the order of names, from 1.
    position, row, column
        P (mm), X and Y.
    spacing
        dy, dx, mm.
    shape
        Rows and columns.
    """

    number: int
    position: tuple[float, float, float]
    row: tuple[float, float, float]
    column: tuple[float, float, float]
    spacing: tuple[float, float]
    shape: tuple[int, int]


@dataclass(frozen=True, slots=True, eq=False)
class Stack:
    """Slices in order along the normal.

    Attributes
    ----------
    order
        Indices of the slices that were given, doubled ones left out.
    doubles
        Pairs of indices at the same place: (kept, left out).
    affine
        World metres from (column, row, slice), shape (4, 4).
    tilt_deg
        Angle between the step and the normal.
    """

    order: tuple[int, ...]
    doubles: tuple[tuple[int, int], ...]
    affine: Floats
    tilt_deg: float


def stack(slices: Sequence[SliceHeader], where: str) -> Stack:
    """Order the slices of one series (same directions, spacing and shape).

    Parameters
    ----------
    slices
        At least one.
    where
        What they come from, for messages.

    Raises
    ------
    AnatomyError
        If they do not make one evenly spaced grid.
    """
    first = slices[0]
    x, y = np.asarray(first.row), np.asarray(first.column)
    normal = np.cross(x, y)
    if abs(np.linalg.norm(x) - 1) > 1e-2 or abs(np.linalg.norm(normal) - 1) > 1e-2:
        raise AnatomyError(
            f"The slices of {where} name no right-angled orientation; export the series again."
        )
    normal /= np.linalg.norm(normal)
    places = np.array([s.position for s in slices])
    along = places @ normal
    order, doubles = _without_doubles(along)
    if len(order) < 2:
        raise AnatomyError(
            f"{where} holds a single slice, which is no volume; give the folder of a whole series."
        )
    step = (places[order[-1]] - places[order[0]]) / (len(order) - 1)
    _refuse_gaps(np.diff(along[order]), where)
    line = places[order[0]] + np.arange(len(order))[:, None] * step
    stray = float(np.linalg.norm(places[order] - line, axis=1).max())
    if stray > max(0.5 * min(first.spacing), UNEVEN * float(np.linalg.norm(step))):
        raise AnatomyError(
            f"The slices of {where} do not lie along a line: one is {stray:.1f} mm off; "
            "export a series that was not re-centred."
        )
    affine = np.eye(4)
    dy, dx = first.spacing
    affine[:3, :3] = WORLD_FROM_LPS @ np.stack([x * dx, y * dy, step], axis=1)
    affine[:3, 3] = WORLD_FROM_LPS @ places[order[0]]
    cosine = float(step @ normal) / float(np.linalg.norm(step))
    tilt = float(np.degrees(np.arccos(min(max(cosine, -1.0), 1.0))))
    return Stack(tuple(order), tuple(doubles), affine, tilt)


def _without_doubles(along: Floats) -> tuple[list[int], list[tuple[int, int]]]:
    order: list[int] = []
    doubles: list[tuple[int, int]] = []
    for k in map(int, np.argsort(along, kind="stable")):
        if order and along[k] - along[order[-1]] < SAME_PLACE_MM:
            doubles.append((order[-1], k))
        else:
            order.append(k)
    return order, doubles


def _refuse_gaps(steps: Floats, where: str) -> None:
    usual = float(np.median(steps))
    off = np.abs(steps - usual)
    if float(off.max()) <= UNEVEN * usual:
        return
    k = int(off.argmax())
    what = "slices are missing" if steps[k] > usual else "slices of two spacings are mixed"
    raise AnatomyError(
        f"The slices of {where} are not evenly spaced: after slice {k + 1} the step is "
        f"{steps[k]:.2f} mm and not {usual:.2f} mm, so {what}; export the whole series."
    )
