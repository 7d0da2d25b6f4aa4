"""What the fake runtime says of applications that call wrongly, and what it takes from them."""

from __future__ import annotations

import ctypes
import sys
from collections.abc import Callable
from typing import Any

import pytest

from surgisim.errors import TestingError
from surgisim.render.context import GLContext
from surgisim.testing.xr import FakeRuntime

if sys.platform == "darwin":
    pytest.skip("pyopenxr has no loader for macOS", allow_module_level=True)

import xr
from xr import exception

from . import client
from .client import Client

APPLICATION = xr.ApplicationInfo("client", 1, "none", 1, xr.Version(1, 1, 0))


@pytest.fixture
def plain(gl: GLContext) -> Any:
    """A runtime without Khronos's layer, which would stop faulty calls before they arrive."""
    gl.make_current()
    with FakeRuntime(eye=(64, 48)) as fake:
        fake.set("patience_ms", 20)
        yield fake


def wait(app: Client) -> Any:
    return xr.wait_frame(app.session, xr.FrameWaitInfo())


def begin(app: Client) -> None:
    xr.begin_frame(app.session, xr.FrameBeginInfo())


def started(app: Client) -> Any:
    """Run to focus, and begin a frame."""
    app.run(4)
    state = wait(app)
    begin(app)
    return state


def test_a_frame_that_is_ended_without_being_begun_is_an_error(
    plain: FakeRuntime, gl: GLContext
) -> None:
    with Client(gl) as app:
        app.run(1)
        state = wait(app)
        with pytest.raises(exception.CallOrderInvalidError):
            app.end(state, [])
    (error,) = plain.errors
    assert error == "xrEndFrame: no frame was begun (xrBeginFrame) (XR_ERROR_CALL_ORDER_INVALID)"


def test_a_frame_that_is_begun_without_being_waited_for_is_an_error(
    plain: FakeRuntime, gl: GLContext
) -> None:
    with Client(gl) as app:
        app.run(1)
        with pytest.raises(exception.CallOrderInvalidError):
            begin(app)
    assert "no frame was waited for" in plain.errors[0]


def test_a_second_wait_does_not_hang_for_ever(plain: FakeRuntime, gl: GLContext) -> None:
    with Client(gl) as app:
        app.run(1)
        wait(app)
        with pytest.raises(exception.CallOrderInvalidError):
            wait(app)
    assert "block for ever" in plain.errors[0]


def test_a_frame_that_is_never_ended_is_discarded_and_told(
    plain: FakeRuntime, gl: GLContext
) -> None:
    with Client(gl) as app:
        started(app)
        state = wait(app)
        info = xr.FrameBeginInfo()
        result = xr.raw_functions.xrBeginFrame(app.session, ctypes.byref(info))
        assert result == xr.Result.FRAME_DISCARDED
        app.end(state, [])
    assert plain.counts["discarded"] == 1
    assert plain.errors == ["xrBeginFrame: the frame before was begun and never ended"]


def test_a_frame_with_another_time_than_predicted_is_told(
    plain: FakeRuntime, gl: GLContext
) -> None:
    with Client(gl) as app:
        state = started(app)
        state.predicted_display_time -= 1
        app.end(state, [app.eyes(state)])
    assert "predicted was" in plain.errors[0]
    assert "views located for the time" in plain.errors[1]


def test_layers_that_nobody_sees_are_told(plain: FakeRuntime, gl: GLContext) -> None:
    with Client(gl) as app:
        app.run(4)
        plain.set("should_render", 0)
        state = wait(app)
        begin(app)
        app.end(state, [app.eyes(state)])
    assert "although shouldRender was false" in plain.errors[0]


def turned(app: Client, layer: Any) -> None:
    layer.views[0].pose.orientation.w = 2.0


def outside(app: Client, layer: Any) -> None:
    layer.views[1].sub_image.image_rect.extent.width = 65


def blind(app: Client, layer: Any) -> None:
    layer.views[0].fov.angle_left = layer.views[0].fov.angle_right


def deep(app: Client, layer: Any) -> None:
    layer.views[0].sub_image.image_array_index = 1


def unreleased(app: Client, layer: Any) -> None:
    layer.views[0].sub_image.swapchain = app.make_swapchain((64, 48))[0]


def depth_as_color(app: Client, layer: Any) -> None:
    swapchain, _ = app.make_swapchain((64, 48), client.DEPTH32F)
    xr.acquire_swapchain_image(swapchain, xr.SwapchainImageAcquireInfo())
    xr.wait_swapchain_image(swapchain, xr.SwapchainImageWaitInfo(xr.INFINITE_DURATION))
    xr.release_swapchain_image(swapchain, xr.SwapchainImageReleaseInfo())
    layer.views[0].sub_image.swapchain = swapchain


def without_extension(app: Client, layer: Any) -> None:
    image = layer.views[0].sub_image
    app.chains.append(xr.CompositionLayerDepthInfoKHR(sub_image=image, near_z=1.0, far_z=2.0))
    layer.views[0].next = app.chains[-1]


def homeless(app: Client, layer: Any) -> None:
    space = app.reference(xr.ReferenceSpaceType.LOCAL)
    layer.space = space
    xr.destroy_space(space)


@pytest.mark.parametrize(
    ("spoil", "error", "text"),
    [
        (turned, exception.PoseInvalidError, "not of length one"),
        (outside, exception.SwapchainRectInvalidError, "does not lie in an image of [64, 48]"),
        (blind, exception.ValidationFailureError, "field of view"),
        (deep, exception.ValidationFailureError, "array index 1 of a swapchain of 1"),
        (unreleased, exception.LayerInvalidError, "no image of the layer's swapchain was released"),
        (depth_as_color, exception.LayerInvalidError, "depth was given where colour is needed"),
        (without_extension, exception.LayerInvalidError, "XR_KHR_composition_layer_depth"),
        (homeless, exception.HandleInvalidError, "no space"),
    ],
)
def test_a_faulty_layer_is_refused(
    plain: FakeRuntime,
    gl: GLContext,
    spoil: Callable[[Client, Any], None],
    error: type[Exception],
    text: str,
) -> None:
    with Client(gl) as app:
        state = started(app)
        layer = app.eyes(state)
        spoil(app, layer)
        with pytest.raises(error):
            app.end(state, [layer])
        app.end(state, [])  # the frame is still to be ended
    assert len(plain.errors) == 1
    assert text in plain.errors[0]


def test_images_are_acquired_waited_for_and_released(plain: FakeRuntime, gl: GLContext) -> None:
    with Client(gl) as app:
        swapchain, images = app.make_swapchain((8, 8))
        assert len(set(images)) == 3
        with pytest.raises(exception.CallOrderInvalidError):
            xr.release_swapchain_image(swapchain, xr.SwapchainImageReleaseInfo())
        for _ in images:
            xr.acquire_swapchain_image(swapchain, xr.SwapchainImageAcquireInfo())
        assert plain.counts["held"] == 1
        with pytest.raises(exception.CallOrderInvalidError):
            xr.acquire_swapchain_image(swapchain, xr.SwapchainImageAcquireInfo())
    assert [error.split(":")[0] for error in plain.errors] == [
        "xrReleaseSwapchainImage",
        "xrAcquireSwapchainImage",
    ]


def test_a_session_needs_the_requirements_to_be_asked_for(
    plain: FakeRuntime, gl: GLContext, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(client, "function", lambda *_: lambda *_: 0)
    with pytest.raises(exception.GraphicsRequirementsCallMissingError):
        Client(gl)
    assert "call xrGetOpenGLGraphicsRequirementsKHR first" in plain.errors[0]


def test_khronos_layer_notices_what_the_specification_forbids(gl: GLContext) -> None:
    gl.make_current()
    with FakeRuntime(validate=True) as runtime, Client(gl) as app:
        with pytest.raises(exception.HandleInvalidError):
            xr.locate_views(app.session, xr.ViewLocateInfo(app.configuration, 1, xr.Space()))
        assert any("VUID-XrViewLocateInfo-space" in line for line in runtime.violations)


def test_extensions_that_are_not_offered_cannot_be_enabled(gl: GLContext) -> None:
    gl.make_current()
    with FakeRuntime(extensions=client.GL_EXTENSIONS):
        offered = xr.enumerate_instance_extension_properties()
        names = {each.extension_name.decode() for each in offered}
        assert names - {"XR_EXT_debug_utils"} == set(client.GL_EXTENSIONS)  # the loader has it
        with pytest.raises(exception.ExtensionNotPresentError):
            Client(gl, extensions=["XR_EXT_hand_tracking"])


def test_an_older_runtime_refuses_1_1_without_calling_it_a_mistake(gl: GLContext) -> None:
    gl.make_current()
    with FakeRuntime(api="1.0") as runtime:
        with pytest.raises(exception.ApiVersionUnsupportedError):
            Client(gl)
        with Client(gl, api=(1, 0)) as app:
            app.run(4)
        assert runtime.errors == []
        assert app.states[-1] == xr.SessionState.FOCUSED


def test_functions_of_extensions_that_are_not_enabled_are_not_there(
    plain: FakeRuntime, gl: GLContext
) -> None:
    with Client(gl) as app, pytest.raises(exception.FunctionUnsupportedError):
        client.function(app.instance, "xrCreateHandTrackerEXT")


def test_a_lost_session_can_be_replaced(runtime: FakeRuntime, gl: GLContext) -> None:
    with Client(gl) as app:
        app.run(4)
        runtime.lose("session pending")
        app.pump()
        assert app.states[-1] == xr.SessionState.LOSS_PENDING
        runtime.lose("session")
        with pytest.raises(exception.SessionLostError):
            wait(app)
        with pytest.raises(exception.SessionLostError):
            app.reference(xr.ReferenceSpaceType.VIEW)
        xr.destroy_session(app.session)
        gl.make_current()
        app.session, app.images, app.states = app.make_session(), [], []
        app.stage = app.reference(xr.ReferenceSpaceType.STAGE)
        app.make_eyes()
        app.run(4)
        assert app.states[-1] == xr.SessionState.FOCUSED
    assert runtime.errors == []


def test_what_was_told_of_a_session_goes_with_it(runtime: FakeRuntime, gl: GLContext) -> None:
    with Client(gl) as app:
        app.run(4)
        runtime.lose("session pending")  # told, and not asked for
        xr.destroy_session(app.session)
        gl.make_current()
        app.session, app.images, app.states = app.make_session(), [], []
        app.stage = app.reference(xr.ReferenceSpaceType.STAGE)
        app.make_eyes()
        app.run(4)
        assert app.states[:2] == [xr.SessionState.IDLE, xr.SessionState.READY]
        assert app.states[-1] == xr.SessionState.FOCUSED
    assert runtime.errors == []


def test_a_lost_instance_fails_every_call_but_its_destruction(
    runtime: FakeRuntime, gl: GLContext
) -> None:
    with Client(gl) as app:
        app.run(4)
        runtime.lose("instance pending")
        app.pump()
        kind = xr.StructureType.EVENT_DATA_INSTANCE_LOSS_PENDING
        assert app.events[-1].type == kind
        runtime.lose("instance")
        for call in (lambda: xr.poll_event(app.instance), lambda: wait(app)):
            with pytest.raises(exception.InstanceLostError):
                call()
        xr.destroy_session(app.session)
    assert runtime.errors == []


def test_a_lost_runtime_makes_no_instance_until_it_is_back(
    runtime: FakeRuntime, gl: GLContext
) -> None:
    with Client(gl) as app:
        app.run(4)
        runtime.lose("runtime")
        with pytest.raises(exception.InstanceLostError):
            wait(app)
    with pytest.raises(exception.RuntimeUnavailableError):
        Client(gl)
    runtime.bring_back()
    with Client(gl) as app:
        app.run(4)
        assert app.states[-1] == xr.SessionState.FOCUSED
    assert runtime.errors == []


def test_a_headset_that_is_not_plugged_in_is_unavailable(gl: GLContext) -> None:
    gl.make_current()
    with FakeRuntime() as runtime:
        runtime.set("headset", 0)
        instance = xr.create_instance(xr.InstanceCreateInfo(application_info=APPLICATION))
        info = xr.SystemGetInfo(xr.FormFactor.HEAD_MOUNTED_DISPLAY)
        with pytest.raises(exception.FormFactorUnavailableError):
            xr.get_system(instance, info)
        runtime.set("headset", 1)
        assert xr.get_system(instance, info)
        xr.destroy_instance(instance)
        assert runtime.errors == []


def test_a_call_fails_as_often_as_the_test_says(runtime: FakeRuntime, gl: GLContext) -> None:
    with Client(gl) as app:
        app.run(4)
        runtime.fail_next("xrWaitFrame", xr.Result.ERROR_RUNTIME_FAILURE.value, 2)
        for _ in range(2):
            with pytest.raises(exception.RuntimeFailureError):
                wait(app)
        app.frame()
    assert runtime.errors == []


def test_settings_that_cannot_be_are_refused(plain: FakeRuntime) -> None:
    with pytest.raises(TestingError, match="no setting views of 3"):
        plain.set("views", 3)
    with pytest.raises(TestingError, match="XR_no_such is not known"):
        plain.set("extensions", "XR_no_such")
    with pytest.raises(TestingError, match="no unit quaternion"):
        plain.place("/user/head", _Turned())
    with pytest.raises(TestingError, match="is no pose"):
        plain.head("here")
    with pytest.raises(TestingError, match="time does not go back"):
        plain.advance(-1)
    with pytest.raises(TestingError, match="no session to lose"):
        plain.lose("session")


class _Turned:
    position = (0.0, 0.0, 0.0)
    rotation = (2.0, 0.0, 0.0, 0.0)
