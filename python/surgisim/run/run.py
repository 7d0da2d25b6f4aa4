"""What goes in and out of every run, whatever its clock: commands down, snapshots and rows up."""

from __future__ import annotations

import json
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from surgisim.errors import SurgisimError
from surgisim.run.events import event_of
from surgisim.run.setup import Rows
from surgisim.simulation import (
    NativeLive,
    NativeLockstep,
    vector,
    whole_number,
    whole_ticks,
)
from surgisim.snapshot import (
    COMMAND_DTYPE,
    TRACE_DTYPE,
    Event,
    Meters,
    ProbeState,
    Snapshot,
)

__all__ = ["Run"]


class Run:
    """What a run is to its session, whatever its clock; made as `LiveRun` or `LockstepRun`."""

    __slots__ = ("__weakref__", "_dt", "_native")

    def __init__(self, native: NativeLockstep | NativeLive, dt: float) -> None:
        self._native = native
        self._dt = dt

    def aim(self, point: ArrayLike) -> None:
        """Ask the hand to go to `point`, m.

        Raises
        ------
        SurgisimError
            A coordinate that is not finite or beyond 1 km.
        DeviceError
            The run has stopped, or too many commands wait.
        """
        self._native.aim(vector(point, "the aim"))

    def press(self, buttons: int) -> None:
        """Hold these buttons (bit mask) of a simulated hand from now on; real devices ignore it.

        Raises
        ------
        SurgisimError
            A mask below 0 or beyond 32 bits.
        DeviceError
            The run has stopped, or too many commands wait.
        """
        mask = whole_number(buttons, "the buttons")
        if mask >= 2**32:
            raise SurgisimError(f"the buttons are {mask}; a device has 32 at most")
        self._native.press(mask)

    def move_supports(self, body: int, offset: ArrayLike, seconds: float) -> None:
        """Let the held nodes of `body` glide to their place + `offset` (m) in `seconds`.

        Raises
        ------
        SurgisimError
            An unknown body, an offset as for `aim`, or a time below 0 or beyond 2**32 - 1 ticks.
        DeviceError
            The run has stopped, or too many commands wait.
        """
        ticks = whole_ticks(seconds, self._dt)
        index = whole_number(body, "the body")
        if index >= 2**32:
            raise SurgisimError(f"body {index} does not exist; bodies count from 0")
        self._native.move_supports(index, vector(offset, "the offset"), ticks)

    @property
    def control(self) -> dict[str, Any]:
        """What lies between hand and tool: mapping, port, gains, limits; plain numbers."""
        control: dict[str, Any] = json.loads(self._native.control)
        return control

    @property
    def device_info(self) -> dict[str, Any]:
        """What the device is and bears, plain numbers; None where there is no limit."""
        info: dict[str, Any] = json.loads(self._native.device_info)
        return info

    def snapshot(self) -> Snapshot:
        """Return the latest snapshot."""
        raw = self._native.snapshot()
        probe = ProbeState(
            position=raw["position"],
            velocity=raw["velocity"],
            force=raw["force"],
            touching=raw["touching"],
            strain=raw["strain"],
            contact_rest=raw["contact_rest"],
            contact_normal=raw["contact_normal"],
            device_force=raw["device_force"],
            buttons=raw["buttons"],
        )
        meters = Meters(
            path_length_m=raw["path_length_m"],
            peak_force_n=raw["peak_force_n"],
            contact_s=raw["contact_s"],
            over_limit_s=raw["over_limit_s"],
            over_limit_ns=raw["over_limit_ns"],
            peak_strain=raw["peak_strain"],
        )
        return Snapshot(raw["tick"], raw["time_s"], probe, meters, raw["positions"])

    def events(self) -> list[Event]:
        """Return what happened since the last call."""
        return [event_of(raw) for raw in self._native.drain_events()]

    def trace(self) -> Rows:
        """Return the rows (`TRACE_DTYPE`) since the last call."""
        return np.frombuffer(self._native.drain_trace(), dtype=TRACE_DTYPE)

    def commands(self) -> Rows:
        """Return the commands (`COMMAND_DTYPE`) applied since the last call."""
        return np.frombuffer(self._native.drain_commands(), dtype=COMMAND_DTYPE)
