"""What a person did at a window, as plain data."""

from dataclasses import dataclass
from typing import Literal

from surgisim.render.view import Ray

__all__ = ["Control", "Pointer", "Request"]

Request = Literal["mark", "finish", "help", "image", "reset"]


@dataclass(frozen=True, slots=True)
class Pointer:
    """The mouse.

    Attributes
    ----------
    pixel
        In the picture, from its lower left corner, px.
    ray
        From the eye through that pixel, world.
    buttons
        Held buttons of ``"left"``, ``"right"`` and ``"middle"``.
    inside
        Whether it is over the window.
    """

    pixel: tuple[float, float]
    ray: Ray
    buttons: frozenset[str]
    inside: bool


@dataclass(frozen=True, slots=True)
class Control:
    """What the person did up to now.

    Attributes
    ----------
    pointer
        Where the mouse is.
    depth_m
        Sum of the wheel since the start or `DesktopWindow.set_depth`: positive is deeper.
    pressed
        Requests since the last poll, in order.
    closing
        Whether the person wants to quit.
    turned
        How far arrow keys and the right button turned the scope in the hand since the last poll,
        sideways and upward, rad; see `DesktopWindow.hold`.
    """

    pointer: Pointer
    depth_m: float
    pressed: tuple[Request, ...]
    closing: bool
    turned: tuple[float, float] = (0.0, 0.0)
