"""From the state of a session to the scene that a renderer draws."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from surgisim.anatomy.organ import Organ
from surgisim.record import SessionRecord
from surgisim.render import (
    BloodPool,
    Highlight,
    Instrument,
    Mark,
    Scene,
    SurfaceMesh,
    View,
)
from surgisim.render.endoscope import Endoscope
from surgisim.render.materials import MATERIALS, NEUTRAL
from surgisim.render.orbit import OrbitCamera
from surgisim.session.endoscope import Scope
from surgisim.session.held_scope import Held, endoscope_at
from surgisim.session.organ_look import Look
from surgisim.session.port import Port
from surgisim.session.scenery import Piece, pieces_of
from surgisim.session.seen_surface import SeenSurface
from surgisim.simulation import FineSurface
from surgisim.snapshot import Vector
from surgisim.vectors import as_vector

__all__ = [
    "SHAFT",
    "OrganView",
    "bleeding_sites",
    "isosurface_of",
    "material_of",
    "organ_of",
]

SHAFT: Vector = (-0.35, 0.85, 0.3)
"""From the probe's tip to the port in the abdominal wall."""

_SHAFT_RADIUS_M = 0.0025  # of a probe whose ball is thicker

_NEARER = 0.86  # of the distance at which a whole organ with all around it is in the picture
_SCOPE_ANGLES = tuple(np.radians((0.0, 30.0)))
_SCOPE_AZIMUTH, _SCOPE_ELEVATION = np.radians((12.0, 48.0))
_SCOPE_PORT = 1.0  # from the organ to the scope's port, in distances of the room's camera
_SCOPE_DISTANCE = 0.66  # of the way from the port's place to the organ, that the lens keeps
_SITES_APART_M = 0.045
_LEAST_BLOOD_ML = 1.5  # a fresh tear is to be seen
_LOOKS_LIKE = {
    "kidney_left": "kidney",
    "kidney_right": "kidney",
    "lesser_omentum": "fat",
    "omentum": "fat",
    "colon": "bowel",
    "duodenum": "bowel",
    "small_bowel": "bowel",
}


def bleeding_sites(tears: Sequence[Vector]) -> list[Vector]:
    """Join tears that lie within 45 mm of an earlier one: a press tears many triangles at once."""
    sites: list[Vector] = []
    for tear in tears:
        if all(np.linalg.norm(np.subtract(tear, site)) > _SITES_APART_M for site in sites):
            sites.append(tear)
    return sites


def isosurface_of(organ: Organ) -> FineSurface | None:
    """Embed the surface of the labels in an organ's tetrahedra, if it was built from labels."""
    shown = organ.isosurface
    if shown is None:
        return None
    return FineSurface.embedded(organ.points, organ.tetrahedra, shown.points, shown.faces)


class OrganView:
    """An organ and a probe as a scene.

    Parameters
    ----------
    name
        Of the organ; one that `surgisim.render.materials` does not know looks like plain tissue.
    points, surface
        The organ's mesh at rest, (n, 3) m, and its outward triangles, (k, 3).
    probe_radius_m
        Of the tip.
    subdivisions
        See `surgisim.render.SurfaceMesh`.
    fine
        A surface that lies on the organ's nodes, shown in place of a subdivided one.
    pivot
        Of the probe's port, world, m, or None: then the shaft leans as `SHAFT` says.
    beside
        What stands around the organ.
    rod
        Whether the whole shaft is as thick as the tip.
    scope
        That is looked through, or None.

    Attributes
    ----------
    surface
        The organ's surface alone.
    camera
        From the patient's feet, the whole organ in sight.
    """

    def __init__(
        self,
        name: str,
        points: NDArray[np.floating],
        surface: NDArray[np.integer],
        probe_radius_m: float,
        subdivisions: int = 2,
        fine: FineSurface | None = None,
        pivot: Vector | None = None,
        beside: Sequence[Piece] = (),
        rod: bool = False,
        scope: Scope | None = None,
    ) -> None:
        self._name = name
        self._points, self._triangles = np.asarray(points), surface
        self._fine = fine
        self._pivot = pivot
        self._shaft_radius_m = probe_radius_m if rod else _SHAFT_RADIUS_M
        self._scope = scope
        self._beside = tuple(_still(piece, subdivisions) for piece in beside)
        self._subdivisions = subdivisions
        self.surface = SeenSurface(points, surface)
        self.probe_radius_m = probe_radius_m
        camera = OrbitCamera.framing(self.surface.rest)
        self.camera = replace(camera, distance_m=_NEARER * camera.distance_m)

    def scene(self, look: Look) -> Scene:
        """Make the scene of one look."""
        organ = self._organ(look.positions)
        return Scene(
            surfaces=(organ, *self._beside),
            instruments=self._instruments(look),
            marks=tuple(self._mark(i + 1, p) for i, p in enumerate(look.marks)),
            blood=self._blood(look),
            highlights=tuple(
                Highlight(s.point, s.radius_m, s.color, s.strength, s.surface or self._name)
                for s in look.spots
            ),
            labels=tuple(look.labels),
            hud=look.hud,
            deep=bool(self._beside),
        )

    def _instruments(self, look: Look) -> tuple[Instrument, ...]:
        """Return the instrument in the hand, but for a scope, which does not see itself."""
        if self.holds_scope:
            return ()
        radii = (self.probe_radius_m, self._shaft_radius_m)
        return (Instrument(look.tip, self.shaft(look.tip), *radii),)

    @property
    def looks_through(self) -> bool:
        """Whether there is a scope that the work is seen through."""
        return self._scope is not None

    @property
    def holds_scope(self) -> bool:
        """Whether that scope is the instrument in the hand."""
        return self._scope is not None and self._scope.held

    def through(self, look: Look | None = None) -> Endoscope | None:
        """Return that scope as it is at a look; one that stands still is always where it is."""
        if self._scope is None:
            return None
        tip = self._scope.port if look is None else look.tip
        held = None if look is None else look.held
        return endoscope_at(self._scope, tip, held or Held())

    def view(self, look: Look | None = None) -> View:
        """Where pictures are taken from: through the scope of the work, or from the feet."""
        scope = self.through(look)
        return self.camera.view() if scope is None else scope.view()

    def lit(self, look: Look) -> Scene:
        """Make the scene of one look, in the light of the scope of the work if there is one."""
        scope = self.through(look)
        scene = self.scene(look)
        return scene if scope is None else replace(scene, lights=scope.lights())

    def scopes(self, look: Look | None = None) -> tuple[Endoscope, ...]:
        """Return the scope of the work, or place some of 0 and 30 degrees towards the feet."""
        scope = self.through(look)
        if scope is not None:
            return (scope,)
        target = np.asarray(self.camera.target)
        port = replace(
            self.camera,
            azimuth=_SCOPE_AZIMUTH,
            elevation=_SCOPE_ELEVATION,
            distance_m=_SCOPE_PORT * self.camera.distance_m,
        )
        pivot = port.view().position
        away_m = _SCOPE_DISTANCE * float(np.linalg.norm(pivot - target))
        return tuple(Endoscope.aimed(pivot, target, away_m, angle) for angle in _SCOPE_ANGLES)

    def shaft(self, tip: Vector) -> Vector:
        """Direction of the shaft from a tip (m) towards the port."""
        if self._pivot is None:
            return SHAFT
        return as_vector(np.subtract(self._pivot, tip))

    def _organ(self, positions: NDArray[np.floating]) -> SurfaceMesh:
        material = material_of(self._name)
        if self._fine is not None:
            shape = (positions, self._points, self._triangles)
            return SurfaceMesh(self._name, *shape, material=material, fine=self._fine)
        return SurfaceMesh(
            self._name,
            self.surface.at(positions),
            self.surface.rest,
            self.surface.triangles,
            material=material,
            subdivisions=self._subdivisions,
        )

    def _blood(self, look: Look) -> tuple[BloodPool, ...]:
        sites = bleeding_sites(look.tears)
        each_ml = max(look.blood_ml / max(len(sites), 1), _LEAST_BLOOD_ML)
        return tuple(BloodPool.from_volume(site, each_ml, self._name) for site in sites)

    def _mark(self, number: int, point: Vector) -> Mark:
        return Mark(point, as_vector(self.surface.normal_at(point)), number, self._name)


def material_of(organ: str) -> str:
    """Name the material that an organ looks like."""
    look = _LOOKS_LIKE.get(organ, organ)
    return look if look in MATERIALS else NEUTRAL


def _still(piece: Piece, subdivisions: int) -> SurfaceMesh:
    return SurfaceMesh(
        piece.name,
        piece.points,
        piece.points,
        piece.triangles,
        material=material_of(piece.name),
        subdivisions=subdivisions,
    )


def organ_of(record: SessionRecord) -> OrganView | None:
    """Return what is drawn of a session, or None for a record that holds no organ or no probe."""
    header, arrays = record.header, record.arrays
    if "probe" not in header or not {"points", "surface"} <= arrays.keys():
        return None
    port = Port.of(header["control"]) if "control" in header else None
    return OrganView(
        str(header.get("organ", "liver")),
        arrays["points"],
        arrays["surface"],
        float(header["probe"]["radius_m"]),
        pivot=None if port is None else port.pivot,
        beside=pieces_of(record),
        rod=float(header["probe"].get("length_m", 0.0)) > 0.0,
        scope=Scope.of(header),
    )
