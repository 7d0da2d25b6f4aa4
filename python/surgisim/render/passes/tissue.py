"""Organs, and what is written on them.

Topology goes to the GPU once, the packed surface each frame.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from surgisim.errors import RenderError
from surgisim.render.materials import look_of
from surgisim.render.passes.depth import DepthProgram
from surgisim.render.passes.textures import GlyphTexture
from surgisim.render.programs import load_program
from surgisim.render.scene import BloodPool, Char, Highlight, Mark, Suctioned, SurfaceMesh, Vector
from surgisim.render.thickness import margin_thickness
from surgisim.render.tissue import DisplaySurface
from surgisim.vectors import as_vector

__all__ = ["TissuePass"]

_PACKED = ("3f 3f 1f 1f", "in_position", "in_normal", "in_openness", "in_blood")
_INK: tuple[float, float, float, float] = (0.030, 0.035, 0.22, 0.93)
_NOTHING = np.zeros((1, 3), dtype=np.int32)  # without area: no buffer may be empty
_SUCKED = 8  # places in shaders/tissue.vert
_DIGIT_SIZE = 44
"""Pixels of the letters in marks: enough for the closest look."""


@dataclass(slots=True)
class _Shown:
    """One surface on the GPU."""

    shape: tuple[int, int, int]
    display: DisplaySurface
    thickness: NDArray[np.float32]
    packed: NDArray[np.float32]
    stream: Any
    rest: Any
    array: Any
    depths: Any
    indices: Any
    spots: dict[tuple[int, Vector, float], Any]
    drawn: set[tuple[int, Vector, float]]  # keys of those spots that this frame shows


class TissuePass:
    """Organs, and what is written on them."""

    def __init__(self, api: Any, depth: DepthProgram, *, software: bool, high: bool) -> None:
        self._api = api
        self._depth = depth
        self._translucent = not software
        self._tissue = load_program(api, "tissue", "tissue", software=software, high=high)
        self._ink = load_program(api, "tissue", "ink", software=software, high=high)
        self._char = load_program(api, "tissue", "char", software=software, high=high)
        self._shown: dict[str, _Shown] = {}

    def stream(self, mesh: SurfaceMesh, pools: tuple[BloodPool, ...]) -> None:
        """Bring a surface's place in this frame to the GPU."""
        shown = self._shown.get(mesh.name)
        if shown is None or shown.shape != _shape(mesh):
            shown = self._shown[mesh.name] = self._upload(mesh)
        # a spot that moves or grows is a new one in every frame: the old ones go
        shown.spots = {key: shown.spots[key] for key in shown.drawn}
        shown.drawn.clear()
        own = tuple(pool for pool in pools if pool.surface == mesh.name)
        shown.display.frame(mesh, own, shown.packed)
        # The driver may still draw from the old memory; without it, it need not be waited for.
        shown.stream.orphan()
        shown.stream.write(shown.packed)

    def _upload(self, mesh: SurfaceMesh) -> _Shown:
        display = DisplaySurface(mesh)
        packed = np.zeros((len(display.rest), 8), dtype=np.float32)
        stream = self._api.buffer(reserve=packed.nbytes, dynamic=True)
        thickness = self._thickness(mesh.name, display)
        fixed = np.concatenate([display.rest, thickness[:, None]], axis=1)
        rest = self._api.buffer(np.ascontiguousarray(fixed, dtype=np.float32))
        shown = display.triangles if len(display.triangles) else _NOTHING
        indices = self._api.buffer(np.ascontiguousarray(shown))
        array = self._array(self._tissue, stream, rest, indices)
        depths = self._depth.array([(stream, "3f 20x", "in_position")], indices)
        buffers = (stream, rest, array, depths, indices)
        return _Shown(_shape(mesh), display, thickness, packed, *buffers, {}, set())

    def _thickness(self, name: str, display: DisplaySurface) -> NDArray[np.float32]:
        """How thick the organ is under each vertex, where light is to shine through."""
        if not self._translucent:
            return np.zeros(len(display.rest), dtype=np.float32)
        before = self._shown.get(name)
        known = None if before is None else (before.display.rest, before.thickness)
        return margin_thickness(display.rest, display.triangles, known)

    def _array(self, program: Any, stream: Any, rest: Any, indices: Any) -> Any:
        content = [(stream, *_PACKED), (rest, "4f", "in_rest")]
        return self._api.vertex_array(program, content, indices, 4, skip_errors=True)

    def draw(self, mesh: SurfaceMesh, suctioned: tuple[Suctioned, ...] = ()) -> None:
        """Draw a streamed surface."""
        self._suck([s for s in suctioned if s.surface == mesh.name])
        look = look_of(mesh.material)
        for name in ("deep", "pale", "wrap", "sheen"):
            self._tissue[name].value = getattr(look, name)
        self._tissue["surface"].value = (look.roughness, look.relief, look.lobules, look.vessels)
        self._streamed(mesh).array.render()

    def draw_depth(self, mesh: SurfaceMesh) -> None:
        """Draw a streamed surface's depth."""
        self._streamed(mesh).depths.render()

    def _streamed(self, mesh: SurfaceMesh) -> _Shown:
        if mesh.name not in self._shown:
            raise RenderError(
                f"surface '{mesh.name}' is said to be streamed but was never drawn; draw it anew"
            )
        return self._shown[mesh.name]

    def _suck(self, places: list[Suctioned]) -> None:
        """Tell the shader where blood was taken away; the latest places count."""
        latest = places[-_SUCKED:]
        spheres = [(*place.point, place.radius_m) for place in latest]
        spheres += [(0.0, 0.0, 0.0, 1.0)] * (_SUCKED - len(latest))
        self._tissue["sucked"].value = spheres
        self._tissue["sucked_count"].value = len(latest)

    def draw_mark(self, mark: Mark, glyphs: GlyphTexture) -> None:
        """Draw a numbered dot onto its surface."""
        digits = str(mark.number)[-3:]
        boxes = [glyphs.atlas.glyph(digit, _DIGIT_SIZE).box for digit in digits]
        boxes += [(0.0, 0.0, 0.0, 0.0)] * (3 - len(digits))
        glyphs.use()
        right, up = _tangents(mark.normal)
        self._ink["right"].value, self._ink["up"].value = right, up
        self._ink["digit_box"].value = boxes
        self._draw_ink(mark, _INK, len(digits))

    def draw_highlight(self, highlight: Highlight) -> None:
        """Tint a region of its surface."""
        self._draw_ink(highlight, (*highlight.color, highlight.strength), 0)

    def draw_char(self, burnt: Sequence[Char]) -> None:
        """Burn spots into their surfaces: what is pale, what is brown, what is black."""
        for layer in range(3):
            self._char["layer"].value = layer
            for char in burnt:
                self._char["depth"].value = char.depth
                self._draw_over(self._char, char)

    def _draw_ink(
        self, spot: Mark | Highlight, color: tuple[float, float, float, float], digits: int
    ) -> None:
        self._ink["ink"].value = color
        self._ink["digits"].value = digits
        self._draw_over(self._ink, spot)

    def _draw_over(self, program: Any, spot: Mark | Highlight | Char) -> None:
        """Draw those triangles again that a spot lies on."""
        shown = self._shown.get(spot.surface)
        if shown is None:
            return
        key = (program.glo, spot.point, spot.radius_m)
        if key not in shown.spots:
            shown.spots[key] = self._over(shown, program, spot)
        shown.drawn.add(key)
        array = shown.spots[key]
        if array is not None:
            program["center"].value = (*spot.point, spot.radius_m)
            array.render()

    def _over(self, shown: _Shown, program: Any, spot: Mark | Highlight | Char) -> Any:
        """Make an array of the triangles that a spot lies on; None where it lies beside all."""
        triangles = shown.display.nearby(spot.point, 1.3 * spot.radius_m)
        if not len(triangles):
            return None
        indices = self._api.buffer(np.ascontiguousarray(triangles))
        return self._array(program, shown.stream, shown.rest, indices)


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
    return as_vector(right), as_vector(up)


def _shape(mesh: SurfaceMesh) -> tuple[int, int, int]:
    """Tell what a surface's buffers were made for."""
    return mesh.topology, mesh.subdivisions, id(mesh.fine)
