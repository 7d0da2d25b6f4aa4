"""Eyes and hands with shortcomings, between a scripted trainee and the session.

They need to know nothing of the work, so they serve every script:

- The script's clock runs slow by 1 + slowness.
- What the screen shows of force, warnings, alarms and steps is seen `reaction_s` late. What the
  hand feels is felt at once.
- The hand pushes on against a force F that it feels, by `overpress` F / `_ARM_N_M` and 12 mm at
  most; it takes `_YIELDS_S` to get there and back.
- The hand trembles: on each axis an autoregressive process of second order,

      x(k) = 2 r cos(w) x(k-1) - r^2 x(k-2) + e(k)

  a resonance at w = 2 pi f dt of half width -ln(r) / (2 pi dt), here f = 10 Hz and 2 Hz. With
  a1 = 2 r cos(w), a2 = -r^2 its variance is (Box and Jenkins 1970)

      var(x) = var(e) (1 - a2) / ((1 + a2) ((1 - a2)^2 - a1^2))
"""

from collections import deque
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from surgisim.trainees.skill import Skill
from surgisim.trainees.trainee import Action, Sight, Trainee

__all__ = ["Unsteady"]

_LOOK_S = 0.02
_TREMOR_HZ = 10.0
_WIDTH_HZ = 2.0
_YIELDS_S = 0.15
_ARM_N_M = 400.0  # stiffness of a hand
_FURTHEST_M = 0.012


class Unsteady:
    """A scripted trainee with shortcomings.

    Parameters
    ----------
    trainee
        The script.
    skill
        What is lacking.
    rng
        Draws the tremor.
    """

    def __init__(self, trainee: Trainee, skill: Skill, rng: np.random.Generator) -> None:
        self._trainee = trainee
        self._skill = skill
        self._tremor = _Tremor(skill.tremor_m, rng)
        self._begin_s: float | None = None
        self._shown: deque[Sight] = deque()
        self._aim: NDArray[np.float64] | None = None
        self._further = np.zeros(3)

    def act(self, sight: Sight) -> Action:
        """Let the script act on what it perceives, with its hands."""
        action = self._trainee.act(self._perceived(sight))
        self._further += self._gives(sight) * (_LOOK_S / _YIELDS_S)
        trembles = self._tremor.next()
        if action.aim is not None:
            self._aim = np.asarray(action.aim)
        if self._aim is None:
            return action
        x, y, z = (float(v) for v in self._aim + self._further + trembles)
        return replace(action, aim=(x, y, z))

    def _perceived(self, sight: Sight) -> Sight:
        if self._begin_s is None:
            self._begin_s = sight.time_s
        self._shown.append(sight)
        while len(self._shown) > 1 and self._shown[1].time_s <= self._late_s(sight):
            self._shown.popleft()
        shown = self._shown[0]
        ran_s = (sight.time_s - self._begin_s) / (1.0 + self._skill.slowness)
        return replace(
            sight,
            time_s=self._begin_s + ran_s,
            probe=replace(sight.probe, force=shown.probe.force),
            message=shown.message,
            alarm=shown.alarm,
            stretched=shown.stretched,
        )

    def _late_s(self, sight: Sight) -> float:
        return sight.time_s - self._skill.reaction_s + 1e-9

    def _gives(self, sight: Sight) -> NDArray[np.float64]:
        """How far the hand is from where its weight takes it, (3,), m."""
        goal = -self._skill.overpress / _ARM_N_M * np.asarray(sight.probe.force)
        far = float(np.linalg.norm(goal))
        return goal * (_FURTHEST_M / max(far, _FURTHEST_M)) - self._further


class _Tremor:
    """A tremor of root mean square `rms_m` on each axis."""

    def __init__(self, rms_m: float, rng: np.random.Generator) -> None:
        decay = np.exp(-2.0 * np.pi * _WIDTH_HZ * _LOOK_S)
        self._a1 = 2.0 * decay * np.cos(2.0 * np.pi * _TREMOR_HZ * _LOOK_S)
        self._a2 = -decay * decay
        gain = (1.0 - self._a2) / ((1.0 + self._a2) * ((1.0 - self._a2) ** 2 - self._a1**2))
        self._step_m = rms_m / np.sqrt(gain)
        self._rng = rng
        self._before = (np.zeros(3), np.zeros(3))

    def next(self) -> NDArray[np.float64]:
        """Displacement at this look, (3,), m."""
        one, two = self._before
        now = self._a1 * one + self._a2 * two + self._step_m * self._rng.standard_normal(3)
        self._before = (now, one)
        return np.asarray(now)
