"""What a runtime offers: extensions by what they are for, each behind a flag.

An extension that became part of OpenXR 1.1 is there in an instance of 1.1 whether or not it is
listed. What is not there is left out, never asked for.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

__all__ = ["DRAWING", "EGL", "EXTENSIONS", "Capabilities", "Extension", "negotiate"]

DRAWING = "XR_KHR_opengl_enable"
"""Without it nothing of ours can be drawn."""

EGL = "XR_MNDX_egl_enable"
"""Drawing without X11."""


@dataclass(frozen=True, slots=True)
class Extension:
    """An optional extension.

    Attributes
    ----------
    flag
        Our name of what it gives.
    name
        OpenXR's.
    gives
        What for, in a few words.
    core
        The version of OpenXR that has it without being asked, (major, minor), or None.
    """

    flag: str
    name: str
    gives: str
    core: tuple[int, int] | None = None


EXTENSIONS: tuple[Extension, ...] = (
    Extension("egl", EGL, "drawing without X11"),
    Extension("depth", "XR_KHR_composition_layer_depth", "depth for reprojection"),
    Extension("mask", "XR_KHR_visibility_mask", "leaves out what the lenses hide"),
    Extension("time", "XR_KHR_convert_timespec_time", "the headset's time in ours"),
    Extension("floor", "XR_EXT_local_floor", "standing without a drawn boundary", (1, 1)),
    Extension("presence", "XR_EXT_user_presence", "knows whether it is worn"),
    Extension("hands", "XR_EXT_hand_tracking", "26 joints of each hand"),
    Extension("hand_source", "XR_EXT_hand_tracking_data_source", "hands seen or inferred"),
    Extension("hand_pinch", "XR_EXT_hand_interaction", "pinch and grasp of bare hands"),
    Extension("rate", "XR_FB_display_refresh_rate", "pictures a second, by choice"),
    Extension("quad_views", "XR_VARJO_quad_views", "four views: a finer inset", (1, 1)),
    Extension("hp", "XR_EXT_hp_mixed_reality_controller", "HP Reverb G2 controllers", (1, 1)),
    Extension("bytedance", "XR_BD_controller_interaction", "Pico controllers", (1, 1)),
    Extension("mx_ink", "XR_LOGITECH_mx_ink_stylus_interaction", "Logitech MX Ink stylus"),
    Extension("generic", "XR_KHR_generic_controller", "controllers of any make"),
)
"""What we make use of where it is offered."""


@dataclass(frozen=True, slots=True)
class Capabilities:
    """What one instance has.

    Attributes
    ----------
    version
        OpenXR's, (major, minor).
    flags
        Of `EXTENSIONS`: those that are there.
    enabled
        Extensions to ask for by name.
    """

    version: tuple[int, int]
    flags: frozenset[str]
    enabled: tuple[str, ...]

    def __contains__(self, flag: str) -> bool:
        return flag in self.flags


def negotiate(offered: Collection[str], version: tuple[int, int]) -> Capabilities:
    """Choose what to ask for.

    Parameters
    ----------
    offered
        Names of the extensions that the runtime lists.
    version
        Of OpenXR that the instance is to have, (major, minor).
    """
    listed = [one for one in EXTENSIONS if one.name in offered]
    core = [one for one in EXTENSIONS if one.core is not None and version >= one.core]
    flags = frozenset(one.flag for one in (*listed, *core))
    drawing = (DRAWING,) if DRAWING in offered else ()
    return Capabilities(version, flags, (*drawing, *(one.name for one in listed)))
