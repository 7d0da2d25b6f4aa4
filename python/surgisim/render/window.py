"""A window of the desktop: shows scenes, and gives mouse and keyboard as plain data.

    with DesktopWindow("surgisim", camera=OrbitCamera.framing(points)) as window:
        while not (control := window.poll()).closing:
            ...                          # control.pointer.ray, control.pressed, control.depth_m
            window.present(scene)        # waits for the screen's refresh, never longer

Mouse: the pointer aims, the wheel moves the instrument in and out, the right button circles the
view or, with an endoscope, turns that about its shaft and pushes it in. Keys: see `HELP_LINES`.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, Self

import glfw

from surgisim.render.cameras import Cameras
from surgisim.render.context import GLContext
from surgisim.render.control import Control, Pointer, Request
from surgisim.render.endoscope import Endoscope
from surgisim.render.fullscreen import FullScreen
from surgisim.render.orbit import OrbitCamera
from surgisim.render.renderer import Renderer, Tier
from surgisim.render.scene import Hud, Scene
from surgisim.render.shots import Shots
from surgisim.render.view import View, Viewport

__all__ = ["HELP_LINES", "DesktopWindow"]


HELP_LINES: tuple[tuple[str, str], ...] = (
    ("mouse", "aim the probe"),
    ("wheel", "away from you: press, back: let go"),
    ("Space", "mark this place"),
    ("Enter", "finish"),
    ("right drag, arrows", "turn the view; of a scope: roll it, push it in"),
    ("R", "reset the view"),
    ("C", "next camera"),
    ("F1", "show or hide this help"),
    ("F11", "full screen or window"),
    ("F12", "save a picture"),
    ("Esc", "quit"),
)
"""What `DesktopWindow` shows under F1 by default: keys and their meanings."""

DEPTH_PER_NOTCH_M = 0.001
_TURN_PER_PIXEL = math.radians(0.3)
_TURN_PER_KEY = math.radians(4.0)
_REQUESTS: dict[int, Request] = {
    glfw.KEY_SPACE: "mark",
    glfw.KEY_ENTER: "finish",
    glfw.KEY_KP_ENTER: "finish",
    glfw.KEY_F1: "help",
    glfw.KEY_I: "image",
    glfw.KEY_R: "reset",
}
_TURNS: dict[int, tuple[float, float]] = {
    glfw.KEY_LEFT: (-_TURN_PER_KEY, 0.0),
    glfw.KEY_RIGHT: (_TURN_PER_KEY, 0.0),
    glfw.KEY_UP: (0.0, _TURN_PER_KEY),
    glfw.KEY_DOWN: (0.0, -_TURN_PER_KEY),
}


class DesktopWindow:
    """A window that shows scenes.

    Parameters
    ----------
    title
        In the title bar.
    size
        Width and height in screen coordinates.
    camera
        The view to begin with, which R comes back to.
    scopes
        Endoscopes that C changes to; their last place is both at once.
    through_scope
        Whether the first endoscope is looked through at the start.
    tier
        See `Renderer`.
    visible, swap_interval
        See `GLContext.window`.
    samples
        Multisamples a pixel; by default 4 on a GPU and none where the processor draws.
    shots
        Folder that F12 saves pictures into; without it F12 does nothing.

    Raises
    ------
    RenderError
        If there is no display.
    """

    def __init__(
        self,
        title: str = "surgisim",
        size: tuple[int, int] = (1280, 720),
        *,
        camera: OrbitCamera | None = None,
        scopes: tuple[Endoscope, ...] = (),
        through_scope: bool = False,
        tier: Tier = "auto",
        visible: bool = True,
        swap_interval: int = 1,
        samples: int | None = None,
        shots: Path | None = None,
    ) -> None:
        if samples is None:
            with GLContext.window(title, (16, 16), visible=False, swap_interval=0) as trial:
                samples = 0 if trial.is_software else 4
        self.gl = GLContext.window(
            title, size, visible=visible, swap_interval=swap_interval, samples=samples
        )
        self._handle = self.gl.glfw_window
        try:
            self.renderer = Renderer(self.gl, tier)
        except BaseException:
            self.gl.release()
            raise
        self._screen: Any = self.gl.api.detect_framebuffer(0)
        room = camera if camera is not None else OrbitCamera()
        self._home = Cameras(room, scopes, chosen=int(through_scope))
        self.cameras = self._home
        self.help_shown = False
        self.image_shown = False
        self.help_lines = HELP_LINES
        self._full_screen = FullScreen(self._handle)
        self._shots = Shots(shots)
        self._depth_m = 0.0
        self._cursor = (0.5 * size[0], 0.5 * size[1])
        self._inside = False
        self._buttons: set[str] = set()
        self._pressed: list[Request] = []
        self._holds, self._turned = False, (0.0, 0.0)
        self._connect()

    def _connect(self) -> None:
        glfw.set_cursor_pos_callback(self._handle, lambda _w, x, y: self.on_cursor(x, y))
        glfw.set_cursor_enter_callback(self._handle, lambda _w, inside: self.on_enter(bool(inside)))
        glfw.set_scroll_callback(self._handle, lambda _w, _x, y: self.on_scroll(y))
        glfw.set_mouse_button_callback(self._handle, lambda _w, b, a, _m: self.on_button(b, a))
        glfw.set_key_callback(self._handle, lambda _w, key, _s, a, _m: self.on_key(key, a))

    def on_cursor(self, x: float, y: float) -> None:
        """Move the mouse to screen coordinates from the window's upper left corner."""
        if "right" in self._buttons:
            dx, dy = x - self._cursor[0], y - self._cursor[1]
            self._turn(-dx * _TURN_PER_PIXEL, dy * _TURN_PER_PIXEL)
        self._cursor, self._inside = (x, y), True

    def on_enter(self, inside: bool) -> None:
        """Enter or leave the window."""
        self._inside = inside

    def on_scroll(self, notches: float) -> None:
        """Turn the wheel; away from the hand (positive) goes deeper."""
        self._depth_m += notches * DEPTH_PER_NOTCH_M

    def on_button(self, button: int, action: int) -> None:
        """Press or let go of a mouse button."""
        names = {
            glfw.MOUSE_BUTTON_LEFT: "left",
            glfw.MOUSE_BUTTON_RIGHT: "right",
            glfw.MOUSE_BUTTON_MIDDLE: "middle",
        }
        name = names.get(button)
        if name is None:
            return
        if action == glfw.RELEASE:
            self._buttons.discard(name)
        else:
            self._buttons.add(name)

    def on_key(self, key: int, action: int) -> None:
        """Press a key; holding an arrow key goes on turning."""
        if action == glfw.RELEASE:
            return
        if key in _TURNS:
            self._turn(*_TURNS[key])
        elif action != glfw.PRESS:
            return
        elif key == glfw.KEY_C:
            self.cameras = self.cameras.next()
        elif key == glfw.KEY_ESCAPE:
            glfw.set_window_should_close(self._handle, True)
        elif key == glfw.KEY_F11:
            self._full_screen.toggle()
        elif key == glfw.KEY_F12:
            self._shots.want()
        elif key in _REQUESTS:
            request = _REQUESTS[key]
            self.help_shown ^= request == "help"
            self.image_shown ^= request == "image"
            if request == "reset":
                self.cameras = replace(self._home, chosen=self.cameras.chosen)
            self._pressed.append(request)

    def _turn(self, sideways: float, upward: float) -> None:
        """Turn the view, or have the scope in the hand turned while it is looked through."""
        if self._holds and self.cameras.chosen:
            self._turned = (self._turned[0] + sideways, self._turned[1] + upward)
        else:
            self.cameras = self.cameras.turned(sideways, upward)

    def hold(self, scope: Endoscope) -> None:
        """Look through the scope in the hand, as it is now: its turns are told, not made here."""
        self._holds = True
        self.cameras = replace(self.cameras, scopes=(scope,))

    def set_depth(self, depth_m: float) -> None:
        """Start counting the wheel from here, for example when the instrument is lifted."""
        self._depth_m = depth_m

    def poll(self) -> Control:
        """Take in what happened since the last call, without waiting."""
        glfw.poll_events()
        pixel = self._pixel()
        pointer = Pointer(
            pixel, self.view().ray(pixel, self._viewport()), frozenset(self._buttons), self._inside
        )
        pressed, self._pressed = tuple(self._pressed), []
        closing = bool(glfw.window_should_close(self._handle))
        turned, self._turned = self._turned, (0.0, 0.0)
        return Control(pointer, self._depth_m, pressed, closing, turned)

    def begin_again(
        self,
        title: str,
        camera: OrbitCamera,
        scopes: tuple[Endoscope, ...],
        through_scope: bool = False,
    ) -> None:
        """Show something else in the same window, seen as at the start."""
        glfw.set_window_title(self._handle, title)
        self._home = self.cameras = Cameras(camera, scopes, chosen=int(through_scope))
        self.help_shown = self.image_shown = self._holds = False
        self._turned = (0.0, 0.0)
        self._pressed.clear()

    def look_from(self, camera: OrbitCamera) -> None:
        """Go to another view, which R comes back to from now on."""
        self._home = replace(self._home, room=camera)
        self.cameras = replace(self.cameras, room=camera)

    def view(self) -> View:
        """Return the view that `present` draws from, or the larger one of two."""
        return self._views()[0][0]

    def present(self, scene: Scene) -> None:
        """Draw a scene and show it; under F1 the help lies over it, and F12 saves it."""
        self.gl.make_current()
        viewport = self._viewport()
        if viewport.width > 0 and viewport.height > 0:
            views, viewports = self._views()
            shown = self.cameras.lit(self._dressed(scene))
            self.renderer.draw(shown, views, self._screen, viewports)
            self._shots.take(self._screen, (viewport.width, viewport.height))
        glfw.swap_buffers(self._handle)

    def _dressed(self, scene: Scene) -> Scene:
        """Add what the window itself has to say."""
        note = self._shots.note()
        if not (self.help_shown or note):
            return scene
        hud = scene.hud if scene.hud is not None else Hud()
        if self.help_shown:
            hud = replace(hud, help_lines=self.help_lines)
        if note:
            hud = replace(hud, hint=note)
        return replace(scene, hud=hud)

    def _views(self) -> tuple[Sequence[View], Sequence[Viewport]]:
        viewport = self._viewport()
        return self.cameras.views(viewport.width, viewport.height)

    def _viewport(self) -> Viewport:
        width, height = glfw.get_framebuffer_size(self._handle)
        return Viewport(0, 0, width, height)

    def _pixel(self) -> tuple[float, float]:
        """Mouse in framebuffer pixels: on dense screens they are finer than screen coordinates."""
        width, height = glfw.get_window_size(self._handle)
        viewport = self._viewport()
        x = self._cursor[0] * viewport.width / max(width, 1)
        y = self._cursor[1] * viewport.height / max(height, 1)
        return x, viewport.height - y

    def release(self) -> None:
        """Close the window."""
        self.gl.release()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.release()
