"""The window under an X server of the test's own, fed by its own callbacks."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import glfw
import numpy as np
import pytest

from surgisim.explore import Looking, Subject
from surgisim.explore.window import ExplorerWindow
from surgisim.render.body_camera import BodyCamera
from surgisim.render.panel import panel_layout
from surgisim.render.scene import Scene
from surgisim.render.shots import Shots

SIZE = (480, 360)


@pytest.fixture(scope="module")
def shared(display: str, subject: Subject) -> Iterator[ExplorerWindow]:
    assert display
    camera = BodyCamera.framing(subject.bounds()).seen_from("front")
    looking = Looking.at(subject)
    with ExplorerWindow(subject, looking, camera, size=SIZE, swap_interval=0) as window:
        yield window


@pytest.fixture
def window(shared: ExplorerWindow, subject: Subject) -> ExplorerWindow:
    """Return the window as it was when it was opened."""
    glfw.set_window_should_close(shared.gl.glfw_window, False)
    for button in (glfw.MOUSE_BUTTON_LEFT, glfw.MOUSE_BUTTON_RIGHT, glfw.MOUSE_BUTTON_MIDDLE):
        shared.on_button(button, glfw.RELEASE)
    shared.on_key(glfw.KEY_R, glfw.PRESS)
    shared.on_key(glfw.KEY_LEFT_CONTROL, glfw.RELEASE)
    shared.looking = Looking.at(subject)
    shared.listed, shared.first, shared.help_shown = True, 0, False
    shared.on_cursor(470, 350)
    shared.poll()
    return shared


def press(window: ExplorerWindow, key: int) -> None:
    window.on_key(key, glfw.PRESS)
    window.on_key(key, glfw.RELEASE)


def point_at(window: ExplorerWindow, place: tuple[float, float, float]) -> None:
    """Move the mouse onto a place in the world."""
    pixels, _ = window.view().project(place, window._viewport())
    window.on_cursor(float(pixels[0, 0]), SIZE[1] - float(pixels[0, 1]))
    window.show()


LIVER, KIDNEY = (-0.028, 0.02, 0.0), (0.032, 0.012, -0.008)


def test_the_part_under_the_mouse_is_named(window: ExplorerWindow) -> None:
    point_at(window, KIDNEY)
    assert window.hovered is not None
    assert window.hovered[0] == "kidney left"
    assert window.scene().labels[0].text == "kidney left"
    point_at(window, LIVER)
    assert window.hovered[0] == "liver"
    window.on_cursor(470, 5)
    window.show()
    assert window.hovered is None
    assert window.scene().labels == ()


def test_keys_act_on_the_part_under_the_mouse(window: ExplorerWindow) -> None:
    point_at(window, LIVER)
    press(window, glfw.KEY_T)
    assert window.looking.glass == {"liver"}
    press(window, glfw.KEY_H)
    assert window.looking.hidden == {"liver"}
    window.show()
    assert window.hovered is None  # it is not there any more
    press(window, glfw.KEY_H)
    assert window.looking.hidden == {"liver"}
    press(window, glfw.KEY_A)
    point_at(window, LIVER)
    press(window, glfw.KEY_S)
    assert window.looking.hidden == {"kidney left"}
    press(window, glfw.KEY_S)
    press(window, glfw.KEY_O)
    assert window.looking.glass == {"kidney left"}


def test_the_list_hides_shows_and_names(window: ExplorerWindow) -> None:
    layout = panel_layout(window.looking.panel(window.subject), window._viewport())
    x, y = 20.0, layout.top + 1.5 * layout.row_height
    window.on_cursor(x, y)
    window.show()
    assert window.hovered == ("liver", None)
    window.on_button(glfw.MOUSE_BUTTON_LEFT, glfw.PRESS)
    window.on_button(glfw.MOUSE_BUTTON_LEFT, glfw.RELEASE)
    assert window.looking.hidden == {"liver"}
    window.on_button(glfw.MOUSE_BUTTON_RIGHT, glfw.PRESS)
    window.on_cursor(x + 5, y)
    window.on_button(glfw.MOUSE_BUTTON_RIGHT, glfw.RELEASE)
    assert window.looking.glass == {"liver"}
    assert window.looking.window == Looking.at(window.subject).window
    press(window, glfw.KEY_P)
    before = window.looking
    window.on_button(glfw.MOUSE_BUTTON_LEFT, glfw.PRESS)
    assert window.looking == before


def test_dragging_turns_moves_and_changes_the_greys(window: ExplorerWindow) -> None:
    def drag(button: int, dx: float, dy: float) -> None:
        window.on_cursor(300, 200)
        window.on_button(button, glfw.PRESS)
        window.on_cursor(300 + dx, 200 + dy)
        window.on_button(button, glfw.RELEASE)

    before = window.view()
    drag(glfw.MOUSE_BUTTON_LEFT, 50, 0)
    assert window.view().position[0] < before.position[0] - 0.02  # as if the body was turned
    press(window, glfw.KEY_R)
    np.testing.assert_allclose(window.view().position, before.position)
    drag(glfw.MOUSE_BUTTON_MIDDLE, 50, 0)
    assert window.body_camera.target[0] < 0.0
    width = window.looking.window.width
    drag(glfw.MOUSE_BUTTON_RIGHT, 25, 0)
    assert window.looking.window.width == pytest.approx(1.1 * width)
    press(window, glfw.KEY_W)
    assert window.looking.window.width == width


def test_the_wheel_scrolls_cuts_and_comes_nearer(window: ExplorerWindow) -> None:
    distance = window.body_camera.distance_m
    window.on_scroll(1.0)
    assert window.body_camera.distance_m < distance
    press(window, glfw.KEY_C)
    distance = window.body_camera.distance_m
    window.on_scroll(-2.0)
    assert window.looking.cut_offset == pytest.approx(-0.004)
    assert window.body_camera.distance_m == distance
    window.on_key(glfw.KEY_LEFT_CONTROL, glfw.PRESS)
    window.on_scroll(1.0)
    assert window.body_camera.distance_m < distance
    many = replace(window.subject, parts=window.subject.parts * 30)
    window.subject, kept = many, window.subject
    window.on_cursor(20, 100)
    window.on_scroll(-2.0)
    assert window.first == 6
    window.on_scroll(5.0)
    assert window.first == 0
    window.subject = kept


def test_keys_for_image_cut_and_sides(window: ExplorerWindow) -> None:
    press(window, glfw.KEY_1)
    press(window, glfw.KEY_3)
    assert set(window.looking.slices) == {"axial", "sagittal"}
    press(window, glfw.KEY_V)
    assert window.looking.volume == "soft"
    press(window, glfw.KEY_L)
    assert window.view().position[0] > 0.1
    press(window, glfw.KEY_K)
    plane = window.looking.plane()
    assert plane is not None
    np.testing.assert_allclose(plane.normal, (1.0, 0.0, 0.0), atol=1e-6)
    press(window, glfw.KEY_4)
    np.testing.assert_allclose(window.looking.slice_normal, (1.0, 0.0, 0.0), atol=1e-6)
    assert "oblique" in window.looking.slices
    press(window, glfw.KEY_X)
    assert window.looking.cut_flipped
    press(window, glfw.KEY_ESCAPE)
    assert window.poll().closing


def test_it_draws_parts_list_and_help(
    window: ExplorerWindow, monkeypatch: pytest.MonkeyPatch
) -> None:
    screen = window.gl.api.detect_framebuffer(0)
    pictures: list[np.ndarray] = []

    def grab(_handle: object) -> None:  # the back buffer, just before it would be shown
        data = screen.read(components=3, alignment=1)
        shape = (SIZE[1], SIZE[0], 3)
        pictures.append(np.frombuffer(data, np.uint8).reshape(shape)[::-1].astype(int))

    monkeypatch.setattr(glfw, "swap_buffers", grab)
    window.show()
    press(window, glfw.KEY_P)
    window.show()
    press(window, glfw.KEY_F1)
    window.show()
    with_list, plain, with_help = pictures
    changed = np.abs(with_list - plain).max(axis=-1) > 3
    assert changed[:, :60].mean() > 0.5
    assert changed[30:300, 160:440].mean() < 0.02
    liver, kidney = plain[180, 170], plain[163, 330]
    assert liver[0] > 1.5 * liver[1]
    assert kidney[0] > 1.3 * kidney[2]
    assert (np.abs(with_help - plain).max(axis=-1) > 10).mean() > 0.1


def test_the_loop_draws_only_what_changed(
    window: ExplorerWindow, monkeypatch: pytest.MonkeyPatch
) -> None:
    drawn = []
    monkeypatch.setattr(type(window), "present", lambda _self, scene: drawn.append(scene))
    rounds = iter(range(6))

    def wait(_seconds: float) -> None:
        if next(rounds) == 4:
            press(window, glfw.KEY_ESCAPE)

    monkeypatch.setattr(glfw, "wait_events_timeout", wait)
    window.on_cursor(400, 20)
    window.run()
    assert 1 <= len(drawn) <= 2


def test_it_tells_where_a_picture_was_saved(
    window: ExplorerWindow, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(window, "_shots", Shots(tmp_path))
    hints: list[str] = []
    draw = window.renderer.draw

    def watched(scene: Scene, *rest: Any) -> None:
        assert scene.hud is not None
        hints.append(scene.hud.hint)
        draw(scene, *rest)

    monkeypatch.setattr(window.renderer, "draw", watched)
    _run(window, monkeypatch, {1: lambda: press(window, glfw.KEY_F12)})
    assert hints[-1].startswith("saved picture-001.png")


def test_what_the_desktop_lost_is_drawn_again(
    window: ExplorerWindow, monkeypatch: pytest.MonkeyPatch
) -> None:
    drawn = []
    monkeypatch.setattr(type(window), "present", lambda _self, scene: drawn.append(scene))
    counts = []
    _run(window, monkeypatch, {1: lambda: counts.append(len(drawn)), 2: window.on_uncovered})
    assert len(drawn) == counts[0] + 1


def _run(
    window: ExplorerWindow, monkeypatch: pytest.MonkeyPatch, acts: dict[int, Callable[[], None]]
) -> None:
    """Run the loop for a few rounds in which nothing changes but by `acts`."""
    rounds = iter(range(6))

    def wait(_seconds: float) -> None:
        at = next(rounds)
        acts.get(at, lambda: None)()
        if at == 4:
            glfw.set_window_should_close(window.gl.glfw_window, True)

    monkeypatch.setattr(glfw, "wait_events_timeout", wait)
    window.run()
