"""How a person plays in a headset: what was asked for on the command line and by the rig."""

from __future__ import annotations

from dataclasses import dataclass, field

from surgisim.rig import Rig
from surgisim.xr.picture import Wishes

__all__ = ["Room"]


@dataclass(frozen=True, slots=True)
class Room:
    """How the person plays.

    Attributes
    ----------
    wishes
        Eyes, hand, posture, vibration.
    device
        Whether a haptic device moves the tool; the hand with the controller then only marks.
    scale
        Metres of tool in a metre of the hand with the controller.
    rig
        The rig in use; a calibrated one says where the headset's space lies in the world. Without
        one the person is seated before the field.
    mirror
        Whether a window of the desktop shows what the left eye sees.
    lockstep
        Whether the simulation follows the headset's clock, and not the wall's.
    """

    wishes: Wishes = field(default_factory=Wishes)
    device: bool = False
    scale: float = 1.0
    rig: Rig | None = None
    mirror: bool = False
    lockstep: bool = False
