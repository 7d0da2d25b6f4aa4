"""Rigid poses: a place and a turn. Quaternions are (w, x, y, z); OpenXR's are (x, y, z, w)."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from surgisim.snapshot import Vector
from surgisim.vectors import rotation_matrix

__all__ = ["IDENTITY", "Pose", "Quaternion", "of_xr"]

Quaternion = tuple[float, float, float, float]
Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Pose:
    """Where something is and how it is turned.

    ``p_outer = position + R p_inner`` with R the matrix of `rotation`; so ``a @ b`` is the pose of
    b's inner frame in a's outer one.

    Attributes
    ----------
    position
        m.
    rotation
        Unit quaternion (w, x, y, z).
    """

    position: Vector = (0.0, 0.0, 0.0)
    rotation: Quaternion = (1.0, 0.0, 0.0, 0.0)

    @property
    def matrix(self) -> Floats:
        """R, (3, 3)."""
        return rotation_matrix(self.rotation)

    def point(self, inner: ArrayLike) -> Vector:
        """Return where a point of the inner frame lies in the outer one, m."""
        x, y, z = np.asarray(self.position) + self.matrix @ np.asarray(inner, dtype=np.float64)
        return (float(x), float(y), float(z))

    def direction(self, inner: ArrayLike) -> Vector:
        """Turn a direction or a velocity of the inner frame into the outer one."""
        x, y, z = self.matrix @ np.asarray(inner, dtype=np.float64)
        return (float(x), float(y), float(z))

    def __matmul__(self, inner: Pose) -> Pose:
        return Pose(self.point(inner.position), _product(self.rotation, inner.rotation))

    @property
    def inverse(self) -> Pose:
        """The outer frame's pose in the inner one."""
        w, x, y, z = self.rotation
        back = Pose((0.0, 0.0, 0.0), (w, -x, -y, -z))
        px, py, pz = self.position
        return Pose(back.point((-px, -py, -pz)), back.rotation)

    @property
    def heading(self) -> Pose:
        """The same place, turned about the vertical alone: the way it faces over the floor."""
        back = self.matrix[:, 2]
        angle = math.atan2(float(back[0]), float(back[2]))
        return Pose(self.position, (math.cos(0.5 * angle), 0.0, math.sin(0.5 * angle), 0.0))


IDENTITY = Pose()


def _product(a: Quaternion, b: Quaternion) -> Quaternion:
    aw, ax, ay, az = a
    bw, bx, by, bz = b
    w = aw * bw - ax * bx - ay * by - az * bz
    x = aw * bx + ax * bw + ay * bz - az * by
    y = aw * by - ax * bz + ay * bw + az * bx
    z = aw * bz + ax * by - ay * bx + az * bw
    length = math.sqrt(w * w + x * x + y * y + z * z)
    return (w / length, x / length, y / length, z / length)


def of_xr(posef: Any) -> Pose:
    """Convert an `xr.Posef`."""
    p, q = posef.position, posef.orientation
    return Pose((p.x, p.y, p.z), (q.w, q.x, q.y, q.z))
