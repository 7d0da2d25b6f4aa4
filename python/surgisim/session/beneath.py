"""What an organ's edge hides from the scope: found on the anatomy, as a patch of points.

The liver's lower edge lies in front; its visceral side falls off from there towards the back and
the head. Along the edge, every 5 mm across, a patch is laid just clear of that side, `below` the
edge, as a line from the feet meets it; the scope that stands in its port is turned to it. Of those
patches of which the scope sees least the middle one is taken.
"""

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from surgisim.errors import AnatomyError
from surgisim.procedure.beneath import BeneathSpec
from surgisim.scope import Lens, centring_tips
from surgisim.session.endoscope import Scope
from surgisim.session.scenery import Occluders, Piece
from surgisim.snapshot import Vector
from surgisim.vectors import as_vector
from surgisim.visibility import seen_share

__all__ = ["Beneath", "lay_beneath", "turned_to"]

Floats = NDArray[np.float64]
Triangles = NDArray[np.integer]

POINTS_ACROSS = 6
CLEAR_M = 0.004
"""Between the organ and what lies beneath."""
_THICK_M = 0.002
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
        Row by row from its upper edge, (n, 3), m. They stay where they are.
    edge
        The place of the organ's edge over it, at rest, m.
    wanted, asked_s
        The share of the points that is enough, and how long it is to be held in view.
    """

    name: str
    points: Floats
    edge: Vector
    wanted: float
    asked_s: float

    @property
    def middle(self) -> Vector:
        """Its middle, m."""
        return as_vector(self.points.mean(axis=0))

    @property
    def piece(self) -> Piece:
        """Return it as a thin sheet, to be drawn; it is in no one's way."""
        return Piece(self.name.replace(" ", "_"), *_sheet(self.points))

    def header(self) -> dict[str, Any]:
        """Return its scalars, for a record's header; its points are an array beside it."""
        return {"name": self.name, "edge": self.edge, "wanted": self.wanted}


def lay_beneath(
    spec: BeneathSpec, points: Floats, surface: Triangles, scope: Scope, distance_m: float
) -> tuple[Beneath, Scope]:
    """Find what the edge of an organ, (n, 3) m and (k, 3), hides most, and turn the scope to it.

    Parameters
    ----------
    spec
        From the file.
    points, surface
        The organ at rest.
    scope, distance_m
        In its port, and from its lens to what it looks at.

    Raises
    ------
    AnatomyError
        The scope sees everything already.
    """
    low, high = points[:, 0].min(), points[:, 0].max()
    margin = _LEFT_OUT * (high - low)
    trees = Occluders(points, surface, ()).trees()
    found = []
    for x in np.arange(low + margin, high - margin, _STEP_M):
        one = _at(float(x), spec, points, surface)
        turned = None if one is None else turned_to(scope, one.middle, distance_m)
        if one is not None and turned is not None:
            lens: Lens = turned.lens(one.middle)
            found.append((seen_share(lens, one.points, trees), one, turned))
    least = min((share for share, _, _ in found), default=1.0)
    if least > _MOST_SEEN:
        raise AnatomyError(
            f"the edge of this organ hides no '{spec.name}' from the endoscope: put its port "
            "higher ('above') or nearer to the head, or let it lie further 'below' the edge"
        )
    hidden = [(one, turned) for share, one, turned in found if share <= least + _AS_GOOD]
    return hidden[len(hidden) // 2]


def turned_to(scope: Scope, target: Vector, distance_m: float) -> Scope | None:
    """Turn a standing scope to a target (m); None where its port is too near for the distance."""
    tips = centring_tips(scope.port, target, distance_m, scope.angle, np.zeros(1))
    return replace(scope, tip=as_vector(tips[0])) if len(tips) else None


def _at(x: float, spec: BeneathSpec, points: Floats, surface: Triangles) -> Beneath | None:
    """Lay the patch across `x`; None where no edge or no visceral side is."""
    low, high = points[:, 1].min(), points[:, 1].max()
    front = points[:, 1] > low + _FRONT * (high - low)
    near = np.flatnonzero(front & (np.abs(points[:, 0] - x) < 0.5 * _EDGE_WIDTH_M))
    if not len(near):
        return None
    edge = points[near[np.argmax(points[near, 2])]]
    steps = spec.size * np.linspace(-0.5, 0.5, POINTS_ACROSS)
    across, down = np.meshgrid(x + steps, edge[1] - spec.below - steps)
    starts = np.stack([across.ravel(), down.ravel()], axis=1)
    depth = _from_feet(starts, points, surface)
    if not np.isfinite(depth).all():
        return None
    patch = np.column_stack([starts, depth + CLEAR_M])
    return Beneath(spec.name, patch, as_vector(edge), spec.wanted, spec.hold)


def _sheet(points: Floats) -> tuple[Floats, Triangles]:
    """Close a square grid of points, (n, 3), to a sheet: corners (2 n, 3), triangles (k, 3)."""
    side = round(len(points) ** 0.5)
    ids = np.arange(len(points)).reshape(side, side)
    a, b, c, d = (part.ravel() for part in (ids[:-1, :-1], ids[:-1, 1:], ids[1:, 1:], ids[1:, :-1]))
    front = np.concatenate([np.stack([a, d, c], axis=1), np.stack([a, c, b], axis=1)])
    rim = np.concatenate([ids[0, :-1], ids[:-1, -1], ids[-1, :0:-1], ids[:0:-1, 0]])
    after, back = np.roll(rim, -1), len(points)
    sides = [
        np.stack([rim, after, after + back], axis=1),
        np.stack([rim, after + back, rim + back], axis=1),
    ]
    behind = points - np.array([0.0, 0.0, _THICK_M])
    return np.concatenate([points, behind]), np.concatenate([front, front[:, ::-1] + back, *sides])


def _from_feet(at: Floats, points: Floats, surface: Triangles) -> Floats:
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
            v, w, z = v[inside], w[inside], corners[inside, :, 2]
            found[i] = np.max((1.0 - v - w) * z[:, 0] + v * z[:, 1] + w * z[:, 2])
    return found


def _cross(u: Floats, v: Floats) -> Floats:
    return np.asarray(u[..., 0] * v[..., 1] - u[..., 1] * v[..., 0])
