"""A trainee who guides an endoscope: looks for the lit target, centres it, holds it, goes on.

Where the target is in view the tip goes to a viewpoint of it; where it is not, over glances at the
organ that the screen names. The picture is kept level, ways keep off the organs, and a fogged lens
is drawn back to the port and wiped.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from surgisim.scope import rolled_towards
from surgisim.trainees.scope_sight import ScopeSight
from surgisim.trainees.search_plan import Search
from surgisim.trainees.trainee import Action, Sight
from surgisim.trainees.ways import Walk, way
from surgisim.vectors import as_vector
from surgisim.viewpoints import Skin, Surroundings
from surgisim.visibility import TriangleTree

__all__ = ["CALM", "HESITANT", "Habits", "Navigator", "surroundings"]

Floats = NDArray[np.float64]

_SHARES = (0.4, 0.7)  # of the way from the nearest to the farthest distance that counts
_GLANCE_M = (0.09, 0.06, 0.048, 0.036)
_TURN_PER_LOOK = 0.06  # rad: 170 degrees a second
_LEVEL_SHARE = 0.15  # of the tilt, taken off at each look
_CORRECT_SHARE = 0.12  # of what the hand is off, at each look: a seal holds the shaft
_CORRECT_MOST_M = 0.012
_ON_WAY = 0.8  # of the clearance at its end
_STAY_S = 0.35  # at a glance
_AGAIN_S = 0.8
_APART_M = 0.008  # between a viewpoint on whose way something was touched and others
_BACK_M = 0.015  # where the lens is wiped, from the port
_AWAY_M = 0.02  # drawn back from what was touched


@dataclass(frozen=True, slots=True)
class Habits:
    """How somebody guides a scope.

    Attributes
    ----------
    speed_m_s
        Of the tip, mean over a movement.
    clear_m
        How far the tip keeps from the organs.
    think_s
        Pause before each movement.
    overlooks
        How often a target that came into view is not noticed before the next glance, from 0 to
        1; by so much less is the picture levelled, too.
    """

    speed_m_s: float = 0.07
    clear_m: float = 0.0115
    think_s: float = 0.0
    overlooks: float = 0.0


CALM = Habits()
HESITANT = Habits(speed_m_s=0.045, think_s=1.2)


def surroundings(sight: Sight, scope: ScopeSight) -> Surroundings:
    """Take in all surfaces, as they lie now."""
    surfaces = [(sight.positions, sight.surface), *scope.beside.values()]
    return Surroundings(
        np.asarray(scope.port),
        scope.angle,
        scope.reach_m,
        [TriangleTree(points, triangles) for points, triangles in surfaces],
        Skin(surfaces),
    )


class Navigator:
    """Finds one target after another.

    Parameters
    ----------
    rng
        Where it looks first.
    habits
        How it moves.
    """

    def __init__(self, rng: np.random.Generator, habits: Habits = CALM) -> None:
        self._rng = rng
        self._habits = habits
        self._around: Surroundings | None = None
        self._walk = Walk(habits.speed_m_s)
        self._number = -1
        self._goal: Floats | None = None
        self._looks_at: Floats | None = None
        self._looking: Search | None = None
        self._correction = np.zeros(3)
        self._wait_s = 0.0
        self._wiping = self._backing = False
        self._next_s = 0.0
        self._avoided: list[Floats] = []
        self._in_view = self._overlooked = False

    def act(self, sight: Sight) -> Action:
        """Go on."""
        scope = sight.scope
        if scope is None:
            return Action(finish=True)
        if self._around is None:
            self._around = surroundings(sight, scope)
        if scope.found != self._number:
            self._begin(scope, sight.time_s)
        if not scope.target_on:
            return Action(finish=True)
        if scope.fogged or self._wiping:
            self._wipe(sight, scope, self._around)
        elif scope.touching and not self._backing:
            self._draw_back(sight, self._around)
        elif self._backing:
            self._backing = not self._walk.arrived(sight.time_s)
        elif self._notices(scope) and self._goal is None and sight.time_s >= self._next_s:
            self._approach(sight, scope, self._around)
        elif self._walk.arrived(sight.time_s) and self._goal is None:
            self._search(sight, scope, self._around)
        return self._move(sight, scope)

    def _begin(self, scope: ScopeSight, now_s: float) -> None:
        self._number = scope.found
        self._goal = self._looks_at = None
        self._looking = None
        self._avoided.clear()
        self._wait_s = now_s + self._habits.think_s

    def _notices(self, scope: ScopeSight) -> bool:
        """Whether the target is in view and noticed; what comes into view may be overlooked."""
        appears = scope.target is not None and not self._in_view
        self._in_view = scope.target is not None
        if appears and self._habits.overlooks:
            self._overlooked = bool(self._rng.random() < self._habits.overlooks)
        return self._in_view and not self._overlooked

    def _approach(self, sight: Sight, scope: ScopeSight, around: Surroundings) -> None:
        """Go to the nearest viewpoint of the target, which is in view."""
        if sight.time_s < self._wait_s:
            return
        place, normal = np.asarray(scope.target), np.asarray(scope.normal)
        tip = np.asarray(sight.probe.position)
        tips = [
            around.viewpoints(
                place,
                normal,
                scope.near_m + share * (scope.far_m - scope.near_m),
                self._habits.clear_m,
            )
            for share in _SHARES
        ]
        found = np.concatenate(tips)
        for bad in self._avoided:
            found = found[np.linalg.norm(found - bad, axis=1) > _APART_M]
        if not len(found):  # seen, but nowhere can it be held: look again from elsewhere
            self._next_s = sight.time_s + _AGAIN_S
            return
        best = found[int(np.linalg.norm(found - tip, axis=1).argmin())]
        self._set_out(sight, around, best, place)
        self._goal = best

    def _search(self, sight: Sight, scope: ScopeSight, around: Surroundings) -> None:
        """Take the next glance at the organ that the target lies on."""
        if sight.time_s < self._wait_s:
            return
        if self._looking is None:
            here = (sight.positions, sight.surface)
            surface = scope.beside.get(scope.target_on, here)
            half_field, clear_m = scope.lens.half_field, self._habits.clear_m
            self._looking = Search(around, *surface, half_field, _GLANCE_M, clear_m, self._rng)
        glance = self._looking.next()
        self._overlooked = self._in_view = False
        if glance is not None:
            self._set_out(sight, around, glance.tip, glance.place)
        self._wait_s = sight.time_s + _STAY_S

    def _set_out(self, sight: Sight, around: Surroundings, goal: Floats, place: Floats) -> None:
        start = self._walk.at(sight.time_s)
        start = np.asarray(sight.probe.position) if start is None else start
        clear_m = _ON_WAY * self._habits.clear_m
        self._walk.go(start, way(around, start, goal, clear_m), sight.time_s)
        self._looks_at = place
        self._correction = np.zeros(3)

    def _wipe(self, sight: Sight, scope: ScopeSight, around: Surroundings) -> None:
        """Draw the lens back into the port until it is clear."""
        if self._wiping:
            self._wiping = scope.fogged
            if not self._wiping:
                self._goal = None
            return
        self._wiping, self._goal = True, None
        tip = np.asarray(sight.probe.position)
        inside = tip - around.port
        back = around.port + _BACK_M * inside / np.linalg.norm(inside)
        self._walk.go(tip, [back], sight.time_s)

    def _draw_back(self, sight: Sight, around: Surroundings) -> None:
        """Leave what was touched, along the shaft."""
        tip = np.asarray(sight.probe.position)
        inside = around.port - tip
        back = tip + _AWAY_M * inside / np.linalg.norm(inside)
        self._walk.go(tip, [back], sight.time_s)
        if self._goal is not None:
            self._avoided.append(self._goal)
        self._goal, self._backing = None, True
        self._correction = np.zeros(3)

    def _move(self, sight: Sight, scope: ScopeSight) -> Action:
        aim = self._walk.at(sight.time_s)
        if aim is None:
            return Action()
        if self._walk.arrived(sight.time_s):
            off = aim - np.asarray(sight.probe.position)
            self._correction = self._correction + _CORRECT_SHARE * off
            length = float(np.linalg.norm(self._correction))
            self._correction *= min(1.0, _CORRECT_MOST_M / max(length, 1e-9))
        roll = self._roll(sight, scope)
        return Action(
            aim=as_vector(aim + self._correction),
            roll=roll,
            head=scope.head + _LEVEL_SHARE * (1.0 - self._habits.overlooks) * scope.lens.tilt,
        )

    def _roll(self, sight: Sight, scope: ScopeSight) -> float:
        """Turn the scope towards what it is to look at, no faster than a hand does."""
        if self._looks_at is None:
            return scope.roll
        wanted = rolled_towards(scope.port, sight.probe.position, self._looks_at)
        turn = (wanted - scope.roll + np.pi) % (2.0 * np.pi) - np.pi
        return scope.roll + float(np.clip(turn, -_TURN_PER_LOOK, _TURN_PER_LOOK))
