"""The platform's own names of an OpenGL context, for whoever has to bind to it, as OpenXR does."""

from __future__ import annotations

import ctypes
import ctypes.util
from dataclasses import dataclass
from typing import Any

from surgisim.errors import RenderError

__all__ = ["EglHandles", "GlxHandles", "Handles", "glx_handles"]

_GLX_FBCONFIG_ID = 0x8013


@dataclass(frozen=True, slots=True)
class EglHandles:
    """Addresses: EGL's display, config and context, and of eglGetProcAddress."""

    get_proc_address: int
    display: int
    config: int
    context: int


@dataclass(frozen=True, slots=True)
class GlxHandles:
    """X11's display (an address), the context and its config (addresses), window and visual."""

    display: int
    visual: int
    config: int
    drawable: int
    context: int


Handles = EglHandles | GlxHandles


class _VisualInfo(ctypes.Structure):
    """The head of Xlib's XVisualInfo."""

    _fields_ = (("visual", ctypes.c_void_p), ("visualid", ctypes.c_ulong))


def glx_handles(display: int, drawable: int, context: int) -> GlxHandles:
    """Complete a GLX context by the config that it was made with, and that config's visual.

    Raises
    ------
    RenderError
        libGL or libX11 does not tell.
    """
    gl, x11 = (_library(name) for name in ("GL", "X11"))
    pointer, integer = ctypes.c_void_p, ctypes.c_int
    gl.glXQueryContext.argtypes = [pointer, pointer, integer, ctypes.POINTER(integer)]
    gl.glXChooseFBConfig.argtypes = [pointer, integer, pointer, ctypes.POINTER(integer)]
    gl.glXChooseFBConfig.restype = ctypes.POINTER(pointer)
    gl.glXGetVisualFromFBConfig.argtypes = [pointer, pointer]
    gl.glXGetVisualFromFBConfig.restype = ctypes.POINTER(_VisualInfo)
    x11.XDefaultScreen.argtypes = [pointer]
    x11.XFree.argtypes = [pointer]
    number, count = integer(), integer()
    gl.glXQueryContext(display, context, _GLX_FBCONFIG_ID, ctypes.byref(number))
    wanted = (integer * 3)(_GLX_FBCONFIG_ID, number.value, 0)
    screen = x11.XDefaultScreen(display)
    configs = gl.glXChooseFBConfig(display, screen, wanted, ctypes.byref(count))
    if not configs or count.value < 1:
        raise RenderError("GLX does not tell how the window's context was made")
    config = int(configs[0] or 0)
    visual = gl.glXGetVisualFromFBConfig(display, config)
    visual_id = int(visual.contents.visualid) if visual else 0
    for told in (visual, configs):
        if told:
            x11.XFree(told)
    return GlxHandles(display, visual_id, config, drawable, context)


def _library(name: str) -> Any:
    path = ctypes.util.find_library(name)
    if path is None:
        raise RenderError(f"lib{name} is not installed; a headset beside an X11 window needs it")
    return ctypes.CDLL(path)
