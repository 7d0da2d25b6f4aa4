"""What is to be seen, as plain data: frozen dataclasses and arrays, metres and newtons.

What lies on tissue is in `spots`, what is written in `words`; both are named here too.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from surgisim.errors import RenderError
from surgisim.render.spots import BloodPool, Char, Highlight, Mark, Suctioned, Vector
from surgisim.render.words import Hud, Label, Vitals
from surgisim.simulation.fine_surface import FineSurface

if TYPE_CHECKING:
    from surgisim.render.exhibit import Exhibit, Inset

__all__ = [
    "BloodPool",
    "Char",
    "Highlight",
    "Hud",
    "Instrument",
    "Label",
    "Light",
    "Mark",
    "Scene",
    "Smoke",
    "Suctioned",
    "SurfaceMesh",
    "Vector",
    "Vitals",
]


@dataclass(frozen=True, slots=True, eq=False)
class SurfaceMesh:
    """The surface of an organ as it is now.

    Attributes
    ----------
    name
        Names the surface for whatever lies on it.
    vertices, rest_vertices
        Deformed and undeformed places, both (n, 3), m.
    triangles
        (m, 3) integer, outward by the right-hand rule.
    material
        A name of `surgisim.render.materials`.
    topology
        The renderer uploads triangles and rest places once for each (name, topology): raise it
        when either changes.
    subdivisions
        Levels of smoothing subdivision for display; each makes four triangles of one.
    blood
        Film thickness of blood at each vertex, (n,), 0 to 1, or None; added to the pools' own.
    fine
        A finer surface that the vertices carry, shown in place of a subdivided one. The vertices
        may then be all nodes of an organ.
    """

    name: str
    vertices: NDArray[np.floating]
    rest_vertices: NDArray[np.floating]
    triangles: NDArray[np.integer]
    material: str = "liver"
    topology: int = 0
    subdivisions: int = 2
    blood: NDArray[np.floating] | None = None
    fine: FineSurface | None = None

    def __post_init__(self) -> None:
        count = len(self.vertices)
        if self.vertices.shape != (count, 3) or self.rest_vertices.shape != (count, 3):
            raise RenderError(
                f"surface '{self.name}': vertices {self.vertices.shape} and rest_vertices "
                f"{self.rest_vertices.shape} must both have shape (n, 3)"
            )
        if self.triangles.ndim != 2 or self.triangles.shape[1] != 3 or not len(self.triangles):
            raise RenderError(
                f"surface '{self.name}': triangles must have shape (m, 3) with m > 0, "
                f"not {self.triangles.shape}"
            )
        if self.triangles.min() < 0 or self.triangles.max() >= count:
            raise RenderError(
                f"surface '{self.name}': triangles must name vertices 0 to {count - 1}, "
                f"not {self.triangles.min()} to {self.triangles.max()}"
            )
        if self.blood is not None and self.blood.shape != (count,):
            raise RenderError(
                f"surface '{self.name}': blood must have shape ({count},), not {self.blood.shape}"
            )
        if self.fine is not None and self.fine.carriers != count:
            raise RenderError(
                f"surface '{self.name}': its fine surface lies on {self.fine.carriers} vertices, "
                f"not on {count}; give the vertices or nodes that it was made with"
            )


@dataclass(frozen=True, slots=True)
class Instrument:
    """A laparoscopic instrument.

    Attributes
    ----------
    tip
        In the world, m: the centre of a probe's ball, else the foremost point.
    shaft_direction
        From the tip towards the hand.
    tip_radius_m, shaft_radius_m, shaft_length_m
        Sizes, m.
    dimmed
        Drawn pale: the device lost track of the hand.
    kind
        ``"probe"`` (a ball), ``"grasper"``, ``"scissors"``, ``"hook"``, ``"suction"`` or
        ``"endoscope"``.
    opening
        Angle between the jaws or blades, rad.
    roll
        Turn about the shaft, rad.
    insulated
        Whether the shaft is sheathed in dark plastic.
    """

    tip: Vector
    shaft_direction: Vector = (0.0, 0.64, 0.77)
    tip_radius_m: float = 0.005
    shaft_radius_m: float = 0.0025
    shaft_length_m: float = 0.30
    dimmed: bool = False
    kind: str = "probe"
    opening: float = 0.0
    roll: float = 0.0
    insulated: bool = False

    def __post_init__(self) -> None:
        length = float(np.linalg.norm(np.asarray(self.shaft_direction, dtype=np.float64)))
        if not 0.0 < length < np.inf:
            raise RenderError(
                f"an instrument's shaft_direction is {self.shaft_direction}; give one that is "
                "finite and not zero"
            )


@dataclass(frozen=True, slots=True)
class Smoke:
    """A puff of smoke.

    Attributes
    ----------
    position
        Its middle in the world, m.
    radius_m
        It fades to nothing there.
    density
        Optical depth through its middle; 1 lets 37 % of what is behind it through.
    """

    position: Vector
    radius_m: float
    density: float = 0.6


@dataclass(frozen=True, slots=True)
class Light:
    """A small lamp.

    Attributes
    ----------
    position
        In metres: in camera coordinates if `on_camera`, else in the world.
    color
        Linear RGB.
    strength
        Brightness of a white surface that faces it at `reach_m`; falls with distance squared.
    reach_m
        See `strength`; None means the distance of this light from the middle of the scene.
    on_camera
        Whether it moves with the first view's eye, as an endoscope's light does.
    shadows
        Whether its shadows are mapped; of several such lights the first one's are.
    """

    position: Vector
    color: Vector = (1.0, 0.97, 0.92)
    strength: float = 1.0
    reach_m: float | None = None
    on_camera: bool = False
    shadows: bool = False


DEFAULT_LIGHTS = (
    Light((0.015, 0.03, 0.0), strength=1.0, on_camera=True),
    Light((-0.11, 0.10, -0.03), (1.0, 0.9, 0.8), 0.55, on_camera=True, shadows=True),
)
"""An endoscope's ring a little off its axis, and a second port that throws visible shadows."""


@dataclass(frozen=True, slots=True)
class Scene:
    """All that one picture shows.

    Attributes
    ----------
    surfaces
        No two of one name. The first is the organ in question: the cavity is laid around it.
    cavity
        Whether the surrounding body (peritoneum, fat, omentum) is drawn behind the organs.
    deep
        Whether the cavity is laid below all surfaces, so that it hides none of them.
    opened
        Whether only the bed under the organ is left of it, as for a look from outside.
    exhibit
        Anatomy to be looked at: parts, a CT or MRI, a cut. No smoke is drawn over it.
    inset
        A small picture of another exhibit in the corner.
    """

    surfaces: tuple[SurfaceMesh, ...] = ()
    instruments: tuple[Instrument, ...] = ()
    marks: tuple[Mark, ...] = ()
    blood: tuple[BloodPool, ...] = ()
    suctioned: tuple[Suctioned, ...] = ()
    char: tuple[Char, ...] = ()
    smoke: tuple[Smoke, ...] = ()
    highlights: tuple[Highlight, ...] = ()
    labels: tuple[Label, ...] = ()
    hud: Hud | None = None
    lights: tuple[Light, ...] = DEFAULT_LIGHTS
    cavity: bool = True
    background: Vector = field(default=(0.02, 0.008, 0.006))
    exhibit: Exhibit | None = None
    inset: Inset | None = None
    opened: bool = False
    deep: bool = False

    def __post_init__(self) -> None:
        if len({surface.name for surface in self.surfaces}) < len(self.surfaces):
            raise RenderError("a scene's surfaces must have names of their own; two have the same")
