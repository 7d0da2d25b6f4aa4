"""The native half of runs; see `surgisim.run`."""

from __future__ import annotations

from typing import TypedDict

from surgisim import _core
from surgisim.errors import SurgisimError
from surgisim.simulation.body import SoftBody
from surgisim.simulation.checks import check_part, shown
from surgisim.simulation.tool import Tool
from surgisim.simulation.world import World

__all__ = [
    "NativeLive",
    "NativeLockstep",
    "RunSetup",
    "check_same_world",
    "first_difference",
    "native_live",
    "native_lockstep",
    "survey_devices",
]


def check_same_world(world: World, tool: Tool, organ: SoftBody) -> None:
    """Raise a SurgisimError unless `tool` and `organ` were added to `world` itself."""
    if not isinstance(world, World):
        raise SurgisimError(f"the world is {shown(world)}; give a World")
    check_part(world, tool, Tool, "tool")
    check_part(world, organ, SoftBody, "organ")


NativeLockstep = _core.Lockstep
NativeLive = _core.Live


class RunSetup(TypedDict):
    """What a run is made of besides the world.

    Attributes
    ----------
    tool, organ
        Index of the tool in the hand and of the body that snapshots show.
    force_limit
        N; crossing it is an event. Infinite for none.
    device
        As ``surgisim devices`` lists it, or ``"hand"``, ``"mouse"``, ``"replay"``.
    control
        What lies between hand and tool, as JSON; what is left out is the default.
    trace
        Bytes of `TRACE_DTYPE` rows for ``"replay"``, else empty.
    device_info
        The recorded device for ``"replay"``, as JSON, else empty.
    """

    tool: int
    organ: int
    force_limit: float
    device: str
    control: str
    trace: bytes
    device_info: str


def native_lockstep(world: World, setup: RunSetup) -> _core.Lockstep:
    """Make a native run in lockstep on a copy of `world`; see `surgisim.run`."""
    return _core.Lockstep(world._native, setup)


def native_live(world: World, setup: RunSetup, priority: int | None) -> _core.Live:
    """Make a native run on its own thread on a copy of `world`; see `surgisim.run`."""
    return _core.Live(world._native, setup, priority)


def survey_devices() -> list[tuple[str, str, bool, str]]:
    """List devices as (name, model, here, why), those looked for in vain too."""
    return _core.survey_devices()


def first_difference(a: bytes, b: bytes) -> int | None:
    """Return the first tick at which two traces differ in any bit, or None if they agree.

    Parameters
    ----------
    a, b
        Rows of `surgisim.snapshot.TRACE_DTYPE`.
    """
    return _core.first_difference(a, b)
