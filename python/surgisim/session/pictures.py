"""From the state of a session to the scene that a renderer draws, and the key moments' pictures."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from surgisim.record import SessionRecord
from surgisim.render import (
    BloodPool,
    Highlight,
    Hud,
    Instrument,
    Mark,
    Scene,
    SurfaceMesh,
    View,
)
from surgisim.render.orbit import OrbitCamera
from surgisim.report import Picture
from surgisim.scoring import Recording
from surgisim.snapshot import Event, Vector

__all__ = ["Look", "OrganView", "key_pictures"]

_SHAFT: Vector = (-0.35, 0.85, 0.3)  # from the tip to the port
_SIZE = (960, 540)
_MOST = 8


@dataclass(frozen=True, slots=True, eq=False)
class Look:
    """What one picture shows besides the organ itself.

    Attributes
    ----------
    positions
        Nodes of the organ, (n, 3), m.
    tip
        The probe's tip, m.
    marks
        Marked points, at rest, m.
    tear, blood_ml
        Where the capsule tore, at rest, or None, and what was lost.
    hud
        What is written over it.
    hidden
        Hidden regions to reveal, (centre at rest, radius), m.
    """

    positions: NDArray[np.floating]
    tip: Vector
    marks: Sequence[Vector] = ()
    tear: Vector | None = None
    blood_ml: float = 0.0
    hud: Hud | None = None
    hidden: Sequence[tuple[Vector, float]] = ()


class OrganView:
    """An organ and a probe as a scene.

    Parameters
    ----------
    name
        Material of the organ, as `surgisim.render.materials` names it.
    points, surface
        The organ's mesh at rest, (n, 3) m, and its outward triangles, (k, 3).
    probe_radius_m
        Of the tip.
    """

    def __init__(
        self,
        name: str,
        points: NDArray[np.floating],
        surface: NDArray[np.integer],
        probe_radius_m: float,
    ) -> None:
        self._name = name
        self._nodes, triangles = np.unique(surface, return_inverse=True)
        self.triangles = triangles.reshape(-1, 3)
        self.rest = np.asarray(points, dtype=np.float64)[self._nodes]
        self._radius = probe_radius_m
        self._normals = _vertex_normals(self.rest, self.triangles)
        self.camera = OrbitCamera.framing(self.rest)

    def surface_of(self, positions: NDArray[np.floating]) -> NDArray[np.float64]:
        """Positions of the surface's vertices, (v, 3), m."""
        return np.asarray(positions, dtype=np.float64)[self._nodes]

    def scene(self, look: Look) -> Scene:
        """Make the scene of one look."""
        organ = SurfaceMesh(
            self._name,
            self.surface_of(look.positions),
            self.rest,
            self.triangles,
            material=self._name,
        )
        blood: tuple[BloodPool, ...] = ()
        if look.tear is not None and look.blood_ml > 0.0:
            blood = (BloodPool.from_volume(look.tear, look.blood_ml, self._name),)
        return Scene(
            surfaces=(organ,),
            instruments=(Instrument(look.tip, _SHAFT, self._radius),),
            marks=tuple(self._mark(i + 1, p) for i, p in enumerate(look.marks)),
            blood=blood,
            highlights=tuple(
                Highlight(self._above(centre), radius, surface=self._name)
                for centre, radius in look.hidden
            ),
            hud=look.hud,
        )

    def _nearest(self, point: Vector) -> int:
        gaps = self.rest - np.asarray(point)
        return int(np.argmin(np.einsum("ij,ij->i", gaps, gaps)))

    def _above(self, centre: Vector) -> Vector:
        x, y, z = self.rest[self._nearest(centre)]
        return (float(x), float(y), float(z))

    def _mark(self, number: int, point: Vector) -> Mark:
        x, y, z = self._normals[self._nearest(point)]
        return Mark(point, (float(x), float(y), float(z)), number, self._name)


def _vertex_normals(
    vertices: NDArray[np.float64], triangles: NDArray[np.integer]
) -> NDArray[np.float64]:
    a, b, c = (vertices[triangles[:, i]] for i in range(3))
    faces = np.cross(b - a, c - a)
    sums = np.zeros_like(vertices)
    for corner in range(3):
        np.add.at(sums, triangles[:, corner], faces)
    return np.asarray(sums / np.linalg.norm(sums, axis=1, keepdims=True))


def key_pictures(record: SessionRecord, recording: Recording) -> list[Picture]:
    """Draw the key moments of a session.

    Parameters
    ----------
    record
        With its recorded shapes of the organ.
    recording
        Marks and nodules.

    Raises
    ------
    RenderError
        Nothing can be drawn here.
    """
    from surgisim.render.offscreen import OffscreenCanvas, encode_png

    header, arrays = record.header, record.arrays
    organ = OrganView(
        str(header.get("organ", "liver")),
        arrays["points"],
        arrays["surface"],
        float(header["probe"]["radius_m"]),
    )
    pictures = []
    with OffscreenCanvas(_SIZE) as canvas:
        for event, title in _moments(record):
            look = _look_at(record, recording, event)
            view = _view(organ, look, event)
            png = encode_png(canvas.draw(organ.scene(look), view))
            pictures.append(Picture(event.time_s, title, png, event.text))
    return pictures


def _moments(record: SessionRecord) -> list[tuple[Event, str]]:
    """The events worth a picture, in order: the most telling ones if there are many."""
    titles = {
        "tissue.torn": "The capsule tears",
        "bleed.started": "It bleeds",
        "complication.started": "A complication",
        "mark.set": "A mark is set",
        "session.ended": "The end, with what was hidden",
    }
    chosen: list[Event] = []
    seen: dict[str, int] = {}
    for event in record.events:
        most = {"tissue.torn": 1, "bleed.started": 1, "mark.set": 5}.get(event.kind, 2)
        if event.kind in titles and seen.get(event.kind, 0) < most:
            seen[event.kind] = seen.get(event.kind, 0) + 1
            chosen.append(event)
    if len(chosen) > _MOST:
        chosen = chosen[: _MOST - 1] + chosen[-1:]
    return [(event, titles[event.kind]) for event in chosen]


def _look_at(record: SessionRecord, recording: Recording, event: Event) -> Look:
    frame = min(record.frames, key=lambda f: abs(f.tick - event.tick))
    row = record.trace[min(max(frame.tick - 1, 0), len(record.trace) - 1)]
    marks = [mark.point_rest for mark in recording.marks if mark.time_s <= event.time_s]
    ended = event.kind == "session.ended"
    tear = next((e for e in record.events if e.kind == "tissue.torn"), None)
    torn = tear is not None and tear.time_s <= event.time_s
    hidden = [(n.center, n.radius_m * 1.2) for n in recording.nodules] if ended else []
    x, y, z = (float(v) for v in row["tool"])
    hud = Hud(
        force_n=float(np.linalg.norm(row["force"])),
        force_limit_n=recording.force_limit,
        time_s=event.time_s,
        blood_loss_ml=_lost_ml(record, event.time_s) or None,
    )
    return Look(
        positions=frame.positions,
        tip=(x, y, z),
        marks=marks,
        tear=_rest_of(tear) if torn and tear is not None else None,
        blood_ml=max(_lost_ml(record, event.time_s), 2.0) if torn else 0.0,
        hud=hud,
        hidden=hidden,
    )


def _rest_of(tear: Event) -> Vector:
    x, y, z = (float(tear.values[f"rest_{axis}"]) for axis in "xyz")
    return (x, y, z)


def _lost_ml(record: SessionRecord, until_s: float) -> float:
    """Blood lost until a time, from the recorded changes of the rate, mL."""
    lost, rate, since = 0.0, 0.0, 0.0
    for event in record.events:
        if event.time_s > until_s:
            break
        if event.kind in ("bleed.started", "bleed.changed"):
            lost += rate * (event.time_s - since) / 60.0
            rate, since = float(event.values["rate_ml_min"]), event.time_s
    return lost + rate * (until_s - since) / 60.0


def _view(organ: OrganView, look: Look, event: Event) -> View:
    """The home view; nearer where something small is to be seen."""
    home = organ.camera.view()
    if event.kind == "session.ended" or event.kind.startswith("complication"):
        return home
    tip = np.asarray(look.tip)
    eye = np.asarray(home.position)
    near = tip + 0.55 * (eye - tip)
    return View.look_at(
        (float(near[0]), float(near[1]), float(near[2])),
        look.tip,
        (0.0, 0.0, -1.0),
        np.radians(38.0),
    )
