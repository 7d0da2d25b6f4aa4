"""What a runtime tells between frames, as plain values."""

from __future__ import annotations

import ctypes
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from surgisim.xr.instance import Instance
from surgisim.xr.pose import Pose, of_xr

__all__ = [
    "InstanceLoss",
    "MaskChanged",
    "Notice",
    "Presence",
    "ProfileChanged",
    "Recentred",
    "StateChanged",
    "notices",
]


@dataclass(frozen=True, slots=True)
class StateChanged:
    """The session's state, OpenXR's number."""

    state: int


@dataclass(frozen=True, slots=True)
class InstanceLoss:
    """The runtime is about to go away."""


@dataclass(frozen=True, slots=True)
class Recentred:
    """The origin of a reference space moves at a time; `moved`: the new in the old, if known."""

    kind: int
    at_ns: int
    moved: Pose | None


@dataclass(frozen=True, slots=True)
class ProfileChanged:
    """Something else is in the hands."""


@dataclass(frozen=True, slots=True)
class Presence:
    """The headset was put on or taken off."""

    worn: bool


@dataclass(frozen=True, slots=True)
class MaskChanged:
    """What a view hides has changed."""

    view: int


Notice = StateChanged | InstanceLoss | Recentred | ProfileChanged | Presence | MaskChanged


def notices(instance: Instance) -> Iterator[Notice]:
    """Yield what the runtime has told since the last call.

    Raises
    ------
    xr.exception.InstanceLostError
        The runtime is gone.
    """
    xr = instance.xr
    while True:
        buffer = xr.poll_event(instance.handle)
        if int(buffer._type) == xr.StructureType.EVENT_DATA_BUFFER.value:
            return
        told = _notice(xr, buffer)
        if told is not None:
            yield told


def _notice(xr: Any, buffer: Any) -> Notice | None:
    kinds = xr.StructureType
    which = int(buffer._type)

    def as_(name: str) -> Any:
        return ctypes.cast(ctypes.pointer(buffer), ctypes.POINTER(getattr(xr, name))).contents

    if which == kinds.EVENT_DATA_SESSION_STATE_CHANGED.value:
        return StateChanged(_number(as_("EventDataSessionStateChanged").state))
    if which == kinds.EVENT_DATA_INSTANCE_LOSS_PENDING.value:
        return InstanceLoss()
    if which == kinds.EVENT_DATA_INTERACTION_PROFILE_CHANGED.value:
        return ProfileChanged()
    if which == kinds.EVENT_DATA_REFERENCE_SPACE_CHANGE_PENDING.value:
        told = as_("EventDataReferenceSpaceChangePending")
        moved = of_xr(told.pose_in_previous_space) if told.pose_valid else None
        return Recentred(_number(told.reference_space_type), int(told.change_time), moved)
    if which == kinds.EVENT_DATA_USER_PRESENCE_CHANGED_EXT.value:
        return Presence(bool(as_("EventDataUserPresenceChangedEXT").is_user_present))
    if which == kinds.EVENT_DATA_VISIBILITY_MASK_CHANGED_KHR.value:
        return MaskChanged(int(as_("EventDataVisibilityMaskChangedKHR").view_index))
    return None


def _number(value: Any) -> int:
    return int(getattr(value, "value", value))
