"""What the slow side sees of the tick: plain data, no behaviour.

The tick publishes a `Snapshot` (the latest value wins) and a stream of `Event` (none is lost).
Procedures, scoring and records are functions of these alone.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

__all__ = [
    "COMMAND_DTYPE",
    "TRACE_DTYPE",
    "Event",
    "Meters",
    "ProbeState",
    "Snapshot",
    "ToolInput",
    "Vector",
]

Vector = tuple[float, float, float]

TRACE_DTYPE = np.dtype(
    [
        ("tick", "<u8"),  # 1 after the first step
        ("hand", "<f8", (3,)),  # m, where the device said the hand was, in the device's frame
        ("hand_rot", "<f8", (4,)),  # how it was turned, unit quaternion (w, x, y, z)
        ("tool", "<f8", (3,)),  # m, where the tool ended, world
        ("tool_rot", "<f8", (4,)),  # how it was turned
        ("force", "<f8", (3,)),  # N, tissue on tool, mean over the tick
        ("torque", "<f8", (3,)),  # N m, the same about the tool's position
        ("device_force", "<f8", (3,)),  # N, what the device was given, in the device's frame
        ("device_torque", "<f8", (3,)),  # N m
        ("buttons", "<u4"),  # bit mask
        ("contacts", "<u4"),  # contact points at the end of the tick
        ("status", "<u4"),  # what the device said of itself, bit mask
        ("faults", "<u4"),  # what was broken, bit mask
        ("missed", "<u8"),  # whole ticks that were missed before this one
        ("digest", "<u8"),  # hash of the whole state on every 20th tick, else 0
    ]
)
"""One row a tick: the inputs that replay needs and the outputs that verification compares."""

COMMAND_DTYPE = np.dtype(
    [
        ("tick", "<u8"),  # the command acts at the start of the step that ends with this tick
        ("code", "<u4"),
        ("index", "<u4"),  # body or tool
        ("values", "<f8", (4,)),
    ]
)
"""Commands from the slow side, as the tick applied them."""


@dataclass(frozen=True, slots=True)
class ProbeState:
    """The instrument in the hand at one tick.

    Attributes
    ----------
    position, velocity
        Tip in world coordinates, m and m/s.
    force
        What the tissue pushes on the instrument, N, mean over the tick.
    touching
        Whether any contact point exists.
    contact_rest
        The touched material point in the undeformed organ, m, or None.
    contact_normal
        Outward surface normal at that point in the deformed organ, or None.
    strain
        Largest in-plane strain of the organ's surface near the instrument; how deep the dent looks.
    device_force
        What the device was given in this tick, N, in its own frame.
    buttons
        Held buttons of the device, bit mask.
    """

    position: Vector
    velocity: Vector
    force: Vector
    touching: bool
    contact_rest: Vector | None = None
    contact_normal: Vector | None = None
    strain: float = 0.0
    device_force: Vector = (0.0, 0.0, 0.0)
    buttons: int = 0


@dataclass(frozen=True, slots=True)
class Meters:
    """Sums and peaks taken inside the tick since the start, so that no reader can miss one.

    Attributes
    ----------
    path_length_m
        Length of the tip's path.
    peak_force_n
        Largest force on the instrument.
    contact_s
        Time in contact.
    over_limit_s, over_limit_ns
        Time, and integral of the excess force (N s), above the force limit.
    peak_strain
        Largest in-plane strain of the organ's surface near the instrument.
    """

    path_length_m: float = 0.0
    peak_force_n: float = 0.0
    contact_s: float = 0.0
    over_limit_s: float = 0.0
    over_limit_ns: float = 0.0
    peak_strain: float = 0.0


@dataclass(frozen=True, slots=True, eq=False)
class Snapshot:
    """The world at one tick.

    Attributes
    ----------
    tick, time_s
        Ticks since the start and the simulated time, s.
    probe, meters
        See `ProbeState` and `Meters`.
    positions
        Nodes of the organ, shape (n, 3), float64, m. A copy.
    """

    tick: int
    time_s: float
    probe: ProbeState
    meters: Meters
    positions: NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened at one tick.

    Attributes
    ----------
    tick, time_s
        When.
    kind
        What, dotted: ``"tissue.torn"``, ``"step.started"``, ``"mark.set"``, ...
    text
        One sentence for people.
    point
        Where, world m, or None.
    values
        Numbers and short strings that belong to it.
    """

    tick: int
    time_s: float
    kind: str
    text: str = ""
    point: Vector | None = None
    values: Mapping[str, float | str | bool] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ToolInput:
    """What one hand asks of its tool at one moment, whatever it holds.

    Attributes
    ----------
    time_ns
        When the hand is there, on the clock of what tracks it.
    source
        ``"controller"``, ``"hand"``, or nothing where no hand is known.
    position, rotation
        Of the tool, world m and unit quaternion (w, x, y, z); None where they are not known.
    velocity
        World, m/s, as it was measured; None where it was not.
    tracked
        Whether the place is measured now. One that is known but not tracked is a guess.
    aim
        Origin and direction of where the hand points, world, or None.
    grasp
        How far the tool is closed, 0 to 1.
    cut, cauterise, clutch, mark, menu
        Held at present.
    """

    time_ns: int = 0
    source: str = ""
    position: Vector | None = None
    rotation: tuple[float, float, float, float] = (1.0, 0.0, 0.0, 0.0)
    velocity: Vector | None = None
    tracked: bool = False
    aim: tuple[Vector, Vector] | None = None
    grasp: float = 0.0
    cut: bool = False
    cauterise: bool = False
    clutch: bool = False
    mark: bool = False
    menu: bool = False
