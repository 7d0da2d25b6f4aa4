"""Solids made by code: turned, swept and lofted, with hard edges where faces meet at an angle.

All lie along z, tip first. A solid is packed as vertices (n, 6), position and normal, float32, and
triangles (m, 3), int32.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike, NDArray

__all__ = ["Solid", "creased", "frame_along", "lofted", "swept", "turned"]

Floats = NDArray[np.float64]
Ints = NDArray[np.int32]
Solid = tuple[NDArray[np.float32], Ints]


def creased(points: Floats, triangles: Ints, angle: float = 0.7) -> Solid:
    """Give each corner the mean normal of those faces around it that are less than `angle` rad off.

    Faces weigh with their area; faces without any are left out.
    """
    corners = points[triangles]
    normals = np.cross(corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0])
    area = np.linalg.norm(normals, axis=1)
    full = area > 1e-14
    triangles, normals, area = triangles[full], normals[full], area[full]
    unit = normals / area[:, None]
    around: dict[bytes, list[int]] = {}
    keys = [row.tobytes() for row in np.round(points * 1e7).astype(np.int64)]
    for face, corner in enumerate(triangles):
        for vertex in corner:
            around.setdefault(keys[vertex], []).append(face)
    packed = np.empty((len(triangles), 3, 6))
    packed[:, :, :3] = points[triangles]
    for face, corner in enumerate(triangles):
        for k, vertex in enumerate(corner):
            faces = np.array(around[keys[vertex]])
            smooth = faces[unit[faces] @ unit[face] > np.cos(angle)]
            packed[face, k, 3:] = normals[smooth].sum(axis=0)
    packed[:, :, 3:] /= np.linalg.norm(packed[:, :, 3:], axis=2, keepdims=True)
    order = np.arange(3 * len(triangles), dtype=np.int32).reshape(-1, 3)
    return packed.reshape(-1, 6).astype(np.float32), order


def lofted(sections: Sequence[Floats]) -> Solid:
    """Join closed outlines, (k, 3) each, anticlockwise seen from the hand, and cap both ends."""
    count, k = len(sections), len(sections[0])
    points = np.concatenate(sections)
    row, column = np.meshgrid(np.arange(count - 1), np.arange(k), indexing="ij")
    a, b = row * k + column, row * k + (column + 1) % k
    sides = np.concatenate([np.stack([a, b, b + k], -1), np.stack([a, b + k, a + k], -1)])
    fan = np.arange(1, k - 1)
    first = np.stack([np.zeros_like(fan), fan + 1, fan], -1)
    last = np.stack([np.zeros_like(fan), fan, fan + 1], -1) + (count - 1) * k
    triangles = np.concatenate([sides.reshape(-1, 3), first, last]).astype(np.int32)
    return creased(points, triangles)


def turned(profile: Sequence[tuple[float, float]], columns: int = 28) -> Solid:
    """Turn a profile of (z, radius), both m, about z; open where the radius is not 0."""
    phi = np.arange(columns) * (2.0 * np.pi / columns)
    ring = np.stack([np.cos(phi), np.sin(phi), np.zeros(columns)], axis=1)
    points = np.concatenate([ring * [r, r, 0.0] + [0.0, 0.0, z] for z, r in profile])
    row, column = np.meshgrid(np.arange(len(profile) - 1), np.arange(columns), indexing="ij")
    a, b = row * columns + column, row * columns + (column + 1) % columns
    c, d = a + columns, b + columns
    faces = np.concatenate([np.stack([a, b, d], -1), np.stack([a, d, c], -1)]).reshape(-1, 3)
    return creased(points, faces.astype(np.int32))


def swept(path: Floats, radius_m: float, columns: int = 12) -> Solid:
    """Sweep a circle along a path (n, 3) in the plane y = 0, tip first, capped."""
    steps = np.gradient(path, axis=0)
    steps /= np.linalg.norm(steps, axis=1, keepdims=True)
    side = np.cross([0.0, 1.0, 0.0], steps)
    phi = np.arange(columns) * (2.0 * np.pi / columns)
    sections = [
        p + radius_m * (np.cos(phi)[:, None] * s + np.sin(phi)[:, None] * [0.0, 1.0, 0.0])
        for p, s in zip(path, side, strict=True)
    ]
    return lofted(sections)


def frame_along(origin: ArrayLike, direction: ArrayLike, roll: float = 0.0) -> Floats:
    """Matrix (4, 4) that takes z to `direction` and 0 to `origin`, turned by `roll` rad about z."""
    z = np.asarray(direction, dtype=np.float64)
    z = z / np.linalg.norm(z)
    across = np.array([1.0, 0.0, 0.0]) if abs(z[0]) < 0.9 else np.array([0.0, 1.0, 0.0])
    x = np.cross(across, z)
    x /= np.linalg.norm(x)
    y = np.cross(z, x)
    matrix = np.eye(4)
    matrix[:3, 0] = np.cos(roll) * x + np.sin(roll) * y
    matrix[:3, 1] = np.cos(roll) * y - np.sin(roll) * x
    matrix[:3, 2] = z
    matrix[:3, 3] = np.asarray(origin, dtype=np.float64)
    return matrix
