"""Draws plain scene data into an OpenGL target, from any number of views.

Colours are linear inside the shaders and encoded to sRGB at their end; a target stores what is
written, so it must be a plain 8-bit one (or an sRGB one with GL_FRAMEBUFFER_SRGB off, which is
OpenGL's default and what this renderer leaves it at).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cached_property, partial
from typing import Any, Literal

from surgisim.errors import RenderError
from surgisim.render.context import GLContext
from surgisim.render.exhibit import Inset
from surgisim.render.frame import Lamp, frame_of, lamps_of, shadow_lamp
from surgisim.render.passes import (
    CavityPass,
    DepthProgram,
    GlyphTexture,
    Grain,
    HudPass,
    InstrumentPass,
    OcclusionPass,
    PlatePass,
    ShadowMap,
    SmokePass,
    TissuePass,
)
from surgisim.render.programs import FRAME_BINDING, FRAME_DTYPE
from surgisim.render.scene import Hud, Scene
from surgisim.render.stage import Seen, Stage
from surgisim.render.view import View, Viewport, side_by_side

__all__ = ["Renderer", "Tier"]

Tier = Literal["auto", "software", "standard", "high"]

_SHADOW_SIDES = {"standard": 1024, "high": 2048}


class Renderer:
    """Draws scenes with one OpenGL context.

    Parameters
    ----------
    gl
        The context, which must stay current in this thread while drawing.
    tier
        ``"software"`` does without shadow maps and occlusion and saves on look-ups; ``"high"`` has
        shadows that widen with distance, and four samples a pixel in any target; ``"auto"`` takes
        the first where the processor draws, else ``"standard"``.

    Attributes
    ----------
    tier
        The tier in use.
    """

    def __init__(self, gl: GLContext, tier: Tier = "auto") -> None:
        if tier not in ("auto", "software", "standard", "high"):
            raise RenderError(f"tier must be auto, software, standard or high, not '{tier}'")
        automatic: Tier = "software" if gl.is_software else "standard"
        self.tier: Tier = automatic if tier == "auto" else tier
        api: Any = gl.api
        self._api = api
        software, high = self.tier == "software", self.tier == "high"
        self._grain = Grain(api, software=software)
        self._glyphs = GlyphTexture(api)
        self._lamps: Sequence[Lamp] = ()
        self._frame = api.buffer(reserve=FRAME_DTYPE.itemsize, dynamic=True)
        self._depth = DepthProgram(api)
        self._tissue = TissuePass(api, self._depth, software=software, high=high)
        self._cavity = CavityPass(api, self._depth, software=software, high=high)
        self._instruments = InstrumentPass(api, self._depth, software=software, high=high)
        self._plates = PlatePass(api)
        self._samples = 0 if software else min(4, int(api.max_samples))
        self._smoke = SmokePass(api, software=software, high=high)
        self._hud = HudPass(api, self._glyphs)
        self._shadows = None if software else ShadowMap(api, _SHADOW_SIDES[self.tier], raw=high)
        self._occlusion = None if software else OcclusionPass(api)

    def draw(
        self,
        scene: Scene,
        views: Sequence[View],
        target: Any,
        viewports: Sequence[Viewport] | None = None,
        *,
        streamed: bool = False,
        hide: Callable[[], None] | None = None,
        alpha: float = 1.0,
    ) -> None:
        """Draw one frame.

        Parameters
        ----------
        scene
            What is seen. Surfaces are brought to the GPU once a call, for all views.
        views
            From where; the HUD is written over the first one, lights on the camera ride on it.
        target
            A moderngl framebuffer.
        viewports
            One for each view; by default the target is split by `side_by_side`. Nothing is drawn
            into one without pixels.
        streamed
            Whether surfaces, lights and shadows are those of the call before, as for a second eye.
        hide
            Called once the target is cleared, to cover what is not to be drawn.
        alpha
            Of the background: 0 lets what lies behind a headset's picture through.

        Raises
        ------
        RenderError
            The views are not as many as viewports; there are more than two lights; a surface was
            not drawn before but is said to be `streamed`.
        """
        if viewports is None:
            viewports = side_by_side(len(views), target.width, target.height)
        if len(viewports) != len(views):
            raise RenderError(f"{len(views)} views need as many viewports, not {len(viewports)}")
        self._frame.bind_to_uniform_block(FRAME_BINDING)
        self._grain.use()
        self._glyphs.atlas.make_room()
        if not streamed:
            for mesh in scene.surfaces:
                self._tissue.stream(mesh, scene.blood)
            self._lamps = lamps_of(scene, views, mapped=self._shadows is not None)
            self._map_shadows(scene, self._lamps)
        if self._shadows is not None:
            self._shadows.use()
        whole = Viewport(0, 0, target.width, target.height)
        if whole not in viewports:
            target.viewport = _box(whole)
            target.clear(*scene.background, alpha, depth=1.0)
        places = list(zip(views, viewports, strict=True))
        for view, viewport in places:
            if not viewport.empty:
                self._draw_view(scene, view, viewport, target, alpha, hide)
        for index, (view, viewport) in enumerate(places):
            if viewport.empty:
                continue
            target.use()
            target.viewport = _box(viewport)
            self._hud.draw(scene, view, viewport, with_hud=index == 0)
            if scene.inset is not None and index == 0:
                self._draw_inset(scene, scene.inset, target, viewport)
        self._api.gc()

    def _draw_view(
        self,
        scene: Scene,
        view: View,
        viewport: Viewport,
        target: Any,
        alpha: float,
        hide: Callable[[], None] | None,
    ) -> None:
        """Draw the world from one view: into the target, or aside first where that is needed."""
        samples = max(int(target.samples), self._samples)
        short = self.tier == "high" and samples > int(target.samples)
        aside = view.optics is not None or short
        own = Viewport(0, 0, viewport.width, viewport.height)
        into, place = target, viewport
        if aside:
            into, place = self._plates.expose(viewport, samples), own
        lit = place if scene.exhibit is None else own  # an exhibit has targets of its own
        self._frame.write(frame_of(scene, view, lit, self._lamps))
        self._occlude(scene, view, lit)
        into.use()
        into.viewport = _box(place)
        into.clear(*scene.background, alpha, depth=1.0, viewport=_box(place))
        if hide is not None:
            hide()
        if scene.exhibit is None:
            self._draw_world(scene)
            self._smoke.draw(scene.smoke, view, into)
        else:
            world = partial(self._draw_world, scene)
            self.stage.draw(scene.exhibit, view, scene.background, world, into, place)
        if aside:
            self._plates.develop(viewport, samples, view.optics, target)

    @cached_property
    def stage(self) -> Stage:
        """What draws exhibits, made when the first one is drawn."""
        return Stage(self._api, software=self.tier == "software")

    def seen_at(
        self, scene: Scene, view: View, viewport: Viewport, pixel: tuple[float, float]
    ) -> Seen | None:
        """Find the part of the scene's exhibit under a pixel of a viewport, or None."""
        if scene.exhibit is None or viewport.empty:
            return None
        lamps = lamps_of(scene, [view], mapped=False)
        own = Viewport(0, 0, viewport.width, viewport.height)
        self._frame.bind_to_uniform_block(FRAME_BINDING)
        self._frame.write(frame_of(scene, view, own, lamps))
        return self.stage.seen_at(scene.exhibit, view, viewport, pixel)

    @cached_property
    def _inset_stage(self) -> Stage:
        return Stage(self._api, software=self.tier == "software")

    def _draw_inset(self, scene: Scene, inset: Inset, target: Any, around: Viewport) -> None:
        place = inset.viewport(around)
        own = Viewport(0, 0, place.width, place.height)
        lamps = lamps_of(scene, [inset.view], mapped=False)
        self._frame.write(frame_of(scene, inset.view, own, lamps))
        self._inset_stage.draw(
            inset.exhibit, inset.view, scene.background, lambda: None, target, place
        )

    def _map_shadows(self, scene: Scene, lamps: Sequence[Lamp]) -> None:
        """Draw what the shadow-throwing lamp sees, once for all views."""
        if self._shadows is None:
            return
        index = shadow_lamp(lamps)
        seen = None if index < 0 else lamps[index].clip_from_world
        if seen is not None:
            api = self._api
            api.enable_only(api.DEPTH_TEST)
            self._shadows.begin()
            self._depth.look(seen)
            for mesh in scene.surfaces:
                self._tissue.draw_depth(mesh)
            for instrument in scene.instruments:
                self._instruments.draw_depth(instrument, seen)

    def _occlude(self, scene: Scene, view: View, viewport: Viewport) -> None:
        """Find out how open to the body's own light each place of a view is."""
        if self._occlusion is None or not (scene.surfaces or scene.instruments):
            return
        api = self._api
        api.enable_only(api.DEPTH_TEST | api.CULL_FACE)
        self._occlusion.begin(viewport.width, viewport.height)
        clip_from_world = view.clip_from_world(viewport.aspect)
        self._depth.look(clip_from_world)
        for mesh in scene.surfaces:
            self._tissue.draw_depth(mesh)
        if scene.cavity and scene.surfaces:
            self._cavity.draw_depth(scene)
        for instrument in scene.instruments:
            self._instruments.draw_depth(instrument, clip_from_world)
        self._occlusion.finish()

    def _draw_world(self, scene: Scene) -> None:
        api = self._api
        api.enable_only(api.DEPTH_TEST | api.CULL_FACE)
        api.depth_func = "<="
        for mesh in scene.surfaces:
            self._tissue.draw(mesh, scene.suctioned)
        for instrument in scene.instruments:
            self._instruments.draw(instrument)
        if scene.cavity and scene.surfaces:
            self._cavity.draw(scene)
        api.enable(api.BLEND)
        # alpha stays that of a headset's picture: what lies on tissue lets no room through
        api.blend_func = api.SRC_ALPHA, api.ONE_MINUS_SRC_ALPHA, api.ONE, api.ONE_MINUS_SRC_ALPHA
        self._tissue.draw_char(scene.char)
        for highlight in scene.highlights:
            self._tissue.draw_highlight(highlight)
        for mark in scene.marks:
            self._tissue.draw_mark(mark, self._glyphs)

    def draw_hud(self, hud: Hud, target: Any) -> None:
        """Draw a HUD alone, over nothing, for a headset's quad layer or a compositor.

        Parameters
        ----------
        hud
            What is written.
        target
            A moderngl framebuffer with alpha: what is not written is transparent, colours are
            premultiplied with it.
        """
        viewport = Viewport(0, 0, target.width, target.height)
        self._glyphs.atlas.make_room()
        target.use()
        target.viewport = _box(viewport)
        target.clear(0.0, 0.0, 0.0, 0.0, depth=1.0)
        self._hud.draw_alone(hud, viewport)


def _box(viewport: Viewport) -> tuple[int, int, int, int]:
    return viewport.x, viewport.y, viewport.width, viewport.height
