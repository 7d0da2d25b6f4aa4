"""Draws plain scene data into an OpenGL target, from any number of views.

Colours are linear inside the shaders and encoded to sRGB at their end; a target stores what is
written, so it must be a plain 8-bit one (or an sRGB one with GL_FRAMEBUFFER_SRGB off, which is
OpenGL's default and what this renderer leaves it at).
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property, partial
from typing import Any, Literal

import numpy as np

from surgisim.errors import RenderError
from surgisim.render.context import GLContext
from surgisim.render.exhibit import Inset
from surgisim.render.panel import PanelSheet
from surgisim.render.passes import (
    CavityPass,
    GlyphTexture,
    Grain,
    HudPass,
    InstrumentPass,
    TissuePass,
)
from surgisim.render.programs import FRAME_BINDING, FRAME_DTYPE
from surgisim.render.scene import Scene
from surgisim.render.stage import Seen, Stage
from surgisim.render.view import View, Viewport, side_by_side

__all__ = ["Renderer", "Tier"]

Tier = Literal["auto", "software", "standard"]

_AMBIENT = (0.16, 0.095, 0.080)
_RIM_DARKENING = 0.78


class Renderer:
    """Draws scenes with one OpenGL context.

    Parameters
    ----------
    gl
        The context, which must stay current in this thread while drawing.
    tier
        ``"software"`` saves on texture look-ups and lobes; ``"auto"`` takes it where the
        processor draws.

    Attributes
    ----------
    tier
        The tier in use.
    """

    def __init__(self, gl: GLContext, tier: Tier = "auto") -> None:
        if tier not in ("auto", "software", "standard"):
            raise RenderError(f"tier must be auto, software or standard, not '{tier}'")
        automatic: Tier = "software" if gl.is_software else "standard"
        self.tier: Tier = automatic if tier == "auto" else tier
        self._api: Any = gl.api
        software = self.tier == "software"
        self._grain = Grain(self._api, software=software)
        self._glyphs = GlyphTexture(self._api)
        self._frame = self._api.buffer(reserve=FRAME_DTYPE.itemsize, dynamic=True)
        self._tissue = TissuePass(self._api, software=software)
        self._cavity = CavityPass(self._api, software=software)
        self._instruments = InstrumentPass(self._api, software=software)
        self._hud = HudPass(self._api)

    def draw(
        self,
        scene: Scene,
        views: Sequence[View],
        target: Any,
        viewports: Sequence[Viewport] | None = None,
    ) -> None:
        """Draw one frame.

        Parameters
        ----------
        scene
            What is seen. Surfaces are brought to the GPU once a call, for all views.
        views
            From where; the HUD is written over the first one.
        target
            A moderngl framebuffer.
        viewports
            One for each view; by default the target is split by `side_by_side`.
        """
        if viewports is None:
            viewports = side_by_side(len(views), target.width, target.height)
        for mesh in scene.surfaces:
            self._tissue.stream(mesh, scene.blood)
        target.use()
        target.viewport = (0, 0, target.width, target.height)
        target.clear(*scene.background, 1.0, depth=1.0)
        self._grain.use()
        for index, (view, viewport) in enumerate(zip(views, viewports, strict=True)):
            target.viewport = (viewport.x, viewport.y, viewport.width, viewport.height)
            if scene.exhibit is None:
                self._use_frame(scene, view, viewport)
                self._draw_world(scene)
            else:
                inside = Viewport(0, 0, viewport.width, viewport.height)
                self._use_frame(scene, view, inside)
                world = partial(self._draw_world, scene)
                self.stage.draw(scene.exhibit, view, scene.background, world, target, viewport)
            self._draw_hud(scene, view, viewport, with_hud=index == 0)
            if scene.inset is not None and index == 0:
                self._draw_inset(scene, scene.inset, target, viewport)
        self._api.gc()

    @cached_property
    def stage(self) -> Stage:
        """What draws exhibits, made when the first one is drawn."""
        return Stage(self._api, software=self.tier == "software")

    def seen_at(
        self, scene: Scene, view: View, viewport: Viewport, pixel: tuple[float, float]
    ) -> Seen | None:
        """Find the part of the scene's exhibit under a pixel of a viewport, or None."""
        if scene.exhibit is None:
            return None
        self._use_frame(scene, view, Viewport(0, 0, viewport.width, viewport.height))
        return self.stage.seen_at(scene.exhibit, view, viewport, pixel)

    @cached_property
    def _inset_stage(self) -> Stage:
        return Stage(self._api, software=self.tier == "software")

    def _draw_inset(self, scene: Scene, inset: Inset, target: Any, around: Viewport) -> None:
        place = inset.viewport(around)
        self._use_frame(scene, inset.view, Viewport(0, 0, place.width, place.height))
        self._inset_stage.draw(
            inset.exhibit, inset.view, scene.background, lambda: None, target, place
        )

    def _use_frame(self, scene: Scene, view: View, viewport: Viewport) -> None:
        self._frame.write(_frame(scene, view, viewport))
        self._frame.bind_to_uniform_block(FRAME_BINDING)

    def _draw_world(self, scene: Scene) -> None:
        api = self._api
        api.enable_only(api.DEPTH_TEST | api.CULL_FACE)
        api.depth_func = "<="
        for mesh in scene.surfaces:
            self._tissue.draw(mesh)
        for instrument in scene.instruments:
            self._instruments.draw(instrument)
        if scene.cavity and scene.surfaces:
            self._cavity.draw(scene.surfaces[0])
        if scene.marks or scene.highlights:
            api.enable(api.BLEND)
            api.blend_func = api.SRC_ALPHA, api.ONE_MINUS_SRC_ALPHA
            for highlight in scene.highlights:
                self._tissue.draw_highlight(highlight)
            for mark in scene.marks:
                self._tissue.draw_mark(mark, self._glyphs)

    def _draw_hud(self, scene: Scene, view: View, viewport: Viewport, *, with_hud: bool) -> None:
        sheet = PanelSheet(self._glyphs.atlas, viewport)
        for label in scene.labels:
            sheet.point_at(label, view, viewport)
        if with_hud and scene.exhibit is not None:
            sheet.write_exhibit(scene.exhibit, view)
        if with_hud and scene.hud is not None:
            sheet.write(scene.hud)
        vertices = sheet.vertices()
        if not len(vertices):
            return
        api = self._api
        api.enable_only(api.BLEND)
        api.blend_func = api.SRC_ALPHA, api.ONE_MINUS_SRC_ALPHA
        self._glyphs.use()
        self._hud.draw(vertices, (viewport.width, viewport.height))


def _frame(scene: Scene, view: View, viewport: Viewport) -> bytes:
    """Fill the uniform block of shaders/frame.glsl."""
    if len(scene.lights) > 2:
        raise RenderError(f"a scene has at most 2 lights, not {len(scene.lights)}")
    frame = np.zeros((), dtype=FRAME_DTYPE)
    frame["clip_from_world"] = view.clip_from_world(viewport.aspect).T
    frame["eye"][:3] = view.position
    middle = _middle(scene)
    for i, light in enumerate(scene.lights):
        place = np.asarray(light.position, dtype=np.float64)
        if light.on_camera:
            place = view.position + view.rotation @ place
        reach = light.reach_m or float(np.linalg.norm(place - middle))
        frame["light_position"][i] = (*place, light.strength * reach**2)
        frame["light_color"][i] = (*light.color, reach**2)
    if scene.instruments:
        first = scene.instruments[0]
        along = np.asarray(first.shaft_direction) / np.linalg.norm(first.shaft_direction)
        end = np.asarray(first.tip) + along * first.shaft_length_m
        frame["ball"] = (*first.tip, first.tip_radius_m)
        frame["shaft"] = (*end, first.shaft_radius_m)
    frame["viewport"] = (viewport.x, viewport.y, viewport.width, viewport.height)
    frame["ambient"] = (*_AMBIENT, _RIM_DARKENING)
    return frame.tobytes()


def _middle(scene: Scene) -> np.ndarray[Any, np.dtype[np.float64]]:
    if not scene.surfaces:
        return np.zeros(3)
    rest = scene.surfaces[0].rest_vertices
    return np.asarray(0.5 * (rest.min(axis=0) + rest.max(axis=0)), dtype=np.float64)
