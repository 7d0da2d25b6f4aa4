"""Depths alone: of what a lamp sees, for shadows, and of what the eye sees, for occlusion."""

from __future__ import annotations

from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

from surgisim.render.passes.by_size import BySize
from surgisim.render.programs import UNITS, load_program

__all__ = ["DepthProgram", "OcclusionPass", "ShadowMap"]

Floats = NDArray[np.float64]


class DepthProgram:
    """Draws nothing but depth."""

    def __init__(self, api: Any) -> None:
        self._api = api
        self._program = load_program(api, "depth", "depth", software=True)

    def array(self, content: list[Any], indices: Any) -> Any:
        """Make a vertex array for this program."""
        return self._api.vertex_array(self._program, content, indices, 4)

    def look(self, clip_from_model: Floats) -> None:
        """Set the matrix (4, 4) that the next arrays are drawn with."""
        self._program["clip_from_model"].write(np.ascontiguousarray(clip_from_model.T, np.float32))


class ShadowMap:
    """What one lamp sees, as depths; texture unit 3.

    Parameters
    ----------
    api
        The moderngl context.
    side
        Pixels along each side.
    raw
        Whether shaders read depths instead of comparisons.
    """

    def __init__(self, api: Any, side: int, *, raw: bool) -> None:
        self._texture = api.depth_texture((side, side))
        self._texture.repeat_x = self._texture.repeat_y = False
        if raw:
            self._texture.compare_func = ""
            self._texture.filter = (api.NEAREST, api.NEAREST)
        else:
            self._texture.compare_func = "<="
            self._texture.filter = (api.LINEAR, api.LINEAR)
        self._target = api.framebuffer(depth_attachment=self._texture)

    def begin(self) -> None:
        """Make it the target, cleared."""
        self._target.use()
        self._target.clear(depth=1.0)

    def use(self) -> None:
        """Bind it for reading."""
        self._texture.use(UNITS["shadow_map"])


class _Half:
    """Targets for one size of view."""

    def __init__(self, api: Any, size: tuple[int, ...]) -> None:
        self.depth = api.depth_texture(size)
        self.depth.compare_func = ""
        self.raw, self.smooth = api.texture(size, 1), api.texture(size, 1)
        for texture in (self.depth, self.raw, self.smooth):
            texture.repeat_x = texture.repeat_y = False
        self.depth.filter = (api.NEAREST, api.NEAREST)
        self.depths = api.framebuffer(depth_attachment=self.depth)
        self.rough = api.framebuffer([self.raw])
        self.done = api.framebuffer([self.smooth])


class OcclusionPass:
    """Ambient occlusion at half the size of a view; texture units 4 and 5."""

    def __init__(self, api: Any) -> None:
        self._api = api
        self._halves = BySize(partial(_Half, api), most=6)
        self._half: _Half | None = None
        self._measure = self._screen("occlusion")
        self._blur = self._screen("smooth")

    def _screen(self, fragment: str) -> Any:
        program = load_program(self._api, "screen", fragment, software=False)
        return self._api.vertex_array(program, [])

    def begin(self, width: int, height: int) -> None:
        """Make the depths of a view of this size (px) the target, cleared."""
        self._half = self._halves.get(max(width // 2, 1), max(height // 2, 1))
        self._half.depths.use()
        self._half.depths.clear(depth=1.0)

    def finish(self) -> None:
        """Turn the depths drawn since `begin` into occlusion, and bind both for reading."""
        half = self._half
        if half is None:
            return
        self._api.enable_only(self._api.NOTHING)
        half.depth.use(UNITS["scene_depth"])
        half.rough.use()
        self._measure.render(vertices=3)
        half.raw.use(UNITS["plate"])
        half.done.use()
        self._blur.render(vertices=3)
        half.smooth.use(UNITS["occlusion"])
