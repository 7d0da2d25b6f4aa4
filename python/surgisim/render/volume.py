"""Draws an exhibit's image: slices, and the volume as a cloud."""

from __future__ import annotations

from typing import Any

import numpy as np

from surgisim.render.exhibit import Exhibit, Slice, VolumeImage
from surgisim.render.geometry import plane_polygon
from surgisim.render.parts import assign, set_exhibit
from surgisim.render.programs import UNITS, load_program
from surgisim.render.view import View
from surgisim.render.volume_texture import VolumeTexture

__all__ = ["VolumePass"]

SOLID = 0.999


class VolumePass:
    """One image: its texture is kept as long as the same values are shown."""

    def __init__(self, api: Any, *, software: bool) -> None:
        self._api = api
        # a step is this share of the distance between voxels
        self._step = 1.0 if software else 0.5
        self._slice = load_program(
            api, "plane", "slice", software=software, also=("exhibit", "image")
        )
        self._march = load_program(
            api, "full", "march", software=software, also=("exhibit", "image")
        )
        corners = np.array([(-1, -1), (3, -1), (-1, 3)], dtype=np.float32)
        content = [(api.buffer(corners), "2f", "in_corner")]
        self._full = api.vertex_array(self._march, content, skip_errors=True)
        self._texture: VolumeTexture | None = None

    @property
    def note(self) -> str:
        """What has to be said of the image in video memory."""
        return self._texture.note if self._texture else ""

    def upload(self, image: VolumeImage | None) -> None:
        """Bring the image to the GPU unless it is there."""
        if image is not None and (
            self._texture is None or self._texture.source is not image.values
        ):
            self._texture = None  # gives the memory back before new memory is taken
            self._api.gc()
            self._texture = VolumeTexture(self._api, image)

    def bind(self, program: Any, exhibit: Exhibit) -> None:
        """Give a program the image and its grey window."""
        assign(program, has_image=exhibit.image is not None)
        if exhibit.image is None or self._texture is None:
            return
        texture = self._texture
        texture.use()
        matrix = texture.texture_from_voxel @ np.linalg.inv(exhibit.image.affine)
        assign(
            program,
            image_range=(texture.low, texture.high),
            grey_range=exhibit.window.ends,
        )
        program["texture_from_world"].write(np.ascontiguousarray(matrix.T, dtype=np.float32))

    def draw_slices(self, exhibit: Exhibit, cut: tuple[float, ...], *, glass: bool) -> None:
        """Draw the slices that are solid, or those that are not."""
        if exhibit.image is None:
            return
        api = self._api
        api.enable_only(api.DEPTH_TEST | (api.BLEND if glass else api.NOTHING))
        api.blend_func = api.ONE, api.ONE_MINUS_SRC_ALPHA
        self.bind(self._slice, exhibit)
        set_exhibit(self._slice, exhibit, cut, None)
        for one in exhibit.slices:
            if (one.opacity < SOLID) == glass and one.opacity > 0.0:
                self._draw_slice(one, exhibit.image, glass=glass)

    def _draw_slice(self, one: Slice, image: VolumeImage, *, glass: bool) -> None:
        polygon = plane_polygon(one.plane, image.corners())
        if not len(polygon):
            return
        hollow = one.empty_below is not None
        assign(
            self._slice, opacity=one.opacity, glass=glass, hollow=hollow,
            empty_below=one.empty_below if hollow else 0.0,
        )  # fmt: skip
        buffer = self._api.buffer(np.ascontiguousarray(polygon, dtype=np.float32))
        array = self._api.vertex_array(
            self._slice, [(buffer, "3f", "in_position")], skip_errors=True
        )
        array.render(mode=self._api.TRIANGLE_FAN)

    def draw_cloud(
        self,
        exhibit: Exhibit,
        cut: tuple[float, ...],
        view: View,
        depth: Any,
        scale: tuple[float, float],
    ) -> None:
        """March through the volume; `depth` is the texture of what is solid."""
        if exhibit.image is None or exhibit.volume is None or self._texture is None:
            return
        texture, shown = self._texture, exhibit.volume
        self.bind(self._march, exhibit)
        texture.use_transfer(shown.transfer)
        depth.use(UNITS["solid_depth"])
        set_exhibit(self._march, exhibit, cut, None)
        assign(
            self._march,
            depth_scale=scale,
            step_m=self._step * texture.spacing_m(exhibit.image),
            density=shown.density,
            boundary=shown.transfer.gradient,
        )
        size = depth.size
        inverse = np.linalg.inv(view.clip_from_world(size[0] / size[1]))
        self._march["world_from_clip"].write(np.ascontiguousarray(inverse.T, dtype=np.float32))
        self._api.enable_only(self._api.NOTHING)
        self._full.render(vertices=3)
