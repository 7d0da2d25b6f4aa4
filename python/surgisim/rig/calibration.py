"""How one space lies in another, from points that were touched in both.

The turn R, the origins and, where asked for, the scale s minimise

    sum |w_i - (w0 + s R (d_i - d0))|^2        d_i in the device frame, w_i in the world

With d0 and w0 the means, R follows from the singular values of the covariance (Kabsch 1976, Acta
Cryst. A32:922), s from their sum (Umeyama 1991, IEEE PAMI 13:376). Umeyama's sign of the last one
keeps R a rotation where noise would make it a reflection.

What is left, with errors of sigma in each coordinate of each of n points, has the expected root
mean square sqrt(3 - 6/n) sigma, that is sqrt((3n - 6)/(3n)) sigma in a coordinate: six numbers
were fitted to 3 n. It says how good the points are, not how good the result is somewhere else;
that is `Calibration.expected_error` (Fitzpatrick, West and Maurer 1998, IEEE TMI 17:694).
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from surgisim.errors import RigError
from surgisim.rig.model import Quaternion
from surgisim.snapshot import Vector

__all__ = ["Calibration", "calibrate"]

_Floats = NDArray[np.float64]

_SMALLEST = 1e-3  # m; spread of points below which they are one place
_THINNEST = 0.03  # of the largest spread: thinner sets are a line, about which they may turn
_FLATTEST = 0.05  # of the largest spread: flatter sets do not tell left-handed from right-handed


@dataclass(frozen=True, slots=True, eq=False)
class Calibration:
    """How the device frame lies in the world, as far as the points say.

    Attributes
    ----------
    rotation
        Turns the device frame into the world, unit quaternion (w, x, y, z), w >= 0.
    scale
        Metres of the world in a metre of the device; 1 unless it was asked for.
    origin_device, origin_world
        Middle of the points in either frame, m.
    residuals
        What is left at each point, m.
    rms
        Their root mean square, m.
    worst
        Number of the worst point, from 0.
    """

    rotation: Quaternion
    scale: float
    origin_device: Vector
    origin_world: Vector
    residuals: tuple[float, ...]
    rms: float
    worst: int
    _axes: _Floats  # principal axes of the points in the world, rows
    _arms: _Floats  # root mean square distance of the points from each, m

    def to_world(self, point: ArrayLike) -> _Floats:
        """Where a point (or each of n) of the device frame lies in the world, m."""
        turned = (np.asarray(point) - self.origin_device) @ _matrix(self.rotation).T
        return np.asarray(np.asarray(self.origin_world) + self.scale * turned)

    def expected_error(self, point: ArrayLike) -> float:
        """Root mean square error that has to be expected at a point of the world, m.

        ``TRE^2 = FLE^2 / n (1 + (d_1^2/f_1^2 + d_2^2/f_2^2 + d_3^2/f_3^2) / 3)`` with the distances
        d of the point and f of the calibration's points from their principal axes, and the error
        of a single point estimated from what is left: ``FLE^2 = rms^2 n / (n - 2)``. Best in the
        middle of the points; with fewer than six it is a rough figure.
        """
        n = len(self.residuals)
        way = np.asarray(point) - self.origin_world
        along = self._axes @ way
        distances = np.maximum(way @ way - along**2, 0.0)
        spread = float(np.sum(distances / self._arms**2))
        return self.rms * math.sqrt((1.0 + spread / 3.0) / (n - 2))


def calibrate(
    device_points: ArrayLike, world_points: ArrayLike, *, with_scale: bool = False
) -> Calibration:
    """Find how the device frame lies in the world from points that are the same in both.

    Parameters
    ----------
    device_points, world_points
        Shape (n, 3), m; row i of one is the same place as row i of the other. At least three that
        are not on a line; eight around the field are good.
    with_scale
        Whether lengths may differ, too. Leave it off unless a unit is unknown.

    Raises
    ------
    RigError
        The points do not determine a turn: too few, on a line, all in one place, mirrored, or no
        numbers.
    """
    device, world = _points(device_points, "device"), _points(world_points, "world")
    if len(device) != len(world):
        raise RigError(
            f"there are {len(device)} points of the device and {len(world)} of the world; "
            "give the same places in both, in the same order"
        )
    if len(device) < 3:
        raise RigError(
            f"3 points or more are needed, and {len(device)} given; touch more, not on a line"
        )
    d0, w0 = device.mean(axis=0), world.mean(axis=0)
    d, w = device - d0, world - w0
    _refuse_line(d, "device")
    axes, arms = _refuse_line(w, "world")
    rotation, trace = _turn(d, w)
    scale = float(trace / np.sum(d * d)) if with_scale else 1.0
    left = np.linalg.norm(w - scale * d @ rotation.T, axis=1)
    return Calibration(
        rotation=_quaternion(rotation),
        scale=scale,
        origin_device=_vector(d0),
        origin_world=_vector(w0),
        residuals=tuple(left.tolist()),
        rms=float(np.sqrt(np.mean(left**2))),
        worst=int(np.argmax(left)),
        _axes=axes,
        _arms=arms,
    )


def _points(value: ArrayLike, what: str) -> _Floats:
    try:
        points = np.asarray(value, dtype=np.float64)
    except (TypeError, ValueError) as error:
        raise RigError(f"the {what}'s points are no numbers; give an (n, 3) array") from error
    if points.ndim != 2 or points.shape[1] != 3:
        raise RigError(f"the {what}'s points have shape {points.shape}; give an (n, 3) array")
    bad = np.flatnonzero(~np.isfinite(points).all(axis=1))
    if bad.size:
        raise RigError(f"point {bad[0] + 1} of the {what} is not finite; leave it out of both sets")
    return points


def _refuse_line(centred: _Floats, what: str) -> tuple[_Floats, _Floats]:
    """Return principal axes (rows) and arms about them of points that are not on a line."""
    _, spread, axes = np.linalg.svd(centred, full_matrices=True)
    spread = np.pad(spread, (0, 3 - len(spread))) / math.sqrt(len(centred))
    if spread[0] < _SMALLEST:
        raise RigError(
            f"the {what}'s points are all within {1e3 * spread[0]:.2g} mm; spread them over the "
            "field (in metres)"
        )
    if spread[1] < _THINNEST * spread[0]:
        raise RigError(
            f"the {what}'s points lie on a line (they spread {1e3 * spread[0]:.0f} mm along it, "
            f"{1e3 * spread[1]:.2g} mm across), about which they may turn; add points beside it"
        )
    return axes, np.sqrt(np.sum(spread**2) - spread**2)


def _turn(d: _Floats, w: _Floats) -> tuple[_Floats, float]:
    """Return the best rotation of `d` onto `w`, and the sum of the signed singular values."""
    u, values, vt = np.linalg.svd(w.T @ d)
    sign = 1.0 if np.linalg.det(u) * np.linalg.det(vt) > 0.0 else -1.0
    if sign < 0.0 and values[2] > _FLATTEST**2 * values[0]:
        raise RigError(
            "the device's points are a mirror image of the world's; one frame has an axis the "
            "wrong way round, or rows are mixed up: check axes and order"
        )
    signs = np.array([1.0, 1.0, sign])
    return (u * signs) @ vt, float(values @ signs)


def _quaternion(matrix: _Floats) -> Quaternion:
    from scipy.spatial.transform import Rotation

    w, x, y, z = Rotation.from_matrix(matrix).as_quat(canonical=True, scalar_first=True).tolist()
    return (w, x, y, z)


def _matrix(quaternion: Quaternion) -> Any:
    from scipy.spatial.transform import Rotation

    return Rotation.from_quat(quaternion, scalar_first=True).as_matrix()


def _vector(point: _Floats) -> Vector:
    x, y, z = point.tolist()
    return (x, y, z)
