"""Which part of which controller means what: data, one table for each interaction profile.

A meaning is bound to the same part of both hands' controllers, or to a part that only one has
(``"left/..."``). The paths are those that OpenXR 1.1 and the extensions list for the profiles
(XR_EXT_hand_interaction, XR_LOGITECH_mx_ink_stylus_interaction, XR_KHR_generic_controller). None
of the controllers has been tried by us. A profile that a runtime does not know is left out.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum

from surgisim.xr.caps import Capabilities

__all__ = [
    "HANDS",
    "MEANINGS",
    "PROFILES",
    "Kind",
    "Meaning",
    "Profile",
    "other_hand",
    "profile_of",
    "suggested",
]

HANDS = ("left", "right")


class Kind(Enum):
    """What a meaning is made of."""

    POSE = "pose"
    AMOUNT = "amount"
    SWITCH = "switch"
    PULSE = "pulse"


@dataclass(frozen=True, slots=True)
class Meaning:
    """What a person may want: an action of OpenXR's.

    Attributes
    ----------
    name
        OpenXR's name of it, and ours.
    title
        For people, in the runtime's own menus.
    kind
        Pose, amount from 0 to 1, switch, or pulse (vibration, outward).
    """

    name: str
    title: str
    kind: Kind


MEANINGS: tuple[Meaning, ...] = (
    Meaning("tool", "The tool in the hand", Kind.POSE),
    Meaning("aim", "Point", Kind.POSE),
    Meaning("grasp", "Close the tool; mark with a probe", Kind.AMOUNT),
    Meaning("cut", "Cut", Kind.SWITCH),
    Meaning("cauterise", "Cauterise", Kind.SWITCH),
    Meaning("clutch", "Move the hand without the tool", Kind.SWITCH),
    Meaning("mark", "Mark this place", Kind.SWITCH),
    Meaning("menu", "Finish (hold)", Kind.SWITCH),
    Meaning("pulse", "Feel", Kind.PULSE),
)


@dataclass(frozen=True, slots=True)
class Profile:
    """A kind of controller.

    Attributes
    ----------
    path
        OpenXR's, without its ``/interaction_profiles/``.
    title
        What people call it.
    needs
        Flag of `surgisim.xr.caps.EXTENSIONS` without which it must not be named, or nothing.
    parts
        Meaning and part, ``"input/..."`` or ``"left/input/..."``.
    """

    path: str
    title: str
    needs: str
    parts: tuple[tuple[str, str], ...]

    @property
    def source(self) -> str:
        """What moves the tool: a ``"controller"``, or a bare ``"hand"``."""
        return "hand" if "hand_interaction" in self.path else "controller"

    def bindings(self) -> Iterator[tuple[str, str]]:
        """Yield meaning and full path of every part, for each hand that has it."""
        for meaning, part in self.parts:
            hand, _, rest = part.partition("/")
            if hand in HANDS:
                yield meaning, f"/user/hand/{hand}/{rest}"
            else:
                yield from ((meaning, f"/user/hand/{side}/{part}") for side in HANDS)


_POSES = (("tool", "input/grip/pose"), ("aim", "input/aim/pose"))
_HELD = (*_POSES, ("pulse", "output/haptic"))
_LETTERS = (
    ("mark", "left/input/x/click"),
    ("mark", "right/input/a/click"),
    ("cut", "left/input/y/click"),
    ("cut", "right/input/b/click"),
    ("cauterise", "input/thumbstick/click"),
)
_SQUEEZED = (("grasp", "input/trigger/value"), ("clutch", "input/squeeze/value"))
_MENU = ("menu", "input/menu/click")
_LEFT_MENU = ("menu", "left/input/menu/click")

PROFILES: tuple[Profile, ...] = (
    Profile(
        "khr/simple_controller",
        "a simple controller",
        "",
        (*_HELD, ("grasp", "input/select/click"), _MENU),
    ),
    Profile(
        "oculus/touch_controller",
        "Meta Touch",
        "",
        (*_HELD, *_SQUEEZED, *_LETTERS, _LEFT_MENU),
    ),
    Profile(
        "valve/index_controller",
        "Valve Index",
        "",
        (
            *(*_HELD, *_SQUEEZED),
            ("mark", "input/a/click"),
            ("menu", "input/b/click"),
            ("cut", "input/thumbstick/click"),
            ("cauterise", "input/trackpad/force"),
        ),
    ),
    Profile(
        "htc/vive_controller",
        "HTC Vive wand",
        "",
        (
            *(*_HELD, _MENU),
            ("grasp", "input/trigger/value"),
            ("clutch", "input/squeeze/click"),
            ("mark", "input/trackpad/click"),
        ),
    ),
    Profile(
        "microsoft/motion_controller",
        "Windows Mixed Reality",
        "",
        (
            *(*_HELD, _MENU),
            ("grasp", "input/trigger/value"),
            ("clutch", "input/squeeze/click"),
            ("mark", "input/trackpad/click"),
            ("cut", "input/thumbstick/click"),
        ),
    ),
    Profile(
        "hp/mixed_reality_controller",
        "HP Reverb G2",
        "hp",
        (*_HELD, *_SQUEEZED, *_LETTERS, _MENU),
    ),
    Profile(
        "bytedance/pico_neo3_controller",
        "Pico Neo3",
        "bytedance",
        (*_HELD, *_SQUEEZED, *_LETTERS, _MENU),
    ),
    Profile(
        "bytedance/pico4_controller",
        "Pico 4",
        "bytedance",
        (*_HELD, *_SQUEEZED, *_LETTERS, _LEFT_MENU),
    ),
    Profile(
        "logitech/mx_ink_stylus_logitech",
        "Logitech MX Ink",
        "mx_ink",
        (
            *_HELD,
            ("grasp", "input/tip_logitech/force"),
            ("cut", "input/cluster_middle_logitech/force"),
            ("mark", "input/cluster_front_logitech/click"),
            ("clutch", "input/cluster_back_logitech/click"),
            ("menu", "input/cluster_back_logitech/double_tap_logitech"),
        ),
    ),
    Profile(
        "khr/generic_controller",
        "a controller of any make",
        "generic",
        (
            *(*_HELD, *_SQUEEZED),
            ("mark", "input/primary/click"),
            ("menu", "input/secondary/click"),
            ("cut", "input/thumbstick/click"),
        ),
    ),
    Profile(
        "ext/hand_interaction_ext",
        "bare hands",
        "hand_pinch",
        (
            *_POSES,
            ("grasp", "input/pinch_ext/value"),
            ("clutch", "input/grasp_ext/value"),
        ),
    ),
)
"""Every kind that bindings are suggested for."""


def suggested(caps: Capabilities) -> list[Profile]:
    """Choose the profiles that an instance may name."""
    return [one for one in PROFILES if not one.needs or one.needs in caps]


def profile_of(path: str) -> Profile | None:
    """Find the profile of OpenXR's full path, or None for one that is not ours."""
    short = path.removeprefix("/interaction_profiles/")
    return next((one for one in PROFILES if one.path == short), None)


def other_hand(hand: str) -> str:
    """Name the other one."""
    return HANDS[hand == HANDS[0]]
