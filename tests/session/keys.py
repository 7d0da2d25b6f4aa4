"""A window without a mouse, for a person with a device."""

import numpy as np

from surgisim.render.control import Control, Pointer
from surgisim.render.view import Ray


class Keys:
    """A window of which nobody touches mouse and keys, until Enter is pressed."""

    def __init__(self) -> None:
        self.pressed: tuple[str, ...] = ()

    def poll(self) -> Control:
        ray = Ray(np.array([0.0, 0.3, 0.0]), np.array([0.0, -1.0, 0.0]))
        pressed, self.pressed = self.pressed, ()
        return Control(Pointer((0.0, 0.0), ray, frozenset(), True), 0.0, pressed, False)  # type: ignore[arg-type]

    def set_depth(self, depth_m: float) -> None:
        raise AssertionError("the wheel presses nothing")
