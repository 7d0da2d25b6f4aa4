"""A window that covers the screen it is on, and comes back to where it was."""

from __future__ import annotations

from typing import Any

import glfw

__all__ = ["FullScreen", "most_covered"]

Box = tuple[int, int, int, int]
"""Left, top, width, height in screen coordinates."""


class FullScreen:
    """Switches one glfw window between the desktop and the whole screen."""

    def __init__(self, handle: Any) -> None:
        self._handle = handle
        self._before: Box | None = None

    def toggle(self) -> None:
        """Cover the screen that shows most of the window, or come back."""
        if self._before is not None:
            no_screen: Any = None  # glfw's own types leave out that there may be none
            glfw.set_window_monitor(self._handle, no_screen, *self._before, glfw.DONT_CARE)
            self._before = None
            return
        monitors = glfw.get_monitors()
        if not monitors:
            return
        box: Box = (*glfw.get_window_pos(self._handle), *glfw.get_window_size(self._handle))
        modes = [glfw.get_video_mode(monitor) for monitor in monitors]
        places = [glfw.get_monitor_pos(monitor) for monitor in monitors]
        screens = [(x, y, *mode.size) for (x, y), mode in zip(places, modes, strict=True)]
        at = most_covered(box, screens)
        self._before = box
        mode = modes[at]
        glfw.set_window_monitor(self._handle, monitors[at], 0, 0, *mode.size, mode.refresh_rate)


def most_covered(window: Box, screens: list[Box]) -> int:
    """Find the screen that shares the largest area with a window; of equals the first."""

    def shared(screen: Box) -> int:
        across = min(window[0] + window[2], screen[0] + screen[2]) - max(window[0], screen[0])
        down = min(window[1] + window[3], screen[1] + screen[3]) - max(window[1], screen[1])
        return max(across, 0) * max(down, 0)

    return max(range(len(screens)), key=lambda i: shared(screens[i]))
