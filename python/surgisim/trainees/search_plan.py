"""Where to look for something on an organ: viewpoints that show its surface part by part.

A person who is told the organ knows its shape and what stands before it. Points spread over the
organ stand for its surface; of viewpoints of some of them that one comes next which shows most of
what was not seen yet.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from surgisim.scope import Lens, rolled_towards
from surgisim.viewpoints import Surroundings, spread
from surgisim.visibility import lifted

__all__ = ["Glance", "plan"]

Floats = NDArray[np.float64]

_POINTS = 60
_LOOKED_AT = 30  # of them, that viewpoints are looked for
_GLANCES = 36  # viewpoints that are weighed against each other
_LIFT_M = 0.0015
_MOST = 14  # glances of one plan
_LEAST_SEEN = 1  # points that a glance must add


@dataclass(frozen=True, slots=True, eq=False)
class Glance:
    """A tip, (3,), m, and the place that it looks at, (3,), m."""

    tip: Floats
    place: Floats


def plan(
    around: Surroundings,
    points: Floats,
    triangles: NDArray[np.integer],
    half_field: float,
    distances_m: tuple[float, ...],
    clear_m: float,
    rng: np.random.Generator,
) -> list[Glance]:
    """Plan glances over an organ, the one that shows most first.

    Parameters
    ----------
    around
        The scope, and all that is in its way.
    points, triangles
        Surface of the organ, (n, 3) m and (k, 3).
    half_field
        Of the lens, rad.
    distances_m
        From which it is looked at.
    clear_m
        Least distance of the tip from every surface.
    rng
        Spreads the points and chooses viewpoints.
    """
    places, normals = spread(points, triangles, _POINTS, rng)
    places = lifted(places, normals, _LIFT_M)
    glances = list(_glances(around, places, normals, distances_m, clear_m))
    if len(glances) > _GLANCES:
        glances = [glances[i] for i in rng.choice(len(glances), _GLANCES, replace=False)]
    shows = np.array([_shown(around, glance, places, half_field) for glance in glances])
    chosen: list[Glance] = []
    unseen = np.ones(_POINTS, dtype=np.bool_)
    while len(glances) and len(chosen) < _MOST:
        gains = (shows & unseen).sum(axis=1)
        best = int(gains.argmax())
        if gains[best] < _LEAST_SEEN:
            break
        chosen.append(glances[best])
        unseen &= ~shows[best]
    return chosen


def _glances(
    around: Surroundings,
    places: Floats,
    normals: Floats,
    distances_m: tuple[float, ...],
    clear_m: float,
) -> Iterator[Glance]:
    chosen = zip(places[:_LOOKED_AT], normals[:_LOOKED_AT], strict=True)
    for number, (place, normal) in enumerate(chosen):
        distance = distances_m[number % len(distances_m)]
        for tip in around.viewpoints(place, normal, distance, clear_m)[::3]:
            yield Glance(tip, place)


def _shown(
    around: Surroundings, glance: Glance, places: Floats, half_field: float
) -> NDArray[np.bool_]:
    """Which of the places a glance shows, (n,)."""
    roll = rolled_towards(around.port, glance.tip, glance.place)
    lens = Lens.through(around.port, glance.tip, around.angle, roll, field=2.0 * half_field)
    shown = lens.has_in_field(places)
    inside = np.flatnonzero(shown)
    shown[inside] = ~around.blocked(glance.tip, places[inside])
    return shown
