"""From where a place on the organ is seen closely, with nothing before it."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from surgisim.render import View
from surgisim.render.orbit import OrbitCamera
from surgisim.session.organ_look import Look
from surgisim.session.organ_view import OrganView
from surgisim.snapshot import Vector
from surgisim.vectors import as_vector

__all__ = ["close_view"]

_NEARER = 0.66  # of the home distance, where something small is to be seen
_AZIMUTHS = np.radians((0.0, 25.0, -25.0, 50.0, -50.0, 80.0))
_ELEVATIONS = np.radians((58.0, 72.0, 42.0, 85.0))


def close_view(organ: OrganView, look: Look, focus: Vector | None) -> View:
    """Look closely at a place on the organ at rest, m, or (None) at the tip of the instrument.

    Of several directions the one is taken from which neither organ nor shaft hides the place and
    the tip, and in which the place is not seen edge on.
    """
    home, surface = organ.camera, organ.surface
    place = look.tip if focus is None else surface.now(focus, look.positions)
    target = as_vector(0.7 * np.asarray(place) + 0.3 * np.asarray(home.target))
    near = OrbitCamera(target, _NEARER * home.distance_m)
    cameras = [replace(near, azimuth=a, elevation=e) for e in _ELEVATIONS for a in _AZIMUTHS]
    wanted = [look.tip, *([] if focus is None else [place, place])]

    def worth(view: View) -> int:
        clear = focus is not None and not surface.is_edge_on(view, focus, look.positions)
        return _seen(organ, look, view, wanted) + clear

    return max((camera.view() for camera in cameras), key=worth)  # of equals the first


def _seen(organ: OrganView, look: Look, view: View, wanted: Sequence[Vector]) -> int:
    """Count how many of the places (m) can be seen: neither organ nor shaft lies before them."""
    count = 0
    for place in wanted:
        toward = view.position - np.asarray(place)
        toward /= np.linalg.norm(toward)
        on_tip = place is look.tip
        ahead = (0.9 * organ.probe_radius_m if on_tip else 0.002) * toward
        before = as_vector(np.asarray(place) + ahead)
        free = (
            on_tip
            or _off_shaft(look.tip, organ.shaft(look.tip), np.asarray(place), toward)
            > organ.probe_radius_m
        )
        count += free and not organ.surface.is_hidden(view, before, look.positions)
    return count


def _off_shaft(tip: Vector, way: Vector, place: np.ndarray, toward: np.ndarray) -> float:
    """Distance of a line of sight from the shaft's line, m; both are half lines from below."""
    shaft = np.asarray(way) / np.linalg.norm(way)
    along = np.linspace(0.0, 0.30, 61)[:, None]
    points = np.asarray(tip) + along * shaft - place
    sight = np.maximum(points @ toward, 0.0)[:, None] * toward
    return float(np.linalg.norm(points - sight, axis=1).min())
