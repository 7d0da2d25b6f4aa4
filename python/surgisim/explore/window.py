"""The window in which anatomy is explored.

The list at the left is clicked to hide and show parts; keys act on the part under the mouse,
whether it is pointed at in the list or in the picture. `KEYS` says what each key does.
"""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import glfw

from surgisim.explore.looking import Looking
from surgisim.explore.subject import Subject
from surgisim.render.body_camera import BodyCamera
from surgisim.render.exhibit import Panel
from surgisim.render.panel import PanelLayout, panel_layout
from surgisim.render.renderer import Tier
from surgisim.render.scene import Hud, Scene, Vector
from surgisim.render.window import DesktopWindow
from surgisim.vectors import as_vector

__all__ = ["HELP", "ExplorerWindow"]

HELP: tuple[tuple[str, str], ...] = (
    ("left drag, arrows", "turn"),
    ("middle drag", "move"),
    ("wheel", "move cut or slices; over the list scroll"),
    ("Ctrl + wheel, + -", "nearer, farther"),
    ("right drag", "grey: width and level; W resets"),
    ("click in the list", "hide or show; right click: transparent"),
    ("H T S O", "part under the mouse: hide, transparent, alone, others transparent"),
    ("A", "show all parts"),
    ("1 2 3 4", "axial, coronal, sagittal slice, one across the line of sight"),
    ("C X", "cut: next plane, other side"),
    ("K", "cut across the line of sight"),
    ("V", "volume rendering: next preset"),
    ("F B L J U N", "from the front, back, left, right, feet, head"),
    ("R", "reset the view"),
    ("P", "list on or off"),
    ("F1 F11 F12 Esc", "help, full screen, save a picture, quit"),
)

_ZOOM = 0.9
_WINDOW_PER_PIXEL = 0.004
_TURN_PER_PIXEL = 0.006
_SIDES = {
    glfw.KEY_F: "front",
    glfw.KEY_B: "back",
    glfw.KEY_L: "left",
    glfw.KEY_J: "right",
    glfw.KEY_U: "feet",
    glfw.KEY_N: "head",
}
_SLICES = {glfw.KEY_1: "axial", glfw.KEY_2: "coronal", glfw.KEY_3: "sagittal"}


class ExplorerWindow(DesktopWindow):
    """A window on a subject.

    Parameters
    ----------
    subject
        What there is to see.
    looking
        How to begin.
    camera
        From where to begin, which R comes back to.
    size, tier, visible, swap_interval, shots
        See `DesktopWindow`.

    Attributes
    ----------
    looking
        How it is looked at now.
    hovered
        Name of the part under the mouse and the place pointed at (None in the list), or None.
    """

    def __init__(
        self,
        subject: Subject,
        looking: Looking,
        camera: BodyCamera,
        *,
        size: tuple[int, int] = (1280, 800),
        tier: Tier = "auto",
        visible: bool = True,
        swap_interval: int = 1,
        shots: Path | None = None,
    ) -> None:
        self.subject = subject
        self.looking = looking
        self.hovered: tuple[str, Vector | None] | None = None
        self.listed = bool(subject.parts)
        self.first = 0
        self._began = looking
        self._control = False
        self._changed = True
        self._size = (0, 0)
        super().__init__(
            f"surgisim: {subject.title}", size, camera=camera, tier=tier, visible=visible,
            swap_interval=swap_interval, shots=shots,
        )  # fmt: skip
        self.help_lines = HELP

    @property
    def body_camera(self) -> BodyCamera:
        """The camera, which circles a body."""
        camera = self.cameras.room
        if not isinstance(camera, BodyCamera):
            raise TypeError("the camera of an explorer circles a body")
        return camera

    def _look_from(self, camera: BodyCamera) -> None:
        self.cameras = replace(self.cameras, room=camera)

    def _connect(self) -> None:
        super()._connect()
        glfw.set_window_refresh_callback(self._handle, lambda _w: self.on_uncovered())

    def on_uncovered(self) -> None:
        """Take in that the desktop has lost what was drawn."""
        self._changed = True

    # mouse

    def on_cursor(self, x: float, y: float) -> None:
        """Turn, move or change the greys by dragging; else look what is under the mouse."""
        dx, dy = x - self._cursor[0], y - self._cursor[1]
        if "left" in self._buttons and not self._over_list(*self._cursor):
            self._look_from(self.body_camera.turned(-dx * _TURN_PER_PIXEL, -dy * _TURN_PER_PIXEL))
        elif "right" in self._buttons:
            self.looking = self.looking.windowed(dx * _WINDOW_PER_PIXEL, -dy * _WINDOW_PER_PIXEL)
        elif "middle" in self._buttons:
            height = max(glfw.get_window_size(self._handle)[1], 1)
            self._look_from(self.body_camera.shifted(-0.5 * dx / height, 0.5 * dy / height))
        self._cursor, self._inside, self._changed = (x, y), True, True

    def on_enter(self, inside: bool) -> None:
        """Enter or leave the window."""
        super().on_enter(inside)
        self._changed = True

    def on_scroll(self, notches: float) -> None:
        """Scroll the list, move the planes, or come nearer."""
        if self._over_list(*self._cursor):
            most = max(len(self.subject.parts) - self._layout().rows, 0)
            self.first = min(max(self.first - round(3 * notches), 0), most)
        elif self.looking.movable and not self._control:
            self.looking = self.looking.moved(notches)
        else:
            self._look_from(self.body_camera.zoomed(_ZOOM**notches))
        self._changed = True

    def on_button(self, button: int, action: int) -> None:
        """Press or let go of a mouse button; in the list that hides and shows."""
        super().on_button(button, action)
        self._changed = True
        row = self._row(*self._cursor)
        if action != glfw.PRESS or row is None:
            return
        name = self.subject.parts[row].name
        if button == glfw.MOUSE_BUTTON_LEFT:
            self.looking = self.looking.toggled(name)
        elif button == glfw.MOUSE_BUTTON_RIGHT:
            self._buttons.discard("right")  # no dragging of the greys from here
            self.looking = self.looking.glazed(name)

    # keys

    def on_key(self, key: int, action: int) -> None:
        """Press a key; see `HELP`."""
        if key in (glfw.KEY_LEFT_CONTROL, glfw.KEY_RIGHT_CONTROL):
            self._control = action != glfw.RELEASE
            return
        super().on_key(key, action)
        self._changed = True
        if action != glfw.RELEASE and key in (glfw.KEY_EQUAL, glfw.KEY_KP_ADD):
            self._look_from(self.body_camera.zoomed(_ZOOM))
        elif action != glfw.RELEASE and key in (glfw.KEY_MINUS, glfw.KEY_KP_SUBTRACT):
            self._look_from(self.body_camera.zoomed(1.0 / _ZOOM))
        if action != glfw.PRESS:
            return
        if key in _SIDES:
            self._look_from(self.body_camera.seen_from(_SIDES[key]))
        elif key in _SLICES:
            self.looking = self.looking.with_slice(_SLICES[key])
        elif key == glfw.KEY_P:
            self.listed = not self.listed
        else:
            self._change_looking(key)

    def _change_looking(self, key: int) -> None:
        looking, subject = self.looking, self.subject
        changes: dict[int, Callable[[], Looking]] = {
            glfw.KEY_A: looking.with_all,
            glfw.KEY_C: looking.next_cut,
            glfw.KEY_X: looking.flipped,
            glfw.KEY_K: lambda: looking.cut_across(as_vector(self.view().rotation[:, 2])),
            glfw.KEY_4: lambda: looking.with_oblique_slice(as_vector(self.view().rotation[:, 2])),
            glfw.KEY_V: lambda: looking.next_volume(subject),
            glfw.KEY_W: lambda: replace(looking, window=self._began.window),
        }
        if self.hovered is not None:
            name = self.hovered[0]
            changes |= {
                glfw.KEY_H: lambda: looking.toggled(name),
                glfw.KEY_T: lambda: looking.glazed(name),
                glfw.KEY_S: lambda: looking.alone(name, subject.part_names()),
                glfw.KEY_O: lambda: looking.with_others_glass(name, subject.part_names()),
            }
        if key in changes:
            self.looking = changes[key]()

    # list

    def _panel(self) -> Panel | None:
        if not self.listed:
            return None
        name = self.hovered[0] if self.hovered else None
        return self.looking.panel(self.subject, self.first, name, self.renderer.stage.note)

    def _layout(self) -> PanelLayout:
        return panel_layout(self.looking.panel(self.subject), self._viewport())

    def _place(self, x: float, y: float) -> tuple[float, float]:
        """Screen coordinates in framebuffer pixels from the upper left corner."""
        width, height = glfw.get_window_size(self._handle)
        viewport = self._viewport()
        return x * viewport.width / max(width, 1), y * viewport.height / max(height, 1)

    def _over_list(self, x: float, y: float) -> bool:
        return self.listed and self._place(x, y)[0] < self._layout().width

    def _row(self, x: float, y: float) -> int | None:
        if not self.listed:
            return None
        panel = self.looking.panel(self.subject, self.first)
        return self._layout().row_at(*self._place(x, y), panel)

    # pictures

    def scene(self) -> Scene:
        """Return what is shown now."""
        pointed = self.hovered if self.hovered and self.hovered[1] is not None else None
        place = (pointed[0], pointed[1]) if pointed and pointed[1] is not None else None
        scene = self.looking.scene(self.subject, place, self._panel())
        return replace(scene, hud=Hud(hint="F1 help"))

    def look_under_mouse(self) -> None:
        """Find the part under the mouse."""
        self.hovered = None
        if not self._inside or self._buttons:
            return
        row = self._row(*self._cursor)
        if row is not None:
            self.hovered = (self.subject.parts[row].name, None)
        elif not self._over_list(*self._cursor):
            self.gl.make_current()
            seen = self.renderer.seen_at(
                self.looking.scene(self.subject), self.view(), self._viewport(), self._pixel()
            )
            self.hovered = (seen.name, seen.point) if seen is not None else None

    def show(self) -> None:
        """Draw what has changed."""
        self._changed = self._shots.wanted  # the next picture tells where this one was saved
        self.look_under_mouse()
        coarse = bool(self._buttons)
        self.renderer.stage.coarse = coarse
        self.present(self.scene())
        self._size = (self._viewport().width, self._viewport().height)

    def run(self) -> None:
        """Show the window until it is closed; nothing is drawn while nothing changes."""
        while not self.poll().closing:
            viewport = self._viewport()
            if self._changed or self._size != (viewport.width, viewport.height):
                self.show()
            else:
                glfw.wait_events_timeout(0.1)
