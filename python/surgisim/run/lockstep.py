"""The tick in lockstep: made on demand."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from surgisim.run.run import Run
from surgisim.run.setup import Field, Rows, as_json, as_rows, run_setup
from surgisim.run.stats import TickStats, stats_of
from surgisim.simulation import NativeLockstep, SoftBody, Tool, World, check_ticks, native_lockstep
from surgisim.snapshot import COMMAND_DTYPE, TRACE_DTYPE

__all__ = ["LockstepRun"]


class LockstepRun(Run):
    """Ticks on demand, as fast as the machine can.

    Parameters
    ----------
    world
        Copied as it is now.
    tool, organ
        The tool in the hand, and the body that snapshots show.
    device
        ``"hand"`` or ``"mouse"`` (a simulated hand, soft or stiff), ``"simulated"`` (a simulated
        haptic device; ``"simulated:omega"`` and others), ``"replay"``, or a device by the name that
        ``surgisim devices`` lists.
    force_limit_n
        Crossing it is an event, N.
    control
        What lies between hand and tool, as `control` returns it. What is left out, of a mapping
        too, is what a run without it has; a port has to say where its pivot is.
    field
        Opposite corners of the box that the device's reach is laid over as far as `control` tells
        no mapping, m. Without it the middle of its reach lies where the tool is, one to one.
        Through a port this is where the instrument's handle is to be, not its tip.
    tissue_hz
        None: the tissue is computed in every tick. Else it is computed beside it, so often, for
        tissue that is too large for a tick; the tick renders a local model of it.
    trace, device_info
        Recorded rows, and what the recorded device was, for ``"replay"``.

    Raises
    ------
    SurgisimError
        An unknown device, a tool or organ of another world, a force limit that is not positive,
        a control or field that is none.

    Notes
    -----
    Trace rows, events and commands are kept until they are fetched, without bound: call `trace`,
    `events` and `commands` between advances of a long run.
    """

    __slots__ = ()
    _native: NativeLockstep

    def __init__(
        self,
        world: World,
        tool: Tool,
        organ: SoftBody,
        *,
        device: str = "hand",
        force_limit_n: float = float("inf"),
        control: Mapping[str, Any] | None = None,
        field: Field | None = None,
        tissue_hz: float | None = None,
        trace: Rows | None = None,
        device_info: Mapping[str, Any] | None = None,
    ) -> None:
        setup = run_setup(world, tool, organ, device, force_limit_n, control, field, tissue_hz)
        if trace is not None:
            setup["trace"] = as_rows(trace, TRACE_DTYPE, "trace")
        setup["device_info"] = as_json(device_info, "device_info")
        super().__init__(native_lockstep(world, setup), world.dt)

    def schedule(self, commands: Rows) -> None:
        """Let recorded commands (`COMMAND_DTYPE`) act in the ticks they were recorded for.

        Raises
        ------
        RecordError
            A command that is damaged, unknown or out of order.
        """
        self._native.schedule(as_rows(commands, COMMAND_DTYPE, "commands"))

    def advance(self, ticks: int) -> None:
        """Make `ticks` ticks; Ctrl-C ends it early, after a whole tick.

        Raises
        ------
        SurgisimError
            `ticks` is not from 0 to 2**64 - 1, or another thread is advancing the run.
        """
        self._native.advance(check_ticks(ticks, "advance"))

    def stats(self) -> TickStats:
        """Return what the ticks cost so far."""
        raw = self._native.stats()
        return stats_of(raw, scheduler="lockstep", punctual=False)
