"""Live, lockstep, and a replay that compares: the three ways to run the tick."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any, Protocol

import numpy as np
from numpy.typing import ArrayLike

from surgisim.errors import DeviceError, RecordError, SurgisimError
from surgisim.run.setup import Field, Rows, as_json, as_rows, run_setup
from surgisim.run.stats import TickStats, stats_of
from surgisim.simulation import (
    NativeLive,
    NativeLockstep,
    SoftBody,
    Tool,
    World,
    check_ticks,
    first_difference,
    flag,
    native_live,
    native_lockstep,
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

__all__ = ["LiveRun", "LockstepRun", "Run", "replayed", "verify"]

REAL_TIME_PRIORITY = 75
_PART_TICKS = 2000  # of a replay, between two reports of its progress
_FORCE_WAITS = (
    "the force has not been switched on yet: lift the instrument off the tissue and hold it still "
    "for a moment"
)


class Run(Protocol):
    """What sessions need of a run, whatever its clock."""

    def aim(self, point: ArrayLike) -> None:
        """Ask the hand to go to `point`, m."""

    def press(self, buttons: int) -> None:
        """Hold these buttons of a simulated hand from now on."""

    def move_supports(self, body: int, offset: ArrayLike, seconds: float) -> None:
        """Let the held nodes of `body` glide to their place + `offset` (m) in `seconds`."""

    @property
    def control(self) -> dict[str, Any]:
        """What lies between hand and tool, plain numbers."""

    @property
    def device_info(self) -> dict[str, Any]:
        """What the device is and bears, plain numbers."""

    def snapshot(self) -> Snapshot:
        """Return the latest snapshot."""

    def events(self) -> list[Event]:
        """Return what happened since the last call."""

    def trace(self) -> Rows:
        """Return the rows (`TRACE_DTYPE`) since the last call."""

    def commands(self) -> Rows:
        """Return the commands (`COMMAND_DTYPE`) applied since the last call."""


class _Exchange:
    """The half that both kinds of run share."""

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
        return [_event(raw) for raw in self._native.drain_events()]

    def trace(self) -> Rows:
        """Return the rows (`TRACE_DTYPE`) since the last call."""
        return np.frombuffer(self._native.drain_trace(), dtype=TRACE_DTYPE)

    def commands(self) -> Rows:
        """Return the commands (`COMMAND_DTYPE`) applied since the last call."""
        return np.frombuffer(self._native.drain_commands(), dtype=COMMAND_DTYPE)


class LockstepRun(_Exchange):
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


class LiveRun(_Exchange):
    """A run on a native thread of its own at the rate of the world.

    Real-time scheduling is asked for unless `real_time` is False; `fallback` says why it was not
    given. Otherwise as `LockstepRun`. Use it as a context manager, or call `stop`.

    However the process ends - Ctrl-C, SIGTERM, a crash in another thread - the force is taken off
    the device first and the run ends. A program that survives Ctrl-C finds it no longer running.

    Raises
    ------
    DeviceError
        The thread could not be started, or the world's `dt` is below 0.1 ms.
    SurgisimError
        A tool or organ of another world, a force limit that is not positive.
    """

    __slots__ = ("_stats",)
    _native: NativeLive

    def __init__(
        self,
        world: World,
        tool: Tool,
        organ: SoftBody,
        *,
        device: str = "mouse",
        force_limit_n: float = float("inf"),
        control: Mapping[str, Any] | None = None,
        field: Field | None = None,
        tissue_hz: float | None = None,
        real_time: bool = True,
    ) -> None:
        setup = run_setup(world, tool, organ, device, force_limit_n, control, field, tissue_hz)
        priority = REAL_TIME_PRIORITY if flag(real_time, "real_time") else None
        super().__init__(native_live(world, setup, priority), world.dt)
        self._stats: TickStats | None = None

    @property
    def running(self) -> bool:
        """Whether the thread ticks."""
        return self._native.running

    @property
    def fallback(self) -> str | None:
        """Why the thread is not scheduled in real time, or None if it is."""
        return self._native.placement[1]

    def stop(self) -> TickStats:
        """End the thread with zero force; what it left can still be drained.

        Raises
        ------
        DeviceError
            The thread was lost, or had ended by a fault of its own; a second call then returns
            the statistics.
        """
        if self._stats is None:
            raw = self._native.stop()
            scheduler = raw["scheduler"]
            self._stats = stats_of(raw, scheduler, punctual=True, lost=self._native.lost)
            if raw["panic"] is not None:
                raise DeviceError(
                    f"the run ended at tick {raw['ticks']} by a fault of the program "
                    f"({raw['panic']}); report this"
                )
        return self._stats

    def __enter__(self) -> LiveRun:
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()


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


def _event(raw: Mapping[str, Any]) -> Event:
    kind = raw["kind"]
    base = (raw["tick"], raw["time_s"], kind)
    if kind == "tissue.torn":
        rest = dict(zip(("rest_x", "rest_y", "rest_z"), raw["rest_point"], strict=True))
        values = {"strain": raw["strain"], "triangle": raw["triangle"], **rest}
        text = f"the capsule tore at a stretch of {100.0 * raw['strain']:.0f} %"
        return Event(*base, text=text, point=raw["point"], values=values)
    if kind == "force.limit":
        text = f"the force passed the limit ({raw['force_n']:.1f} N)"
        return Event(*base, text=text, point=raw["point"], values={"force_n": raw["force_n"]})
    if kind == "tissue.behind":
        text = f"the tissue fell behind ({1e3 * raw['late_s']:.0f} ms); its force was let go"
        return Event(*base, text=text, values={"late_s": raw["late_s"]})
    if kind == "force.waits":
        return Event(*base, text=_FORCE_WAITS)
    if kind == "device.back":
        return Event(*base, text="the device is back")
    return Event(*base, text=raw["fault"], values={"fault": raw["fault"]})
