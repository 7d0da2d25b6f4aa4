"""The native half of runs; see `surgisim.run`."""

from __future__ import annotations

from typing import NamedTuple, TypedDict

from surgisim import _core
from surgisim.errors import SurgisimError
from surgisim.simulation.body import SoftBody
from surgisim.simulation.checks import check_part, shown
from surgisim.simulation.tool import Tool
from surgisim.simulation.world import World
from surgisim.snapshot import Vector

__all__ = [
    "NativeLive",
    "NativeLockstep",
    "RunSetup",
    "Sighting",
    "check_same_world",
    "first_difference",
    "native_live",
    "native_lockstep",
    "simulated_devices",
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
        What lies between hand and tool, as JSON; what is left out is the scene's default.
    field
        Opposite corners of the box that the device's reach is laid over where `control` has no
        mapping, m; None: the middle of its reach lies where the tool is, one to one.
    trace
        Bytes of `TRACE_DTYPE` rows for ``"replay"``, else empty.
    tissue_every
        Ticks from one step of the tissue to the next; 1: it is stepped in the tick.
    device_info
        The recorded device for ``"replay"``, as JSON, else empty.
    """

    tool: int
    organ: int
    force_limit: float
    device: str
    control: str
    field: tuple[Vector, Vector] | None
    trace: bytes
    tissue_every: int
    device_info: str


def native_lockstep(world: World, setup: RunSetup) -> _core.Lockstep:
    """Make a native run in lockstep on a copy of `world`; see `surgisim.run`."""
    return _core.Lockstep(world._native, setup)


def native_live(world: World, setup: RunSetup, priority: int | None) -> _core.Live:
    """Make a native run on its own thread on a copy of `world`; see `surgisim.run`."""
    return _core.Live(world._native, setup, priority)


class Sighting(NamedTuple):
    """A device that was seen or looked for in vain.

    Attributes
    ----------
    name
        For ``--device``.
    model
        Maker and model, or what the driver is for.
    here, why
        Whether it can be opened; what was found, or what was looked for and where to get it.
    force
        Whether it pushes the hand.
    """

    name: str
    model: str
    here: bool
    why: str
    force: bool


def survey_devices() -> list[Sighting]:
    """List real devices, those looked for in vain too, as ``auto`` takes them."""
    return [Sighting(*told) for told in _core.survey_devices()]


def simulated_devices() -> list[Sighting]:
    """List the haptic devices made of numbers."""
    return [
        Sighting(f"simulated:{which}", model, True, "made of numbers, always here", True)
        for which, model in _core.simulated_devices()
    ]


def first_difference(a: bytes, b: bytes) -> int | None:
    """Return the first tick at which two traces differ in any bit, or None if they agree.

    Parameters
    ----------
    a, b
        Rows of `surgisim.snapshot.TRACE_DTYPE`.
    """
    return _core.first_difference(a, b)
