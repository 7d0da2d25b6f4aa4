"""What all shaders of one view share, and the lamp whose shadows are mapped."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from surgisim.errors import RenderError
from surgisim.render.programs import FRAME_DTYPE
from surgisim.render.scene import Instrument, Scene
from surgisim.render.view import View, Viewport

__all__ = ["Lamp", "frame_of", "lamps_of", "shadow_lamp"]

Floats = NDArray[np.float64]

_AMBIENT = (0.16, 0.095, 0.080)
_RIM_DARKENING = 0.78
_WIDEST = math.radians(50.0)  # half angle of what a lamp sees


@dataclass(frozen=True, slots=True, eq=False)
class Lamp:
    """A light in the world: `position` (3,) m, linear `color`, `power` = strength reach^2, m^2.

    Where it throws mapped shadows, `clip_from_world` is what it sees, (4, 4), and `tangent`, `near`
    and `far` say how widely and from where to where, m.
    """

    position: Floats
    color: tuple[float, float, float]
    power: float
    reach_m: float
    clip_from_world: Floats | None = None
    tangent: float = 0.0
    near: float = 0.0
    far: float = 1.0


def lamps_of(scene: Scene, views: Sequence[View], *, mapped: bool) -> list[Lamp]:
    """Place the scene's lights; those on the camera ride on the first view.

    Raises
    ------
    RenderError
        With more than two lights.
    """
    if len(scene.lights) > 2:
        raise RenderError(f"a scene has at most 2 lights, not {len(scene.lights)}")
    middle, radius = _extent(scene)
    lamps: list[Lamp] = []
    for light in scene.lights:
        place = np.asarray(light.position, dtype=np.float64)
        if light.on_camera and views:
            place = views[0].position + views[0].rotation @ place
        reach = light.reach_m or float(np.linalg.norm(place - middle))
        free = mapped and light.shadows and all(lamp.clip_from_world is None for lamp in lamps)
        sight = _sight(place, middle, radius) if free and radius > 0.0 else ()
        lamps.append(Lamp(place, light.color, light.strength * reach**2, reach, *sight))
    return lamps


def shadow_lamp(lamps: Sequence[Lamp]) -> int:
    """Index of the lamp whose shadows are mapped, or -1."""
    return next((i for i, lamp in enumerate(lamps) if lamp.clip_from_world is not None), -1)


def frame_of(scene: Scene, view: View, viewport: Viewport, lamps: Sequence[Lamp]) -> bytes:
    """Fill the uniform block of shaders/frame.glsl."""
    frame = np.zeros((), dtype=FRAME_DTYPE)
    frame["clip_from_world"] = view.clip_from_world(viewport.aspect).T
    frame["eye"][:3] = view.position
    frame["shadow"][0] = -1.0
    for i, lamp in enumerate(lamps):
        frame["light_position"][i] = (*lamp.position, lamp.power)
        frame["light_color"][i] = (*lamp.color, lamp.reach_m**2)
        if lamp.clip_from_world is not None:
            frame["lamp_from_world"] = lamp.clip_from_world.T
            frame["shadow"] = (i, lamp.tangent, lamp.near, lamp.far)
    if scene.instruments:
        frame["ball"], frame["shaft"] = _capsule(scene.instruments[0])
    fov = view.angles(viewport.aspect)
    frame["viewport"] = (viewport.x, viewport.y, viewport.width, viewport.height)
    frame["ambient"] = (*_AMBIENT, _RIM_DARKENING if view.optics is None else 0.0)
    frame["frustum"] = [math.tan(a) for a in (fov.left, fov.right, fov.down, fov.up)]
    frame["range"][:2] = (view.near, view.far)
    return frame.tobytes()


def _capsule(first: Instrument) -> tuple[tuple[float, ...], tuple[float, ...]]:
    """Stand-in for the first instrument: its tip and the far end of its shaft, with radii."""
    along = np.asarray(first.shaft_direction) / np.linalg.norm(first.shaft_direction)
    end = np.asarray(first.tip) + along * first.shaft_length_m
    tip_m = first.tip_radius_m if first.kind == "probe" else 0.8 * first.shaft_radius_m
    return (*first.tip, tip_m), (*end, first.shaft_radius_m)


def _extent(scene: Scene) -> tuple[Floats, float]:
    """Middle and radius of all organs at rest, m."""
    if not scene.surfaces:
        return np.zeros(3), 0.0
    lows = [surface.rest_vertices.min(axis=0) for surface in scene.surfaces]
    highs = [surface.rest_vertices.max(axis=0) for surface in scene.surfaces]
    low, high = np.min(lows, axis=0), np.max(highs, axis=0)
    return np.asarray(0.5 * (low + high)), 0.5 * float(np.linalg.norm(high - low))


def _sight(
    place: Floats, middle: Floats, radius_m: float
) -> tuple[Floats, float, float, float] | tuple[()]:
    """Aim a lamp at a ball: clip matrix, tangent of its half angle, near and far, m."""
    distance = float(np.linalg.norm(middle - place))
    if distance < 1e-3:
        return ()
    half = min(math.asin(min(1.15 * radius_m / distance, 1.0)), _WIDEST)
    up = (0.0, 1.0, 0.0) if abs(middle[1] - place[1]) < 0.9 * distance else (0.0, 0.0, -1.0)
    near, far = max(0.15 * (distance - radius_m), 0.01), distance + 4.0 * radius_m
    view = View.look_at(place, middle, up, 2.0 * half)
    seen = View(view.position, view.rotation, view.fov, near, far)
    return seen.clip_from_world(1.0), math.tan(half), near, far
