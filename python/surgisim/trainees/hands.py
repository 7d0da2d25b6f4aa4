"""Hands that visit a spot: go there over the surface, press gently, feel, and go on.

Through a port the seal's friction is felt as well, as large as soft tissue. It is steady while the
shaft slides one way, and turns round over some millimetres where the shaft does. So a stroke comes
from above, long enough for the seal to have turned round before the tissue is met; what is felt
until then is taken off. A stroke that met the tissue too early is made again, from higher up.
"""

from collections import deque
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
_FREE_LOOKS = 8  # long enough off the tissue for what is felt to be none of it
_RUN_M = 0.010  # where a port's seal drags: the shaft slides inwards before the tissue comes
_RUN_MORE_M = 0.004  # where that was too short
_LONGEST_RUN_M = 0.018
_RUNS = 2  # at most for a visit
_TURN_M = 0.006  # from so much higher down to there, so that the run begins with the way there
_HELD_M = 0.0015  # by which the seal holds the hand up
_SETTLED_N_PER_M = 40.0  # the drag grows no more: a seal that is being turned round is stiffer
_LOOKS_BACK = 4  # over which the drag is watched
_LIFT_S = 0.16
_PRESS_S = 0.26
_SLIDE_S = 0.14  # more, from higher up
_FEEL_S = 0.14  # the hand is 50 ms behind, then the force is taken
_TAKE_S = 0.06  # at the end of it
_STOP_S = 0.06  # to stop pressing
_SPEED_M_S = 0.14  # on a long way, mean
_LEAST_S = 0.20  # for a short one
_SAFE_SHARE = 0.6  # of the force limit: never press harder
_DEEPER_M = 0.003  # where nothing was met
_DIMPLE_M = 0.003  # deep enough to feel something
_SHALLOW_M = 0.0023  # too shallow: the organ gave way as a whole
_MORE = 1.5  # times as deep, at once
_TIMES = 3  # pressed deeper at most
_ENOUGH_N = 0.3  # pushes back enough to be felt
_FEW = 8  # nodes do not show how a lobe bends
_AROUND = (1.75, 4.4)  # radii of the tip: where the eye sees whether the organ gives way
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
        self._times = 0
        self._wants_dimple, self._stay_s = True, _FEEL_S
        self._place = np.zeros(3)
        self._up = np.zeros(3)
        self._forces: list[tuple[float, float]] = []
        self._free = np.zeros(3)
        self._free_looks, self._dragged = 0, False
        self._run_m, self._runs, self._met = _RUN_M, 0, False
        self._drags: deque[tuple[Floats, Floats]] = deque(maxlen=_LOOKS_BACK)
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

    def visit(
        self,
        site: Site,
        depth: float,
        sight: Sight,
        *,
        feel: bool = True,
        stay_s: float = _FEEL_S,
    ) -> None:
        """Set out for `site`, to tell the hand to go `depth` (m) below the surface there.

        Where the organ gives way as a whole it goes deeper, if it is to `feel` something. It stays
        for `stay_s` (s).
        """
        self._wants_dimple, self._stay_s = feel, stay_s
        self._site, self._depth, self._times = site, depth + _HELD_M * self._dragged, 0
        self._runs = 0
        self._set_out(sight)

    def _set_out(self, sight: Sight) -> None:
        assert self._site is not None  # noqa: S101  # a visit is under way
        place, up = self._look_at(self._site, sight)
        hover = self._run_m if self._dragged else _HOVER_M
        goal = place + (sight.probe_radius_m + hover) * up
        start = self._from(sight)
        way = float(np.linalg.norm(goal - start))
        over = _clear_height(start, goal, sight)
        if self._dragged:
            over = max(over, float(goal[1]) + _TURN_M)
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
        self._feel_drag(sight)
        if self._phase is _Phase.REST:
            return None
        if self._phase is not _Phase.GO:
            if self._is_run_too_short(sight):
                self._runs += 1
                self._run_m = min(self._run_m + _RUN_MORE_M, _LONGEST_RUN_M)
                self._set_out(sight)
                return None
            # The hand feels what the device gives it; how hard the tissue is pressed is on screen.
            felt = np.asarray(sight.felt) - self._free
            self._forces.append((sight.time_s, float(felt @ self._up)))
            if float(np.asarray(sight.probe.force) @ self._up) > _SAFE_SHARE * sight.force_limit_n:
                return self._felt(sight, 0.0)
            if sight.stretched and self._times < _TIMES:
                self._stop(sight)
        if sight.time_s < self._movement.end_s:
            return None
        if self._phase is _Phase.GO:
            self._press(sight)
        elif self._phase is _Phase.PRESS:
            self._phase = _Phase.FEEL
        elif sight.time_s >= self._movement.end_s + self._stay_s:
            if self._times == _TIMES or not self._too_shallow(sight):
                return self._felt(sight, _TAKE_S)
            self._times += 1
            self._push(sight)
        return None

    def _feel_drag(self, sight: Sight) -> None:
        """Notice that a port's seal drags at the shaft; from then on it is told from the tissue."""
        self._free_looks = 0 if sight.probe.touching else self._free_looks + 1
        drag_n = float(np.linalg.norm(sight.felt))
        self._dragged |= self._free_looks > _FREE_LOOKS and drag_n > _ENOUGH_N

    def _is_run_too_short(self, sight: Sight) -> bool:
        """Whether the tip has met the tissue while the drag was still growing.

        A seal that is pushed inwards holds the shaft with a steady force once it has turned round.
        Until the tip meets something that is all there is to feel, and is taken off from then on.
        """
        if not self._dragged or self._met:
            return False
        self._met = sight.probe.touching
        if not self._met:
            self._free = np.asarray(sight.felt)
            self._drags.append((np.asarray(sight.probe.position), self._free))
            return False
        if self._runs == _RUNS:
            return False
        if len(self._drags) < _LOOKS_BACK:
            return True
        (start, before), (end, now) = self._drags[0], self._drags[-1]
        grown = float(np.linalg.norm(now - before))
        return grown > _SETTLED_N_PER_M * float(np.linalg.norm(end - start))

    def _too_shallow(self, sight: Sight) -> bool:
        """Whether the dimple is too shallow to tell anything; then the hand is to go deeper."""
        if not sight.probe.touching:
            self._depth += _DEEPER_M
            return True
        dimple = self._dimple(sight)
        if not self._wants_dimple or dimple >= _SHALLOW_M or self._forces[-1][1] > _ENOUGH_N:
            return False
        self._depth *= min(_DIMPLE_M / max(dimple, 1e-4), _MORE)
        return True

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
        self._met = False
        self._drags.clear()
        self._push(sight)

    def _push(self, sight: Sight) -> None:
        goal = self._place + (sight.probe_radius_m - self._depth) * self._up
        run = self._run_m / _RUN_M if self._dragged and not sight.probe.touching else 0.0
        takes_s = _PRESS_S + _SLIDE_S * run
        self._movement = reach(self._from(sight), goal, sight.time_s, takes_s)
        self._phase, self._forces = _Phase.PRESS, []

    def _stop(self, sight: Sight) -> None:
        """Go no deeper, and feel from where the tip is."""
        tip = np.asarray(sight.probe.position)
        self._movement = reach(self._from(sight), tip, sight.time_s, _STOP_S)
        self._phase, self._forces, self._times = _Phase.PRESS, self._forces[-1:], _TIMES

    def _felt(self, sight: Sight, take_s: float) -> Felt:
        assert self._site is not None  # noqa: S101  # a visit is under way
        late = [force for at, force in self._forces if at >= sight.time_s - take_s]
        self._phase = _Phase.REST
        value = stiffness(float(np.mean(late)), self._dimple(sight))
        return Felt(self._site, self._place, value, sight.time_s)

    def _dimple(self, sight: Sight) -> float:
        """How deep the tip sits in its dimple: below what the surface around has sunk to, m."""
        tip = np.asarray(sight.probe.position)
        depth = sight.probe_radius_m - float((tip - self._place) @ self._up)
        if len(self._around) < _FEW:
            return depth
        # A lobe sinks, tilts and bends: the paraboloid through what is seen around, at the tip.
        sunk = (self._before - sight.positions[self._around]) @ self._up
        beside = (self._before - self._place)[:, [0, 2]]
        far = np.einsum("ij,ij->i", beside, beside)
        shape = np.column_stack([np.ones(len(sunk)), beside, far])
        return depth - float(np.linalg.lstsq(shape, sunk, rcond=None)[0][0])

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
