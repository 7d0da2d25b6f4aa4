"""The scope in the hand and the targets it looks for, as a session goes on.

At every look the lens follows from the tip and the two turns that the trainee gave. Of the targets
one is lit; it is found once it has been held in the middle, near enough, for as long as the
procedure asks, and the next one lights up. What happens is told in events, from which everything
that is scored can be computed again (`surgisim.scoring.navigation`).
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from surgisim.procedure.targets import TargetsSpec
from surgisim.scope import Lens
from surgisim.session.around import Around
from surgisim.session.endoscope import Scope
from surgisim.session.stage import Stage
from surgisim.session.targets import LIFT_M, Target
from surgisim.snapshot import Event, Snapshot, Vector
from surgisim.vectors import as_vector
from surgisim.visibility import seen

__all__ = ["FOGGED", "NO_VIEW", "Navigation", "Shown"]

FOGGED = 0.4
"""From here on, fog hides targets: 0 is clear, 1 is white."""

NO_VIEW: dict[str, float | bool] = {
    "view.fogged": False,
    "view.horizon": 0.0,
    "scope.depth": 0.0,
    "lens.touching": False,
    "target.in_view": False,
    "target.centred": False,
    "target.distance": 0.0,
    "target.held": 0.0,
    "targets.found": 0.0,
    "targets.count": 0.0,
}
"""The facts of a session without an endoscope in the hand."""

_TURNED = 1e-4  # rad; a smaller turn is none
_LET_GO_S = 0.1  # a target may be off the middle so long without beginning anew: hands tremble
_MOVED_M = 5e-4  # an organ that has moved less hides what it hid

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class Shown:
    """The lit target as it is now.

    Attributes
    ----------
    number
        From 1.
    target
        Where it is at rest.
    place
        Now, lifted off the surface, world, m.
    in_view, centred
        Whether it is seen, and whether it is where it is to be held.
    distance_m, held_s
        From the lens, and for how long it has been held.
    """

    number: int
    target: Target
    place: Vector
    in_view: bool = False
    centred: bool = False
    distance_m: float = 0.0
    held_s: float = 0.0


class Navigation:
    """What the scope shows and has found.

    Parameters
    ----------
    stage
        With a scope that is held.
    scope, around
        That scope, and what lies around it.

    Attributes
    ----------
    roll, head
        Turns of the scope and of the camera head, rad.
    fog
        Of the lens, 0 to 1.
    lens
        Where the lens is now.
    found
        Targets found so far.
    shown
        The lit target; None before the first look, at the look that found one, and when all are.
    touched
        What the lens touches, or nothing.
    """

    @classmethod
    def of(cls, stage: Stage) -> "Navigation | None":
        """Make it for a stage, or nothing where no scope is held."""
        if stage.scope is None or stage.around is None:
            return None
        return cls(stage, stage.scope, stage.around)

    def __init__(self, stage: Stage, scope: Scope, around: Around) -> None:
        self.scope = scope
        self.roll = self.head = 0.0
        self.fog = 0.0
        self.lens: Lens = scope.lens(stage.scene.probe.start)
        self.found = 0
        self.shown: Shown | None = None
        self.touched = ""
        self._spec: TargetsSpec | None = stage.procedure.scene.targets
        self._targets = around.targets
        self._organ = stage.organ.name
        self._rest = stage.organ.points
        self._pieces = stage.beside
        self._skin = around.skin
        self._radius_m = stage.scene.probe.radius_m
        self._occluders = around.occluders
        self._seen_at = self._rest
        self._nodes: dict[Target, int] = {}
        self._since_s: float | None = None
        self._off_s = 0.0
        self._told: tuple[float, float] = (0.0, 0.0)

    @property
    def lit(self) -> Target | None:
        """The target that is lit, or None when all are found."""
        return self._targets[self.found] if self.found < len(self._targets) else None

    @property
    def targets(self) -> tuple[Target, ...]:
        """All targets, in their order."""
        return self._targets

    def turn(self, roll: float | None, head: float | None) -> None:
        """Turn the scope and the camera head, rad; None leaves them."""
        self.roll = self.roll if roll is None else roll
        self.head = self.head if head is None else head

    def look(self, snapshot: Snapshot, now_s: float, fog: float) -> list[Event]:
        """Take in one look at the procedure's time `now_s`; returns what happened."""
        events: list[Event] = []

        def tell(kind: str, text: str, **values: float | str | bool) -> None:
            events.append(Event(snapshot.tick, snapshot.time_s, kind, text, None, values))

        turns = (self.roll, self.head)
        if max(abs(a - b) for a, b in zip(turns, self._told, strict=True)) > _TURNED:
            self._told = turns
            tell("scope.turned", "the scope was turned", roll=self.roll, head=self.head)
        if fog != self.fog:
            tell("lens.fog", "the lens fogged or cleared", amount=fog)
        self.fog = fog
        self.lens = self.scope.lens(snapshot.probe.position, self.roll, self.head)
        touched = self._touch(snapshot)
        if touched != self.touched:
            if touched:
                tell("lens.touched", f"the lens touched the {touched}", organ=touched)
            else:
                tell("lens.free", "the lens is free", organ=self.touched)
            self.touched = touched
        before = self.shown
        self.shown = self._show(snapshot, now_s)
        if self.shown is not None:
            number, organ = self.shown.number, self.shown.target.organ
            if before is None or before.number != number:
                told = f"target {number} lit on the {organ}"
                tell("target.lit", told, number=number, organ=organ)
            if (before is not None and before.in_view) != self.shown.in_view:
                kind = "target.seen" if self.shown.in_view else "target.lost"
                tell(kind, f"target {number} came into view or left it", number=number)
            if self._spec is not None and self.shown.held_s >= self._spec.hold - 1e-9:
                self.found += 1
                self._since_s = self.shown = None
                tell("target.found", f"target {number} held", number=number, organ=organ)
        return events

    def facts(self) -> dict[str, float | bool]:
        """Return the facts of the present look."""
        shown = self.shown
        return {
            "view.fogged": self.fog >= FOGGED,
            "view.horizon": abs(self.lens.tilt),
            "scope.depth": float(np.linalg.norm(self.lens.position - self.scope.port)),
            "lens.touching": bool(self.touched),
            "target.in_view": shown is not None and shown.in_view,
            "target.centred": shown is not None and shown.centred,
            "target.distance": 0.0 if shown is None else shown.distance_m,
            "target.held": 0.0 if shown is None else shown.held_s,
            "targets.found": float(self.found),
            "targets.count": float(len(self._targets)),
        }

    def _touch(self, snapshot: Snapshot) -> str:
        """Name what the tip touches: the organ, or what stands beside."""
        if snapshot.probe.touching:
            return self._organ
        if self._skin is None:
            return ""
        index = self._skin.touched(self.lens.position, self._radius_m)
        return "" if index is None else self._pieces[index].name

    def _show(self, snapshot: Snapshot, now_s: float) -> Shown | None:
        """Look at the lit target."""
        if self._spec is None or self.found == len(self._targets):
            return None
        target = self._targets[self.found]
        place = self._place(target, snapshot.positions)
        points = np.asarray(place)[None]
        distance_m = float(self.lens.distances(points)[0])
        in_view = self.fog < FOGGED and self._sees(points, snapshot.positions)
        centred = (
            in_view
            and self._spec.distance.low <= distance_m <= self._spec.distance.high
            and float(self.lens.off_axis(points)[0]) <= self._spec.within
        )
        held_s = self._hold(centred, now_s)
        return Shown(self.found + 1, target, place, in_view, centred, distance_m, held_s)

    def _sees(self, points: Floats, positions: Floats) -> bool:
        if not self.lens.has_in_field(points)[0]:
            return False
        moved = None
        if float(np.abs(positions - self._seen_at).max()) > _MOVED_M:
            self._seen_at = moved = positions
        return bool(seen(self.lens, points, self._occluders.trees(moved))[0])

    def _hold(self, centred: bool, now_s: float) -> float:
        """For how long a target has been held, s."""
        if centred:
            self._since_s = now_s if self._since_s is None else self._since_s
            self._off_s = now_s
        elif self._since_s is not None and now_s - self._off_s > _LET_GO_S:
            self._since_s = None
        return 0.0 if self._since_s is None or not centred else now_s - self._since_s

    def _place(self, target: Target, positions: Floats) -> Vector:
        """Where a target is now, lifted off its surface."""
        place = np.asarray(target.point) + LIFT_M * np.asarray(target.normal)
        if target.organ == self._organ:
            if target not in self._nodes:
                gaps = ((self._rest - target.point) ** 2).sum(axis=1)
                self._nodes[target] = int(gaps.argmin())
            node = self._nodes[target]
            place = place + positions[node] - self._rest[node]
        return as_vector(place)
