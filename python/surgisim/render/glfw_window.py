"""An OpenGL context in a window of the desktop, visible or hidden, through glfw."""

from __future__ import annotations

import ctypes
from typing import Any

from surgisim.errors import RenderError
from surgisim.render.handles import Handles, glx_handles
from surgisim.render.native import PACKAGES

__all__ = ["GlfwWindow"]


class GlfwWindow:
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
        """Return the address of one of OpenGL's functions, or 0."""
        address: Any = self._glfw.get_proc_address(name)
        return int(ctypes.cast(address, ctypes.c_void_p).value or 0) if address else 0

    def make_current(self) -> None:
        """Make it the calling thread's current context."""
        self._glfw.make_context_current(self.handle)
        self._glfw.swap_interval(self._swap_interval)  # a property of the current context

    def leave(self) -> None:
        """Leave the calling thread without a context."""
        self._glfw.make_context_current(None)

    def handles(self) -> Handles:
        """Return the platform's own names of it."""
        if self._glfw.get_platform() != self._glfw.PLATFORM_X11:
            raise RenderError("a headset can be drawn for beside a window of X11 only, up to now")
        address = self._glfw.get_x11_display()
        context = self._glfw.get_glx_context(self.handle)
        drawable = int(self._glfw.get_glx_window(self.handle))
        display, glx = (int(ctypes.cast(p, ctypes.c_void_p).value or 0) for p in (address, context))
        return glx_handles(display, drawable, glx)

    def release(self) -> None:
        """Let go of it for good."""
        self._glfw.destroy_window(self.handle)


def _no_display(failures: list[str]) -> RenderError:
    reason = failures[-1] if failures else "glfw gave no reason"
    return RenderError(
        f"no window could be opened ({reason}); start from a graphical desktop with DISPLAY or "
        f"WAYLAND_DISPLAY set and a driver for OpenGL 3.3 (on Debian install {PACKAGES}), "
        "or draw without a window"
    )
