"""What draws one kind of thing each: tissue, ink on tissue, the cavity, the instrument, the HUD.

A pass owns its programs and buffers. Topology goes to the GPU once, the packed surface each frame.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from surgisim.render.cavity import cavity_around
from surgisim.render.glyphs import GlyphAtlas
from surgisim.render.materials import look_of
from surgisim.render.noise import detail_volume, lobule_volume
from surgisim.render.probe import ball, cylinder, frame_along
from surgisim.render.programs import load_program
from surgisim.render.scene import BloodPool, Highlight, Instrument, Mark, SurfaceMesh, Vector
from surgisim.render.tissue import DisplaySurface

__all__ = ["CavityPass", "GlyphTexture", "Grain", "HudPass", "InstrumentPass", "TissuePass"]

_PACKED = ("3f 3f 1f 1f", "in_position", "in_normal", "in_openness", "in_blood")
_INK: tuple[float, float, float, float] = (0.030, 0.035, 0.22, 0.93)
_DIGIT_SIZE = 44
"""Pixels of the letters in marks: enough for the closest look."""


class Grain:
    """The volume textures that all tissue shares."""

    def __init__(self, api: Any, *, software: bool) -> None:
        detail, lobules = detail_volume(), lobule_volume()
        side = len(detail)
        self.detail = api.texture3d((side, side, side), 4, detail.tobytes())
        self.lobules = api.texture3d((side, side, side), 2, lobules.tobytes())
        for texture in (self.detail, self.lobules):
            texture.build_mipmaps()
            if software:  # one set of eight texels a look-up instead of two
                texture.filter = (api.LINEAR_MIPMAP_NEAREST, api.LINEAR)

    def use(self) -> None:
        """Bind to texture units 0 and 1."""
        self.detail.use(0)
        self.lobules.use(1)


class GlyphTexture:
    """The atlas of letters on the GPU, uploaded again when it has grown; texture unit 2."""

    def __init__(self, api: Any) -> None:
        self.atlas = GlyphAtlas()
        side = len(self.atlas.pixels)
        self._texture = api.texture((side, side), 1, self.atlas.pixels.tobytes())
        self._version = self.atlas.version

    def use(self) -> None:
        """Bind it, brought up to date."""
        if self._version != self.atlas.version:
            self._texture.write(self.atlas.pixels.tobytes())
            self._version = self.atlas.version
        self._texture.use(2)


@dataclass(slots=True)
class _Shown:
    """One surface on the GPU."""

    topology: int
    display: DisplaySurface
    packed: NDArray[np.float32]
    stream: Any
    rest: Any
    array: Any
    indices: Any
    inks: dict[tuple[Vector, float], tuple[Any, Any]]


class TissuePass:
    """Organs, and what is written on them."""

    def __init__(self, api: Any, *, software: bool) -> None:
        self._api = api
        self._tissue = load_program(api, "tissue", "tissue", software=software)
        self._ink = load_program(api, "tissue", "ink", software=software)
        self._tissue["detail"].value = 0
        self._tissue["lobules"].value = 1
        self._ink["glyphs"].value = 2
        self._shown: dict[str, _Shown] = {}

    def stream(self, mesh: SurfaceMesh, pools: tuple[BloodPool, ...]) -> None:
        """Bring a surface's place in this frame to the GPU."""
        shown = self._shown.get(mesh.name)
        if shown is None or shown.topology != mesh.topology:
            shown = self._shown[mesh.name] = self._upload(mesh)
        own = tuple(pool for pool in pools if pool.surface == mesh.name)
        shown.display.frame(mesh, own, shown.packed)
        # The driver may still draw from the old memory; without it, it need not be waited for.
        shown.stream.orphan()
        shown.stream.write(shown.packed)

    def _upload(self, mesh: SurfaceMesh) -> _Shown:
        display = DisplaySurface(mesh)
        packed = np.zeros((len(display.rest), 8), dtype=np.float32)
        stream = self._api.buffer(reserve=packed.nbytes, dynamic=True)
        rest = self._api.buffer(np.ascontiguousarray(display.rest))
        indices = self._api.buffer(np.ascontiguousarray(display.triangles))
        array = self._array(self._tissue, stream, rest, indices)
        return _Shown(mesh.topology, display, packed, stream, rest, array, indices, {})

    def _array(self, program: Any, stream: Any, rest: Any, indices: Any) -> Any:
        content = [(stream, *_PACKED), (rest, "3f", "in_rest")]
        return self._api.vertex_array(program, content, indices, 4, skip_errors=True)

    def draw(self, mesh: SurfaceMesh) -> None:
        """Draw a streamed surface."""
        look = look_of(mesh.material)
        for name in ("deep", "pale", "wrap", "sheen"):
            self._tissue[name].value = getattr(look, name)
        self._tissue["surface"].value = (look.roughness, look.relief, look.lobules, look.vessels)
        self._shown[mesh.name].array.render()

    def draw_mark(self, mark: Mark, glyphs: GlyphTexture) -> None:
        """Draw a numbered dot onto its surface."""
        digits = str(mark.number)[-3:]
        boxes = [glyphs.atlas.glyph(digit, _DIGIT_SIZE).box for digit in digits]
        boxes += [(0.0, 0.0, 0.0, 0.0)] * (3 - len(digits))
        glyphs.use()
        right, up = _tangents(mark.normal)
        self._ink["right"].value, self._ink["up"].value = right, up
        self._ink["digit_box"].value = boxes
        self._draw_ink(mark.surface, mark.point, mark.radius_m, _INK, len(digits))

    def draw_highlight(self, highlight: Highlight) -> None:
        """Tint a region of its surface."""
        color = (*highlight.color, highlight.strength)
        self._draw_ink(highlight.surface, highlight.point, highlight.radius_m, color, 0)

    def _draw_ink(
        self, surface: str, point: Vector, radius_m: float, color: tuple[float, ...], digits: int
    ) -> None:
        shown = self._shown.get(surface)
        if shown is None:
            return
        key = (point, radius_m)
        if key not in shown.inks:
            triangles = shown.display.nearby(point, radius_m)
            if not len(triangles):
                return
            indices = self._api.buffer(np.ascontiguousarray(triangles))
            array = self._array(self._ink, shown.stream, shown.rest, indices)
            shown.inks[key] = (array, indices)
        self._ink["center"].value = (*point, radius_m)
        self._ink["ink"].value = color
        self._ink["digits"].value = digits
        shown.inks[key][0].render()


def _tangents(normal: Vector) -> tuple[Vector, Vector]:
    """Right and up along the surface, upright for a viewer at the patient's feet."""
    n = np.asarray(normal, dtype=np.float64)
    n = n / max(float(np.linalg.norm(n)), 1e-12)
    head = np.array([0.0, 0.0, -1.0])
    if abs(n @ head) > 0.8:
        head = np.array([0.0, 1.0, 0.0])
    up = head - n * (head @ n)
    up /= np.linalg.norm(up)
    right = np.cross(up, n)
    return _vector(right), _vector(up)


def _vector(values: NDArray[np.float64]) -> Vector:
    return (float(values[0]), float(values[1]), float(values[2]))


class CavityPass:
    """The body around the first organ."""

    def __init__(self, api: Any, *, software: bool) -> None:
        self._api = api
        self._columns = 72 if software else 144
        self._program = load_program(api, "cavity", "cavity", software=software)
        self._program["detail"].value = 0
        if not software:
            self._program["lobules"].value = 1
        self._key: tuple[str, int] | None = None
        self._array: Any = None

    def draw(self, mesh: SurfaceMesh) -> None:
        """Draw the cavity around `mesh`, made anew when its topology changes."""
        if self._key != (mesh.name, mesh.topology):
            cavity = cavity_around(np.asarray(mesh.rest_vertices), self._columns)
            vertices = self._api.buffer(np.ascontiguousarray(cavity.vertices))
            indices = self._api.buffer(np.ascontiguousarray(cavity.triangles))
            content = [(vertices, "3f 3f 4f", "in_position", "in_normal", "in_color")]
            self._array = self._api.vertex_array(
                self._program, content, indices, 4, skip_errors=True
            )
            self._key = (mesh.name, mesh.topology)
        self._array.render()


class InstrumentPass:
    """The steel probe."""

    def __init__(self, api: Any, *, software: bool) -> None:
        self._program = load_program(api, "metal", "metal", software=software)
        self._arrays = []
        for vertices, triangles in (ball(), cylinder()):
            content = [(api.buffer(vertices), "3f 3f", "in_position", "in_normal")]
            array = api.vertex_array(self._program, content, api.buffer(triangles), 4)
            self._arrays.append(array)

    def draw(self, instrument: Instrument) -> None:
        """Draw ball and shaft."""
        model = frame_along(instrument.tip, instrument.shaft_direction)
        self._program["world_from_model"].write(np.ascontiguousarray(model.T, dtype=np.float32))
        self._program["dim"].value = 0.6 if instrument.dimmed else 0.0
        sizes = (
            (instrument.tip_radius_m, 0.0),
            (instrument.shaft_radius_m, instrument.shaft_length_m),
        )
        for array, size in zip(self._arrays, sizes, strict=True):
            self._program["size"].value = size
            self._program["brushed"].value = float(size[1] > 0.0)
            array.render()


class HudPass:
    """Text and bars, last and over everything."""

    def __init__(self, api: Any) -> None:
        self._api = api
        self._program = load_program(api, "hud", "hud", software=False)
        self._program["glyphs"].value = 2
        self._buffer = api.buffer(reserve=256 * 1024, dynamic=True)
        self._array = self._make_array()

    def _make_array(self) -> Any:
        content = [(self._buffer, "2f 2f 4f", "in_pixel", "in_glyph", "in_color")]
        return self._api.vertex_array(self._program, content)

    def draw(self, vertices: NDArray[np.float32], size: tuple[int, int]) -> None:
        """Draw the sheet's triangles over a viewport of `size` px."""
        if vertices.nbytes > self._buffer.size:
            self._buffer = self._api.buffer(reserve=2 * vertices.nbytes, dynamic=True)
            self._array = self._make_array()
        self._buffer.orphan()
        self._buffer.write(vertices)
        self._program["size"].value = (float(size[0]), float(size[1]))
        self._array.render(vertices=len(vertices))
