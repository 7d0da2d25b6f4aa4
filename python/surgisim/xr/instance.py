"""An OpenXR instance and what it runs on: opened with API 1.1, else 1.0."""

from __future__ import annotations

import ctypes
import time
from dataclasses import dataclass
from typing import Any

from surgisim import __version__
from surgisim.errors import HeadsetError
from surgisim.xr import library
from surgisim.xr.caps import DRAWING, Capabilities, negotiate

__all__ = ["Instance", "ViewSet", "find_headset", "open_instance"]

_VERSIONS = ((1, 1), (1, 0))


@dataclass(frozen=True, slots=True)
class ViewSet:
    """A view configuration: its number in OpenXR, and of each view two sizes, px.

    Attributes
    ----------
    kind
        OpenXR's number.
    sizes, largest
        Recommended, and the largest that the runtime takes.
    """

    kind: int
    sizes: tuple[tuple[int, int], ...]
    largest: tuple[tuple[int, int], ...]

    @property
    def title(self) -> str:
        """What it is called."""
        names = {1: "one eye", 2: "two eyes", 4: "two eyes with a finer inset"}
        return names.get(len(self.sizes), f"{len(self.sizes)} views")


class Instance:
    """An instance and its head-mounted system.

    Attributes
    ----------
    xr
        pyopenxr's module.
    handle, caps
        The instance, and what it has.
    runtime
        Name and version of the runtime.
    """

    def __init__(self, xr: Any, handle: Any, caps: Capabilities) -> None:
        self.xr = xr
        self.handle = handle
        self.caps = caps
        told = xr.get_instance_properties(handle)
        name = bytes(told.runtime_name).decode(errors="replace").strip()
        self.runtime = f"{name} {xr.Version(int(told.runtime_version))}"
        self._functions: dict[str, Any] = {}

    def function(self, name: str) -> Any:
        """Return an extension's function, asked for once and kept."""
        found = self._functions.get(name)
        if found is None:
            address = self.xr.get_instance_proc_addr(self.handle, name)
            kind = getattr(self.xr, f"PFN_{name}")
            found = self._functions[name] = self.xr.typedefs.cast(address, kind)
        return found

    def system(self) -> int:
        """Find the headset.

        Raises
        ------
        HeadsetError
            It is not there.
        """
        wanted = self.xr.SystemGetInfo(form_factor=self.xr.FormFactor.HEAD_MOUNTED_DISPLAY)
        try:
            return int(self.xr.get_system(self.handle, wanted).value)
        except self.xr.exception.ErrorResult as error:
            raise HeadsetError(library.explain(self.xr, error)) from error

    def describe(self, system: int) -> tuple[str, int, bool]:
        """Return the headset's name, how many layers it takes, and whether it sees hands."""
        xr = self.xr
        hands = xr.SystemHandTrackingPropertiesEXT()
        told = xr.SystemProperties()
        if "hands" in self.caps:
            told.next = ctypes.cast(ctypes.pointer(hands), ctypes.c_void_p)
        ask = xr.raw_functions.xrGetSystemProperties
        xr.exception.check_result(ask(self.handle, system, ctypes.byref(told)))
        name = bytes(told.system_name).decode(errors="replace").strip()
        layers = int(told.graphics_properties.max_layer_count)
        return name, layers, bool(hands.supports_hand_tracking)

    def views(self, system: int) -> list[ViewSet]:
        """List view configurations, the runtime's favourite first."""
        xr = self.xr
        found = []
        for kind in xr.enumerate_view_configurations(self.handle, system):
            which = xr.ViewConfigurationType(int(kind))
            told = xr.enumerate_view_configuration_views(self.handle, system, which)
            sizes = tuple(
                (int(v.recommended_image_rect_width), int(v.recommended_image_rect_height))
                for v in told
            )
            largest = tuple(
                (int(v.max_image_rect_width), int(v.max_image_rect_height)) for v in told
            )
            found.append(ViewSet(int(kind), sizes, largest))
        return found

    def blend_modes(self, system: int, kind: int) -> list[int]:
        """List how pictures may be laid over the room, the runtime's favourite first."""
        which = self.xr.ViewConfigurationType(kind)
        told = self.xr.enumerate_environment_blend_modes(self.handle, system, which)
        return [int(mode) for mode in told]

    def now_ns(self) -> int | None:
        """Return the headset's time now, ns; None where it cannot be asked."""
        if "time" not in self.caps:
            return None
        xr = self.xr
        now = time.clock_gettime_ns(time.CLOCK_MONOTONIC)
        moment = xr.platform.linux.timespec(*divmod(now, 10**9))
        told = xr.Time()
        convert = self.function("xrConvertTimespecTimeToTimeKHR")
        result = convert(self.handle, ctypes.byref(moment), ctypes.byref(told))
        return None if int(result) < 0 else int(getattr(told, "value", told))

    def close(self) -> None:
        """Destroy it; one that is lost is let go."""
        try:
            self.xr.destroy_instance(self.handle)
        except self.xr.exception.ErrorResult:
            return


def open_instance() -> Instance:
    """Connect to the active runtime.

    Raises
    ------
    HeadsetError
        pyopenxr is missing, no runtime is active, or it cannot be drawn for with OpenGL.
    """
    xr = library.load()
    errors = xr.exception
    try:
        try:
            return _create(xr, _offered(xr))
        except errors.ExtensionNotPresentError:
            # The loader still had the list of a runtime that went away; failing made it look anew.
            return _create(xr, _offered(xr))
    except errors.ErrorResult as error:
        raise HeadsetError(library.explain(xr, error)) from error


def _offered(xr: Any) -> set[str]:
    """List the runtime's extensions."""
    listed = xr.enumerate_instance_extension_properties()
    offered = {bytes(one.extension_name).decode() for one in listed}
    if DRAWING not in offered:
        raise HeadsetError(
            "the OpenXR runtime takes no OpenGL pictures (XR_KHR_opengl_enable); use SteamVR, "
            "Monado or WiVRn"
        )
    return offered


def _create(xr: Any, offered: set[str]) -> Instance:
    for version in _VERSIONS:
        caps = negotiate(offered, version)
        try:
            return Instance(xr, xr.create_instance(_order(xr, caps)), caps)
        except xr.exception.ApiVersionUnsupportedError:
            continue
    raise HeadsetError("the OpenXR runtime knows neither version 1.1 nor 1.0 of OpenXR; update it")


def _order(xr: Any, caps: Capabilities) -> Any:
    about = xr.ApplicationInfo(
        application_name="surgisim",
        application_version=1,
        engine_name=f"surgisim {__version__}",
        engine_version=1,
        api_version=xr.Version(*caps.version, 0),
    )
    return xr.InstanceCreateInfo(application_info=about, enabled_extension_names=list(caps.enabled))


def find_headset() -> str:
    """Name the runtime of the headset that is here.

    Raises
    ------
    HeadsetError
        There is none, with the reason.
    """
    instance = open_instance()
    try:
        instance.system()
        return instance.runtime
    finally:
        instance.close()
