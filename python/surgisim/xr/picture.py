"""What a person wishes of a headset, what is to be seen in it, and what it costs."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
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


class Cost:
    """Processor time of one thread over all frames: the whole of them, and their drawing.

    Parameters
    ----------
    clock
        Processor time of this thread, s.

    Attributes
    ----------
    frames
        How many there were.
    """

    def __init__(self, clock: Callable[[], float] = time.thread_time) -> None:
        self._clock = clock
        self.frames = 0
        self._whole_s = self._drawing_s = 0.0

    @contextmanager
    def frame(self) -> Iterator[None]:
        """Count what is done within as a frame; one that fails is none."""
        start = self._clock()
        yield
        self._whole_s += self._clock() - start
        self.frames += 1

    @contextmanager
    def drawing(self) -> Iterator[None]:
        """Count what is done within as drawing."""
        start = self._clock()
        yield
        self._drawing_s += self._clock() - start

    @property
    def beside_ms(self) -> float:
        """What OpenXR costs beside drawing, ms a frame."""
        return 1e3 * (self._whole_s - self._drawing_s) / max(self.frames, 1)
