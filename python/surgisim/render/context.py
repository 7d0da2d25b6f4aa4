"""OpenGL contexts: a current OpenGL 3.3 core context with moderngl on top.

Two makers give the same thing:

- `GLContext.egl_surfaceless` needs neither a display nor a GPU (Mesa's llvmpipe draws in
  software), see `surgisim.render.egl`.
- `GLContext.window` is a window of the desktop through glfw, visible or hidden, see
  `surgisim.render.glfw_window`.

`GLContext.offscreen` takes the first that works here.
"""

from __future__ import annotations

import platform
import threading
from typing import Any, Self

import moderngl

from surgisim.errors import RenderError
from surgisim.render.egl import EglSurfaceless
from surgisim.render.glfw_window import GlfwWindow
from surgisim.render.handles import Handles
from surgisim.render.native import PACKAGES, Native

__all__ = ["GLContext"]

_SOFTWARE_NAMES = ("llvmpipe", "softpipe", "swrast", "software rasterizer", "swiftshader")


class _ThreadState(threading.local):
    """The context that is current in this thread.

    EGL and GLX know nothing of each other: one must be left before the other is entered.
    """

    native: Native | None = None


_thread = _ThreadState()


def _leave() -> None:
    if _thread.native is not None:
        _thread.native.leave()
        _thread.native = None


def _enter(native: Native) -> None:
    if _thread.native is not native:
        _leave()
    native.make_current()
    _thread.native = native


class _Loader:
    """The duck type that moderngl takes as a context that somebody else owns."""

    def __init__(self, native: Native) -> None:
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

    def __init__(self, native: Native) -> None:
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
                f"OpenGL 3.3 could not be started ({error}); on Debian install {PACKAGES}"
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
        return cls(EglSurfaceless())

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
        return cls(GlfwWindow(title, size, visible, swap_interval, samples))

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
        if not isinstance(self.native, GlfwWindow):
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

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.release()
