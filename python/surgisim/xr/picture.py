"""What a person wishes of a headset, what is to be seen in it, and what it costs."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from surgisim.render import Scene, View
from surgisim.snapshot import ToolInput
from surgisim.xr.frame import Moment
from surgisim.xr.pose import IDENTITY, Pose

__all__ = ["Cost", "Paint", "Picture", "Wishes"]


@dataclass(frozen=True, slots=True)
class Wishes:
    """What the person chooses.

    Attributes
    ----------
    hand
        That holds the tool.
    standing
        Whether the floor counts; seated otherwise.
    height_m
        How much higher than by default the field is.
    scale
        Factor on the recommended size of the eyes' pictures.
    samples
        Samples a pixel.
    passthrough
        Whether the room is to be seen around the organ, where the headset can.
    views
        1, 2 or 4, or None for the runtime's favourite.
    vibration
        Strength, 0 (off) to 1.
    """

    hand: str = "right"
    standing: bool = False
    height_m: float = 0.0
    scale: float = 1.0
    samples: int = 1
    passthrough: bool = False
    views: int | None = None
    vibration: float = 1.0


@dataclass(frozen=True, slots=True, eq=False)
class Picture:
    """What is to be seen.

    Attributes
    ----------
    scene
        For the eyes.
    panel, panel_view, panel_pose
        For the screen in the room: its scene, from where, and where it hangs in the world; None
        for no screen.
    """

    scene: Scene
    panel: Scene | None = None
    panel_view: View | None = None
    panel_pose: Pose = IDENTITY


Paint = Callable[[Moment, ToolInput], Picture]


@dataclass(slots=True)
class Cost:
    """Processor time of this thread over all frames, s: the whole of them, and their drawing."""

    frames: int = 0
    whole_s: float = 0.0
    drawing_s: float = 0.0

    @property
    def beside_ms(self) -> float:
        """What OpenXR costs beside drawing, ms a frame."""
        return 1e3 * (self.whole_s - self.drawing_s) / max(self.frames, 1)
