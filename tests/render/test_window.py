"""The window under an X server of the test's own, fed by its own callbacks."""

from collections.abc import Callable, Iterator
from pathlib import Path

import glfw
import numpy as np
import pytest
from PIL import Image

from surgisim.errors import RenderError
from surgisim.render.cameras import Cameras
from surgisim.render.context import GLContext
from surgisim.render.endoscope import Endoscope
from surgisim.render.fullscreen import most_covered
from surgisim.render.orbit import OrbitCamera
from surgisim.render.pick import pick
from surgisim.render.scene import Scene
from surgisim.render.window import DEPTH_PER_NOTCH_M, DesktopWindow

SCOPES = tuple(Endoscope.aimed((0.0, 0.2, 0.1), (0.0, 0.0, 0.0), 0.1, a) for a in (0.0, 0.5))


@pytest.fixture(scope="module")
def shared_window(display: str) -> Iterator[DesktopWindow]:
    with DesktopWindow("test", (320, 200), scopes=SCOPES, swap_interval=0) as window:
        assert display
        yield window


@pytest.fixture
def window(shared_window: DesktopWindow) -> DesktopWindow:
    """Return the window as it was when it was opened."""
    glfw.set_window_should_close(shared_window.gl.glfw_window, False)
    shared_window.cameras = Cameras(OrbitCamera(), SCOPES)
    shared_window.help_shown = False
    shared_window.set_depth(0.0)
    shared_window.on_button(glfw.MOUSE_BUTTON_RIGHT, glfw.RELEASE)
    shared_window.on_button(glfw.MOUSE_BUTTON_LEFT, glfw.RELEASE)
    shared_window.poll()
    return shared_window


def _press(window: DesktopWindow, key: int) -> None:
    window.on_key(key, glfw.PRESS)
    window.on_key(key, glfw.RELEASE)


def test_a_window_that_nothing_draws_into_is_closed(
    display: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert display
    closed: list[GLContext] = []
    release = GLContext.release

    def watched(context: GLContext) -> None:
        closed.append(context)
        release(context)

    monkeypatch.setattr(GLContext, "release", watched)
    with pytest.raises(RenderError, match="tier must be"):
        DesktopWindow("test", (64, 48), tier="cinema", samples=0)  # type: ignore[arg-type]
    assert len(closed) == 1


def test_keys_become_requests_in_order_and_once(window: DesktopWindow) -> None:
    for key in (glfw.KEY_SPACE, glfw.KEY_ENTER, glfw.KEY_Q, glfw.KEY_SPACE):
        _press(window, key)
    window.on_key(glfw.KEY_SPACE, glfw.REPEAT)
    assert window.poll().pressed == ("mark", "finish", "mark")
    assert window.poll().pressed == ()


def test_escape_asks_to_close(window: DesktopWindow) -> None:
    assert not window.poll().closing
    _press(window, glfw.KEY_ESCAPE)
    assert window.poll().closing


def test_the_wheel_adds_up_to_a_depth(window: DesktopWindow) -> None:
    for notches in (1.0, 1.0, -0.5):
        window.on_scroll(notches)
    assert window.poll().depth_m == pytest.approx(1.5 * DEPTH_PER_NOTCH_M)
    window.set_depth(-0.01)
    window.on_scroll(1.0)
    assert window.poll().depth_m == pytest.approx(-0.009)


def test_the_pointer_aims_at_the_organ(
    window: DesktopWindow, organ: tuple[np.ndarray, np.ndarray]
) -> None:
    window.on_cursor(160, 100)
    pointer = window.poll().pointer
    assert pointer.inside
    np.testing.assert_allclose(pointer.pixel, (160, 100))
    hit = pick(pointer.ray, *organ)
    assert hit is not None
    assert abs(hit.point[0]) < 1e-6
    assert np.linalg.norm(hit.point) < 0.08
    assert hit.normal[1] > 0.3
    window.on_cursor(1, 1)
    upper_left = window.poll().pointer.ray.direction @ window.view().rotation
    assert upper_left[0] < 0.0 < upper_left[1]
    assert pick(window.poll().pointer.ray, *organ) is None
    window.on_enter(False)
    assert not window.poll().pointer.inside


def test_right_drag_and_arrows_turn_the_view_and_r_resets_it(window: DesktopWindow) -> None:
    home = window.view().position
    window.on_cursor(100, 100)
    window.on_button(glfw.MOUSE_BUTTON_RIGHT, glfw.PRESS)
    window.on_cursor(160, 100)
    assert "right" in window.poll().pointer.buttons
    assert window.view().position[0] < home[0] - 0.02
    window.on_button(glfw.MOUSE_BUTTON_RIGHT, glfw.RELEASE)
    turned = window.view().position
    window.on_cursor(10, 10)
    np.testing.assert_array_equal(window.view().position, turned)
    for _ in range(3):
        window.on_key(glfw.KEY_UP, glfw.REPEAT)
    assert window.view().position[1] > turned[1]
    _press(window, glfw.KEY_R)
    np.testing.assert_allclose(window.view().position, home)


def test_c_goes_through_the_cameras_and_arrows_move_the_scope(window: DesktopWindow) -> None:
    room = window.view().position
    seen = []
    for _ in range(4):
        _press(window, glfw.KEY_C)
        seen.append(window.view())
    np.testing.assert_array_equal(seen[0].position, SCOPES[0].tip)
    np.testing.assert_array_equal(seen[1].position, SCOPES[1].tip)
    np.testing.assert_array_equal(seen[2].position, SCOPES[0].tip)
    np.testing.assert_array_equal(seen[3].position, room)
    _press(window, glfw.KEY_C)
    _press(window, glfw.KEY_C)
    straight = window.view()
    _press(window, glfw.KEY_UP)
    assert np.linalg.norm(window.view().position) < np.linalg.norm(straight.position)
    _press(window, glfw.KEY_LEFT)
    assert np.abs(window.view().rotation - straight.rotation).max() > 0.01
    _press(window, glfw.KEY_R)
    np.testing.assert_array_equal(window.view().position, straight.position)
    window.on_cursor(160, 100)
    ray = window.poll().pointer.ray
    np.testing.assert_allclose(ray.direction, -straight.rotation[:, 2], atol=1e-9)


def test_it_shows_the_organ_and_help_over_it(
    window: DesktopWindow, make_scene: Callable[..., Scene], monkeypatch: pytest.MonkeyPatch
) -> None:
    screen = window.gl.api.detect_framebuffer(0)
    pictures: list[np.ndarray] = []

    def grab(_handle: object) -> None:  # the back buffer, just before it would be shown
        data = screen.read(components=3, alignment=1)
        pictures.append(np.frombuffer(data, np.uint8).reshape(200, 320, 3).astype(int))

    monkeypatch.setattr(glfw, "swap_buffers", grab)
    window.present(make_scene())
    _press(window, glfw.KEY_F1)
    assert window.poll().pressed == ("help",)
    window.present(make_scene())
    _press(window, glfw.KEY_F1)
    window.present(make_scene())
    plain, with_help, again = pictures
    assert plain.std() > 15.0
    covered = np.abs(with_help - plain).max(axis=-1) > 10
    assert 0.1 < covered.mean() < 0.8
    assert covered[100, 160]
    np.testing.assert_array_equal(again, plain)


def test_a_resized_window_is_drawn_at_its_new_size(
    window: DesktopWindow, make_scene: Callable[..., Scene]
) -> None:
    glfw.set_window_size(window.gl.glfw_window, 400, 240)
    for _ in range(20):
        window.poll()
        if glfw.get_framebuffer_size(window.gl.glfw_window) == (400, 240):
            break
        glfw.wait_events_timeout(0.05)
    window.on_cursor(399, 0)
    assert window.poll().pointer.pixel == pytest.approx((399, 240))
    window.present(make_scene())
    glfw.set_window_size(window.gl.glfw_window, 320, 200)
    glfw.wait_events_timeout(0.05)


def test_f12_saves_what_is_shown_and_says_where(
    display: str, make_scene: Callable[..., Scene], tmp_path: Path
) -> None:
    assert display
    shots = tmp_path / "pictures"
    with DesktopWindow("shots", (160, 100), swap_interval=0, shots=shots) as window:
        for _ in range(2):
            _press(window, glfw.KEY_F12)
            window.present(make_scene())
        window.present(make_scene())
        shown = window._dressed(make_scene())
        saved = sorted(shots.iterdir())
        assert [path.name for path in saved] == ["picture-001.png", "picture-002.png"]
        assert shown.hud is not None
        assert "picture-002.png" in shown.hud.hint
        once = np.asarray(Image.open(saved[0]))
        assert once.shape == (100, 160, 3)
        assert once.std() > 10.0


def test_f12_without_a_folder_does_nothing(
    window: DesktopWindow, make_scene: Callable[..., Scene]
) -> None:
    _press(window, glfw.KEY_F12)
    window.present(make_scene())
    assert window._dressed(Scene()).hud is None


def test_f11_covers_the_screen_and_comes_back(window: DesktopWindow) -> None:
    handle = window.gl.glfw_window
    before = glfw.get_window_size(handle)
    _press(window, glfw.KEY_F11)
    window.poll()
    screen = glfw.get_video_mode(glfw.get_window_monitor(handle)).size
    assert tuple(glfw.get_window_size(handle)) == tuple(screen)
    assert window._viewport().width == screen[0]
    _press(window, glfw.KEY_F11)
    window.poll()
    assert not glfw.get_window_monitor(handle)
    assert glfw.get_window_size(handle) == before


def test_the_screen_with_most_of_the_window_is_covered() -> None:
    screens = [(0, 0, 800, 600), (800, 0, 1920, 1080)]
    assert most_covered((700, 50, 400, 300), screens) == 1
    assert most_covered((500, 50, 400, 300), screens) == 0
    assert most_covered((5000, 5000, 10, 10), screens) == 0
