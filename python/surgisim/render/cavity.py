"""The body around the organ: a bed of fat and bowel below, the abdominal wall above.

It is scenery, made by code from the organ's extent; its colours and its shade lie on the vertices.
The shape is a surface of revolution about the vertical through the organ's middle: a shallow bed
that the organ's lower part sinks into, rising into a dome; lobes and folds are pushed out of it.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from surgisim.render.noise import fractal
from surgisim.render.normals import vertex_normals

__all__ = ["CavityMesh", "cavity_around"]

Floats = NDArray[np.float64]
Ints = NDArray[np.int32]

_FAT = np.array([0.40, 0.20, 0.052])
_PALE_FAT = np.array([0.52, 0.32, 0.12])
_SEROSA = np.array([0.29, 0.090, 0.062])
_WALL = np.array([0.32, 0.090, 0.068])
_MUSCLE = np.array([0.22, 0.045, 0.034])
_FIELD = 32
_SUNK = 0.42
_BED_SHARE = 0.34  # of the rows: to 1.6 times the organ's half width


@dataclass(frozen=True, slots=True, eq=False)
class CavityMesh:
    """Static scenery.

    Attributes
    ----------
    vertices
        (n, 10) float32: position (m), normal (inward), linear RGB, openness.
    triangles
        (m, 3) int32, facing inward.
    bed
        How many of the first of them lie close around the organ, below it: what is left of the
        body where it is looked at from outside.
    """

    vertices: NDArray[np.float32]
    triangles: Ints
    bed: int


def cavity_around(points: NDArray[np.floating], columns: int, sink: float = _SUNK) -> CavityMesh:
    """Lay a cavity around an organ.

    Parameters
    ----------
    points
        Surface vertices of the organ at rest, (n, 3), m.
    columns
        Vertices around; two thirds as many from the bottom to the top.
    sink
        Of half the organ's height, by which the bed lies below the organ's middle: below 1 the
        organ sinks into it.
    """
    low, high = points.min(axis=0), points.max(axis=0)
    center, half = 0.5 * (low + high), np.maximum(0.5 * (high - low), 1e-3)
    # the axis, where all columns meet, is hidden under the organ
    axis = ((points - center)[:, [0, 2]] ** 2).sum(axis=1).argmin()
    center[[0, 2]] = points[axis][[0, 2]]
    profile, floor = _profile(half, 2 * columns // 3, sink)
    places, triangles = _revolve(profile, columns)
    bed = np.repeat(floor, columns)
    places += center
    inward = vertex_normals(places, triangles)
    size = float(half.mean())
    flat = _step(0.0, 0.8 * size, np.repeat(profile[:, 0], columns))
    lobes = 1.0 - flat * (1.0 - _lobes(places, 0.22 * size))
    folds = _noise(places, 0.9 * size) - 0.5
    rise = flat * (lobes * 0.13 * bed + folds * (0.30 - 0.12 * bed)) * size
    places += inward * rise[:, None]
    color = _colors(places - center, bed, size)
    openness = _openness(places, points, lobes, bed, size)
    normals = vertex_normals(places, triangles)
    packed = np.concatenate([places, normals, color, openness[:, None]], axis=1)
    nearby = 2 * columns * int(_BED_SHARE * (len(profile) - 1))
    return CavityMesh(packed.astype(np.float32), triangles, nearby)


def _profile(half: Floats, rows: int, sink: float) -> tuple[Floats, Floats]:
    """Radius and height of each row, (rows, 2) m, and how much it belongs to the bed, (rows,)."""
    wide, deep = float(max(half[0], half[2])), float(half[1])
    reach, height = 3.2 * wide, max(3.4 * wide, 2.5 * deep)
    t = np.linspace(0.0, 1.0, rows)
    along = np.clip(t / 0.68, 0.0, 1.0)
    angle = np.clip((t - 0.68) / 0.32, 0.0, 1.0) * (0.5 * np.pi)
    radius = reach * along * np.cos(angle)
    y = -sink * deep + 0.65 * deep * along**3 + height * np.sin(angle)
    return np.stack([radius, y], axis=1), 1.0 - _step(0.62, 0.78, t)


def _revolve(profile: Floats, columns: int) -> tuple[Floats, Ints]:
    rows = len(profile)
    phi = np.arange(columns) * (2.0 * np.pi / columns)
    x, z = profile[:, :1] * np.cos(phi), profile[:, :1] * np.sin(phi)
    y = np.broadcast_to(profile[:, 1:], x.shape)
    row, column = np.meshgrid(np.arange(rows - 1), np.arange(columns), indexing="ij")
    a, b = row * columns + column, row * columns + (column + 1) % columns
    c, d = a + columns, b + columns
    quads = np.stack([np.stack([a, b, d], -1), np.stack([a, d, c], -1)], axis=2)
    return np.stack([x, y, z], axis=-1).reshape(-1, 3), quads.reshape(-1, 3).astype(np.int32)


def _colors(offset: Floats, bed: Floats, size: float) -> Floats:
    patches = _noise(offset, 2.4 * size)[:, None]
    speckle = _noise(offset, 0.6 * size)[:, None]
    fat = _FAT + (_PALE_FAT - _FAT) * speckle
    floor = fat + (_SEROSA - fat) * (0.25 + 0.65 * _step(0.38, 0.72, patches))
    head = _step(0.5, 3.0, -offset[:, 2] / size)[:, None]
    wall = (_WALL + (_MUSCLE - _WALL) * head) * (0.7 + 0.6 * speckle)
    return np.asarray(wall + (floor - wall) * bed[:, None])


def _openness(
    places: Floats, points: NDArray[np.floating], lobes: Floats, bed: Floats, size: float
) -> Floats:
    """Darken what lies close to the organ and in the folds."""
    sample = points[:: max(len(points) // 400, 1)]
    squares = np.array([((sample - place) ** 2).sum(axis=1).min() for place in places])
    near = _step(0.0, 0.95 * size, np.sqrt(squares))
    crevice = 1.0 - 0.75 * bed * (1.0 - lobes) ** 1.5
    return np.asarray((0.15 + 0.85 * near) * crevice)


def _lobes(places: Floats, spacing_m: float) -> Floats:
    """Round lobes side by side, 1 on their tops and 0 in the crevices: Worley's F1, domed."""
    cells = 16
    jitter = np.random.default_rng(22).random((cells, cells, cells, 3))
    scaled = places / spacing_m
    home = np.floor(scaled).astype(np.int64)
    nearest = np.full(len(places), np.inf)
    for offset in np.ndindex(3, 3, 3):
        cell = home + np.array(offset) - 1
        index = cell % cells
        site = cell + jitter[index[:, 0], index[:, 1], index[:, 2]]
        nearest = np.minimum(nearest, ((scaled - site) ** 2).sum(axis=1))
    return np.sqrt(np.clip(1.0 - nearest, 0.0, 1.0))


def _noise(places: Floats, period_m: float) -> Floats:
    """Fractal noise at `places` (n, 3), repeating every `period_m`, by trilinear look-up."""
    field = fractal(_FIELD, 1.8, seed=21)
    scaled = places * (_FIELD / period_m)
    cell = np.floor(scaled).astype(np.int64)
    t = scaled - cell
    total = np.zeros(len(places))
    for corner in np.ndindex(2, 2, 2):
        index = (cell + np.array(corner)) % _FIELD
        weight = np.where(np.array(corner) == 1, t, 1.0 - t).prod(axis=1)
        total += weight * field[index[:, 0], index[:, 1], index[:, 2]]
    return total


def _step(low: float, high: float, x: Floats) -> Floats:
    t = np.clip((x - low) / (high - low), 0.0, 1.0)
    return np.asarray(t * t * (3.0 - 2.0 * t))
