"""Where the patient lies in the room, and where the tool is for a place of the hand.

Without a calibrated rig the person is seated before the operating field (`surgisim.xr.space`), and
the tool is where the hand is. A rig for the headset's controllers may enlarge or reduce movement
about the middle of the field:

    p_tool = p_field + scale (p_hand - p_field)

A rig that was calibrated tells where in the headset's space a device's handle is seen. The device
then works on the middle of the field, turned as measured, and the headset's space is moved, so that
the instrument is felt where it is seen.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from surgisim.rig import Mapping, Rig
from surgisim.snapshot import Vector
from surgisim.vectors import as_vector, rotation_matrix

__all__ = ["Scaled", "middle", "world_of_rig"]


def middle(field: tuple[Vector, Vector]) -> Vector:
    """Return the middle of a box given by opposite corners, m."""
    low, high = field
    return (0.5 * (low[0] + high[0]), 0.5 * (low[1] + high[1]), 0.5 * (low[2] + high[2]))


class Scaled:
    """The tool's place for a place of the hand, both in the world.

    Parameters
    ----------
    center
        Where both are the same, m.
    scale
        Metres of tool in a metre of hand.
    """

    def __init__(self, center: Vector, scale: float = 1.0) -> None:
        self._center = np.asarray(center)
        self._scale = scale

    def __call__(self, hand: Vector) -> Vector:
        """Return the tool's place, m."""
        return as_vector(self._center + self._scale * (np.asarray(hand) - self._center))

    def hand(self, tool: Vector) -> Vector:
        """Return where the hand has to be for a place of the tool, m."""
        return as_vector(self._center + (np.asarray(tool) - self._center) / self._scale)


def world_of_rig(rig: Rig, center: Vector) -> tuple[Mapping, Vector] | None:
    """Lay a calibrated device over the field and the headset's space beside it.

    Returns
    -------
    mapping, shift
        How the device's space lies in the world of the simulation, and what takes a place of the
        headset's space into that world, m; None for a rig that was not calibrated.
    """
    if rig.calibration is None:
        return None
    measured = rig.mapping
    handle = np.asarray(rig.workspace.center) - np.asarray(measured.origin_device)
    seen = (
        np.asarray(measured.origin_world)
        + measured.scale * rotation_matrix(measured.rotation) @ handle
    )
    laid = replace(measured, origin_device=rig.workspace.center, origin_world=center)
    return laid, as_vector(np.asarray(center) - seen)
