"""An OpenGL context without a display: EGL on Mesa's surfaceless platform.

EGL's display, config and context belong to the class here, so that a headset session can bind to
them.
"""

from __future__ import annotations

import ctypes
import ctypes.util
from typing import Any

from surgisim.errors import RenderError
from surgisim.render.handles import EglHandles, Handles
from surgisim.render.native import PACKAGES

__all__ = ["EglSurfaceless"]

_EGL_PLATFORM_SURFACELESS_MESA = 0x31DD
_EGL_OPENGL_API = 0x30A2
_EGL_OPENGL_BIT = 0x0008
_EGL_SURFACE_TYPE = 0x3033
_EGL_PBUFFER_BIT = 0x0001
_EGL_RENDERABLE_TYPE = 0x3040
_EGL_RED_SIZE, _EGL_GREEN_SIZE, _EGL_BLUE_SIZE, _EGL_DEPTH_SIZE = 0x3024, 0x3023, 0x3022, 0x3025
_EGL_CONTEXT_MAJOR, _EGL_CONTEXT_MINOR = 0x3098, 0x30FB
_EGL_CONTEXT_PROFILE_MASK, _EGL_CORE_PROFILE = 0x30FD, 0x0001
_EGL_NONE = 0x3038


def _load_library(name: str, soname: str) -> ctypes.CDLL:
    for candidate in (soname, ctypes.util.find_library(name)):
        if candidate is None:
            continue
        try:
            return ctypes.CDLL(candidate, mode=ctypes.RTLD_GLOBAL)
        except OSError:
            continue
    raise RenderError(
        f"drawing without a display needs the library {soname}, which is not installed; "
        f"on Debian install {PACKAGES}"
    )


class EglSurfaceless:
    """EGL display, config and context on Mesa's surfaceless platform."""

    def __init__(self) -> None:
        self._egl = _load_library("EGL", "libEGL.so.1")
        _load_library("GL", "libGL.so.1")  # core functions that eglGetProcAddress may not give
        self._declare()
        self.display = self._open_display()
        self.config = self._choose_config()
        self.context = self._make_context()

    def _declare(self) -> None:
        pointer, integer, boolean = ctypes.c_void_p, ctypes.c_int32, ctypes.c_uint32
        integers = ctypes.POINTER(ctypes.c_int32)
        signatures: dict[str, tuple[Any, list[Any]]] = {
            "eglGetProcAddress": (pointer, [ctypes.c_char_p]),
            "eglInitialize": (boolean, [pointer, integers, integers]),
            "eglBindAPI": (boolean, [ctypes.c_uint32]),
            "eglChooseConfig": (
                boolean,
                [pointer, integers, ctypes.POINTER(pointer), integer, integers],
            ),
            "eglCreateContext": (pointer, [pointer, pointer, pointer, integers]),
            "eglMakeCurrent": (boolean, [pointer, pointer, pointer, pointer]),
            "eglDestroyContext": (boolean, [pointer, pointer]),
            "eglTerminate": (boolean, [pointer]),
            "eglGetError": (integer, []),
        }
        for name, (result, arguments) in signatures.items():
            function = getattr(self._egl, name)
            function.restype, function.argtypes = result, arguments

    def _fail(self, what: str) -> RenderError:
        return RenderError(
            f"{what} failed (EGL error 0x{self._egl.eglGetError():04x}), so nothing can be drawn "
            f"without a display; on Debian install {PACKAGES}"
        )

    def _open_display(self) -> int:
        address = self._egl.eglGetProcAddress(b"eglGetPlatformDisplayEXT")
        if not address:
            raise self._fail("finding eglGetPlatformDisplayEXT")
        get_display = ctypes.CFUNCTYPE(
            ctypes.c_void_p, ctypes.c_uint32, ctypes.c_void_p, ctypes.c_void_p
        )(address)
        display = get_display(_EGL_PLATFORM_SURFACELESS_MESA, None, None)
        if not display:
            raise self._fail("opening EGL's surfaceless platform")
        major, minor = ctypes.c_int32(), ctypes.c_int32()
        if not self._egl.eglInitialize(display, ctypes.byref(major), ctypes.byref(minor)):
            raise self._fail("eglInitialize")
        if not self._egl.eglBindAPI(_EGL_OPENGL_API):
            raise self._fail("choosing desktop OpenGL")
        return int(display)

    def _choose_config(self) -> int:
        wanted = _integers(
            *(_EGL_SURFACE_TYPE, _EGL_PBUFFER_BIT, _EGL_RENDERABLE_TYPE, _EGL_OPENGL_BIT),
            *(_EGL_RED_SIZE, 8, _EGL_GREEN_SIZE, 8, _EGL_BLUE_SIZE, 8, _EGL_DEPTH_SIZE, 24),
            _EGL_NONE,
        )
        config, count = ctypes.c_void_p(), ctypes.c_int32()
        found = self._egl.eglChooseConfig(
            self.display, wanted, ctypes.byref(config), 1, ctypes.byref(count)
        )
        if not found or count.value < 1 or config.value is None:
            raise self._fail("eglChooseConfig")
        return config.value

    def _make_context(self) -> int:
        wanted = _integers(
            *(_EGL_CONTEXT_MAJOR, 3, _EGL_CONTEXT_MINOR, 3),
            *(_EGL_CONTEXT_PROFILE_MASK, _EGL_CORE_PROFILE),
            _EGL_NONE,
        )
        context = self._egl.eglCreateContext(self.display, self.config, None, wanted)
        if not context:
            raise self._fail("eglCreateContext for OpenGL 3.3")
        return int(context)

    def load(self, name: str) -> int:
        """Return the address of one of OpenGL's functions, or 0."""
        return int(self._egl.eglGetProcAddress(name.encode()) or 0)

    def make_current(self) -> None:
        """Make it the calling thread's current context."""
        if not self._egl.eglMakeCurrent(self.display, None, None, self.context):
            raise self._fail("eglMakeCurrent")

    def leave(self) -> None:
        """Leave the calling thread without a context."""
        self._egl.eglMakeCurrent(self.display, None, None, None)

    def handles(self) -> Handles:
        """Return the platform's own names of it."""
        address = ctypes.cast(self._egl.eglGetProcAddress, ctypes.c_void_p).value
        return EglHandles(int(address or 0), self.display, self.config, self.context)

    def release(self) -> None:
        """Let go of it for good."""
        # The display is shared by all contexts of the process, so it is not terminated here.
        self._egl.eglDestroyContext(self.display, self.context)


def _integers(*values: int) -> Any:
    return (ctypes.c_int32 * len(values))(*values)
