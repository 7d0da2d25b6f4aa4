"""What an organ's edge hides from the scope: found on the anatomy, as a patch of points.

The liver's lower edge lies in front; its visceral side falls off from there towards the back and
the head. Along the edge, every 5 mm across, a patch is laid just clear of that side: it begins
`below` the edge, is met from the feet, and the scope's eye is where the procedure puts it from
there. Of those of which the eye sees least the middle one is taken.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from surgisim.errors import AnatomyError
from surgisim.procedure.beneath import BeneathSpec
from surgisim.session.sightline import sees
from surgisim.snapshot import Vector
from surgisim.vectors import as_vector

__all__ = ["Beneath", "lay_beneath"]

Floats = NDArray[np.float64]

POINTS_ACROSS = 6
CLEAR_M = 0.004
"""Between the organ and what lies beneath."""
_STEP_M = 0.005
_EDGE_WIDTH_M = 0.016  # of the strip in which the edge is looked for
_LEFT_OUT = 0.1  # of the organ's width, at either end
_FRONT = 0.7  # of the organ's height: what lies higher may be its edge
_AS_GOOD = 0.05  # more in view is no worse
_MOST_SEEN = 0.5  # a patch that is half in view already needs no lifting


@dataclass(frozen=True, slots=True, eq=False)
class Beneath:
    """What is to be brought into view.

    Attributes
    ----------
    name
        As the procedure calls it.
    points
        (n, 3), m. They stay where they are.
    edge
        The place of the organ's edge over it, at rest, m.
    eye
        Of the scope, m.
    wanted, asked_s
        The share of the points that is enough, and how long it is to be held in view.
    """

    name: str
    points: Floats
    edge: Vector
    eye: Vector
    wanted: float
    asked_s: float

    @property
    def middle(self) -> Vector:
        """Its middle, m."""
        return as_vector(self.points.mean(axis=0))

    def header(self) -> dict[str, Any]:
        """Return its scalars, for a record's header; its points are an array beside it."""
        return {"name": self.name, "edge": self.edge, "eye": self.eye, "wanted": self.wanted}

    def share(self, positions: Floats, surface: NDArray[np.integer]) -> float:
        """Return the share that the scope sees past an organ's nodes (m, 3) and triangles."""
        return float(np.mean(sees(self.eye, self.points, positions, surface)))


def lay_beneath(spec: BeneathSpec, points: Floats, surface: NDArray[np.integer]) -> Beneath:
    """Find what the edge of an organ, (n, 3) m and (k, 3), hides most.

    Raises
    ------
    AnatomyError
        The scope sees everything already.
    """
    low, high = points[:, 0].min(), points[:, 0].max()
    margin = _LEFT_OUT * (high - low)
    found = [_at(x, spec, points, surface) for x in np.arange(low + margin, high - margin, _STEP_M)]
    laid = [one for one in found if one is not None]
    seen = np.array([one.share(points, surface) for one in laid])
    if not len(laid) or seen.min() > _MOST_SEEN:
        raise AnatomyError(
            f"the edge of this organ hides no '{spec.name}' from the scope: put the scope higher "
            "('above'), or let it lie further 'below' the edge"
        )
    hidden = np.flatnonzero(seen <= seen.min() + _AS_GOOD)
    return laid[hidden[len(hidden) // 2]]


def _at(
    x: float, spec: BeneathSpec, points: Floats, surface: NDArray[np.integer]
) -> Beneath | None:
    """Lay the patch across `x`; None where no edge or no visceral side is."""
    low, high = points[:, 1].min(), points[:, 1].max()
    front = points[:, 1] > low + _FRONT * (high - low)
    near = np.flatnonzero(front & (np.abs(points[:, 0] - x) < 0.5 * _EDGE_WIDTH_M))
    if not len(near):
        return None
    edge = points[near[np.argmax(points[near, 2])]]
    steps = spec.size * np.linspace(-0.5, 0.5, POINTS_ACROSS)
    across, down = np.meshgrid(x + steps, edge[1] - spec.below + steps)
    starts = np.stack([across.ravel(), down.ravel()], axis=1)
    depth = _from_feet(starts, points, surface)
    if not np.isfinite(depth).all():
        return None
    patch = np.column_stack([starts, depth + CLEAR_M])
    scope = spec.scope
    eye = patch.mean(axis=0) + np.array([scope.right, scope.above, scope.near])
    return Beneath(spec.name, patch, as_vector(edge), as_vector(eye), spec.wanted, spec.hold)


def _from_feet(at: Floats, points: Floats, surface: NDArray[np.integer]) -> Floats:
    """Where lines along -z at (x, y), (n, 2), first meet the organ: z, (n,); -inf beside it."""
    corners = points[surface]
    a, b, c = (corners[:, i, :2] for i in range(3))
    area = _cross(b - a, c - a)
    found = np.full(len(at), -np.inf)
    for i, p in enumerate(at):
        with np.errstate(divide="ignore", invalid="ignore"):
            v, w = _cross(p - a, c - a) / area, _cross(b - a, p - a) / area
            inside = (v >= 0.0) & (w >= 0.0) & (v + w <= 1.0)
        if inside.any():
            v, w = v[inside], w[inside]
            z = corners[inside, :, 2]
            found[i] = np.max((1.0 - v - w) * z[:, 0] + v * z[:, 1] + w * z[:, 2])
    return found


def _cross(u: Floats, v: Floats) -> Floats:
    return np.asarray(u[..., 0] * v[..., 1] - u[..., 1] * v[..., 0])
