"""The tick on the wall clock: a native thread of its own."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from surgisim.errors import DeviceError
from surgisim.run.run import Run
from surgisim.run.setup import Field, run_setup
from surgisim.run.stats import TickStats, stats_of
from surgisim.simulation import NativeLive, SoftBody, Tool, World, flag, native_live

__all__ = ["LiveRun"]

REAL_TIME_PRIORITY = 75


class LiveRun(Run):
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
