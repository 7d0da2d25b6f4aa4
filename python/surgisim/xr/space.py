"""How the headset's space lies in the world of the simulation, and which space that is.

The world has the organ where its anatomy says; the headset has the floor or the head where the
runtime says. `world` takes one to the other:

    x_world = world x_headset

It is either **seated**: the field lies ahead of and below the eyes, wherever they are when the
person begins or recentres; or **calibrated**: a rig says where a device's handle is seen, so that
the instrument is felt where it is seen (`surgisim.rig.calibration`). A scale between hand and tool
is no part of it: it would change the size of the world with it.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

import numpy as np

from surgisim.render.view import Fov, View
from surgisim.snapshot import Vector
from surgisim.xr.layers import FAR_M, NEAR_M
from surgisim.xr.pose import IDENTITY, Pose, of_xr

__all__ = ["AHEAD_M", "BELOW_M", "LOCAL", "LOCAL_FLOOR", "STAGE", "choose_space", "seat", "view_of"]

LOCAL, STAGE, LOCAL_FLOOR = 2, 3, 1000426000
"""XrReferenceSpaceType's numbers."""

AHEAD_M = 0.42
"""From the eyes to the middle of the field, over the floor: within an arm's reach."""
BELOW_M = 0.30
"""The same, downward: the table stands at the height of the elbows."""


def choose_space(offered: Collection[int], *, standing: bool) -> int:
    """Choose a reference space.

    Parameters
    ----------
    offered
        What the session lists.
    standing
        Whether the floor is to be where it is: LOCAL_FLOOR or else STAGE. Seated: LOCAL, whose
        origin is where the eyes were.
    """
    wanted = (LOCAL_FLOOR, STAGE, LOCAL) if standing else (LOCAL, LOCAL_FLOOR, STAGE)
    return next((kind for kind in wanted if kind in offered), LOCAL)


def seat(head: Pose, field: Vector, height_m: float = 0.0) -> Pose:
    """Lay the world so that the field lies before a person who looks towards the patient's head.

    Parameters
    ----------
    head
        Pose of the eyes in the headset's space.
    field
        Middle of the operating field, world m.
    height_m
        How much higher than by default the field is to be.

    Returns
    -------
    world
        Pose of the headset's space in the world.
    """
    before = head.heading @ Pose((0.0, height_m - BELOW_M, -AHEAD_M))
    return Pose(field) @ before.inverse


def view_of(xr_view: Any, world: Pose) -> View:
    """Convert an `xr.View` of the headset's space to one in the world."""
    eye = world @ of_xr(xr_view.pose)
    fov = xr_view.fov
    angles = Fov(fov.angle_left, fov.angle_right, fov.angle_down, fov.angle_up)
    return View(np.asarray(eye.position), eye.matrix, angles, NEAR_M, FAR_M)


class Space:
    """The reference space of one session.

    Attributes
    ----------
    handle, kind
        The space, and which kind it is.
    world
        Its pose in the world.
    """

    def __init__(self, xr: Any, session: Any, *, standing: bool) -> None:
        self._xr = xr
        offered = {int(kind) for kind in xr.enumerate_reference_spaces(session)}
        self.kind = choose_space(offered, standing=standing)
        self.handle = self._make(session, self.kind)
        self._eyes = self._make(session, 1)
        self.world = IDENTITY

    def _make(self, session: Any, kind: int) -> Any:
        order = self._xr.ReferenceSpaceCreateInfo(
            reference_space_type=self._xr.ReferenceSpaceType(kind),
            pose_in_reference_space=self._xr.Posef(),
        )
        return self._xr.create_reference_space(session, order)

    def head(self, time_ns: int) -> Pose | None:
        """Locate the eyes in this space, or None where they are not known."""
        found = self._xr.locate_space(self._eyes, self.handle, time_ns)
        return of_xr(found.pose) if _known(found.location_flags) else None


def _known(flags: Any) -> bool:
    """Whether both turn and place are known (valid), be they tracked or guessed."""
    return int(flags) & 0b11 == 0b11
