"""Where the picture is taken from: eyes, fields of view, projection, pixels to rays.

World frame: right-handed, +y up, -z forward, metres. A camera looks along its own -z, +x to its
right, +y up, as OpenGL and OpenXR have it.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from surgisim.errors import RenderError
from surgisim.render.optics import Optics

__all__ = ["Fov", "Ray", "View", "Viewport", "side_by_side"]

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Fov:
    """Half angles of a view's four sides from its axis, rad; left and down are negative."""

    left: float
    right: float
    down: float
    up: float

    @classmethod
    def symmetric(cls, fov_y: float, aspect: float) -> Fov:
        """Take the full vertical angle `fov_y` (rad) and the ratio of width to height."""
        up = 0.5 * fov_y
        right = math.atan(math.tan(up) * aspect)
        return cls(-right, right, -up, up)


@dataclass(frozen=True, slots=True)
class Viewport:
    """A rectangle of pixels in a target; (x, y) is its lower left corner."""

    x: int
    y: int
    width: int
    height: int

    @property
    def aspect(self) -> float:
        """Width over height."""
        return self.width / max(self.height, 1)

    @property
    def empty(self) -> bool:
        """Whether it holds no pixel."""
        return self.width < 1 or self.height < 1


@dataclass(frozen=True, slots=True, eq=False)
class Ray:
    """A half line: `origin` (3,) m and unit `direction` (3,)."""

    origin: Floats
    direction: Floats


@dataclass(frozen=True, slots=True, eq=False)
class View:
    """One eye.

    Attributes
    ----------
    position
        Of the eye in the world, (3,), m.
    rotation
        Columns are the camera's right, up and backward axes in the world, (3, 3).
    fov
        A full vertical angle in rad (the width follows from the viewport), or four angles.
    near, far
        Clip distances, m.
    optics
        Of an endoscope, which the picture is seen through, or None.
    """

    position: Floats
    rotation: Floats
    fov: float | Fov
    near: float = 0.01
    far: float = 5.0
    optics: Optics | None = None

    @classmethod
    def look_at(
        cls,
        eye: ArrayLike,
        target: ArrayLike,
        up: ArrayLike = (0.0, 1.0, 0.0),
        fov_y: float = math.radians(45.0),
    ) -> View:
        """Place an eye at `eye` that looks at `target` (m) with `up` towards the picture's top.

        Raises
        ------
        RenderError
            If `eye` is `target`, or `up` is parallel to the line between them.
        """
        position = np.asarray(eye, dtype=np.float64)
        backward = position - np.asarray(target, dtype=np.float64)
        right = np.cross(np.asarray(up, dtype=np.float64), backward)
        lengths = np.linalg.norm(backward), np.linalg.norm(right)
        if min(lengths) < 1e-12:
            raise RenderError(
                f"a view from {eye!r} to {target!r} with up {up!r} has no direction; "
                "move the eye away from the target and keep up off the line of sight"
            )
        backward, right = backward / lengths[0], right / lengths[1]
        rotation = np.stack([right, np.cross(backward, right), backward], axis=1)
        return cls(position, rotation, fov_y)

    def angles(self, aspect: float) -> Fov:
        """Four angles of this view in a viewport of the given aspect."""
        return self.fov if isinstance(self.fov, Fov) else Fov.symmetric(self.fov, aspect)

    def camera_from_world(self) -> Floats:
        """Matrix (4, 4) that takes world points to camera coordinates."""
        matrix = np.eye(4)
        matrix[:3, :3] = self.rotation.T
        matrix[:3, 3] = -self.rotation.T @ self.position
        return matrix

    def clip_from_camera(self, aspect: float) -> Floats:
        """Perspective matrix (4, 4), OpenGL's clip space (z from -w to w).

        With l, r, d, u the tangents of the four angles and n, f the clip distances:
        x' = (2 x + (r + l) z) / (r - l), y' alike, z' = -((f + n) z + 2 f n) / (f - n), w' = -z.
        """
        fov = self.angles(aspect)
        left, right, down, up = (math.tan(a) for a in (fov.left, fov.right, fov.down, fov.up))
        near, far = self.near, self.far
        return np.array(
            [
                [2.0 / (right - left), 0.0, (right + left) / (right - left), 0.0],
                [0.0, 2.0 / (up - down), (up + down) / (up - down), 0.0],
                [0.0, 0.0, -(far + near) / (far - near), -2.0 * far * near / (far - near)],
                [0.0, 0.0, -1.0, 0.0],
            ]
        )

    def clip_from_world(self, aspect: float) -> Floats:
        """Matrix (4, 4) from world points to clip space."""
        return self.clip_from_camera(aspect) @ self.camera_from_world()

    def project(self, points: ArrayLike, viewport: Viewport) -> tuple[Floats, NDArray[np.bool_]]:
        """Find where world points (n, 3) fall.

        Returns
        -------
        pixels, visible
            (n, 2) pixels from the viewport's lower left corner, and (n,) whether the point lies
            in front of the eye and inside the viewport.
        """
        world = np.atleast_2d(np.asarray(points, dtype=np.float64))
        clip = world @ self.clip_from_world(viewport.aspect)[:, :3].T
        clip += self.clip_from_world(viewport.aspect)[:, 3]
        w = clip[:, 3]
        ahead = w > self.near
        ndc = clip[:, :2] / np.where(ahead, w, 1.0)[:, None]
        seen = ahead & (np.abs(ndc) <= 1.0).all(axis=1)
        if self.optics is not None:
            field = self._field(viewport)
            places = self.optics.bent(ndc / field)
            ndc = places * field
            inside = (places * places).sum(axis=1) <= 1.0
            seen = ahead & inside & (np.abs(ndc) <= 1.0).all(axis=1)
        pixels = (0.5 * ndc + 0.5) * np.array([viewport.width, viewport.height])
        return pixels, seen

    def ray(self, pixel: tuple[float, float], viewport: Viewport) -> Ray:
        """Ray through a pixel, counted from the viewport's lower left corner."""
        fov = self.angles(viewport.aspect)
        across, upward = pixel[0] / max(viewport.width, 1), pixel[1] / max(viewport.height, 1)
        if self.optics is not None:
            field = self._field(viewport)
            seen = (2.0 * np.array([across, upward]) - 1.0) / field
            across, upward = 0.5 + 0.5 * self.optics.straight(seen) * field
        x = math.tan(fov.left) + across * (math.tan(fov.right) - math.tan(fov.left))
        y = math.tan(fov.down) + upward * (math.tan(fov.up) - math.tan(fov.down))
        direction = self.rotation @ np.array([x, y, -1.0])
        return Ray(self.position.copy(), direction / np.linalg.norm(direction))

    def _field(self, viewport: Viewport) -> Floats:
        """Half axes of the round field in half widths and half heights of a viewport, (2,)."""
        radius = 1.0 if self.optics is None else self.optics.field_radius
        return np.array([radius / max(viewport.aspect, 1e-9), radius])


def side_by_side(count: int, width: int, height: int) -> tuple[Viewport, ...]:
    """Viewports of 1 (whole), 2 (left, right) or 4 (two rows, upper first) views of a target.

    Raises
    ------
    RenderError
        For any other count.
    """
    if count not in (1, 2, 4):
        raise RenderError(f"a target is split between 1, 2 or 4 views, not {count}; give viewports")
    columns, rows = (1, 1) if count == 1 else (2, count // 2)
    w, h = width // columns, height // rows
    places = [(c, r) for r in reversed(range(rows)) for c in range(columns)]
    return tuple(Viewport(c * w, r * h, w, h) for c, r in places)
