"""A trainee who palpates in rows, feels how stiff each spot is, and marks the stiffest.

The force of a ball of radius R pressed d deep into a half space is F = 4/3 E* sqrt(R) d^(3/2)
(Hertz 1882), so F / d^(3/2) compares spots pressed to different depths. A spot stands out when it
is much stiffer than the median of its neighbours.
"""

from collections import deque
from dataclasses import dataclass
from enum import Enum, auto

import numpy as np
from numpy.typing import NDArray

from surgisim.trainees.surface import Site, front_sites, normals
from surgisim.trainees.trainee import Action, Sight

__all__ = ["Careful"]

_SPACING_M = 0.012
_FACING = 0.55
_HOVER_M = 0.008  # between tip and surface on the way
_DEPTH_M = 0.006  # how far below the surface the hand is told to go
_REACH_S = 0.16  # on the way to hovering over the next spot
_PRESS_S = 0.30
_NEIGHBOURS_M = 0.040
_STILL_M_S = 0.002  # slower than this the organ lies still
_SAFE_SHARE = 0.6  # of the force limit: never press harder


class _Phase(Enum):
    HOVER = auto()
    PRESS = auto()
    MARK = auto()
    DONE = auto()


@dataclass(slots=True)
class _Felt:
    site: Site
    stiffness: float


class Careful:
    """Palpates everything, then goes back to the stiffest spots and marks them.

    Parameters
    ----------
    rng
        Decides where the hesitant one stops to think.
    hesitant
        Thinks long before each press.
    """

    def __init__(self, rng: np.random.Generator, *, hesitant: bool = False) -> None:
        self._rng = rng
        self._hesitant = hesitant
        self._sites: deque[Site] | None = None
        self._felt: list[_Felt] = []
        self._to_mark: deque[Site] = deque()
        self._phase = _Phase.HOVER
        self._since_s = 0.0
        self._pause_s = 0.0
        self._last: NDArray[np.float64] | None = None
        self._moving_until_s = 0.0

    def act(self, sight: Sight) -> Action:
        """Go on with the search; lift the probe while the organ moves by itself."""
        if self._sites is None:
            self._sites = deque(front_sites(sight.positions, sight.surface, _SPACING_M, _FACING))
        if self._organ_moves(sight):
            self._enter(_Phase.HOVER if self._phase is not _Phase.DONE else _Phase.DONE, sight)
            return self._hover(sight, 3.0 * _HOVER_M)
        if self._phase is _Phase.HOVER:
            return self._go(sight)
        if self._phase is _Phase.PRESS:
            return self._press(sight)
        if self._phase is _Phase.MARK:
            return self._mark(sight)
        return Action(aim=self._above(sight, 0.03), finish=sight.time_s - self._since_s > 0.5)

    def _organ_moves(self, sight: Sight) -> bool:
        """The organ as a whole moves: the median speed of its nodes tells."""
        if self._last is not None:
            moved = np.linalg.norm(np.median(sight.positions - self._last, axis=0))
            if moved > _STILL_M_S * 0.02:
                self._moving_until_s = sight.time_s + 0.3
        self._last = sight.positions
        return sight.time_s < self._moving_until_s

    def _target(self) -> Site | None:
        assert self._sites is not None  # noqa: S101  # act chooses them before anything else
        if self._sites:
            return self._sites[0]
        return self._to_mark[0] if self._to_mark else None

    def _enter(self, phase: _Phase, sight: Sight) -> None:
        self._phase, self._since_s = phase, sight.time_s
        self._pause_s = float(self._rng.uniform(0.5, 2.0)) if self._hesitant else 0.0

    def _above(self, sight: Sight, gap: float) -> tuple[float, float, float]:
        """`gap` above the surface at the target, along the surface's normal there."""
        site = self._target()
        if site is None:
            x, y, z = sight.probe.position
            return (x, max(y, float(sight.positions[:, 1].max()) + gap), z)
        place = site.now(sight.positions, sight.surface)
        up = normals(sight.positions, sight.surface[site.triangle][None, :])[0]
        if sight.probe.touching:
            place, up = site.place, np.array([0.0, 1.0, 0.0])
        point = place + (sight.probe_radius_m + gap) * up
        return (float(point[0]), float(point[1]), float(point[2]))

    def _hover(self, sight: Sight, gap: float) -> Action:
        return Action(aim=self._above(sight, gap))

    def _go(self, sight: Sight) -> Action:
        site = self._target()
        if site is None:
            if not self._felt:
                self._enter(_Phase.DONE, sight)
                return Action()
            self._to_mark = deque(self._stiffest(sight.wanted))
            self._felt = []
            return Action()
        goal = np.asarray(self._above(sight, _HOVER_M))
        near = np.linalg.norm(goal - np.asarray(sight.probe.position)) < 0.003
        if near and sight.time_s - self._since_s >= _REACH_S + self._pause_s:
            assert self._sites is not None  # noqa: S101  # as above
            self._enter(_Phase.PRESS if self._sites else _Phase.MARK, sight)
        return self._hover(sight, _HOVER_M)

    def _press(self, sight: Sight) -> Action:
        assert self._sites is not None  # noqa: S101  # as above
        site = self._sites[0]
        force = float(np.linalg.norm(sight.probe.force))
        over = force > _SAFE_SHARE * sight.force_limit_n
        if sight.time_s - self._since_s >= _PRESS_S or over:
            self._felt.append(_Felt(site, self._stiffness(sight, site, force)))
            self._sites.popleft()
            self._enter(_Phase.HOVER, sight)
            return self._hover(sight, _HOVER_M)
        return Action(aim=self._down(site, sight))

    def _down(self, site: Site, sight: Sight) -> tuple[float, float, float]:
        up = self._up(site, sight)
        point = site.place + (sight.probe_radius_m - _DEPTH_M) * up
        return (float(point[0]), float(point[1]), float(point[2]))

    @staticmethod
    def _up(site: Site, sight: Sight) -> NDArray[np.float64]:
        return np.array([0.0, 1.0, 0.0])

    def _stiffness(self, sight: Sight, site: Site, force: float) -> float:
        depth = sight.probe_radius_m - float(
            (np.asarray(sight.probe.position) - site.place) @ self._up(site, sight)
        )
        return force / max(depth, 1e-3) ** 1.5

    def _stiffest(self, count: int) -> list[Site]:
        places = np.array([felt.site.place for felt in self._felt])
        stiffness = np.array([felt.stiffness for felt in self._felt])
        gaps = np.linalg.norm(places[:, None] - places[None], axis=2)
        near = np.where(gaps < _NEIGHBOURS_M, stiffness[None, :], np.nan)
        contrast = stiffness / np.nanmedian(near, axis=1)
        chosen: list[int] = []
        for i in np.argsort(-contrast):
            if len(chosen) == count:
                break
            if all(gaps[i, j] > 0.025 for j in chosen):
                chosen.append(int(i))
        return [self._felt[i].site for i in chosen]

    def _mark(self, sight: Sight) -> Action:
        if sight.probe.touching and sight.time_s - self._since_s >= 0.1:
            self._to_mark.popleft()
            self._enter(_Phase.HOVER if self._to_mark else _Phase.DONE, sight)
            return Action(mark=True)
        site = self._to_mark[0]
        point = site.place + (sight.probe_radius_m - 0.002) * self._up(site, sight)
        return Action(aim=(float(point[0]), float(point[1]), float(point[2])))
