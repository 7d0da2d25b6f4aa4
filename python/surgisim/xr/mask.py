"""What the lenses hide is not drawn: the runtime's mesh of it covers the near plane first.

XR_KHR_visibility_mask gives vertices on the plane z = -1 of the eye; those at (x, y) fall on
clip-space (2 x - (r + l)) / (r - l) and alike for y, with the tangents l, r, d, u of the fov.
"""

from __future__ import annotations

import ctypes
import math
from typing import Any

import numpy as np
from numpy.typing import NDArray

from surgisim.render.context import GLContext
from surgisim.render.view import Fov
from surgisim.xr.instance import Instance

__all__ = ["Mask", "hidden_mesh", "on_near_plane"]

_HIDDEN = 1  # XR_VISIBILITY_MASK_TYPE_HIDDEN_TRIANGLE_MESH_KHR
_VERTEX = "#version 330\nin vec2 at;\nvoid main() { gl_Position = vec4(at, -1.0, 1.0); }\n"
_FRAGMENT = "#version 330\nout vec4 color;\nvoid main() { color = vec4(0.0, 0.0, 0.0, 1.0); }\n"


def hidden_mesh(
    instance: Instance, session: Any, kind: int, view: int
) -> tuple[NDArray[np.float32], NDArray[np.uint32]]:
    """Ask for what one view hides: vertices (n, 2) on z = -1, and indices of triangles (3 m,)."""
    xr = instance.xr
    ask = instance.function("xrGetVisibilityMaskKHR")

    def fill(mask: Any) -> None:
        xr.exception.check_result(ask(session, kind, view, _HIDDEN, ctypes.byref(mask)))

    mask = xr.VisibilityMaskKHR()
    fill(mask)
    points, corners = int(mask.vertex_count_output), int(mask.index_count_output)
    vertices = (xr.Vector2f * max(points, 1))()
    indices = (ctypes.c_uint32 * max(corners, 1))()
    if points and corners:
        mask.vertex_capacity_input, mask.index_capacity_input = points, corners
        mask.vertices = ctypes.cast(vertices, ctypes.POINTER(xr.Vector2f))
        mask.indices = ctypes.cast(indices, ctypes.POINTER(ctypes.c_uint32))
        fill(mask)
    flat = np.array([(v.x, v.y) for v in vertices[:points]], np.float32).reshape(-1, 2)
    return flat, np.array(indices[:corners], np.uint32)


def on_near_plane(vertices: NDArray[np.float32], fov: Fov) -> NDArray[np.float32]:
    """Project vertices (n, 2) on z = -1 to clip space (n, 2)."""
    left, right, down, up = (math.tan(a) for a in (fov.left, fov.right, fov.down, fov.up))
    low = np.array([left, down])
    span = np.array([right - left, up - down])
    return np.asarray(2.0 * (vertices - low) / span - 1.0, dtype=np.float32)


class Mask:
    """Covers what one view hides."""

    def __init__(
        self, gl: GLContext, vertices: NDArray[np.float32], indices: NDArray[np.uint32]
    ) -> None:
        self._api = gl.api
        self._vertices = vertices
        self._program = self._api.program(vertex_shader=_VERTEX, fragment_shader=_FRAGMENT)
        self._buffer = self._api.buffer(reserve=max(vertices.nbytes, 8))
        corners = self._api.buffer(np.ascontiguousarray(indices))
        self._array = self._api.vertex_array(
            self._program, [(self._buffer, "2f", "at")], corners, 4
        )

    def cover(self, fov: Fov) -> None:
        """Fill the hidden part of the bound framebuffer with the nearest depth."""
        self._buffer.write(np.ascontiguousarray(on_near_plane(self._vertices, fov)))
        self._api.enable_only(self._api.DEPTH_TEST)
        self._api.depth_func = "<="
        self._array.render()
