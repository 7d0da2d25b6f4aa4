"""Hands, buttons, joints and haptics of the fake runtime, through the real loader."""

from __future__ import annotations

import ctypes
import sys
import time
from typing import Any

import numpy as np
import pytest

from surgisim.render.context import GLContext
from surgisim.testing.xr import FakeRuntime, Pose

if sys.platform == "darwin":
    pytest.skip("pyopenxr has no loader for macOS", allow_module_level=True)

import xr
from xr import exception

from . import client
from .client import Client

LEFT, RIGHT = 0, 1
TRIGGER = "/user/hand/right/input/trigger/value"
VALID = xr.SpaceLocationFlags.POSITION_VALID_BIT | xr.SpaceLocationFlags.ORIENTATION_VALID_BIT
TRACKED = xr.SpaceLocationFlags.POSITION_TRACKED_BIT | xr.SpaceLocationFlags.ORIENTATION_TRACKED_BIT


def focused(gl: GLContext | None = None, **options: Any) -> Client:
    """Return an application with its actions, in focus."""
    app = Client(gl, **options)
    app.make_actions()
    app.run(4) if gl else app.pump()
    assert app.sync() or app.sync()
    return app


def test_a_headless_session_comes_into_focus_without_frames(runtime: FakeRuntime) -> None:
    runtime.profile("oculus/touch_controller")
    with focused() as app:
        assert app.states[-1] == xr.SessionState.FOCUSED
        assert len(xr.enumerate_swapchain_formats(app.session)) == 0
    assert runtime.errors == []


def test_what_is_pressed_arrives_with_the_next_sync(runtime: FakeRuntime) -> None:
    runtime.profile("oculus/touch_controller")
    with focused() as app:
        runtime.press(TRIGGER, 0.8)
        assert app.value("grasp", RIGHT).current_state == 0.0
        runtime.advance(1_000_000)
        app.sync()
        grasp, click = app.value("grasp", RIGHT), app.value("click", RIGHT)
        assert grasp.current_state == pytest.approx(0.8)
        assert grasp.changed_since_last_sync
        assert grasp.last_change_time == runtime.now
        assert click.current_state
        assert app.value("grasp", LEFT).current_state == 0.0
        assert app.value("grasp").current_state == pytest.approx(0.8), "of both hands"
        app.sync()
        assert not app.value("grasp", RIGHT).changed_since_last_sync
    assert runtime.errors == []


def test_sticks_have_two_numbers(runtime: FakeRuntime) -> None:
    runtime.profile("oculus/touch_controller")
    with focused() as app:
        runtime.stick("/user/hand/left/input/thumbstick", 0.5, -0.25)
        app.sync()
        state = app.value("move", LEFT).current_state
        assert (state.x, state.y) == (0.5, -0.25)


def test_a_controller_that_is_put_away_is_inactive(runtime: FakeRuntime) -> None:
    runtime.profile("oculus/touch_controller")
    with focused() as app:
        assert app.profile(RIGHT) == client.TOUCH
        runtime.profile(None, "right")
        app.sync()
        assert app.profile(RIGHT) is None
        assert not app.value("grasp", RIGHT).is_active
        assert app.value("grasp", LEFT).is_active
        space = app.hand_space("grip", RIGHT)
        assert xr.locate_space(space, app.stage, runtime.now).location_flags == 0
        app.pump()
        kind = xr.StructureType.EVENT_DATA_INTERACTION_PROFILE_CHANGED
        assert [event.type for event in app.events] == [kind] * 2
    assert runtime.errors == []


def test_a_controller_without_suggested_bindings_is_inactive(runtime: FakeRuntime) -> None:
    runtime.profile("htc/vive_controller")
    with focused() as app:
        assert app.profile(RIGHT) is None
        assert not app.value("grasp", RIGHT).is_active


def test_input_stops_without_focus(runtime: FakeRuntime) -> None:
    runtime.profile("oculus/touch_controller")
    with focused() as app:
        runtime.press(TRIGGER)
        app.sync()
        runtime.state("visible")
        app.pump()
        assert not app.sync()
        assert not app.value("grasp", RIGHT).is_active
        assert app.value("grasp", RIGHT).current_state == 0.0


def test_hands_are_where_they_were_put_with_what_is_known_of_them(runtime: FakeRuntime) -> None:
    runtime.profile("oculus/touch_controller")
    half = 0.5**0.5
    with focused() as app:
        grip, aim = app.hand_space("grip", RIGHT), app.hand_space("aim", RIGHT)
        runtime.hand("right", Pose((0.3, 1.1, -0.4), (half, half, 0.0, 0.0)))
        runtime.hand("right", (0.3, 1.1, -0.6), part="aim", tracked=False)
        found = xr.locate_space(grip, app.stage, runtime.now)
        p, q = found.pose.position, found.pose.orientation
        assert (p.x, p.y, p.z) == pytest.approx((0.3, 1.1, -0.4))
        assert (q.w, q.x, q.y, q.z) == pytest.approx((half, half, 0.0, 0.0))
        assert found.location_flags == VALID | TRACKED
        found = xr.locate_space(aim, app.local, runtime.now)
        assert found.pose.position.y == pytest.approx(1.1 - 1.6)
        assert found.location_flags == VALID
        runtime.hand("right", (0.3, 1.1, -0.4), valid=False)
        assert xr.locate_space(grip, app.stage, runtime.now).location_flags == 0
    assert runtime.errors == []


def test_moving_hands_are_predicted_and_their_velocity_told(runtime: FakeRuntime) -> None:
    runtime.profile("oculus/touch_controller")
    with focused() as app:
        grip = app.hand_space("grip", RIGHT)
        runtime.hand("right", (0.0, 1.0, 0.0), linear=(0.5, 0.0, 0.0), angular=(0.0, 1.0, 0.0))
        velocity = xr.SpaceVelocity()
        location = xr.SpaceLocation(next=velocity)
        later = runtime.now + 20_000_000
        xr.raw_functions.xrLocateSpace(grip, app.stage, later, ctypes.byref(location))
        assert location.pose.position.x == pytest.approx(0.01)
        assert location.pose.orientation.y == pytest.approx(np.sin(0.01))
        assert velocity.velocity_flags == (
            xr.SpaceVelocityFlags.LINEAR_VALID_BIT | xr.SpaceVelocityFlags.ANGULAR_VALID_BIT
        )
        v, w = velocity.linear_velocity, velocity.angular_velocity
        assert (v.x, v.y, v.z) == pytest.approx((0.5, 0.0, 0.0))
        assert w.y == pytest.approx(1.0)


@pytest.mark.parametrize("suffix", ["", "KHR"])
def test_many_spaces_are_located_at_once(runtime: FakeRuntime, suffix: str) -> None:
    runtime.profile("oculus/touch_controller")
    with focused(extensions=["XR_KHR_locate_spaces"]) as app:
        runtime.hand("left", (-0.1, 1.0, -0.2))
        spaces = (xr.Space * 2)(app.hand_space("grip", LEFT), app.local)
        places = (xr.SpaceLocationData * 2)()
        info = xr.SpacesLocateInfo(base_space=app.stage, time=runtime.now)
        info.space_count, info._spaces = 2, spaces
        out = xr.SpaceLocations()
        out.location_count, out._locations = 2, places
        locate = client.function(app.instance, f"xrLocateSpaces{suffix}")
        assert locate(app.session, ctypes.byref(info), ctypes.byref(out)) == 0
        assert [place.pose.position.y for place in places] == pytest.approx([1.0, 1.6])
    assert runtime.errors == []


def test_pulses_are_written_down(runtime: FakeRuntime) -> None:
    runtime.profile("oculus/touch_controller")
    with focused() as app:
        where = xr.HapticActionInfo(app.actions["pulse"], app.hands[RIGHT])
        pulse = xr.HapticVibration(duration=20_000_000, frequency=160.0, amplitude=0.25)
        xr.apply_haptic_feedback(app.session, where, pulse)
        xr.stop_haptic_feedback(app.session, where)
    begun, ended = runtime.haptics
    assert begun.paths == ("/user/hand/right/output/haptic",)
    assert (begun.action, begun.duration, begun.amplitude, begun.frequency) == (
        "pulse",
        20_000_000,
        0.25,
        160.0,
    )
    assert ended.stop
    assert runtime.errors == []


@pytest.mark.parametrize(
    ("profile", "path"),
    [
        ("oculus/touch_controller", "right/input/trackpad"),
        ("oculus/touch_controller", "right/input/x/click"),
        ("khr/simple_controller", "left/input/trigger/value"),
        ("valve/index_controller", "left/input/menu/click"),
        ("nobody/controller", "left/input/grip/pose"),
        ("logitech/mx_ink_stylus_logitech", "left/input/grip/pose"),
    ],
)
def test_paths_that_a_controller_does_not_have_cannot_be_bound(
    gl: GLContext, profile: str, path: str
) -> None:
    with FakeRuntime() as runtime, Client() as app:
        binding = dict.fromkeys(client.BINDINGS, path.split("/", 1)[1])
        with pytest.raises(exception.PathUnsupportedError):
            app.make_actions(["grasp"], f"/interaction_profiles/{profile}", binding)
        assert len(runtime.errors) == 1


def test_a_set_of_higher_priority_takes_the_sources_that_both_want(gl: GLContext) -> None:
    with FakeRuntime() as runtime, Client() as app:
        runtime.profile("oculus/touch_controller")
        runtime.press(TRIGGER, 1.0)
        sets = [
            xr.create_action_set(app.instance, xr.ActionSetCreateInfo(name, name, priority))
            for name, priority in (("tissue", 0), ("menu", 5))
        ]
        actions = [
            xr.create_action(
                one,
                xr.ActionCreateInfo(
                    action_name="press",
                    action_type=xr.ActionType.BOOLEAN_INPUT,
                    localized_action_name="Press",
                ),
            )
            for one in sets
        ]
        path = xr.string_to_path(app.instance, TRIGGER)
        bindings = [xr.ActionSuggestedBinding(action, path) for action in actions]
        profile = xr.string_to_path(app.instance, client.TOUCH)
        xr.suggest_interaction_profile_bindings(
            app.instance,
            xr.InteractionProfileSuggestedBinding(
                interaction_profile=profile, suggested_bindings=bindings
            ),
        )
        attached = xr.SessionActionSetsAttachInfo(action_sets=sets)
        xr.attach_session_action_sets(app.session, attached)
        app.pump()

        def pressed(*active: Any) -> list[bool]:
            used = [xr.ActiveActionSet(one, xr.NULL_PATH) for one in active]
            xr.sync_actions(app.session, xr.ActionsSyncInfo(active_action_sets=used))
            asked = [xr.ActionStateGetInfo(action, xr.NULL_PATH) for action in actions]
            found = [xr.get_action_state_boolean(app.session, ask) for ask in asked]
            return [bool(state.is_active and state.current_state) for state in found]

        assert pressed(sets[0]) == [True, False]
        assert pressed(*sets) == [False, True]
        assert runtime.errors == []


def test_a_path_that_cannot_serve_its_action_is_told(gl: GLContext) -> None:
    with FakeRuntime() as runtime, Client() as app:
        app.make_actions(["grasp"], bindings={"grasp": "input/grip/pose"})
        assert "cannot serve the action grasp" in runtime.errors[0]


def test_actions_are_attached_once(gl: GLContext) -> None:
    with FakeRuntime() as runtime, Client() as app:
        app.make_actions()
        info = xr.SessionActionSetsAttachInfo(action_sets=[app.set])
        with pytest.raises(exception.ActionsetsAlreadyAttachedError):
            xr.attach_session_action_sets(app.session, info)
        assert len(runtime.errors) == 1


def test_the_stylus_and_bare_hands_are_profiles_of_their_extensions(gl: GLContext) -> None:
    ink = "/interaction_profiles/logitech/mx_ink_stylus_logitech"
    with FakeRuntime() as runtime:
        runtime.profile("logitech/mx_ink_stylus_logitech", "right")
        runtime.press("/user/hand/right/input/tip_logitech/force", 0.4)
        with Client(extensions=["XR_LOGITECH_mx_ink_stylus_interaction"]) as app:
            app.make_actions(["grasp"], ink, {"grasp": "input/tip_logitech/force"})
            app.pump()
            app.sync()
            assert app.value("grasp", RIGHT).current_state == pytest.approx(0.4)
        hands = "/interaction_profiles/ext/hand_interaction_ext"
        runtime.profile("ext/hand_interaction_ext")
        runtime.press("/user/hand/left/input/pinch_ext/value", 1.0)
        with Client(extensions=["XR_EXT_hand_interaction"]) as app:
            app.make_actions(["click"], hands, {"click": "input/pinch_ext/value"})
            app.pump()
            app.sync()
            assert app.value("click", LEFT).current_state
        assert runtime.errors == []


def test_joints_of_a_bare_hand_are_where_they_were_put(runtime: FakeRuntime) -> None:
    names = ["XR_EXT_hand_tracking", "XR_EXT_hand_tracking_data_source"]
    with Client(extensions=names) as app:
        source = xr.HandTrackingDataSourceEXT.UNOBSTRUCTED
        wanted = xr.HandTrackingDataSourceInfoEXT(requested_data_sources=[source.value])
        info = xr.HandTrackerCreateInfoEXT(
            hand=xr.HandEXT.RIGHT, hand_joint_set=xr.HandJointSetEXT.DEFAULT, next=wanted
        )
        tracker = xr.HandTrackerEXT()
        create = client.function(app.instance, "xrCreateHandTrackerEXT")
        assert create(app.session, ctypes.byref(info), ctypes.byref(tracker)) == 0
        locate = client.function(app.instance, "xrLocateHandJointsEXT")

        def joints() -> tuple[Any, Any]:
            places = (xr.HandJointLocationEXT * 26)()
            out = xr.HandJointLocationsEXT()
            out.joint_count, out._joint_locations = 26, places
            asked = xr.HandJointsLocateInfoEXT(base_space=app.stage, time=runtime.now)
            assert locate(tracker, ctypes.byref(asked), ctypes.byref(out)) == 0
            return out, places

        assert not joints()[0].is_active
        runtime.joints("right", [(0.01 * i, 1.2, -0.3) for i in range(26)], radii=0.008)
        out, places = joints()
        assert out.is_active
        assert places[25].pose.position.x == pytest.approx(0.25)
        assert places[3].radius == pytest.approx(0.008)
        assert places[3].location_flags == VALID | TRACKED
        runtime.set("hand_source", xr.HandTrackingDataSourceEXT.CONTROLLER.value)
        assert not joints()[0].is_active, "the application wants bare hands only"
        runtime.joints("right", None)
        assert not joints()[0].is_active
    assert runtime.errors == []


def test_refresh_rates_are_chosen_from_a_list(runtime: FakeRuntime, gl: GLContext) -> None:
    with Client(gl, extensions=["XR_FB_display_refresh_rate"]) as app:
        app.run(4)
        request = client.function(app.instance, "xrRequestDisplayRefreshRateFB")
        assert request(app.session, 120.0) == 0
        assert app.frame().predicted_display_period == int(1e9 / 120)
        kind = xr.StructureType.EVENT_DATA_DISPLAY_REFRESH_RATE_CHANGED_FB
        assert app.events[-1].type == kind
        assert runtime.errors == []
        assert request(app.session, 61.0) == xr.Result.ERROR_DISPLAY_REFRESH_RATE_UNSUPPORTED_FB
    assert "61 Hz is not among" in runtime.errors[0]


def test_who_wears_the_headset_is_told(runtime: FakeRuntime) -> None:
    with Client(extensions=["XR_EXT_user_presence"]) as app:
        runtime.wear(False)
        app.pump()
        kind = xr.StructureType.EVENT_DATA_USER_PRESENCE_CHANGED_EXT
        assert [event.type for event in app.events] == [kind] * 2


def test_the_lenses_hide_corners(runtime: FakeRuntime, gl: GLContext) -> None:
    with Client(gl, extensions=["XR_KHR_visibility_mask"]) as app:
        app.run(1)
        ask = client.function(app.instance, "xrGetVisibilityMaskKHR")
        mask = xr.VisibilityMaskKHR()
        kind = xr.VisibilityMaskTypeKHR.HIDDEN_TRIANGLE_MESH.value
        arguments = (app.session, app.configuration.value, 0, kind, ctypes.byref(mask))
        assert ask(*arguments) == 0
        points = (xr.Vector2f * mask.vertex_count_output)()
        indices = (ctypes.c_uint32 * mask.index_count_output)()
        mask.vertex_capacity_input, mask.index_capacity_input = len(points), len(indices)
        mask.vertices = ctypes.cast(points, type(mask.vertices))
        mask.indices = ctypes.cast(indices, type(mask.indices))
        assert ask(*arguments) == 0
        corners = np.array([(point.x, point.y) for point in points])
        assert corners[:, 0].min() == pytest.approx(np.tan(-0.9))
        assert len(indices) == 12
        assert max(indices) < len(points)
    assert runtime.errors == []


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has another clock")
def test_the_systems_clock_is_converted_to_the_headsets(runtime: FakeRuntime) -> None:
    class Timespec(ctypes.Structure):
        _fields_ = (("seconds", ctypes.c_long), ("nanoseconds", ctypes.c_long))

    with Client(extensions=["XR_KHR_convert_timespec_time"]) as app:
        convert = client.function(app.instance, "xrConvertTimespecTimeToTimeKHR")
        now = time.monotonic_ns()
        system = Timespec(*divmod(now, 1_000_000_000))
        converted = xr.Time()
        address = ctypes.cast(ctypes.byref(system), convert.argtypes[1])
        assert convert(app.instance, address, ctypes.byref(converted)) == 0
        # virtual time stands still while the system's goes on
        assert converted.value <= runtime.now
        assert runtime.now - converted.value < 600_000_000_000


def test_rooms_have_a_size(runtime: FakeRuntime) -> None:
    runtime.set("bounds_width", 3.0)
    with Client() as app:
        bounds = xr.get_reference_space_bounds_rect(app.session, xr.ReferenceSpaceType.STAGE)
        assert (bounds.width, bounds.height) == (3.0, 2.0)
