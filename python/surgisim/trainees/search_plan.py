"""Where to look next for something on an organ: viewpoints that show its surface part by part.

A person who is told the organ knows its shape and what stands before it. Points spread over the
organ stand for its surface. Of viewpoints of some points that were not seen yet that one comes next
which shows most of them. When nothing is left that can be looked at from any distance, it begins
anew with other points.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from surgisim.scope import Lens, rolled_towards
from surgisim.viewpoints import Surroundings, spread
from surgisim.visibility import lifted

__all__ = ["Glance", "Search"]

Floats = NDArray[np.float64]

_POINTS = 220
_GLANCES = 24  # viewpoints that are weighed against each other
_TRIED = 40  # points that viewpoints are looked for in haste
_EACH = 3  # viewpoints of a point
_LIFT_M = 0.0015


@dataclass(frozen=True, slots=True, eq=False)
class Glance:
    """A tip, (3,), m, and the place that it looks at, (3,), m."""

    tip: Floats
    place: Floats


class Search:
    """A search over one organ.

    Parameters
    ----------
    around
        The scope, and all that is in its way.
    points, triangles
        Surface of the organ, (n, 3) m and (k, 3).
    half_field
        Of the lens, rad.
    distances_m
        From which it is looked at, taken in turn.
    clear_m
        Least distance of the tip from every surface.
    rng
        Spreads the points and chooses viewpoints.
    """

    def __init__(
        self,
        around: Surroundings,
        points: Floats,
        triangles: NDArray[np.integer],
        half_field: float,
        distances_m: tuple[float, ...],
        clear_m: float,
        rng: np.random.Generator,
    ) -> None:
        self._around, self._half_field, self._rng = around, half_field, rng
        self._distances_m, self._clear_m = distances_m, clear_m
        self._surface = (points, triangles)
        self._begin()

    def _begin(self) -> None:
        places, self._normals = spread(*self._surface, _POINTS, self._rng)
        self._places = lifted(places, self._normals, _LIFT_M)
        self._unseen = np.ones(_POINTS, dtype=np.bool_)

    def next(self) -> Glance | None:
        """Choose the next glance, and count what it shows as seen; None where nothing can be."""
        glances = self._glances(thorough=False) or self._glances(thorough=True)
        if not glances:
            self._begin()
            glances = self._glances(thorough=True)
        if not glances:
            return None
        shows = np.array([self._shown(glance) for glance in glances])
        best = int((shows & self._unseen).sum(axis=1).argmax())
        self._unseen &= ~shows[best]
        return glances[best]

    def _glances(self, *, thorough: bool) -> list[Glance]:
        """Find viewpoints of points that were not seen yet; from every distance if `thorough`."""
        found: list[Glance] = []
        unseen = self._rng.permutation(np.flatnonzero(self._unseen))
        ways = [(point, far) for far in self._distances_m for point in unseen]
        if not thorough:
            turns = len(self._distances_m)
            ways = [(p, self._distances_m[n % turns]) for n, p in enumerate(unseen[:_TRIED])]
        for point, distance_m in ways:
            place, normal = self._places[point], self._normals[point]
            tips = self._around.viewpoints(place, normal, distance_m, self._clear_m)
            if len(tips) > _EACH:
                tips = tips[self._rng.choice(len(tips), _EACH, replace=False)]
            found += [Glance(tip, place) for tip in tips]
            if len(found) >= _GLANCES:
                break
        return found

    def _shown(self, glance: Glance) -> NDArray[np.bool_]:
        """Which of the points a glance shows, (n,)."""
        port, angle = self._around.port, self._around.angle
        roll = rolled_towards(port, glance.tip, glance.place)
        lens = Lens.through(port, glance.tip, angle, roll, field=2.0 * self._half_field)
        shown = lens.has_in_field(self._places) & self._unseen
        inside = np.flatnonzero(shown)
        shown[inside] = ~self._around.blocked(glance.tip, self._places[inside])
        return np.asarray(shown)
