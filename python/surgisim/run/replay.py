"""A recorded run simulated again from its inputs, and compared bit by bit."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from surgisim.errors import RecordError
from surgisim.run.lockstep import LockstepRun
from surgisim.run.setup import Rows, as_rows
from surgisim.simulation import SoftBody, Tool, World, first_difference
from surgisim.snapshot import TRACE_DTYPE, Event

__all__ = ["replayed", "verify"]

_PART_TICKS = 2000  # of a replay, between two reports of its progress


def replayed(
    world: World,
    tool: Tool,
    organ: SoftBody,
    trace: Rows,
    commands: Rows,
    force_limit_n: float,
    *,
    control: Mapping[str, Any],
    device_info: Mapping[str, Any],
    tissue_hz: float | None = None,
) -> LockstepRun:
    """Prepare a recorded run to be simulated again from its inputs, tick by tick.

    Parameters are those of `verify`.

    Returns
    -------
    LockstepRun
        Before its first tick; it has inputs for ``len(trace)`` ticks.

    Raises
    ------
    SurgisimError
        A tool or organ of another world, or something else than rows.
    RecordError
        Rows are missing, so that nothing can be said about what follows.
    """
    as_rows(trace, TRACE_DTYPE, "trace")
    expected = np.arange(1, len(trace) + 1, dtype=np.uint64)
    if not np.array_equal(trace["tick"], expected):
        lost = int(np.argmax(trace["tick"] != expected)) + 1
        raise RecordError(f"the record lacks rows from tick {lost} on; it cannot be replayed")
    run = LockstepRun(
        world,
        tool,
        organ,
        device="replay",
        force_limit_n=force_limit_n,
        control=control,
        tissue_hz=tissue_hz,
        trace=trace,
        device_info=device_info,
    )
    run.schedule(commands)
    return run


def verify(
    world: World,
    tool: Tool,
    organ: SoftBody,
    trace: Rows,
    commands: Rows,
    force_limit_n: float,
    *,
    control: Mapping[str, Any],
    device_info: Mapping[str, Any],
    tissue_hz: float | None = None,
    progress: Callable[[float], None] = lambda _: None,
) -> tuple[int | None, list[Event]]:
    """Simulate again from recorded inputs and compare every recorded bit.

    Parameters
    ----------
    world, tool, organ
        As they were when the recorded run began.
    trace, commands
        Recorded rows of `TRACE_DTYPE` and `COMMAND_DTYPE`.
    force_limit_n
        As recorded, N.
    control, device_info, tissue_hz
        As the recorded run told them, and as it was given.
    progress
        Is told the share that is done, 0 to 1.

    Returns
    -------
    int or None, list of Event
        The first tick whose row differs, or None if all agree; and the events that came out.

    Raises
    ------
    SurgisimError
        A tool or organ of another world.
    RecordError
        Rows are missing, so that nothing can be said about what follows.
    """
    recorded = as_rows(trace, TRACE_DTYPE, "trace")
    run = replayed(
        world,
        tool,
        organ,
        trace,
        commands,
        force_limit_n,
        control=control,
        device_info=device_info,
        tissue_hz=tissue_hz,
    )
    for begun in range(0, len(trace), _PART_TICKS):
        done = min(begun + _PART_TICKS, len(trace))
        run.advance(done - begun)
        progress(done / len(trace))
    return first_difference(run.trace().tobytes(), recorded), run.events()
