"""Draws the parts of an exhibit: solid ones, cut faces, glass, and which one is under a pixel."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from surgisim.render.exhibit import MOST_SPOTS, Exhibit, Part
from surgisim.render.geometry import box_corners, plane_polygon
from surgisim.render.programs import UNITS, load_program
from surgisim.render.view import View

__all__ = ["PartsPass", "assign", "set_exhibit"]

SOLID = 0.999
"""Opacity from which a part is drawn as solid."""
NO_CUT = (0.0, 0.0, 0.0, 0.0)
_ARRAYS = ("vertices", "normals", "triangles")


@dataclass(slots=True)
class _Shown:
    part: Part
    solid: Any
    winding: Any
    identity: Any
    middle: NDArray[np.float64]
    low: NDArray[np.float64]
    high: NDArray[np.float64]

    def of(self, part: Part) -> bool:
        """Whether these are the arrays of a part."""
        return all(getattr(self.part, name) is getattr(part, name) for name in _ARRAYS)


def assign(program: Any, **values: Any) -> None:
    """Set uniforms; those that a compiler left out are passed over."""
    for name, value in values.items():
        if name in program:
            program[name].value = value


def set_exhibit(program: Any, exhibit: Exhibit, cut: tuple[float, ...], part: str | None) -> None:
    """Set cut and areas of concern; `part` None means the image."""
    chosen = [h for h in exhibit.highlights if h.surface in ("", part)]
    assign(program, cut=cut, spots=len(chosen))
    if "spot" in program:
        rest = MOST_SPOTS - len(chosen)
        none = (0.0, 0.0, 0.0, 1.0)
        program["spot"].value = [(*h.point, h.radius_m) for h in chosen] + [none] * rest
        program["spot_color"].value = [(*h.color, h.strength) for h in chosen] + [none] * rest


class PartsPass:
    """Surfaces, uploaded once each."""

    def __init__(self, api: Any, *, software: bool) -> None:
        self._api = api
        shared = ("exhibit",)

        def program(vertex: str, fragment: str, also: tuple[str, ...] = shared) -> Any:
            return load_program(api, vertex, fragment, software=software, also=also)

        self._part = program("part", "part")
        self._winding = program("part", "winding")
        self._identity = program("part", "identity")
        self.cap = program("plane", "cap", ("exhibit", "image"))
        self._shown: dict[str, _Shown] = {}
        self._palette: tuple[tuple[tuple[float, ...], ...], Any] | None = None

    def upload(self, parts: Sequence[Part]) -> None:
        """Bring new parts to the GPU and forget those that are gone."""
        names = {p.name for p in parts}
        self._shown = {name: one for name, one in self._shown.items() if name in names}
        for part in parts:
            shown = self._shown.get(part.name)
            if shown is None or not shown.of(part):
                self._shown[part.name] = self._make(part)

    def _make(self, part: Part) -> _Shown:
        packed = np.concatenate([part.vertices, part.normals], axis=1).astype(np.float32)
        buffer = self._api.buffer(np.ascontiguousarray(packed))
        indices = self._api.buffer(np.ascontiguousarray(part.triangles, dtype=np.int32))
        content = [(buffer, "3f 3f", "in_position", "in_normal")]
        solid, winding, identity = (
            self._api.vertex_array(program, content, indices, 4, skip_errors=True)
            for program in (self._part, self._winding, self._identity)
        )
        used = part.vertices[np.unique(part.triangles)].astype(np.float64)
        low, high = used.min(axis=0), used.max(axis=0)
        middle = 0.5 * (low + high)
        return _Shown(part, solid, winding, identity, middle, low, high)

    def draw_solid(self, exhibit: Exhibit, cut: tuple[float, ...]) -> None:
        """Draw what is not glass."""
        api = self._api
        api.enable_only(api.DEPTH_TEST | api.CULL_FACE)
        api.cull_face = "back"
        for part in exhibit.parts:
            if part.opacity >= SOLID and self._left_over(part, cut):
                self._paint(part, exhibit, cut, glass=False)
                self._shown[part.name].solid.render()

    def draw_glass(self, exhibit: Exhibit, cut: tuple[float, ...], view: View) -> None:
        """Lay transparent parts over the picture, farther ones first, each from its far side."""
        api = self._api
        glass = [p for p in exhibit.parts if 0.0 < p.opacity < SOLID]
        glass.sort(key=lambda p: -float(np.linalg.norm(self._shown[p.name].middle - view.position)))
        api.enable_only(api.DEPTH_TEST | api.CULL_FACE | api.BLEND)
        api.blend_func = api.ONE, api.ONE_MINUS_SRC_ALPHA
        for part in glass:
            self._paint(part, exhibit, cut, glass=True)
            for culled in ("front", "back"):
                api.cull_face = culled
                self._shown[part.name].solid.render()
        api.cull_face = "back"

    def _heights(self, part: Part, cut: tuple[float, ...]) -> tuple[float, float]:
        """Bounds of how far the part's box reaches to the side that is taken away, m."""
        shown, normal = self._shown[part.name], np.asarray(cut[:3])
        middle = float(normal @ shown.middle) - cut[3]
        reach = float(np.abs(normal) @ (shown.high - shown.middle))
        return middle - reach, middle + reach

    def _left_over(self, part: Part, cut: tuple[float, ...]) -> bool:
        return not part.cut or self._heights(part, cut)[0] <= 0.0

    def _is_cut(self, part: Part, cut: tuple[float, ...]) -> bool:
        low, high = self._heights(part, cut)
        return low <= 0.0 <= high

    def _paint(self, part: Part, exhibit: Exhibit, cut: tuple[float, ...], *, glass: bool) -> None:
        set_exhibit(self._part, exhibit, cut if part.cut else NO_CUT, part.name)
        assign(self._part, paint=(*part.color, part.opacity), glass=glass)

    def draw_winding(self, exhibit: Exhibit, cut: tuple[float, ...]) -> None:
        """Sum up in which solid parts the cut lies, into a cleared float target."""
        api = self._api
        api.enable_only(api.BLEND)
        api.blend_func = api.ONE, api.ONE
        assign(self._winding, cut=cut)
        for number, part in enumerate(exhibit.parts, start=1):
            if part.cut and part.opacity >= SOLID and self._is_cut(part, cut):
                self._winding["number"].value = float(number)
                self._shown[part.name].winding.render()

    def draw_caps(self, exhibit: Exhibit, winding: Any, *, identity: bool) -> None:
        """Fill the faces that the cut leaves; the image has been bound for `cap`."""
        cut_parts = [self._shown[p.name] for p in exhibit.parts if p.cut and p.opacity >= SOLID]
        if exhibit.cut is None or not cut_parts:
            return
        low = np.min([p.low for p in cut_parts], axis=0)
        high = np.max([p.high for p in cut_parts], axis=0)
        polygon = plane_polygon(exhibit.cut, box_corners(low - 1e-4, high + 1e-4))
        if not len(polygon):
            return
        api = self._api
        api.enable_only(api.DEPTH_TEST | api.CULL_FACE)
        winding.use(UNITS["winding"])
        self._use_palette(exhibit.parts)
        set_exhibit(self.cap, exhibit, NO_CUT, None)
        assign(self.cap, identity=identity)
        buffer = api.buffer(np.ascontiguousarray(polygon, dtype=np.float32))
        array = api.vertex_array(self.cap, [(buffer, "3f", "in_position")], skip_errors=True)
        array.render(mode=api.TRIANGLE_FAN)

    def _use_palette(self, parts: Sequence[Part]) -> None:
        colors = tuple(p.color for p in parts)
        if self._palette is None or self._palette[0] != colors:
            rows = np.ones((len(colors), 4), dtype=np.float32)
            rows[:, :3] = colors
            texture = self._api.texture((len(colors), 1), 4, rows.tobytes(), dtype="f4")
            self._palette = (colors, texture)
        self._palette[1].use(UNITS["palette"])

    def draw_identity(self, exhibit: Exhibit, cut: tuple[float, ...]) -> None:
        """Write numbers and places of the parts in sight, glass included."""
        api = self._api
        api.enable_only(api.DEPTH_TEST)
        for number, part in enumerate(exhibit.parts, start=1):
            if part.opacity > 0.0:
                assign(self._identity, cut=cut if part.cut else NO_CUT, number=float(number))
                self._shown[part.name].identity.render()
