"""Shapes of the instrument: a unit ball and a unit cylinder along z, to be scaled by the shader."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

__all__ = ["ball", "cylinder", "frame_along"]

Packed = tuple[NDArray[np.float32], NDArray[np.int32]]
"""Vertices (n, 6): position and normal; triangles (m, 3)."""


def _grid(rows: int, columns: int) -> NDArray[np.int32]:
    row, column = np.meshgrid(np.arange(rows), np.arange(columns), indexing="ij")
    a = row * (columns + 1) + column
    b, c, d = a + 1, a + columns + 1, a + columns + 2
    quads = np.stack([np.stack([a, b, d], -1), np.stack([a, d, c], -1)], axis=2)
    return quads.reshape(-1, 3).astype(np.int32)


def ball(rows: int = 16, columns: int = 28) -> Packed:
    """Sphere of radius 1 around the origin."""
    theta = np.linspace(0.0, np.pi, rows + 1)[:, None]
    phi = np.linspace(0.0, 2.0 * np.pi, columns + 1)[None, :]
    x, y = np.sin(theta) * np.cos(phi), np.sin(theta) * np.sin(phi)
    z = -np.cos(theta) * np.ones_like(phi)
    points = np.stack([x, y, z], axis=-1).reshape(-1, 3)
    return np.concatenate([points, points], axis=1).astype(np.float32), _grid(rows, columns)


def cylinder(columns: int = 28) -> Packed:
    """Cylinder of radius 1 from z = 0 to z = 1, open at both ends."""
    phi = np.linspace(0.0, 2.0 * np.pi, columns + 1)
    ring = np.stack([np.cos(phi), np.sin(phi), np.zeros_like(phi)], axis=1)
    points = np.concatenate([ring, ring + np.array([0.0, 0.0, 1.0])])
    packed = np.concatenate([points, np.concatenate([ring, ring])], axis=1)
    return packed.astype(np.float32), _grid(1, columns)


def frame_along(origin: ArrayLike, direction: ArrayLike) -> NDArray[np.float64]:
    """Matrix (4, 4) that takes z to `direction` and 0 to `origin`."""
    z = np.asarray(direction, dtype=np.float64)
    z = z / np.linalg.norm(z)
    across = np.array([1.0, 0.0, 0.0]) if abs(z[0]) < 0.9 else np.array([0.0, 1.0, 0.0])
    x = np.cross(across, z)
    x /= np.linalg.norm(x)
    matrix = np.eye(4)
    matrix[:3, :3] = np.stack([x, np.cross(z, x), z], axis=1)
    matrix[:3, 3] = np.asarray(origin, dtype=np.float64)
    return matrix
