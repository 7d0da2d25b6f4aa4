"""The fake runtime as an application sees it, through the real loader: sessions and frames."""

from __future__ import annotations

import sys
import threading
import time

import numpy as np
import pytest

from surgisim.errors import TestingError
from surgisim.render.context import GLContext
from surgisim.testing.xr import FakeRuntime, Pose

if sys.platform == "darwin":
    pytest.skip("pyopenxr has no loader for macOS", allow_module_level=True)

import xr

from . import client
from .client import Client

PERIOD = int(1e9 / 90)
State = xr.SessionState
UP = [State.IDLE, State.READY, State.SYNCHRONIZED, State.VISIBLE, State.FOCUSED]
FOUR = xr.ViewConfigurationType.PRIMARY_STEREO_WITH_FOVEATED_INSET


def test_a_session_rises_to_focus_frame_by_frame(runtime: FakeRuntime, gl: GLContext) -> None:
    with Client(gl) as app:
        app.run(6)
    assert app.states == UP
    assert runtime.errors == []
    assert [bool(frame.layers) for frame in runtime.frames] == [False] * 2 + [True] * 4


def test_frames_are_one_period_apart_and_shown_when_predicted(
    runtime: FakeRuntime, gl: GLContext
) -> None:
    with Client(gl) as app:
        app.run(5)
    frames = runtime.frames
    assert np.all(np.diff([frame.display_time for frame in frames]) == PERIOD)
    assert all(frame.display_time == frame.predicted_time for frame in frames)
    assert runtime.counts["missed"] == 0


def test_the_pictures_that_the_eyes_got_can_be_looked_at(
    runtime: FakeRuntime, gl: GLContext
) -> None:
    with Client(gl) as app:
        app.run(4)
        left, right = runtime.picture(0), runtime.picture(1)
    assert left.shape == (48, 64, 4)
    assert np.all(left == [255, 0, 0, 255])
    assert np.all(right == [0, 255, 0, 255])
    with pytest.raises(TestingError, match="no picture of projection 2"):
        runtime.picture(2)


def test_views_come_from_where_the_head_is(runtime: FakeRuntime, gl: GLContext) -> None:
    half = 0.5**0.5
    runtime.head(Pose((0.1, 1.7, 0.2), (half, 0.0, half, 0.0)))  # a quarter to the left
    with Client(gl) as app:
        app.run(4)
    projection = runtime.frames[-1].projection
    assert projection is not None
    assert projection.space == "stage"
    left, right = (surface.pose for surface in projection.surfaces)
    assert left.position == pytest.approx((0.1, 1.7, 0.232))
    assert right.position == pytest.approx((0.1, 1.7, 0.168))
    assert left.rotation == pytest.approx((half, 0.0, half, 0.0))
    fovs = [surface.fov for surface in projection.surfaces]
    assert fovs[0] is not None
    assert fovs[1] is not None
    assert fovs[0][:2] == pytest.approx([-fovs[1][1], -fovs[1][0]])


def test_local_is_where_the_head_began_until_it_is_recentred(
    runtime: FakeRuntime, gl: GLContext
) -> None:
    with Client(gl) as app:
        app.run(4)
        state = app.frame(lambda app, state: [app.eyes(state, app.local)])
        projection = runtime.frames[-1].projection
        assert projection is not None
        assert projection.surfaces[0].pose.position == pytest.approx((-0.032, 0.0, 0.0))
        runtime.recentre((0.0, 1.6, -1.0), after_ns=10 * PERIOD)
        app.pump()
        kind = xr.StructureType.EVENT_DATA_REFERENCE_SPACE_CHANGE_PENDING
        assert [event.type for event in app.events] == [kind] * 2
        now = state.predicted_display_time
        for when, z in ((now, 0.0), (now + 20 * PERIOD, -1.0)):
            found = xr.locate_space(app.local, app.stage, when)
            assert found.pose.position.z == pytest.approx(z)
    assert runtime.errors == []


def test_four_views_are_two_wide_and_two_sharp_ones(gl: GLContext) -> None:
    gl.make_current()
    with (
        FakeRuntime(views=4, pictures=True, eye=(16, 16)) as runtime,
        Client(gl, configuration=FOUR) as app,
    ):
        app.run(4)
        projection = runtime.frames[-1].projection
        assert np.all(runtime.picture(3) == [255, 255, 0, 255])
        assert runtime.errors == []
    assert projection is not None
    assert len(projection.surfaces) == 4
    wide, sharp = (projection.surfaces[index].fov for index in (1, 3))
    assert wide is not None
    assert sharp is not None
    assert sharp[1] < wide[1]


@pytest.mark.parametrize(("mode", "name"), [("ALPHA_BLEND", "alpha_blend"), ("OPAQUE", "opaque")])
def test_blend_modes_that_are_offered_are_taken(gl: GLContext, mode: str, name: str) -> None:
    gl.make_current()
    with FakeRuntime(blend_modes=("alpha_blend", "opaque")) as runtime, Client(gl) as app:
        modes = xr.enumerate_environment_blend_modes(app.instance, app.system, app.configuration)
        assert [xr.EnvironmentBlendMode(each).name for each in modes] == ["ALPHA_BLEND", "OPAQUE"]
        app.pump()
        state = xr.wait_frame(app.session, xr.FrameWaitInfo())
        xr.begin_frame(app.session, xr.FrameBeginInfo())
        app.end(state, [], xr.EnvironmentBlendMode[mode])
        assert runtime.frames[-1].blend_mode == name
        assert runtime.errors == []


def test_a_frame_that_is_not_shown_is_not_drawn(runtime: FakeRuntime, gl: GLContext) -> None:
    with Client(gl) as app:
        app.run(4)
        runtime.set("should_render", 0)
        state = app.frame()
        assert not state.should_render
        assert runtime.frames[-1].layers == ()
        with pytest.raises(TestingError, match="pictures=True"):
            runtime.picture()
        runtime.set("should_render", 1)
        app.frame()
    assert runtime.frames[-1].projection is not None
    assert runtime.errors == []


def test_a_busy_application_misses_refreshes(runtime: FakeRuntime, gl: GLContext) -> None:
    with Client(gl) as app:
        app.run(4)
        runtime.advance(int(2.5 * PERIOD))
        app.frame()
    times = [frame.display_time for frame in runtime.frames]
    assert runtime.counts["missed"] == 2
    assert times[-1] - times[-2] == 3 * PERIOD


def test_a_headset_that_is_taken_off_ends_the_session_and_put_on_starts_it_again(
    runtime: FakeRuntime, gl: GLContext
) -> None:
    with Client(gl) as app:
        app.run(4)
        runtime.state("visible")
        app.frame()
        runtime.state("idle")
        app.pump()
        runtime.state("focused")
        app.run(4)
    down = [State.VISIBLE, State.SYNCHRONIZED, State.STOPPING]
    assert app.states == [*UP, *down, *UP]
    assert runtime.errors == []


def test_an_application_that_wants_to_leave_is_led_out(runtime: FakeRuntime, gl: GLContext) -> None:
    with Client(gl) as app:
        app.run(4)
        xr.request_exit_session(app.session)
        app.pump()
    assert app.states[-3:] == [State.STOPPING, State.IDLE, State.EXITING]
    assert runtime.errors == []


def test_quads_and_their_pictures_are_kept(runtime: FakeRuntime, gl: GLContext) -> None:
    def draw(app: Client, state: object) -> list[object]:
        swapchain, images = app.make_swapchain((32, 16))
        app.fill(swapchain, images, (32, 16), (0.0, 0.0, 1.0, 1.0))
        pose = xr.Posef(xr.Quaternionf(0, 0, 0, 1), xr.Vector3f(0.0, 1.5, -1.0))
        quad = xr.CompositionLayerQuad(
            space=app.local,
            eye_visibility=xr.EyeVisibility.LEFT,
            sub_image=client.part(swapchain, (16, 8), (8, 4)),
            pose=pose,
            size=xr.Extent2Df(0.4, 0.2),
        )
        return [app.eyes(state), quad]

    with Client(gl) as app:
        app.run(4)
        app.frame(draw)
        assert np.all(runtime.quad() == [0, 0, 255, 255])
    (quad,) = runtime.frames[-1].quads
    assert (quad.space, quad.eye) == ("local", "left")
    assert quad.size == pytest.approx((0.4, 0.2))
    assert quad.surfaces[0].pose.position == pytest.approx((0.0, 1.5, -1.0))
    assert runtime.quad().shape == (8, 16, 4)
    assert runtime.errors == []


def test_depth_that_goes_with_a_view_is_kept(runtime: FakeRuntime, gl: GLContext) -> None:
    chains: list[object] = []

    def draw(app: Client, state: object) -> list[object]:
        layer = app.eyes(state)
        for view in layer.views:
            swapchain, _ = app.make_swapchain((64, 48), client.DEPTH32F)
            xr.acquire_swapchain_image(swapchain, xr.SwapchainImageAcquireInfo())
            xr.wait_swapchain_image(swapchain, xr.SwapchainImageWaitInfo(xr.INFINITE_DURATION))
            xr.release_swapchain_image(swapchain, xr.SwapchainImageReleaseInfo())
            depth = xr.CompositionLayerDepthInfoKHR(
                sub_image=client.part(swapchain, (64, 48)),
                min_depth=0.0,
                max_depth=1.0,
                near_z=100.0,
                far_z=0.05,
            )
            chains.append(depth)
            view.next = depth
        return [layer]

    with Client(gl, extensions=["XR_KHR_composition_layer_depth"]) as app:
        app.run(4)
        app.frame(draw)
        assert runtime.depth(1).shape == (48, 64)
    projection = runtime.frames[-1].projection
    assert projection is not None
    depth = projection.surfaces[1].depth
    assert depth is not None
    assert (depth.near, depth.far) == pytest.approx((100.0, 0.05))
    assert runtime.errors == []


@pytest.mark.skipif(sys.platform != "linux", reason="X11 is what Linux has")
def test_a_window_of_x11_shows_frames_too(display: str) -> None:
    window = GLContext.window("client", (32, 32), visible=False, swap_interval=0)
    with window, FakeRuntime(validate=True, pictures=True, eye=(16, 16)) as runtime:
        with Client(window) as app:
            app.run(4)
            assert np.all(runtime.picture(1) == [0, 255, 0, 255])
        assert runtime.errors == []
        assert runtime.violations == []


def test_the_real_clock_paces_frames(gl: GLContext) -> None:
    gl.make_current()
    with FakeRuntime(clock="real") as runtime, Client(gl) as app:
        before = time.monotonic_ns()
        app.run(6)
        frames = runtime.frames
        assert time.monotonic_ns() - before >= 5 * PERIOD
    steps = np.diff([frame.display_time for frame in frames])
    assert np.all(steps % PERIOD == 0)
    assert np.all(steps > 0)


def test_a_thousand_frames_repeat_to_the_nanosecond(gl: GLContext) -> None:
    def run() -> list[int]:
        gl.make_current()
        with FakeRuntime(eye=(16, 16)) as runtime, Client(gl) as app:
            app.run(1000)
            assert runtime.errors == []
            assert runtime.counts["held"] == 0
            return [frame.display_time for frame in runtime.frames]

    assert run() == run()


def test_a_wait_that_waits_for_another_thread_goes_on_when_it_begins(gl: GLContext) -> None:
    gl.make_current()
    with FakeRuntime() as runtime, Client(gl) as app:
        runtime.set("patience_ms", 60_000)
        app.run(4)
        xr.wait_frame(app.session, xr.FrameWaitInfo())
        results: list[object] = []
        second = threading.Thread(
            target=lambda: results.append(xr.wait_frame(app.session, xr.FrameWaitInfo()))
        )
        second.start()
        xr.begin_frame(app.session, xr.FrameBeginInfo())
        second.join(30)
        assert len(results) == 1
        assert runtime.errors == []
