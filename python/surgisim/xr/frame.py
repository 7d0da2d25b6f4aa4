"""Frames: waited for, begun, drawn for the time at which they are shown, and always ended."""

from __future__ import annotations

import ctypes
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from surgisim.xr.instance import Instance

__all__ = ["FrameCount", "Frames", "Moment"]


@dataclass(frozen=True, slots=True)
class Moment:
    """When a frame is shown: the headset's time, ns, and how long until the next one, ns."""

    shown_ns: int
    period_ns: int
    seen: bool


@dataclass(slots=True)
class FrameCount:
    """How many frames were begun, ended, drawn, and shown late by a whole period or more."""

    begun: int = 0
    ended: int = 0
    drawn: int = 0
    late: int = 0


Compose = Callable[[Moment], Sequence[Any]]


class Frames:
    """The frame loop of one session.

    Parameters
    ----------
    instance, session
        Whose.
    blend_mode
        OpenXR's number of how pictures lie over the room.
    count
        Goes on over sessions that follow each other.
    """

    def __init__(
        self, instance: Instance, session: Any, blend_mode: int, count: FrameCount
    ) -> None:
        self._xr = instance.xr
        self._session = session
        self._blend = self._xr.EnvironmentBlendMode(blend_mode)
        self.count = count
        self._last_ns: int | None = None

    def run(self, compose: Compose) -> Moment:
        """Make one frame; blocks until the runtime wants it.

        Parameters
        ----------
        compose
            Takes in what the hands do at a moment, and draws for it unless nobody would see it;
            returns the layers.

        Raises
        ------
        xr.exception.ErrorResult
            The session or the instance is lost. Whatever `compose` raises comes out, too, after
            the frame was ended without layers.
        """
        state = self._xr.wait_frame(self._session)
        moment = Moment(
            int(state.predicted_display_time),
            int(state.predicted_display_period),
            bool(state.should_render),
        )
        self._xr.begin_frame(self._session)
        self.count.begun += 1
        layers: Sequence[Any] = ()
        try:
            layers = compose(moment)
        finally:
            self._end(moment, layers)
        self._note(moment, drawn=bool(layers))
        return moment

    def _end(self, moment: Moment, layers: Sequence[Any]) -> None:
        xr = self._xr
        head = ctypes.POINTER(xr.CompositionLayerBaseHeader)
        pointers = (head * len(layers))(
            *(ctypes.cast(ctypes.pointer(layer), head) for layer in layers)
        )
        order = xr.FrameEndInfo(
            display_time=moment.shown_ns,
            environment_blend_mode=self._blend,
            layer_count=len(layers),
            layers=pointers if layers else None,
        )
        xr.end_frame(self._session, order)
        self.count.ended += 1

    def _note(self, moment: Moment, *, drawn: bool) -> None:
        self.count.drawn += drawn
        if self._last_ns is not None and moment.period_ns > 0:
            steps = round((moment.shown_ns - self._last_ns) / moment.period_ns)
            self.count.late += max(steps - 1, 0)
        self._last_ns = moment.shown_ns
