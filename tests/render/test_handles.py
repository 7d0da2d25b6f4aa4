"""The platform's own names of an OpenGL context are those of the context that is current."""

import ctypes

from surgisim.render.context import GLContext
from surgisim.render.handles import EglHandles, GlxHandles


def test_egl_names_the_context_that_is_current() -> None:
    with GLContext.egl_surfaceless() as gl:
        told = gl.handles
        assert isinstance(told, EglHandles)
        egl = ctypes.CDLL("libEGL.so.1")
        egl.eglGetCurrentContext.restype = ctypes.c_void_p
        egl.eglGetCurrentDisplay.restype = ctypes.c_void_p
        assert egl.eglGetCurrentContext() == told.context
        assert egl.eglGetCurrentDisplay() == told.display
        get = ctypes.CFUNCTYPE(ctypes.c_void_p, ctypes.c_char_p)(told.get_proc_address)
        assert get(b"glClear") == gl.function("glClear")


def test_glx_names_the_windows_context_with_its_config_and_visual(display: str) -> None:
    assert display
    with GLContext.window("handles", (64, 64), visible=False, swap_interval=0) as gl:
        told = gl.handles
        assert isinstance(told, GlxHandles)
        glx = ctypes.CDLL("libGL.so.1")
        for name in ("glXGetCurrentContext", "glXGetCurrentDisplay"):
            getattr(glx, name).restype = ctypes.c_void_p
        glx.glXGetCurrentDrawable.restype = ctypes.c_ulong
        assert glx.glXGetCurrentContext() == told.context
        assert glx.glXGetCurrentDisplay() == told.display
        assert glx.glXGetCurrentDrawable() == told.drawable
        assert told.visual > 0
        value = ctypes.c_int()
        glx.glXGetFBConfigAttrib.argtypes = [
            ctypes.c_void_p,
            ctypes.c_void_p,
            ctypes.c_int,
            ctypes.POINTER(ctypes.c_int),
        ]
        visual_id = 0x800B
        assert (
            glx.glXGetFBConfigAttrib(told.display, told.config, visual_id, ctypes.byref(value)) == 0
        )
        assert value.value == told.visual


def test_a_context_comes_back_after_another_was_made_current() -> None:
    with GLContext.egl_surfaceless() as gl, GLContext.egl_surfaceless() as other:
        other.make_current()
        gl.make_current()
        egl = ctypes.CDLL("libEGL.so.1")
        egl.eglGetCurrentContext.restype = ctypes.c_void_p
        told = gl.handles
        assert isinstance(told, EglHandles)
        assert egl.eglGetCurrentContext() == told.context
