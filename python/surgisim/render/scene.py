"""What is to be seen, as plain data: frozen dataclasses and arrays, metres and newtons.

Whatever lies on tissue (marks, blood, highlights) is given in *rest* coordinates of the surface
that carries it, so it sticks to the tissue however that deforms.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from surgisim.errors import RenderError
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

Vector = tuple[float, float, float]


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


@dataclass(frozen=True, slots=True)
class Mark:
    """A numbered dot of surgical ink.

    Attributes
    ----------
    point, normal
        Place (m) and outward direction on the surface at rest.
    number
        What is written in it.
    surface
        Name of the surface that carries it.
    radius_m
        Size of the dot.
    """

    point: Vector
    normal: Vector
    number: int
    surface: str = "liver"
    radius_m: float = 0.004


@dataclass(frozen=True, slots=True)
class BloodPool:
    """Blood from one tear: a pool around it and a film that runs downhill from it.

    Attributes
    ----------
    point
        The tear on the surface at rest, m.
    radius_m
        Of the pool.
    film_length_m
        How far the film has run along the surface.
    surface
        Name of the surface that carries it.
    """

    point: Vector
    radius_m: float
    film_length_m: float = 0.0
    surface: str = "liver"

    @classmethod
    def from_volume(cls, point: Vector, volume_ml: float, surface: str = "liver") -> BloodPool:
        """Spread a lost volume over the surface.

        Half of it pools as a disc h = 1.5 mm thick, r = sqrt(V / (2 pi h)), up to 25 mm; the
        other half runs off as a film w = 12 mm wide and d = 0.8 mm thick, l = V / (2 w d), up to
        150 mm. Thicknesses are chosen for the eye and no haemodynamics; V from 0 mL on.
        """
        volume_m3 = max(volume_ml, 0.0) * 1e-6
        radius_m = min(float(np.sqrt(volume_m3 / (2.0 * np.pi * 1.5e-3))), 0.025)
        film_m = min(volume_m3 / (2.0 * 12e-3 * 0.8e-3), 0.15)
        return cls(point, radius_m, film_m, surface)


@dataclass(frozen=True, slots=True)
class Suctioned:
    """A place that was sucked dry: no blood within about `radius_m` of `point` at rest (m)."""

    point: Vector
    radius_m: float = 0.006
    surface: str = "liver"


@dataclass(frozen=True, slots=True)
class Char:
    """A burnt spot: pale and shrunken at the rim, brown, black in the middle.

    Attributes
    ----------
    point
        Its middle on the surface at rest, m.
    radius_m
        Of all that has changed colour.
    depth
        How far it is burnt: 0 blanches, 0.5 browns, 1 chars to black.
    surface
        Name of the surface that carries it.
    """

    point: Vector
    radius_m: float = 0.005
    depth: float = 1.0
    surface: str = "liver"


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
class Highlight:
    """A tinted region of a surface: what lies within `radius_m` of `point` at rest (m).

    `color` is linear RGB from 0 to 1, `strength` from 0 (unseen) to 1.
    """

    point: Vector
    radius_m: float
    color: Vector = (0.1, 0.8, 0.55)
    strength: float = 0.6
    surface: str = "liver"


@dataclass(frozen=True, slots=True)
class Label:
    """A short text that points at a place in the world, m."""

    point: Vector
    text: str


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


@dataclass(frozen=True, slots=True)
class Vitals:
    """What a monitor shows; whatever is None is left out.

    Attributes
    ----------
    heart_rate_bpm
        Beats a minute.
    systolic_mmhg, diastolic_mmhg
        Blood pressure.
    spo2_percent
        Oxygen saturation.
    """

    heart_rate_bpm: float | None = None
    systolic_mmhg: float | None = None
    diastolic_mmhg: float | None = None
    spo2_percent: float | None = None


@dataclass(frozen=True, slots=True)
class Hud:
    """What is written over the picture; whatever is None or empty is left out.

    Attributes
    ----------
    force_n, force_limit_n
        Force on the instrument and what the tissue bears, N.
    title, message
        The step, and what the trainee should read now.
    time_s, blood_loss_ml
        Session time and lost volume.
    alarm
        A complication or a breath: a red banner.
    hint
        One quiet line at the lower edge.
    help_lines
        Shown in the middle as a panel, one (key, meaning) a line.
    vitals
        The monitor's numbers, under the clock.
    step
        Which step is under way and of how many.
    scale
        Size of everything, for dense screens and weak eyes; 1 suits 720 lines.
    """

    force_n: float | None = None
    force_limit_n: float | None = None
    title: str = ""
    message: str = ""
    time_s: float | None = None
    blood_loss_ml: float | None = None
    alarm: str = ""
    hint: str = ""
    help_lines: tuple[tuple[str, str], ...] = ()
    vitals: Vitals | None = None
    step: tuple[int, int] | None = None
    scale: float = 1.0


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
        The first is the organ in question: the body cavity is laid around it.
    cavity
        Whether the surrounding body (peritoneum, fat, omentum) is drawn behind the organs.
    exhibit
        Anatomy to be looked at: parts, a CT or MRI, a cut.
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
