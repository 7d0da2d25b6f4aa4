"""How much of what lies beneath the edge is in view, look by look, and what comes of it.

The share is found ten times a second: what neither the organ nor what stands beside nor the
instrument's own shaft hides from the scope. It is *won* when it reaches what is wanted, and *lost*
when it falls below four fifths of that, so that a share at the border does not flicker; the edge
has *slipped* when it was off the instrument within 0.3 s of that: whoever lets it down goes on
touching it for longer.
"""

from dataclasses import dataclass
from typing import Self

import numpy as np

from surgisim.scope import Lens
from surgisim.session.beneath import Beneath
from surgisim.session.port import Port
from surgisim.session.rod import SHAFT_TRIANGLES, shaft_surface
from surgisim.session.scenery import Occluders
from surgisim.session.stage import Stage
from surgisim.snapshot import Event, Snapshot, Vector
from surgisim.visibility import TriangleTree, seen_share

__all__ = ["Exposure", "Shaft"]

EVERY_LOOKS = 5
_LOST_BELOW = 0.8  # of what is wanted
_SLIPPED_S = 0.3
_LONG_M = 0.5  # of the shaft: it leaves the picture


@dataclass(frozen=True, slots=True)
class Shaft:
    """The instrument as it is in the way of sight.

    Attributes
    ----------
    radius_m
        Of the shaft.
    port
        What it points at, m, or None: then it points along `toward`.
    toward
        From the tip to the hand where there is no port.
    """

    radius_m: float
    port: Vector | None
    toward: Vector

    def tree(self, tip: Vector) -> TriangleTree:
        """Return it with its tip at a place, m."""
        toward = self.toward if self.port is None else np.subtract(self.port, tip)
        corners = shaft_surface(tip, toward, self.radius_m, _LONG_M)
        return TriangleTree(corners, SHAFT_TRIANGLES)


class Exposure:
    """Watches one session.

    Parameters
    ----------
    beneath
        What is to be in view.
    lens
        Of the scope that stands still.
    occluders
        What may be in the way: the organ, and what stands beside.
    shaft
        The instrument, which may be in the way as well.
    force_limit_n
        Above it nothing counts as held.

    Attributes
    ----------
    visible
        Share in view at the latest look.
    held_s
        Time so far with what is wanted in view and the force below the limit.
    slips
        How often the edge slipped off.
    """

    def __init__(
        self,
        beneath: Beneath,
        lens: Lens,
        occluders: Occluders,
        shaft: Shaft,
        force_limit_n: float,
    ) -> None:
        self.beneath = beneath
        self.visible = 0.0
        self.held_s = 0.0
        self.slips = 0
        self._lens = lens
        self._occluders = occluders
        self._shaft = shaft
        self._limit_n = force_limit_n
        self._looks = 0
        self._won = False
        self._lost_s = -np.inf
        self._before_s: float | None = None

    @classmethod
    def of(cls, stage: Stage, port: Port | None, force_limit_n: float) -> Self | None:
        """Watch what is to be brought into view on a stage, if anything is."""
        beneath, scope = stage.beneath, stage.scope
        if beneath is None or scope is None:
            return None
        occluders = Occluders(stage.organ.points, stage.organ.surface, stage.beside)
        probe = stage.scene.probe
        shaft = Shaft(probe.radius_m, None if port is None else port.pivot, probe.toward)
        return cls(beneath, scope.lens(beneath.middle), occluders, shaft, force_limit_n)

    def look(self, snapshot: Snapshot, now_s: float, force_n: float) -> list[Event]:
        """Look at `now_s` of the procedure's clock; `force_n` is the largest force since then."""
        spent_s = 0.0 if self._before_s is None else now_s - self._before_s
        self._before_s = now_s
        if self._looks % EVERY_LOOKS == 0:
            trees = self._occluders.trees(snapshot.positions)
            trees.append(self._shaft.tree(snapshot.probe.position))
            self.visible = seen_share(self._lens, self.beneath.points, trees)
        self._looks += 1
        if self._won and force_n <= self._limit_n:
            self.held_s += spent_s
        return [*self._judge(snapshot, now_s), *self._slip(snapshot, now_s)]

    def _judge(self, snapshot: Snapshot, now_s: float) -> list[Event]:
        wanted = self.beneath.wanted
        if not self._won and self.visible >= wanted:
            self._won = True
            return [self._event(snapshot, "exposure.won", "is in view")]
        if self._won and self.visible < _LOST_BELOW * wanted:
            self._won, self._lost_s = False, now_s
            return [self._event(snapshot, "exposure.lost", "is out of view")]
        return []

    def _slip(self, snapshot: Snapshot, now_s: float) -> list[Event]:
        if snapshot.probe.touching or self._won or now_s - self._lost_s > _SLIPPED_S:
            return []
        self._lost_s = -np.inf
        self.slips += 1
        text = "the edge has slipped off the instrument"
        return [Event(snapshot.tick, snapshot.time_s, "exposure.slipped", text)]

    def _event(self, snapshot: Snapshot, kind: str, text: str) -> Event:
        values = {"share": self.visible}
        told = f"{self.beneath.name} {text}"
        return Event(snapshot.tick, snapshot.time_s, kind, told, None, values)
