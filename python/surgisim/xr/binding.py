"""The OpenGL context as a session wants to be told of it."""

from __future__ import annotations

import ctypes
from typing import Any

from surgisim.errors import HeadsetError
from surgisim.render.context import GLContext
from surgisim.render.handles import EglHandles, GlxHandles
from surgisim.xr.instance import Instance

__all__ = ["graphics_binding", "require_opengl"]


def require_opengl(instance: Instance, system: int) -> None:
    """Ask which OpenGL the runtime needs, as has to be done before a session is made.

    Raises
    ------
    HeadsetError
        It needs a newer one than surgisim draws with.
    """
    xr = instance.xr
    needed = xr.GraphicsRequirementsOpenGLKHR()
    ask = instance.function("xrGetOpenGLGraphicsRequirementsKHR")
    xr.exception.check_result(ask(instance.handle, system, ctypes.byref(needed)))
    least = xr.Version(needed.min_api_version_supported.number())
    if (least.major, least.minor) > (4, 5):
        raise HeadsetError(f"the runtime needs OpenGL {least.major}.{least.minor}; use another")


def graphics_binding(instance: Instance, gl: GLContext) -> Any:
    """Describe the context.

    Raises
    ------
    HeadsetError
        The runtime cannot bind to a context of this kind.
    """
    xr, handles = instance.xr, gl.handles
    if isinstance(handles, GlxHandles):
        return _glx(xr, handles)
    if "egl" not in instance.caps:
        raise HeadsetError(
            "the runtime draws beside an X11 window only (no XR_MNDX_egl_enable); start from a "
            "desktop with DISPLAY set"
        )
    return _egl(xr, handles)


def _egl(xr: Any, handles: EglHandles) -> Any:
    binding = xr.GraphicsBindingEGLMNDX()
    kinds = dict(binding._fields_)
    for field in ("display", "config", "context"):
        setattr(binding, field, ctypes.cast(getattr(handles, field), kinds[field]))
    binding.get_proc_address = ctypes.cast(handles.get_proc_address, kinds["get_proc_address"])
    return binding


def _glx(xr: Any, handles: GlxHandles) -> Any:
    binding = xr.GraphicsBindingOpenGLXlibKHR()
    kinds = dict(binding._fields_)
    binding.visualid = handles.visual
    binding.glx_drawable = handles.drawable
    binding.x_display = ctypes.cast(handles.display, kinds["x_display"])
    binding.glx_fbconfig = ctypes.cast(handles.config, kinds["glx_fbconfig"])
    binding.glx_context = ctypes.cast(handles.context, kinds["glx_context"])
    return binding
