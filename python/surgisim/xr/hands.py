"""Bare hands: 26 joints each, and a pinch that closes the tool.

A hand that the runtime infers from a held controller is none of ours: the controller drives the
tool then, and two drivers of one tool would pull it to and fro.

With the gap g between the skins of thumb and index finger, `pinch = (OPEN - g) / (OPEN - SHUT)`,
from 0 to 1. The tool sits between the two tips and is turned as the palm is.
"""

from __future__ import annotations

import ctypes
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from surgisim.snapshot import ToolInput
from surgisim.xr.bindings import HANDS
from surgisim.xr.instance import Instance
from surgisim.xr.pose import Pose, of_xr

__all__ = ["JOINTS", "Hand", "Hands", "pinch"]

JOINTS = 26
"""XR_HAND_JOINT_COUNT_EXT."""
PALM, THUMB_TIP, INDEX_TIP = 0, 5, 10
"""Of XrHandJointEXT."""

OPEN_M = 0.030
"""Gap between thumb and index finger from which on the hand is open."""
SHUT_M = 0.004
"""Gap at which it is shut: cameras see no contact."""

_VALID, _TRACKED = 0b0011, 0b1100
_CONTROLLER = 2  # of XrHandTrackingDataSourceEXT


@dataclass(frozen=True, slots=True, eq=False)
class Hand:
    """One hand at one time.

    Attributes
    ----------
    places
        Of the joints, (26, 3), m, in the headset's space.
    radii
        Of the flesh around them, (26,), m.
    known, tracked
        Of each joint, (26,): its place is valid; it is seen now.
    palm
        Its pose.
    source
        ``"hand"`` where it is seen, ``"controller"`` where it is inferred from one.
    """

    places: NDArray[np.float64]
    radii: NDArray[np.float64]
    known: NDArray[np.bool_]
    tracked: NDArray[np.bool_]
    palm: Pose
    source: str = "hand"


def pinch(hand: Hand) -> float:
    """How far thumb and index finger are closed, 0 to 1; 0 where either is not known."""
    tips = [THUMB_TIP, INDEX_TIP]
    if not hand.known[tips].all():
        return 0.0
    apart = float(np.linalg.norm(hand.places[THUMB_TIP] - hand.places[INDEX_TIP]))
    gap = apart - float(hand.radii[tips].sum())
    return min(max((OPEN_M - gap) / (OPEN_M - SHUT_M), 0.0), 1.0)


def tool_input(hand: Hand | None, time_ns: int, world: Pose) -> ToolInput:
    """Say what a bare hand asks of its tool; nothing where there is none."""
    if hand is None or hand.source != "hand":
        return ToolInput(time_ns)
    tips = [THUMB_TIP, INDEX_TIP]
    if not hand.known[[PALM, *tips]].all():
        return ToolInput(time_ns, source="hand")
    palm = world @ hand.palm
    return ToolInput(
        time_ns=time_ns,
        source="hand",
        position=world.point(hand.places[tips].mean(axis=0)),
        rotation=palm.rotation,
        tracked=bool(hand.tracked[tips].all()),
        aim=(palm.position, palm.direction((0.0, 0.0, -1.0))),
        grasp=pinch(hand),
    )


class Hands:
    """The hand trackers of one session; they go with it.

    Parameters
    ----------
    instance, session
        Whose; the instance has the flag ``hands``.
    """

    def __init__(self, instance: Instance, session: Any) -> None:
        self._xr = xr = instance.xr
        self._locate = instance.function("xrLocateHandJointsEXT")
        self._sourced = "hand_source" in instance.caps
        create = instance.function("xrCreateHandTrackerEXT")
        self._trackers: dict[str, Any] = {}
        for number, side in enumerate(HANDS, start=1):
            order = xr.HandTrackerCreateInfoEXT(hand=xr.HandEXT(number))
            wanted = self._wanted()
            if wanted is not None:
                order.next = ctypes.cast(ctypes.pointer(wanted), ctypes.c_void_p)
            tracker = xr.HandTrackerEXT()
            xr.exception.check_result(create(session, order, ctypes.byref(tracker)))
            self._trackers[side] = tracker

    def _wanted(self) -> Any:
        """Ask for both kinds of hands, so that each is told from the other."""
        if not self._sourced:
            return None
        kinds = self._xr.HandTrackingDataSourceEXT
        return self._xr.HandTrackingDataSourceInfoEXT(
            requested_data_sources=[kinds.UNOBSTRUCTED.value, kinds.CONTROLLER.value]
        )

    def read(self, side: str, space: Any, time_ns: int) -> Hand | None:
        """Locate the joints of one hand, or None where it is not there."""
        xr = self._xr
        joints = (xr.HandJointLocationEXT * JOINTS)()
        found = xr.HandJointLocationsEXT(joint_count=JOINTS, joint_locations=joints)
        state = xr.HandTrackingDataSourceStateEXT()
        if self._sourced:
            found.next = ctypes.cast(ctypes.pointer(state), ctypes.c_void_p)
        when = xr.HandJointsLocateInfoEXT(base_space=space, time=time_ns)
        result = self._locate(self._trackers[side], when, ctypes.byref(found))
        if int(result) < 0 or not found.is_active:
            return None
        inferred = self._sourced and bool(state.is_active)
        source = "controller" if inferred and _is_controller(state) else "hand"
        flags = np.array([int(joint.location_flags) for joint in joints])
        places = [joint.pose.position for joint in joints]
        return Hand(
            places=np.array([(p.x, p.y, p.z) for p in places]),
            radii=np.array([float(joint.radius) for joint in joints]),
            known=flags & _VALID == _VALID,
            tracked=flags & _TRACKED == _TRACKED,
            palm=of_xr(joints[PALM].pose),
            source=source,
        )


def _is_controller(state: Any) -> bool:
    return int(getattr(state.data_source, "value", state.data_source)) == _CONTROLLER
