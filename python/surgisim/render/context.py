"""OpenGL contexts: the one place that knows the operating system's ways to get one.

Two makers give the same thing, a current OpenGL 3.3 core context with moderngl on top:

- `GLContext.egl_surfaceless` needs neither a display nor a GPU (Mesa's llvmpipe draws in
  software); the EGL display and context belong to this class, so that a headset session can bind
  to them.
- `GLContext.window` is a window of the desktop through glfw, visible or hidden.

`GLContext.offscreen` takes the first that works here.
"""

from __future__ import annotations

import ctypes
import ctypes.util
import platform
import threading
from types import TracebackType
from typing import Any, Protocol

import moderngl

from surgisim.errors import RenderError
from surgisim.render.handles import EglHandles, Handles, glx_handles

__all__ = ["GLContext"]

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

_PACKAGES = "libegl1 libegl-mesa0 libgl1 libgl1-mesa-dri"
_SOFTWARE_NAMES = ("llvmpipe", "softpipe", "swrast", "software rasterizer", "swiftshader")


class _Native(Protocol):
    """What a platform must offer: load functions, become current, go away."""

    def load(self, name: str) -> int: ...
    def make_current(self) -> None: ...
    def leave(self) -> None: ...
    def handles(self) -> Handles: ...
    def release(self) -> None: ...


class _ThreadState(threading.local):
    """The context that is current in this thread.

    EGL and GLX know nothing of each other: one must be left before the other is entered.
    """

    native: _Native | None = None


_thread = _ThreadState()


def _leave() -> None:
    if _thread.native is not None:
        _thread.native.leave()
        _thread.native = None


def _enter(native: _Native) -> None:
    if _thread.native is not native:
        _leave()
    native.make_current()
    _thread.native = native


class _Loader:
    """The duck type that moderngl takes as a context that somebody else owns."""

    def __init__(self, native: _Native) -> None:
        self._native = native

    def load_opengl_function(self, name: str) -> int:
        return self._native.load(name)

    load = load_opengl_function

    def __enter__(self) -> _Loader:
        _enter(self._native)
        return self

    def __exit__(self, *_: object) -> None:
        pass

    def release(self) -> None:
        pass  # GLContext.release ends the native context after moderngl's objects


class GLContext:
    """A current OpenGL 3.3 core context and moderngl's view of it.

    Attributes
    ----------
    api
        The `moderngl.Context` that draws.
    native
        The platform's own handles (an EGL display and context, or a glfw window).
    """

    def __init__(self, native: _Native) -> None:
        self.native = native
        self._released = False
        try:
            _enter(native)
            loader: Any = _Loader(native)
            self.api: Any = moderngl.create_context(require=330, context=loader)
        except Exception as error:
            _leave()
            native.release()
            raise RenderError(
                f"OpenGL 3.3 could not be started ({error}); on Debian install {_PACKAGES}"
            ) from error
        # objects without references wait for api.gc(), which runs while this context is current
        self.api.gc_mode = "context_gc"

    @classmethod
    def egl_surfaceless(cls) -> GLContext:
        """Make a context without any display.

        Raises
        ------
        RenderError
            If EGL, its surfaceless platform or a desktop OpenGL driver is missing.
        """
        return cls(_EglSurfaceless())

    @classmethod
    def window(
        cls,
        title: str,
        size: tuple[int, int],
        *,
        visible: bool = True,
        swap_interval: int = 1,
        samples: int = 0,
    ) -> GLContext:
        """Open a window of the desktop and make its context current.

        Parameters
        ----------
        title
            What the title bar says.
        size
            Width and height in screen coordinates.
        visible
            A hidden window still gives a context.
        swap_interval
            Screen refreshes that `swap` waits for; 0 never waits.
        samples
            Multisamples a pixel.

        Raises
        ------
        RenderError
            If there is no display or it offers no OpenGL 3.3.
        """
        _leave()  # glfw makes a new window current for a moment
        return cls(_GlfwWindow(title, size, visible, swap_interval, samples))

    @classmethod
    def offscreen(cls) -> GLContext:
        """Make a context to draw pictures with: EGL on Linux, a hidden window elsewhere."""
        if platform.system() == "Linux":
            return cls.egl_surfaceless()
        return cls.window("surgisim", (64, 64), visible=False, swap_interval=0)

    @property
    def renderer_name(self) -> str:
        """The driver's name of what draws, for example ``llvmpipe (LLVM 15.0.6, 256 bits)``."""
        return str(self.api.info["GL_RENDERER"])

    @property
    def is_software(self) -> bool:
        """Whether the processor draws, not a GPU."""
        name = self.renderer_name.lower()
        return any(word in name for word in _SOFTWARE_NAMES)

    @property
    def glfw_window(self) -> Any:
        """The glfw window handle of a `window` context.

        Raises
        ------
        RenderError
            If this context has no window.
        """
        if not isinstance(self.native, _GlfwWindow):
            raise RenderError("this OpenGL context has no window; make it with GLContext.window")
        return self.native.handle

    @property
    def handles(self) -> Handles:
        """The platform's own names of this context.

        Raises
        ------
        RenderError
            On a platform that a headset cannot bind to: not X11, not EGL.
        """
        return self.native.handles()

    def function(self, name: str) -> int:
        """Return the address of one of OpenGL's functions, or 0."""
        return self.native.load(name)

    def make_current(self) -> None:
        """Make this context the calling thread's current one, whatever others did meanwhile."""
        _enter(self.native)

    def release(self) -> None:
        """Give back moderngl's objects and the native context; a second time nothing happens."""
        if self._released:
            return
        self._released = True
        _enter(self.native)
        self.api.release()
        _leave()
        self.native.release()

    def __enter__(self) -> GLContext:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.release()


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
        f"on Debian install {_PACKAGES}"
    )


class _EglSurfaceless:
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
            f"without a display; on Debian install {_PACKAGES}"
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
        return int(self._egl.eglGetProcAddress(name.encode()) or 0)

    def make_current(self) -> None:
        if not self._egl.eglMakeCurrent(self.display, None, None, self.context):
            raise self._fail("eglMakeCurrent")

    def leave(self) -> None:
        self._egl.eglMakeCurrent(self.display, None, None, None)

    def handles(self) -> Handles:
        address = ctypes.cast(self._egl.eglGetProcAddress, ctypes.c_void_p).value
        return EglHandles(int(address or 0), self.display, self.config, self.context)

    def release(self) -> None:
        # The display is shared by all contexts of the process, so it is not terminated here.
        self._egl.eglDestroyContext(self.display, self.context)


def _integers(*values: int) -> Any:
    return (ctypes.c_int32 * len(values))(*values)


class _GlfwWindow:
    """A glfw window; glfw itself stays initialised until the process ends."""

    def __init__(
        self, title: str, size: tuple[int, int], visible: bool, swap_interval: int, samples: int
    ) -> None:
        import glfw

        self._glfw: Any = glfw
        failures: list[str] = []

        def collect(_code: int, text: Any) -> None:
            failures.append(text.decode() if isinstance(text, bytes) else str(text))

        # glfw's default turns every error into a Python warning: collect them for one sentence
        glfw.set_error_callback(collect)
        if not glfw.init():
            raise _no_display(failures)
        glfw.default_window_hints()
        for hint, value in (
            (glfw.CONTEXT_VERSION_MAJOR, 3),
            (glfw.CONTEXT_VERSION_MINOR, 3),
            (glfw.OPENGL_PROFILE, glfw.OPENGL_CORE_PROFILE),
            (glfw.OPENGL_FORWARD_COMPAT, True),
            (glfw.VISIBLE, visible),
            (glfw.SAMPLES, samples),
            (glfw.DEPTH_BITS, 24),
        ):
            glfw.window_hint(hint, value)
        self.handle = glfw.create_window(*size, title, None, None)
        if not self.handle:
            raise _no_display(failures)
        self._swap_interval = swap_interval

    def load(self, name: str) -> int:
        address: Any = self._glfw.get_proc_address(name)
        return int(ctypes.cast(address, ctypes.c_void_p).value or 0) if address else 0

    def make_current(self) -> None:
        self._glfw.make_context_current(self.handle)
        self._glfw.swap_interval(self._swap_interval)  # a property of the current context

    def leave(self) -> None:
        self._glfw.make_context_current(None)

    def handles(self) -> Handles:
        if self._glfw.get_platform() != self._glfw.PLATFORM_X11:
            raise RenderError("a headset can be drawn for beside a window of X11 only, up to now")
        address = self._glfw.get_x11_display()
        context = self._glfw.get_glx_context(self.handle)
        drawable = int(self._glfw.get_glx_window(self.handle))
        display, glx = (int(ctypes.cast(p, ctypes.c_void_p).value or 0) for p in (address, context))
        return glx_handles(display, drawable, glx)

    def release(self) -> None:
        self._glfw.destroy_window(self.handle)


def _no_display(failures: list[str]) -> RenderError:
    reason = failures[-1] if failures else "glfw gave no reason"
    return RenderError(
        f"no window could be opened ({reason}); start from a graphical desktop with DISPLAY or "
        f"WAYLAND_DISPLAY set and a driver for OpenGL 3.3 (on Debian install {_PACKAGES}), "
        "or draw without a window"
    )
