"""Hands that visit a spot: go there over the surface, press gently, feel, and go on."""

from enum import Enum, auto

import numpy as np
from numpy.typing import NDArray

from surgisim.snapshot import Vector
from surgisim.trainees.movement import Movement, hop, reach
from surgisim.trainees.surface import Site, facing, front_nodes
from surgisim.trainees.touch import Felt, stiffness
from surgisim.trainees.trainee import Sight

__all__ = ["Hands"]

Floats = NDArray[np.float64]

_HOVER_M = 0.003  # between tip and surface before and after a press
_LIFT_S = 0.18
_PRESS_S = 0.28
_FEEL_S = 0.16  # the hand is 50 ms behind, then the force is taken
_TAKE_S = 0.08  # at the end of it
_SPEED_M_S = 0.14  # on a long way, mean
_LEAST_S = 0.22  # for a short one
_SAFE_SHARE = 0.6  # of the force limit: never press harder
_DEEPER_M = 0.003  # where nothing was met
_DEEPEST = 3  # times; then nothing is there
_AROUND = (2.0, 3.75)  # radii of the tip: where the eye sees whether the organ gives way
_ASIDE_M = 0.025
_ASIDE_S = 0.35


class _Phase(Enum):
    REST = auto()
    GO = auto()
    PRESS = auto()
    FEEL = auto()


class Hands:
    """Visits one spot after another; `aim` is where the hand is wanted at this look, m."""

    def __init__(self) -> None:
        self._phase = _Phase.REST
        self._movement: Movement | None = None
        self._aim: Floats | None = None
        self._site: Site | None = None
        self._depth = 0.0
        self._deeper = 0
        self._place = np.zeros(3)
        self._up = np.zeros(3)
        self._forces: list[tuple[float, float]] = []
        self._seen: NDArray[np.int64] | None = None
        self._around = np.zeros(0, dtype=np.int64)
        self._before = np.zeros((0, 3))

    @property
    def aim(self) -> Vector | None:
        """Where the hand is to go."""
        if self._aim is None:
            return None
        x, y, z = (float(v) for v in self._aim)
        return (x, y, z)

    def visit(self, site: Site, depth: float, sight: Sight) -> None:
        """Set out for `site`, to tell the hand to go `depth` (m) below the surface there."""
        self._site, self._depth, self._deeper = site, depth, 0
        place, up = self._look_at(site, sight)
        goal = place + (sight.probe_radius_m + _HOVER_M) * up
        start = self._from(sight)
        way = float(np.linalg.norm(goal - start))
        over = _clear_height(start, goal, sight)
        self._movement = hop(
            start, goal, over, sight.time_s, _LIFT_S, max(way / _SPEED_M_S, _LEAST_S)
        )
        self._phase = _Phase.GO

    def lift(self, sight: Sight, by: float = _ASIDE_M) -> None:
        """Leave the surface, straight up, and stay there."""
        start = self._from(sight)
        self._movement = reach(start, start + np.array([0.0, by, 0.0]), sight.time_s, _ASIDE_S)
        self._phase = _Phase.REST

    @property
    def resting(self) -> bool:
        """Whether no visit is under way."""
        return self._phase is _Phase.REST

    def arrived(self, sight: Sight) -> bool:
        """Whether the last movement is over."""
        return self._movement is None or sight.time_s >= self._movement.end_s

    def act(self, sight: Sight) -> Felt | None:
        """Go on with the visit; returns what was felt when it is over, while still touching."""
        if self._movement is None:
            return None
        self._aim = self._movement.at(sight.time_s)
        if self._phase is _Phase.REST:
            return None
        if self._phase is not _Phase.GO:
            force = float(np.asarray(sight.probe.force) @ self._up)
            self._forces.append((sight.time_s, force))
            if force > _SAFE_SHARE * sight.force_limit_n:
                return self._felt(sight, 0.0)
        if sight.time_s < self._movement.end_s:
            return None
        if self._phase is _Phase.GO:
            self._press(sight)
        elif self._phase is _Phase.PRESS:
            self._phase = _Phase.FEEL
        elif sight.time_s >= self._movement.end_s + _FEEL_S:
            if sight.probe.touching or self._deeper == _DEEPEST:
                return self._felt(sight, _TAKE_S)
            self._deeper += 1
            self._push(sight)
        return None

    def _press(self, sight: Sight) -> None:
        """Measure depths from here: the spot lies undisturbed now."""
        assert self._site is not None  # noqa: S101  # a visit is under way
        self._place, self._up = self._look_at(self._site, sight)
        if self._seen is None:
            self._seen = front_nodes(sight.positions, sight.surface)
        gaps = np.linalg.norm(sight.positions[self._seen] - self._place, axis=1)
        low, high = (share * sight.probe_radius_m for share in _AROUND)
        self._around = self._seen[(gaps > low) & (gaps < high)]
        self._before = sight.positions[self._around]
        self._push(sight)

    def _push(self, sight: Sight) -> None:
        depth = self._depth + self._deeper * _DEEPER_M
        goal = self._place + (sight.probe_radius_m - depth) * self._up
        self._movement = reach(self._from(sight), goal, sight.time_s, _PRESS_S)
        self._phase, self._forces = _Phase.PRESS, []

    def _felt(self, sight: Sight, take_s: float) -> Felt:
        assert self._site is not None  # noqa: S101  # a visit is under way
        late = [force for at, force in self._forces if at >= sight.time_s - take_s]
        tip = np.asarray(sight.probe.position)
        depth = sight.probe_radius_m - float((tip - self._place) @ self._up)
        self._phase = _Phase.REST
        value = stiffness(float(np.mean(late)), depth - self._sunk(sight))
        return Felt(self._site, self._place, value, sight.time_s)

    def _sunk(self, sight: Sight) -> float:
        """How far the surface around the tip has sunk since before the press, m."""
        if not len(self._around):
            return 0.0
        moved = sight.positions[self._around] - self._before
        return -float(np.mean(moved @ self._up))

    @staticmethod
    def _look_at(site: Site, sight: Sight) -> tuple[Floats, Floats]:
        place = site.now(sight.positions, sight.surface)
        return place, facing(place, sight.positions, sight.surface, 1.5 * sight.probe_radius_m)

    def _from(self, sight: Sight) -> Floats:
        return np.asarray(sight.probe.position) if self._aim is None else self._aim


def _clear_height(start: Floats, goal: Floats, sight: Sight) -> float:
    """Height at which a tip passes over everything between two points, just clear, m."""
    flat = np.array([0, 2])
    nodes = sight.positions[np.unique(sight.surface)]
    along = (goal - start)[flat]
    length = float(along @ along)
    share = np.zeros(len(nodes))
    if length > 0.0:
        share = np.clip((nodes[:, flat] - start[flat]) @ along / length, 0.0, 1.0)
    beside = nodes[:, flat] - start[flat] - share[:, None] * along
    room = sight.probe_radius_m**2 - np.einsum("ij,ij->i", beside, beside)
    below = room > 0.0
    if not below.any():
        return float(max(start[1], goal[1]))
    return float((nodes[below, 1] + np.sqrt(room[below])).max()) + _HOVER_M
