"""What the left eye sees, in a window of the desktop. It waits for no screen and draws nothing."""

from __future__ import annotations

import ctypes
from typing import Any

import glfw

from surgisim.render.context import GLContext

__all__ = ["Mirror", "fitted"]

_READ, _DRAW = 0x8CA8, 0x8CA9
_COLOR_BIT, _LINEAR = 0x4000, 0x2601
_EVERY = 3  # frames from one picture in the window to the next


def fitted(picture: tuple[int, int], window: tuple[int, int]) -> tuple[int, int, int, int]:
    """Fit a picture into a window, whole and undistorted: left, lower, right, upper px."""
    scale = min(window[0] / max(picture[0], 1), window[1] / max(picture[1], 1))
    width, height = round(scale * picture[0]), round(scale * picture[1])
    left, lower = (window[0] - width) // 2, (window[1] - height) // 2
    return left, lower, left + width, lower + height


class Mirror:
    """Copies pictures into a window.

    Parameters
    ----------
    gl
        The window's context, with swap interval 0: the headset's rhythm is not the screen's.
    """

    def __init__(self, gl: GLContext) -> None:
        self._window = gl.glfw_window
        number, integer = ctypes.c_uint32, ctypes.c_int32
        bind = ctypes.CFUNCTYPE(None, number, number)
        blit = ctypes.CFUNCTYPE(None, *(integer,) * 8, number, number)
        self._bind: Any = bind(gl.function("glBindFramebuffer"))
        self._blit: Any = blit(gl.function("glBlitFramebuffer"))
        self._due = 0

    def show(self, framebuffer: Any) -> None:
        """Copy a framebuffer of one sample a pixel, now and then."""
        self._due = (self._due + 1) % _EVERY
        window = glfw.get_framebuffer_size(self._window)
        if self._due or min(window) < 1:
            return
        size = (framebuffer.width, framebuffer.height)
        self._bind(_READ, framebuffer.glo)
        self._bind(_DRAW, 0)
        self._blit(0, 0, *size, *fitted(size, window), _COLOR_BIT, _LINEAR)
        glfw.swap_buffers(self._window)
