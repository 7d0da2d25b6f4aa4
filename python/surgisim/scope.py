"""Where a rigid endoscope's lens is and what is in its field: geometry alone.

The scope passes through a port p, a fixed point of the abdominal wall. With the tip at t the shaft
lies along s = (t - p) / |t - p|. The line of sight leaves the tip at an angle a to the shaft (0 or
30 degrees are common). Turning the scope about its shaft swings an angled line of sight around
without turning the picture; turning the camera head turns the picture without moving the line of
sight. The unturned picture has its upper edge between the front of the body and the head, as far
as the shaft allows.

Whatever the angle, p, t and a target T that is in the middle of the picture at a distance d make a
triangle with the outer angle a at t. With D = |T - p| the tip is

    L = sqrt(D^2 - d^2 sin^2 a) - d cos a

from the port, and the shaft leaves the line from port to target by b = asin(d sin(a) / D). A
straight scope (a = 0) therefore centres only what a straight line from the port reaches; an angled
one looks around corners, from a circle of places about that line.
"""

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

__all__ = ["Lens", "camera_axes", "centring_tips", "rolled_towards", "upward"]

Floats = NDArray[np.float64]

_UP = np.array([0.0, 1.0, -1.0]) / math.sqrt(2.0)  # between the front of the body and the head
_SIDE = np.array([1.0, 0.0, 0.0])
_OUTSIDE_M = 1e-6  # a tip as near as this to its port has no shaft that points anywhere


@dataclass(frozen=True, slots=True, eq=False)
class Lens:
    """The lens of an endoscope as it is held now.

    Attributes
    ----------
    position
        Of the lens, world, (3,), m.
    rotation
        Columns are the picture's right, up and backward axes in the world, (3, 3).
    half_field
        Half of the angle across the round field, rad.
    """

    position: Floats
    rotation: Floats
    half_field: float

    @classmethod
    def through(
        cls,
        port: ArrayLike,
        tip: ArrayLike,
        angle: float,
        roll: float = 0.0,
        head: float = 0.0,
        field: float = math.radians(70.0),
    ) -> "Lens":
        """Place the lens of a scope in a port.

        Parameters
        ----------
        port, tip
            World, (3,), m.
        angle
            Between shaft and line of sight, rad.
        roll
            Turn of the scope about its shaft, rad: at 0 the line of sight is bent towards the
            picture's lower edge, as it is with the light cable up.
        head
            Turn of the camera head, rad: the picture turns the other way.
        field
            Full angle across the round field, rad.
        """
        place = np.asarray(tip, dtype=np.float64)
        shaft = place - np.asarray(port, dtype=np.float64)
        length = float(np.linalg.norm(shaft))
        shaft = shaft / length if length > _OUTSIDE_M else np.array([0.0, -1.0, 0.0])
        return cls(place, camera_axes(shaft, angle, roll, head), 0.5 * field)

    @property
    def sight(self) -> Floats:
        """Unit direction of the line of sight, (3,)."""
        return np.asarray(-self.rotation[:, 2])

    @property
    def tilt(self) -> float:
        """How far the picture is turned from upright, rad, -pi to pi; clockwise is positive."""
        up = upward(self.sight)
        right = np.cross(self.sight, up)
        top = self.rotation[:, 1]
        return math.atan2(float(top @ right), float(top @ up))

    def off_axis(self, points: ArrayLike) -> Floats:
        """Angle between the line of sight and the way to each of points (n, 3), rad."""
        ways = np.asarray(points, dtype=np.float64) - self.position
        along = ways @ self.sight
        across = np.linalg.norm(ways - along[:, None] * self.sight, axis=1)
        return np.asarray(np.arctan2(across, along))

    def distances(self, points: ArrayLike) -> Floats:
        """From the lens to each of points (n, 3), m."""
        return np.asarray(np.linalg.norm(np.asarray(points) - self.position, axis=1))

    def has_in_field(self, points: ArrayLike) -> NDArray[np.bool_]:
        """Whether each of points (n, 3) lies in the round field, hidden or not."""
        return np.asarray(self.off_axis(points) <= self.half_field)


def camera_axes(shaft: Floats, angle: float, roll: float, head: float) -> Floats:
    """Picture's right, up and backward axes in the world as columns, (3, 3); see `Lens.through`."""
    up = upward(shaft)
    right = np.cross(shaft, up)
    c, s = math.cos(head), math.sin(head)
    axes = np.stack([c * right + s * up, c * up - s * right, -shaft], axis=1)
    bend = -math.cos(roll) * up + math.sin(roll) * right
    return _turn(np.cross(shaft, bend), angle) @ axes


def upward(direction: Floats) -> Floats:
    """Give the direction across a unit one that is up in an unturned picture."""
    for reference in (_UP, _SIDE):
        across = reference - direction * (reference @ direction)
        length = float(np.linalg.norm(across))
        if length > 1e-6:
            return np.asarray(across / length)
    raise AssertionError("one of two directions lies across any other")


def centring_tips(
    port: ArrayLike, target: ArrayLike, distance_m: float, angle: float, around: ArrayLike
) -> Floats:
    """Places of the tip that have a target in the middle of the picture, (n, 3), m.

    Parameters
    ----------
    port, target
        World, (3,), m.
    distance_m
        From the lens to the target.
    angle
        Between shaft and line of sight, rad.
    around
        Where on the circle about the line from port to target, (n,), rad; 0 is up.

    Returns
    -------
    tips
        Empty where the target is too near to the port for this distance.
    """
    place = np.asarray(port, dtype=np.float64)
    way = np.asarray(target, dtype=np.float64) - place
    length = float(np.linalg.norm(way))
    across_m = distance_m * math.sin(angle)
    if length <= distance_m or across_m >= length:
        return np.zeros((0, 3))
    along = way / length
    lean = math.asin(across_m / length)
    depth_m = math.sqrt(length**2 - across_m**2) - distance_m * math.cos(angle)
    turns = np.asarray(around, dtype=np.float64)[:, None]
    up = upward(along)
    beside = np.cos(turns) * up + np.sin(turns) * np.cross(along, up)
    return np.asarray(place + depth_m * (math.cos(lean) * along + math.sin(lean) * beside))


def rolled_towards(port: ArrayLike, tip: ArrayLike, target: ArrayLike) -> float:
    """Turn of the scope about its shaft that swings an angled line of sight to a target, rad."""
    place = np.asarray(tip, dtype=np.float64)
    shaft = place - np.asarray(port, dtype=np.float64)
    shaft = shaft / np.linalg.norm(shaft)
    up = upward(shaft)
    way = np.asarray(target, dtype=np.float64) - place
    return math.atan2(float(way @ np.cross(shaft, up)), -float(way @ up))


def _turn(axis: Floats, angle: float) -> Floats:
    """Rotation matrix about a unit axis (Rodrigues 1840)."""
    x, y, z = axis
    cross = np.array([[0.0, -z, y], [z, 0.0, -x], [-y, x, 0.0]])
    return np.asarray(np.eye(3) + math.sin(angle) * cross + (1 - math.cos(angle)) * cross @ cross)
