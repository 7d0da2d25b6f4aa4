"""What a trainee sees and does."""

from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from surgisim.snapshot import ProbeState, Vector
from surgisim.trainees.scope_sight import ScopeSight

__all__ = ["Action", "Exposed", "Sight", "Trainee"]


@dataclass(frozen=True, slots=True)
class Exposed:
    """What is to be brought into view, as the picture shows it.

    Attributes
    ----------
    name
        As the briefing calls it.
    middle
        Its middle, m.
    share, wanted
        The part of it that is in view now, and that is enough.
    asked_s
        How long it is to be held in view.
    port
        What the instrument goes through, m, or None.
    """

    name: str
    middle: Vector
    share: float
    wanted: float
    asked_s: float
    port: Vector | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Sight:
    """What can be seen and felt at one look, 50 times a second. Nothing hidden is in it.

    Attributes
    ----------
    time_s
        Since the start.
    probe
        The instrument: where it is and what it feels.
    probe_radius_m
        Of its tip.
    positions
        Nodes of the organ as it is now, (n, 3), m; only the surface can be seen.
    surface
        Its outward triangles, (k, 3).
    marks, wanted
        Marks set so far, and how many nodules the briefing names.
    message
        What the procedure says: the step's title.
    alarm
        A complication that goes on, or nothing.
    force_limit_n
        What the briefing says the tissue bears.
    stretched
        Whether the screen warns that the capsule is stretched near the tip.
    felt
        What the device pushes the hand with, N, in the axes of the world; through a port what the
        hand takes it to be at the tip, with the seal's friction in it.
    pressed
        Buttons of the device that went down since the last look, bit mask.
    exposed
        What is to be brought into view, if the procedure asks for that.
    scope
        What the endoscope in the hand shows, or None without one.
    """

    time_s: float
    probe: ProbeState
    probe_radius_m: float
    positions: NDArray[np.float64]
    surface: NDArray[np.integer]
    marks: int
    wanted: int
    message: str
    alarm: str
    force_limit_n: float
    stretched: bool = False
    felt: Vector = (0.0, 0.0, 0.0)
    pressed: int = 0
    exposed: Exposed | None = None
    scope: ScopeSight | None = None


@dataclass(frozen=True, slots=True)
class Action:
    """What a trainee does at one look.

    Attributes
    ----------
    aim
        Where the hand is to go, world m, or None to keep the aim.
    mark
        Set a mark at the point under the probe.
    finish
        Say that the work is finished.
    leave
        Leave the session: it ends here, incomplete.
    roll, head
        Turns of the endoscope in the hand and of its camera head, rad, as `surgisim.scope` counts
        them; None to leave them as they are.
    """

    aim: Vector | None = None
    mark: bool = False
    finish: bool = False
    leave: bool = False
    roll: float | None = None
    head: float | None = None


class Trainee(Protocol):
    """Anyone who can play."""

    def act(self, sight: Sight) -> Action:
        """Look, and do something."""
