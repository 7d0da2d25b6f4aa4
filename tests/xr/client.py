"""The smallest OpenXR application that does everything in order: what the fake runtime is shown.

It is written in raw pyopenxr, apart from the product's own, so that the runtime is not tested by
what it is there to test.
"""

from __future__ import annotations

import ctypes
from collections.abc import Callable, Sequence
from typing import Any

import xr

from surgisim.render.context import GLContext

GL_EXTENSIONS = ("XR_KHR_opengl_enable", "XR_MNDX_egl_enable")
HANDS = ("/user/hand/left", "/user/hand/right")
SRGB8_ALPHA8, DEPTH32F = 0x8C43, 0x8CAC
COLORS = ((1.0, 0.0, 0.0, 1.0), (0.0, 1.0, 0.0, 1.0), (0.0, 0.0, 1.0, 1.0), (1.0, 1.0, 0.0, 1.0))
TOUCH = "/interaction_profiles/oculus/touch_controller"
BINDINGS = {
    "grip": "input/grip/pose",
    "aim": "input/aim/pose",
    "grasp": "input/trigger/value",
    "click": "input/trigger/value",
    "move": "input/thumbstick",
    "pulse": "output/haptic",
}
KINDS = {
    "grip": xr.ActionType.POSE_INPUT,
    "aim": xr.ActionType.POSE_INPUT,
    "grasp": xr.ActionType.FLOAT_INPUT,
    "click": xr.ActionType.BOOLEAN_INPUT,
    "move": xr.ActionType.VECTOR2F_INPUT,
    "pulse": xr.ActionType.VIBRATION_OUTPUT,
}


def function(instance: Any, name: str) -> Any:
    """Return a function of an extension."""
    address = xr.get_instance_proc_addr(instance, name)
    return ctypes.cast(address, getattr(xr, f"PFN_{name}"))


def checked(result: Any) -> Any:
    """Return a result that is no error, whether or not pyopenxr is set to raise it."""
    if result.value < 0:
        raise xr.exception.check_result(result)
    return result


def base(layer: Any) -> Any:
    return ctypes.cast(ctypes.pointer(layer), ctypes.POINTER(xr.CompositionLayerBaseHeader))


class Client:
    """An instance and a session; with `gl` it shows frames, without it is headless."""

    def __init__(
        self,
        gl: GLContext | None = None,
        *,
        api: tuple[int, int] = (1, 1),
        extensions: Sequence[str] = (),
        configuration: Any = None,
    ) -> None:
        self.gl = gl
        enabled = [*(GL_EXTENSIONS if gl else ("XR_MND_headless",)), *extensions]
        application = xr.ApplicationInfo("client", 1, "none", 1, xr.Version(*api, 0))
        self.instance = xr.create_instance(
            xr.InstanceCreateInfo(enabled_extension_names=enabled, application_info=application)
        )
        try:
            self.start(configuration)
        except Exception:
            xr.destroy_instance(self.instance)  # the loader has but one in a process
            raise

    def start(self, configuration: Any) -> None:
        head = xr.FormFactor.HEAD_MOUNTED_DISPLAY
        self.system = xr.get_system(self.instance, xr.SystemGetInfo(head))
        self.configuration = configuration or xr.ViewConfigurationType.PRIMARY_STEREO
        self.states: list[Any] = []
        self.events: list[Any] = []
        self.chains: list[Any] = []
        self.session = self.make_session()
        self.stage = self.reference(xr.ReferenceSpaceType.STAGE)
        self.local = self.reference(xr.ReferenceSpaceType.LOCAL)
        self.images: list[tuple[Any, list[int], tuple[int, int]]] = []
        if self.gl:
            self.make_eyes()

    def __enter__(self) -> Client:
        return self

    def __exit__(self, *_: object) -> None:
        xr.destroy_instance(self.instance)

    def make_session(self) -> Any:
        info = xr.SessionCreateInfo(system_id=self.system)
        if self.gl:
            requirements = xr.GraphicsRequirementsOpenGLKHR()
            ask = function(self.instance, "xrGetOpenGLGraphicsRequirementsKHR")
            assert ask(self.instance, self.system, ctypes.byref(requirements)) == 0
            windowed = hasattr(self.gl.native, "handle")
            self.binding = xlib_binding(self.gl) if windowed else egl_binding(self.gl)
            info.next = ctypes.cast(ctypes.pointer(self.binding), ctypes.c_void_p)
        return xr.create_session(self.instance, info)

    def reference(self, kind: Any, pose: Any = None) -> Any:
        info = xr.ReferenceSpaceCreateInfo(kind, pose or xr.Posef())
        return xr.create_reference_space(self.session, info)

    def make_eyes(self) -> None:
        views = xr.enumerate_view_configuration_views(
            self.instance, self.system, self.configuration
        )
        for view in views:
            size = (view.recommended_image_rect_width, view.recommended_image_rect_height)
            self.images.append((*self.make_swapchain(size), size))

    def make_swapchain(
        self, size: tuple[int, int], form: int = SRGB8_ALPHA8, layers: int = 1
    ) -> tuple[Any, list[int]]:
        usage = xr.SwapchainUsageFlags.COLOR_ATTACHMENT_BIT
        if form == DEPTH32F:
            usage = xr.SwapchainUsageFlags.DEPTH_STENCIL_ATTACHMENT_BIT
        info = xr.SwapchainCreateInfo(
            usage_flags=usage,
            format=form,
            sample_count=1,
            width=size[0],
            height=size[1],
            face_count=1,
            array_size=layers,
            mip_count=1,
        )
        swapchain = xr.create_swapchain(self.session, info)
        found = xr.enumerate_swapchain_images(swapchain, xr.SwapchainImageOpenGLKHR)
        return swapchain, [image.image for image in found]

    # Actions

    def make_actions(
        self,
        names: Sequence[str] = tuple(BINDINGS),
        profile: str = TOUCH,
        bindings: dict[str, str] = BINDINGS,
    ) -> None:
        self.hands = [xr.string_to_path(self.instance, hand) for hand in HANDS]
        self.set = xr.create_action_set(self.instance, xr.ActionSetCreateInfo("all", "All", 0))
        self.actions = {
            name: xr.create_action(
                self.set,
                xr.ActionCreateInfo(
                    action_name=name,
                    action_type=KINDS[name],
                    subaction_paths=self.hands,
                    localized_action_name=name.title(),
                ),
            )
            for name in names
        }
        suggested = [
            xr.ActionSuggestedBinding(
                self.actions[name], xr.string_to_path(self.instance, f"{hand}/{bindings[name]}")
            )
            for name in names
            for hand in HANDS
        ]
        xr.suggest_interaction_profile_bindings(
            self.instance,
            xr.InteractionProfileSuggestedBinding(
                interaction_profile=xr.string_to_path(self.instance, profile),
                suggested_bindings=suggested,
            ),
        )
        xr.attach_session_action_sets(
            self.session, xr.SessionActionSetsAttachInfo(action_sets=[self.set])
        )

    def sync(self) -> bool:
        """Synchronise; false without focus."""
        active = xr.ActiveActionSet(self.set, xr.NULL_PATH)
        info = xr.ActionsSyncInfo(active_action_sets=[active])
        done = checked(xr.raw_functions.xrSyncActions(self.session, ctypes.byref(info)))
        return done == xr.Result.SUCCESS

    def value(self, name: str, hand: int | None = None) -> Any:
        get = {
            xr.ActionType.FLOAT_INPUT: xr.get_action_state_float,
            xr.ActionType.BOOLEAN_INPUT: xr.get_action_state_boolean,
            xr.ActionType.VECTOR2F_INPUT: xr.get_action_state_vector2f,
            xr.ActionType.POSE_INPUT: xr.get_action_state_pose,
        }[KINDS[name]]
        path = xr.NULL_PATH if hand is None else self.hands[hand]
        return get(self.session, xr.ActionStateGetInfo(self.actions[name], path))

    def hand_space(self, name: str, hand: int) -> Any:
        info = xr.ActionSpaceCreateInfo(self.actions[name], self.hands[hand], xr.Posef())
        return xr.create_action_space(self.session, info)

    def profile(self, hand: int) -> str | None:
        state = xr.get_current_interaction_profile(self.session, self.hands[hand])
        if state.interaction_profile == xr.NULL_PATH:
            return None
        return xr.path_to_string(self.instance, state.interaction_profile)

    # The loop

    def pump(self) -> None:
        """Take all events, and do what the session's states ask for."""
        while True:
            event = xr.EventDataBuffer()
            found = checked(xr.raw_functions.xrPollEvent(self.instance, ctypes.byref(event)))
            if found == xr.Result.EVENT_UNAVAILABLE:
                return
            kind = xr.StructureType(event.type)
            if kind != xr.StructureType.EVENT_DATA_SESSION_STATE_CHANGED:
                self.events.append(event)
                continue
            changed = xr.EventDataSessionStateChanged.from_buffer(event)
            self.enter(xr.SessionState(changed.state))

    def enter(self, state: Any) -> None:
        self.states.append(state)
        if state == xr.SessionState.READY:
            xr.begin_session(self.session, xr.SessionBeginInfo(self.configuration))
        elif state == xr.SessionState.STOPPING:
            xr.end_session(self.session)

    def frame(self, draw: Callable[[Client, Any], list[Any]] | None = None) -> Any:
        """Show one frame; `draw` gives its layers, else each eye gets its colour."""
        self.pump()
        state = xr.wait_frame(self.session, xr.FrameWaitInfo())
        xr.begin_frame(self.session, xr.FrameBeginInfo())
        layers: list[Any] = []
        if state.should_render:
            layers = [self.eyes(state)] if draw is None else draw(self, state)
        self.end(state, layers)
        return state

    def run(self, frames: int) -> None:
        for _ in range(frames):
            self.frame()

    def end(self, state: Any, layers: Sequence[Any], mode: Any = None) -> None:
        xr.end_frame(
            self.session,
            xr.FrameEndInfo(
                display_time=state.predicted_display_time,
                environment_blend_mode=mode or xr.EnvironmentBlendMode.OPAQUE,
                layers=[base(layer) for layer in layers],
            ),
        )

    def views(self, state: Any, space: Any = None) -> tuple[Any, Any]:
        info = xr.ViewLocateInfo(
            self.configuration, state.predicted_display_time, space or self.stage
        )
        return xr.locate_views(self.session, info)

    def eyes(self, state: Any, space: Any = None) -> Any:
        """Draw each view in its colour, and return them as a layer."""
        _, views = self.views(state, space)
        drawn = []
        for view, (swapchain, images, size), color in zip(views, self.images, COLORS, strict=False):
            self.fill(swapchain, images, size, color)
            drawn.append(
                xr.CompositionLayerProjectionView(
                    pose=view.pose, fov=view.fov, sub_image=part(swapchain, size)
                )
            )
        return xr.CompositionLayerProjection(space=space or self.stage, views=drawn)

    def fill(
        self, swapchain: Any, images: list[int], size: tuple[int, int], color: Sequence[float]
    ) -> None:
        """Take the next image of a swapchain, clear it to a colour, and give it back."""
        index = xr.acquire_swapchain_image(swapchain, xr.SwapchainImageAcquireInfo())
        xr.wait_swapchain_image(swapchain, xr.SwapchainImageWaitInfo(xr.INFINITE_DURATION))
        assert self.gl is not None
        texture = self.gl.api.external_texture(images[index], size, 4, 0, "f1")
        target = self.gl.api.framebuffer([texture])
        target.clear(*color)
        target.release()
        xr.release_swapchain_image(swapchain, xr.SwapchainImageReleaseInfo())


def part(swapchain: Any, size: tuple[int, int], offset: tuple[int, int] = (0, 0)) -> Any:
    rect = xr.Rect2Di(xr.Offset2Di(*offset), xr.Extent2Di(*size))
    return xr.SwapchainSubImage(swapchain, rect, 0)


def egl_binding(gl: GLContext) -> Any:
    """Return the session's binding to an EGL context."""
    native: Any = gl.native
    binding = xr.GraphicsBindingEGLMNDX()
    fields = dict(xr.GraphicsBindingEGLMNDX._fields_)
    values = {
        "get_proc_address": native._egl.eglGetProcAddress,
        "display": native.display,
        "config": native.config,
        "context": native.context,
    }
    for name, value in values.items():
        setattr(binding, name, ctypes.cast(value, fields[name]))
    return binding


def xlib_binding(gl: GLContext) -> Any:
    """Return the session's binding to the context of a window."""
    import glfw

    binding = xr.GraphicsBindingOpenGLXlibKHR()
    fields = dict(xr.GraphicsBindingOpenGLXlibKHR._fields_)
    values = {
        "x_display": glfw.get_x11_display(),
        "glx_context": glfw.get_glx_context(gl.glfw_window),
    }
    for name, value in values.items():
        setattr(binding, name, ctypes.cast(value, fields[name]))
    binding.glx_drawable = glfw.get_glx_window(gl.glfw_window)
    return binding
