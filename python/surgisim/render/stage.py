"""Draws an exhibit: solid things, the volume over them, glass over both, in linear light.

An exhibit has framebuffers of its own, because the volume must know how far away solid things
are, and because layers are laid over each other as light, not as the codes that a screen stores.

    solid    what the scene draws anyhow, parts, cut faces, slices; multisampled, then resolved
    winding  in how many parts the cut lies at each pixel
    cloud    the volume; at half the size where the processor draws
    glass    transparent parts and slices, against the depth of what is solid
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np

from surgisim.render.exhibit import Exhibit
from surgisim.render.geometry import plane_equation
from surgisim.render.parts import NO_CUT, SOLID, PartsPass, assign
from surgisim.render.passes.by_size import BySize
from surgisim.render.programs import UNITS, load_program
from surgisim.render.scene import Vector
from surgisim.render.view import View, Viewport
from surgisim.render.volume import VolumePass

__all__ = ["Seen", "Stage"]


@dataclass(frozen=True, slots=True)
class Seen:
    """The part under a pixel, and the place on it, m."""

    name: str
    point: Vector


@dataclass(slots=True)
class _Targets:
    size: tuple[int, int]
    solid: Any
    resolved: Any
    color: Any
    depth: Any
    winding: Any
    winding_texture: Any
    glass: Any
    glass_texture: Any
    cloud: Any
    cloud_texture: Any


class Stage:
    """Framebuffers and passes for exhibits, for one context.

    Parameters
    ----------
    api
        The moderngl context.
    software
        Whether the processor draws.

    Attributes
    ----------
    coarse
        Whether a processor draws the volume coarser than usual, while it is being turned.
    """

    def __init__(self, api: Any, *, software: bool) -> None:
        self._api = api
        samples = 0 if software else min(4, int(api.max_samples))
        self._software = software
        self.coarse = False
        self._parts = PartsPass(api, software=software)
        self._volume = VolumePass(api, software=software)
        self._compose = load_program(api, "full", "compose", software=software, also=("exhibit",))
        corners = np.array([(-1, -1), (3, -1), (-1, 3)], dtype=np.float32)
        content = [(api.buffer(corners), "2f", "in_corner")]
        self._full = api.vertex_array(self._compose, content, skip_errors=True)
        self._targets = BySize(partial(_targets, api, samples), most=4)

    @property
    def note(self) -> str:
        """What has to be said of the image, or nothing."""
        return self._volume.note

    def draw(
        self,
        exhibit: Exhibit,
        view: View,
        background: Vector,
        draw_rest: Callable[[], None],
        target: Any,
        viewport: Viewport,
    ) -> None:
        """Draw an exhibit into a viewport of a target.

        Parameters
        ----------
        exhibit, view
            What and from where.
        background
            What is behind everything, as codes.
        draw_rest
            Draws the rest of the scene into the framebuffer in use.
        target, viewport
            Where the picture goes.
        """
        to = self._sized(viewport.width, viewport.height)
        cut = _equation(exhibit)
        self._upload(exhibit)
        to.solid.use()
        to.solid.clear(*background, 1.0, depth=1.0)
        draw_rest()
        self._api.depth_func = "<="
        self._parts.draw_solid(exhibit, cut)
        self._volume.draw_slices(exhibit, cut, glass=False)
        self._draw_caps(exhibit, view, cut, to)
        if to.solid is not to.resolved:
            self._api.copy_framebuffer(to.resolved, to.solid)
        self._draw_layers(exhibit, view, cut, to)
        target.use()
        target.viewport = (viewport.x, viewport.y, viewport.width, viewport.height)
        self._lay_over(to, viewport)

    def _upload(self, exhibit: Exhibit) -> None:
        self._parts.upload(exhibit.parts)
        self._volume.upload(exhibit.image)

    def _draw_caps(
        self, exhibit: Exhibit, view: View, cut: tuple[float, ...], to: _Targets
    ) -> None:
        if not _cap_in_sight(exhibit, view, cut):
            return
        to.winding.use()
        to.winding.clear()
        self._parts.draw_winding(exhibit, cut)
        to.solid.use()
        self._volume.bind(self._parts.cap, exhibit)
        self._parts.draw_caps(exhibit, to.winding_texture, identity=False)

    def _draw_layers(
        self, exhibit: Exhibit, view: View, cut: tuple[float, ...], to: _Targets
    ) -> None:
        to.cloud.use()
        to.cloud.clear()
        scale = (to.size[0] / to.cloud.width, to.size[1] / to.cloud.height)
        self._volume.draw_cloud(exhibit, cut, view, to.depth, scale)
        to.glass.use()
        to.glass.depth_mask = False  # its depth is that of the solid things, and stays
        to.glass.clear()
        self._volume.draw_slices(exhibit, cut, glass=True)
        self._parts.draw_glass(exhibit, cut, view)

    def _lay_over(self, to: _Targets, viewport: Viewport) -> None:
        to.color.use(UNITS["solid"])
        to.cloud_texture.use(UNITS["cloud"])
        to.glass_texture.use(UNITS["glass_layer"])
        assign(self._compose, origin=(viewport.x, viewport.y))
        self._api.enable_only(self._api.NOTHING)
        self._full.render(vertices=3)

    def seen_at(
        self, exhibit: Exhibit, view: View, viewport: Viewport, pixel: tuple[float, float]
    ) -> Seen | None:
        """Find the part under a pixel (from the viewport's lower left corner); None for none.

        The frame's uniform block must be bound for this view.
        """
        api = self._api
        self._upload(exhibit)
        cut = _equation(exhibit)
        # the picture is moved so that the pixel falls on a target of one pixel
        place = (-int(pixel[0]), -int(pixel[1]), viewport.width, viewport.height)
        winding = api.texture((1, 1), 4, dtype="f4")
        found = api.texture((1, 1), 4, dtype="f4")
        sums = api.framebuffer([winding])
        one = api.framebuffer([found], api.depth_renderbuffer((1, 1)))
        if _cap_in_sight(exhibit, view, cut):
            sums.use()
            sums.viewport = place
            sums.clear()
            self._parts.draw_winding(exhibit, cut)
        one.use()
        one.clear(depth=1.0)
        one.viewport = place
        api.depth_func = "<="
        self._parts.draw_identity(exhibit, cut)
        if _cap_in_sight(exhibit, view, cut):
            self._volume.bind(self._parts.cap, exhibit)
            self._parts.draw_caps(exhibit, winding, identity=True)
        number, x, y, z = np.frombuffer(found.read(), dtype=np.float32)
        if round(float(number)) < 1:
            return None
        name = exhibit.parts[round(float(number)) - 1].name
        return Seen(name, (float(x), float(y), float(z)))

    def _sized(self, width: int, height: int) -> _Targets:
        reduction = (4 if self.coarse else 2) if self._software else 1
        return self._targets.get(width, height, reduction)


def _targets(api: Any, samples: int, wanted: tuple[int, ...]) -> _Targets:
    """Make targets for a width, a height and a reduction of the volume's size."""
    width, height, reduction = wanted
    size = (width, height)
    small = (max(-(-width // reduction), 1), max(-(-height // reduction), 1))
    color, depth = api.texture(size, 4), api.depth_texture(size)
    depth.compare_func = ""
    depth.filter = (api.NEAREST, api.NEAREST)
    resolved = api.framebuffer([color], depth)
    solid = resolved
    if samples > 1:
        solid = api.framebuffer(
            [api.renderbuffer(size, samples=samples)],
            api.depth_renderbuffer(size, samples=samples),
        )
    winding, glass = api.texture(size, 4, dtype="f4"), api.texture(size, 4, dtype="f2")
    cloud = api.texture(small, 4, dtype="f2")
    cloud.repeat_x = cloud.repeat_y = False
    return _Targets(
        size, solid, resolved, color, depth,
        api.framebuffer([winding]), winding,
        api.framebuffer([glass], depth), glass,
        api.framebuffer([cloud]), cloud,
    )  # fmt: skip


def _equation(exhibit: Exhibit) -> tuple[float, ...]:
    if exhibit.cut is None:
        return NO_CUT
    return tuple(float(v) for v in plane_equation(exhibit.cut))


def _cap_in_sight(exhibit: Exhibit, view: View, cut: tuple[float, ...]) -> bool:
    """Whether there are cut faces and the eye is on the side that was taken away."""
    if exhibit.cut is None or not any(p.cut and p.opacity >= SOLID for p in exhibit.parts):
        return False
    return float(np.dot(cut[:3], view.position)) > cut[3]
