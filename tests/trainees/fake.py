"""An organ without physics: a slab that dents under a ball, with stiffer places in it."""

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from surgisim.snapshot import ProbeState, Vector
from surgisim.trainees import Action, Sight, Trainee

RADIUS_M = 0.008
LOOK_S = 0.02
_HAND = 400.0  # N/m
_SOFT = 950.0  # N m^(-3/2), Hertz's 4/3 E* sqrt(R) of liver under a ball of 8 mm


def slab(size: tuple[float, float], edge: float, thick: float = 0.03) -> tuple[NDArray, NDArray]:
    """Nodes (n, 3) and outward triangles of the top and the bottom of a slab, its top at y = 0."""
    nx, nz = (round(length / edge) + 1 for length in size)
    x, z = np.meshgrid(np.arange(nx) * edge, np.arange(nz) * edge, indexing="ij")
    top = np.stack([x.ravel(), np.zeros(x.size), z.ravel()], axis=1)
    ids = np.arange(x.size).reshape(nx, nz)
    a, b, c, d = ids[:-1, :-1], ids[1:, :-1], ids[1:, 1:], ids[:-1, 1:]
    up = np.concatenate(
        [np.stack([a, d, c], -1).reshape(-1, 3), np.stack([a, c, b], -1).reshape(-1, 3)]
    )
    points = np.concatenate([top, top - [0.0, thick, 0.0]])
    return points, np.concatenate([up, up[:, ::-1] + x.size])


@dataclass
class Fake:
    """A slab, a ball and a hand that follows at once.

    Attributes
    ----------
    lumps
        (x, z, radius, ratio) of places that are stiffer.
    shift
        Where the slab has gone at a time, (3,), m.
    warned_m
        Depth of the dent from where on the screen warns, m.
    seal_n, seal_m
        A port's seal holds the shaft with so much, and turns round over twice so much way.
    """

    size: tuple[float, float] = (0.12, 0.1)
    lumps: tuple[tuple[float, float, float, float], ...] = ()
    wanted: int = 1
    shift_at: object = None
    warned_m: float = np.inf
    seal_n: float = 0.0
    seal_m: float = 0.005
    time_s: float = 0.0
    marks: list[NDArray] = field(default_factory=list)
    presses: list[float] = field(default_factory=list)
    forces: list[float] = field(default_factory=list)
    touched_s: list[float] = field(default_factory=list)
    tips: list[NDArray] = field(default_factory=list)
    finished: bool = False

    def __post_init__(self) -> None:
        self.points, self.surface = slab(self.size, 0.005)
        self._aim = np.array([0.5 * self.size[0], 0.04, 0.5 * self.size[1]])
        self._seal = 0.0

    def shift(self) -> NDArray:
        return np.zeros(3) if self.shift_at is None else np.asarray(self.shift_at(self.time_s))

    def stiffness(self, x: float, z: float) -> float:
        value = _SOFT
        for lx, lz, radius, ratio in self.lumps:
            value += _SOFT * (ratio - 1.0) * np.exp(-((x - lx) ** 2 + (z - lz) ** 2) / radius**2)
        return float(value)

    def sight(self) -> Sight:
        """Balance hand and slab: 400 (aim - tip) = k d^(3/2), by bisection."""
        shift = self.shift()
        tip = self._aim.copy()
        told = RADIUS_M + shift[1] - tip[1]
        low, high = 0.0, max(told, 0.0)
        inside = bool(
            ((tip - shift)[[0, 2]] >= 0.0).all() and ((tip - shift)[[0, 2]] <= self.size).all()
        )
        k = self.stiffness(*(tip - shift)[[0, 2]])
        for _ in range(40 if inside else 0):
            middle = 0.5 * (low + high)
            low, high = (
                (middle, high) if k * middle**1.5 < _HAND * (told - middle) else (low, middle)
            )
        depth = 0.5 * (low + high) if inside and told > 0.0 else 0.0
        tip[1] += max(told - depth, 0.0) if inside else 0.0
        force = k * depth**1.5
        positions = self.points + shift
        gap = np.linalg.norm((positions - tip)[:, [0, 2]], axis=1)
        dent = (positions[:, 1] > shift[1] - 0.01) & (gap < RADIUS_M)
        positions[dent, 1] -= depth * (1.0 - gap[dent] / RADIUS_M)
        sunk = self.tips[-1][1] - tip[1] if self.tips else 0.0
        self._seal = float(np.clip(self._seal + sunk, -self.seal_m, self.seal_m))
        self.tips.append(tip)
        self.forces.append(force)
        if depth > 0.0:
            self.touched_s.append(self.time_s)
        where: Vector = (float(tip[0]), float(tip[1]), float(tip[2]))
        probe = ProbeState(where, (0.0, 0.0, 0.0), (0.0, force, 0.0), depth > 0.0)
        return Sight(
            time_s=self.time_s,
            probe=probe,
            probe_radius_m=RADIUS_M,
            positions=positions,
            surface=self.surface,
            marks=len(self.marks),
            wanted=self.wanted,
            message="",
            alarm="",
            force_limit_n=3.0,
            stretched=depth > self.warned_m,
            felt=(0.0, force + self.seal_n * self._seal / self.seal_m, 0.0),
        )

    def play(self, trainee: Trainee, seconds: float) -> "Fake":
        """Let the trainee work until it has finished, or for so long."""
        while self.time_s < seconds and not self.finished:
            sight = self.sight()
            action: Action = trainee.act(sight)
            if action.mark:
                self.marks.append(np.asarray(sight.probe.position) - self.shift())
            if action.aim is not None:
                self._aim = np.asarray(action.aim)
            self.finished = action.finish
            self.time_s += LOOK_S
        return self
