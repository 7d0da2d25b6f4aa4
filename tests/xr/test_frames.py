"""Single frames: right pixels for every view, layers, blending, sizes, and what is not offered."""

import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from surgisim.cli import main
from surgisim.commands.xr import headset_line
from surgisim.errors import HeadsetError
from surgisim.render import Fov, Hud, Instrument, Scene, View, Viewport
from surgisim.render.context import GLContext
from surgisim.render.offscreen import OffscreenCanvas
from surgisim.render.renderer import Renderer
from surgisim.xr.headset import Headset
from surgisim.xr.instance import open_instance
from surgisim.xr.layers import FAR_M, NEAR_M
from surgisim.xr.picture import Picture, Wishes
from surgisim.xr.pose import Pose
from surgisim.xr.session import Deed
from surgisim.xr.space import AHEAD_M, BELOW_M

from .lights import lit_from

Fake = Callable[..., Any]
PLACE = (0.05, 0.02, -0.45)
ROD = Instrument(PLACE, (0.3, 0.9, 0.2), tip_radius_m=0.03, shaft_radius_m=0.012)
SCENE = Scene(instruments=(ROD,), cavity=False, background=(0.1, 0.2, 0.3))
PANEL = Scene(hud=Hud(title="Sharp text"), cavity=False, background=(0.0, 0.0, 0.0))
AHEAD = View.look_at((0.0, 0.0, 1.0), (0.0, 0.0, 0.0))
BARE = ("XR_KHR_opengl_enable", "XR_MNDX_egl_enable")
UNTURNED = Pose((0.0, 0.0, 0.0))


@contextmanager
def session(wishes: Wishes | None = None, *, panel: bool = True) -> Iterator[Any]:
    """Begin a session whose world is LOCAL space; yields it and how to make frames."""
    with ExitStack() as ends:
        instance = open_instance()
        ends.callback(instance.close)
        gl = ends.enter_context(GLContext.egl_surfaceless())
        draws = Renderer(gl, "software")
        headset = Headset(instance, gl, draws, wishes or Wishes(), world=UNTURNED)
        ends.callback(headset.close)

        def frames(count: int, scene: Scene = SCENE) -> None:
            made = headset.frames.count.ended
            told = Picture(scene, PANEL if panel else None, AHEAD, Pose((0.0, 0.3, -1.0)))
            for _ in range(count + 20):
                headset.step(lambda *_: told)
                if headset.frames.count.ended >= made + count:
                    return

        frames(6)  # until it has the focus
        yield headset, frames


def view_of(surface: Any) -> View:
    left, right, up, down = surface.fov
    eye = Pose(surface.pose.position, surface.pose.rotation)
    return View(np.asarray(eye.position), eye.matrix, Fov(left, right, down, up), NEAR_M, FAR_M)


def expected(surface: Any, size: tuple[int, int], scene: Scene = SCENE) -> NDArray[np.uint8]:
    """Draw for the pose and fov that were handed over, without any headset."""
    with OffscreenCanvas(size, tier="software", samples=1) as canvas:
        return canvas.draw(scene, view_of(surface))


def differences(a: NDArray[np.uint8], b: NDArray[np.uint8]) -> NDArray[np.int64]:
    return np.abs(a[..., :3].astype(int) - b[..., :3].astype(int)).max(axis=-1)


@pytest.mark.parametrize("views", [1, 2, 4])
def test_every_view_shows_what_its_pose_and_fov_say(fake: Fake, views: int) -> None:
    runtime = fake(validate=True, pictures=True, views=views)
    runtime.set("mask_corner", 0.0)
    runtime.head(Turned((0.03, 1.65, 0.02), (0.98, 0.02, 0.19, 0.01)))
    with session(Wishes(views=views)) as (_, frames):
        frames(3)
        shown = runtime.frames[-1].projection
        assert shown is not None
        assert len(shown.surfaces) == views
        pictures = [runtime.picture(index) for index in range(views)]
    assert runtime.errors == []
    assert runtime.violations == []
    lit = lit_from(SCENE, view_of(shown.surfaces[0]))
    for surface, picture in zip(shown.surfaces, pictures, strict=True):
        wanted = expected(surface, (surface.rect[2], surface.rect[3]), lit)
        assert differences(wanted, picture).max() <= 1
        assert picture[..., :3].std() > 10.0  # the rod is in sight
    if views > 1:
        assert differences(pictures[0], pictures[1]).max() > 50


class Turned:
    """A pose whose rotation is made a unit quaternion."""

    def __init__(self, position: tuple[float, ...], rotation: tuple[float, ...]) -> None:
        self.position = position
        self.rotation = tuple(np.asarray(rotation) / np.linalg.norm(rotation))


def test_what_is_stored_is_encoded_to_srgb_once(fake: Fake) -> None:
    """Half of the light is stored as 188, not as 128 (never encoded) or 223 (encoded twice)."""
    runtime = fake(pictures=True)
    runtime.set("mask_corner", 0.0)
    with session(panel=False) as (headset, frames):
        frames(2)
        surface = runtime.frames[-1].projection.surfaces[0]
        assert surface.format == 0x8C43  # GL_SRGB8_ALPHA8
        assert headset.eyes.targets[0].color.format == 0x8C43
        picture = runtime.picture(0)
    in_window = expected(surface, (256, 256))
    assert differences(in_window, picture).max() <= 1
    assert picture[0, 0, :3].tolist() == in_window[0, 0].tolist()


def test_depth_goes_with_the_picture_and_tells_the_distance(fake: Fake) -> None:
    runtime = fake(validate=True, pictures=True)
    runtime.set("mask_corner", 0.0)
    with session() as (_, frames):
        frames(2)
        depth, surface = runtime.depth(0), runtime.frames[-1].projection.surfaces[0]
    assert runtime.errors == []
    near, far = surface.depth.near, surface.depth.far
    pixels, _ = view_of(surface).project(PLACE, Viewport(0, 0, 256, 256))
    x, y = pixels[0]
    stored = float(depth[255 - int(y), int(x)])
    distance = near * far / (far - stored * (far - near))
    assert distance == pytest.approx(-PLACE[2] - 0.03, abs=0.003)
    assert (depth == 1.0).mean() > 0.5  # all around the rod is nothing


def test_several_samples_a_pixel_smooth_edges_and_keep_the_depth(fake: Fake) -> None:
    runtime = fake(validate=True, pictures=True)
    runtime.set("mask_corner", 0.0)
    with session(Wishes(samples=4)) as (_, frames):
        frames(2)
        smooth, depth = runtime.picture(0), runtime.depth(0)
        plain = expected(runtime.frames[-1].projection.surfaces[0], (256, 256))
    assert runtime.errors == []
    assert depth.min() < 0.97
    apart = differences(plain, smooth)
    assert 0.0 < (apart > 3).mean() < 0.1


def test_what_the_lenses_hide_is_not_drawn(fake: Fake) -> None:
    runtime = fake(validate=True, pictures=True)
    runtime.set("mask_corner", 0.3)
    with session() as (_, frames):
        frames(2)
        picture, depth = runtime.picture(0), runtime.depth(0)
        whole = expected(runtime.frames[-1].projection.surfaces[0], (256, 256))
    assert runtime.errors == []
    assert depth[1, 1] == 0.0
    assert picture[1, 1, :3].max() == 0
    middle = slice(64, 192)
    assert differences(whole[middle, middle], picture[middle, middle]).max() <= 1


def test_the_screen_is_a_layer_of_its_own_where_it_hangs(fake: Fake) -> None:
    runtime = fake(validate=True, pictures=True)
    with session() as (_, frames):
        frames(7)
        (quad,) = runtime.frames[-1].quads
        text = runtime.quad(0)
    assert runtime.errors == []
    assert quad.surfaces[0].pose.position == pytest.approx((0.0, 0.3, -1.0), abs=1e-6)
    assert quad.size == pytest.approx((0.56, 0.315))
    assert text[..., :3].max() > 200  # letters


def test_the_room_is_seen_through_what_nothing_is_drawn_on(fake: Fake) -> None:
    runtime = fake(validate=True, pictures=True, blend_modes=("opaque", "alpha_blend"))
    runtime.set("mask_corner", 0.0)
    with session(Wishes(passthrough=True)) as (headset, frames):
        assert headset.blend == 3
        clear = Scene(instruments=(ROD,), cavity=False, background=(0.0, 0.0, 0.0))
        frames(3, clear)
        frame, picture = runtime.frames[-1], runtime.picture(0)
    assert runtime.errors == []
    assert frame.blend_mode == "alpha_blend"
    assert frame.projection.flags & 0b10  # the layer's own alpha counts
    assert not frame.projection.flags & 0b100  # and is premultiplied
    assert picture[0, 0].tolist() == [0, 0, 0, 0]
    drawn = picture[..., :3].max(axis=-1) > 30
    assert drawn.any()
    assert picture[drawn][:, 3].min() == 255


def test_the_size_of_the_eyes_can_be_chosen(fake: Fake) -> None:
    runtime = fake(validate=True, eye=(400, 300))
    with session(Wishes(scale=0.5)) as (_, frames):
        frames(1)
        assert runtime.frames[-1].projection.surfaces[1].rect == (0, 0, 200, 150)
    assert runtime.errors == []


@pytest.mark.parametrize(
    ("extensions", "api", "space"),
    [(None, "1.1", "local_floor"), ((*BARE, "XR_EXT_local_floor"), "1.0", "local_floor")],
)
def test_who_stands_keeps_the_floor(
    fake: Fake, extensions: tuple[str, ...] | None, api: str, space: str
) -> None:
    runtime = fake(validate=True, extensions=extensions, api=api)
    with session(Wishes(standing=True)) as (headset, frames):
        frames(2)
        assert {layer.space for layer in runtime.frames[-1].layers} == {space}
        head = headset.space.head(runtime.now)
        assert head is not None
        assert head.position[1] == pytest.approx(1.6, abs=1e-5)
    assert runtime.errors == []
    assert runtime.violations == []


@pytest.mark.parametrize("api", ["1.0", "1.1"])
def test_a_bare_runtime_is_enough(fake: Fake, api: str) -> None:
    runtime = fake(validate=True, extensions=BARE, api=api)
    with session() as (headset, frames):
        frames(3)
        assert headset.instance.caps.version == (1, int(api[-1]))
        assert headset.hands is None
        assert headset.instance.now_ns() is None
        surface = runtime.frames[-1].projection.surfaces[0]
        assert surface.depth is None
        assert headset.tool.source == "controller"
    assert runtime.errors == []
    assert runtime.violations == []


def test_a_runtime_that_draws_beside_x11_alone_is_told(fake: Fake) -> None:
    fake(extensions=("XR_KHR_opengl_enable",))
    with pytest.raises(HeadsetError, match="beside an X11 window only"), session():
        pass


def test_a_runtime_without_opengl_is_told(fake: Fake) -> None:
    assert fake
    code = (  # in a process of its own: the loader keeps the extensions that it met first
        "from surgisim.cli import main; from surgisim.testing.xr import FakeRuntime\n"
        "with FakeRuntime(extensions=('XR_MNDX_egl_enable',)): main(['xr', 'doctor'])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert "takes no OpenGL pictures" in done.stdout
    assert done.stderr == ""


def test_the_doctor_says_what_there_is(fake: Fake, capsys: pytest.CaptureFixture[str]) -> None:
    runtime = fake(validate=True, eye=(400, 300), blend_modes=("opaque", "alpha_blend"))
    assert main(["xr", "doctor"]) == 0
    told = capsys.readouterr().out
    assert "surgisim fakexr" in told
    assert "two eyes: 400 x 300, 400 x 300 px; blending opaque, alpha" in told
    assert "16 layers, hands seen" in told
    assert headset_line().good
    assert runtime.errors == []
    assert runtime.violations == []


def test_a_headset_that_is_not_there_is_told(fake: Fake) -> None:
    runtime = fake(validate=True)
    runtime.set("headset", 0)
    with pytest.raises(HeadsetError, match="finds no headset"), session():
        pass
    assert runtime.errors == []


@pytest.mark.parametrize("put_on", ["seen", "worn"])
def test_nobody_is_seated_before_the_headset_is_put_on(fake: Fake, put_on: str) -> None:
    runtime = fake(validate=True)
    if put_on == "seen":
        runtime.set("state", "synchronized")
    else:
        runtime.wear(False)
    runtime.head((0.7, 0.8, -0.9))  # on a desk
    instance = open_instance()
    with GLContext.egl_surfaceless() as gl:
        headset = Headset(instance, gl, Renderer(gl, "software"), Wishes())
        for _ in range(8):
            headset.step(lambda *_: Picture(SCENE))
        runtime.head((0.0, 1.6, 0.0))
        runtime.set("state", "focused")
        runtime.wear(True)
        for _ in range(8):
            headset.step(lambda *_: Picture(SCENE))
        eyes = headset.space.world @ (headset.space.head(runtime.now) or UNTURNED)
        headset.close()
    instance.close()
    assert eyes.position == pytest.approx((0.0, BELOW_M, AHEAD_M), abs=1e-6)
    assert runtime.errors == []


def test_pictures_are_not_larger_than_the_runtime_takes(fake: Fake) -> None:
    runtime = fake(validate=True, eye=(2500, 40))
    with session(Wishes(scale=2.0), panel=False) as (headset, frames):
        frames(1)
        assert [target.size for target in headset.eyes.targets] == [(4096, 80)] * 2
    assert runtime.errors == []
    assert runtime.violations == []


def test_a_picture_that_could_not_be_waited_for_is_not_given_back(fake: Fake) -> None:
    runtime = fake(validate=True)
    with session() as (headset, frames):
        frames(2)
        runtime.fail_next("xrWaitSwapchainImage", -17)  # XR_ERROR_SESSION_LOST
        frames(1)
        assert headset.deed is Deed.RECREATE
        assert "was lost" in headset.why
    assert runtime.errors == []
    assert runtime.violations == []


def test_leaving_ends_the_session_in_order(fake: Fake) -> None:
    runtime = fake(validate=True)
    with session() as (headset, frames):
        drawn = headset.frames.count.drawn
        assert headset.leave()
        frames(1)
        assert headset.frames.count.drawn == drawn
        assert headset.deed is Deed.DESTROY
        assert not headset.life.runs_frames
    assert runtime.errors == []
    assert runtime.violations == []


def test_a_calibrated_world_stays_in_the_room_when_the_origin_moves(fake: Fake) -> None:
    runtime = fake(validate=True)
    with session() as (headset, frames):
        frames(2)
        corner = (0.4, 1.0, -0.7)  # of the room, on STAGE
        before = headset.space.world.point(np.subtract(corner, (0.0, 1.6, 0.0)))
        runtime.recentre((0.3, 1.2, 0.1), after_ns=50_000_000)
        frames(1)
        assert headset.space.world == UNTURNED
        frames(8)
        after = headset.space.world.point(np.subtract(corner, (0.3, 1.2, 0.1)))
    assert after == pytest.approx(before, abs=1e-6)
    assert runtime.errors == []


def test_of_two_recentrings_at_once_neither_is_lost(fake: Fake) -> None:
    runtime = fake(validate=True)
    with session() as (headset, frames):
        frames(2)
        corner = (0.4, 1.0, -0.7)
        before = headset.space.world.point(np.subtract(corner, (0.0, 1.6, 0.0)))
        runtime.recentre((0.3, 1.2, 0.1))
        runtime.recentre((-0.2, 1.5, 0.4), after_ns=1_000_000)
        frames(4)
        after = headset.space.world.point(np.subtract(corner, (-0.2, 1.5, 0.4)))
    assert after == pytest.approx(before, abs=1e-6)
    assert runtime.errors == []


def test_what_goes_wrong_with_the_headset_in_a_frame_is_a_loss(fake: Fake) -> None:
    runtime = fake(validate=True)
    with session() as (headset, frames):
        frames(2)

        def fail(*_: object) -> Picture:
            raise HeadsetError("the pictures cannot be had")

        assert headset.step(fail) is None
        assert headset.deed is Deed.RECREATE
        assert headset.why == "the pictures cannot be had"
    assert runtime.errors == []
    assert runtime.violations == []


def test_recentring_seats_the_person_anew(fake: Fake) -> None:
    runtime = fake(validate=True)
    instance = open_instance()
    with GLContext.egl_surfaceless() as gl:
        field = (0.0, 0.1, 0.0)
        headset = Headset(instance, gl, Renderer(gl, "software"), Wishes(), field=field)

        def before() -> tuple[float, float, float]:
            for _ in range(8):
                headset.step(lambda *_: Picture(SCENE))
            eyes = headset.space.world @ (headset.space.head(runtime.now) or UNTURNED)
            x, y, z = np.asarray(field) - np.asarray(eyes.position)
            return float(x), float(y), float(z)

        first = before()
        runtime.head((0.8, 1.2, 0.5))
        assert before() != pytest.approx(first, abs=0.05)
        runtime.recentre((0.8, 1.2, 0.5))
        assert before() == pytest.approx(first, abs=1e-4)
        headset.close()
    instance.close()
    assert runtime.errors == []
