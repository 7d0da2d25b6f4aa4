"""A picture that is drawn aside first, and then seen through an endoscope's optics."""

from __future__ import annotations

from functools import partial
from typing import Any

from surgisim.render.optics import Optics
from surgisim.render.passes.by_size import BySize
from surgisim.render.programs import UNITS, load_program
from surgisim.render.view import Viewport

__all__ = ["PlatePass"]

_DROPLETS = 12  # places in shaders/optics.frag


class _Plate:
    """Targets for a width, height and number of samples, and what was drawn as a texture."""

    def __init__(self, api: Any, key: tuple[int, ...]) -> None:
        size, samples = key[:2], key[2]
        self.texture = api.texture(size, 4)
        self.texture.repeat_x = self.texture.repeat_y = False
        if samples > 1:
            color = api.renderbuffer(size, samples=samples)
            depth = api.depth_renderbuffer(size, samples=samples)
            self.exposed = api.framebuffer([color], depth)
            self.plain = api.framebuffer([self.texture])
        else:
            self.exposed = api.framebuffer([self.texture], api.depth_renderbuffer(size))
            self.plain = self.exposed


class PlatePass:
    """Draws through a plate of the view's own size; texture unit 6."""

    def __init__(self, api: Any) -> None:
        self._api = api
        self._program = load_program(api, "screen", "optics", software=True)
        self._array = api.vertex_array(self._program, [])
        self._plates = BySize(partial(_Plate, api), most=6)

    def expose(self, viewport: Viewport, samples: int) -> Any:
        """Return a framebuffer of a viewport's size to draw into, cleared by the caller."""
        return self._plates.get(viewport.width, viewport.height, samples).exposed

    def develop(self, viewport: Viewport, samples: int, optics: Optics | None, target: Any) -> None:
        """Bring what was drawn since `expose` to its place in the target, through `optics`."""
        plate = self._plates.get(viewport.width, viewport.height, samples)
        if plate.plain is not plate.exposed:
            self._api.copy_framebuffer(plate.plain, plate.exposed)
        self._set(optics, viewport)
        if optics is not None and (optics.fogging > 0.0 or optics.droplets):
            plate.texture.build_mipmaps()
            plate.texture.filter = (self._api.LINEAR_MIPMAP_LINEAR, self._api.LINEAR)
        else:
            plate.texture.filter = (self._api.LINEAR, self._api.LINEAR)
        plate.texture.use(UNITS["plate"])
        target.use()
        target.viewport = (viewport.x, viewport.y, viewport.width, viewport.height)
        self._api.enable_only(self._api.NOTHING)
        self._array.render(vertices=3)

    def _set(self, optics: Optics | None, viewport: Viewport) -> None:
        program = self._program
        if optics is None:
            program["field"].value = (0.0, 0.0, 0.0, 0.0)
            program["droplet_count"].value = 0
            return
        radius = optics.field_radius
        across = radius / max(viewport.aspect, 1e-9)
        program["field"].value = (across, radius, optics.distortion, optics.vignette)
        program["fogging"].value = optics.fogging
        drops = [(*drop, 0.0) for drop in optics.droplets]
        program["droplets"].value = drops + [(0.0, 0.0, 1.0, 0.0)] * (_DROPLETS - len(drops))
        program["droplet_count"].value = len(drops)
