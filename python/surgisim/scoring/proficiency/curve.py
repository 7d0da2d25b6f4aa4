"""Learning curves: where somebody is going, and how many repetitions it takes.

Two shapes, with n = 1, 2, ... the number of the run:

    power          y(n) = y_inf + a n^-b                    (Newell and Rosenbloom 1981)
    exponential    y(n) = y_inf + a exp(-(n - 1) / tau)     (Heathcote, Brown and Mewhort 2000,
                                                             Psychon Bull Rev 7:185)

y_inf is the plateau. For a given b or tau the rest is linear, so that the fit is a search in one
variable (variable projection, Golub and Pereyra 1973) from 200 starts, refined. Chosen is the shape
that leaves the smaller sum of squares S: both have three parameters. A fit is only given where it
explains the runs better than their mean by an F test at 5 % with 2 more parameters.

Intervals are those of the profile likelihood (Bates and Watts 1988, ch. 6): every curve **of either
shape** belongs to it whose sum of squares is at most

    S (1 + F(0.95; 1, n - 3) / (n - 3))

For a given rate those curves fill an ellipse in y_inf and a, which is walked around. The shapes
part beyond the runs, so that an interval of one shape alone would promise too much.

Fewer than 10 runs give no curve: the plateau is then anything (10 to 15 repetitions are needed). A
plateau farther beyond the runs than they span is told as not reached. Valid for independent scores
of about equal scatter.
"""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

__all__ = ["LEAST_RUNS", "LearningCurve", "Shape", "Unclear", "fit_curve"]

LEAST_RUNS = 10
"""Below, a plateau is anything."""

Shape = Literal["power", "exponential"]
Values = NDArray[np.float64]

_SHAPES: tuple[Shape, ...] = ("power", "exponential")
_RANGE: dict[Shape, tuple[float, float]] = {"power": (0.05, 5.0), "exponential": (0.3, 200.0)}
_STARTS = 200
_CORNERS = 48  # of an ellipse
_LEVEL = 0.05
_MOST = 10_000  # repetitions; beyond, a level counts as out of reach


@dataclass(frozen=True, slots=True)
class Unclear:
    """No curve can be given: one sentence that says why."""

    why: str


@dataclass(frozen=True, slots=True)
class _Fit:
    """One curve, plateau + a basis(rate), and the sum of squares that it leaves."""

    shape: Shape
    plateau: float
    a: float
    rate: float
    left: float


@dataclass(frozen=True, slots=True, eq=False)
class LearningCurve:
    """A fitted curve.

    Attributes
    ----------
    shape
        ``power`` or ``exponential``.
    plateau, start
        y_inf, and y(1), in the unit of the scores.
    rate
        b, or tau in runs.
    plateau_low, plateau_high
        Interval of the plateau, 95 %.
    reached
        Whether the plateau lies within the runs' range or at most their span beyond: else it is a
        guess about runs that nobody has made.
    scores
        What it was fitted to, (n,).
    explained
        Share of the runs' variance, 0 to 1.
    """

    shape: Shape
    plateau: float
    start: float
    rate: float
    plateau_low: float
    plateau_high: float
    reached: bool
    scores: Values
    explained: float

    def at(self, n: Values) -> Values:
        """Value at runs, (k,), from 1."""
        return self.plateau + (self.start - self.plateau) * _basis(self.shape, self.rate, n)

    def repetitions(self, level: float) -> tuple[float, float, float]:
        """How many runs until the curve is at `level`: the fit, and its interval of 95 %.

        Infinite where a curve never gets there, 1 where it begins there.
        """
        plateau, a = np.array([self.plateau]), np.array([self.start - self.plateau])
        fit = float(_until(self.shape, self.rate, plateau, a, level)[0])
        left = float(np.sum((self.scores - self.at(_runs(self.scores))) ** 2))
        best = _Fit(self.shape, self.plateau, self.start - self.plateau, self.rate, left)
        every = np.concatenate([_until(*one, level) for one in _likely(self.scores, best)])
        return fit, float(every.min()), float(every.max())


def fit_curve(scores: Sequence[float]) -> LearningCurve | Unclear:
    """Fit a curve to scores in the order of their runs; any unit, rising or falling."""
    from scipy.special import fdtrc

    y = np.asarray(scores, np.float64)
    if y.size < LEAST_RUNS:
        return Unclear(f"{y.size} runs are too few for a learning curve: {LEAST_RUNS} are needed")
    if not np.all(np.isfinite(y)):
        return Unclear("a run has no score: there is no curve through what is not known")
    if float(np.ptp(y)) == 0.0:  # their mean may be off by a rounding
        return Unclear("all runs are alike: there is nothing to learn from")
    spread = float(np.sum((y - y.mean()) ** 2))
    best = min((_fit(shape, y) for shape in _SHAPES), key=lambda one: one.left)
    free = y.size - 3.0
    ratio = (spread - best.left) / 2.0 / max(best.left / free, 1e-300)
    if float(fdtrc(2.0, free, max(ratio, 0.0))) > _LEVEL:
        return Unclear("the runs scatter more than they change: no learning is to be seen yet")
    plateaus = np.concatenate([one[2] for one in _likely(y, best)])
    span = float(np.ptp(y))
    return LearningCurve(
        shape=best.shape,
        plateau=best.plateau,
        start=best.plateau + best.a,
        rate=best.rate,
        plateau_low=float(plateaus.min()),
        plateau_high=float(plateaus.max()),
        reached=bool(y.min() - span <= best.plateau <= y.max() + span),
        scores=y,
        explained=1.0 - best.left / spread,
    )


def _runs(y: Values) -> Values:
    return np.arange(1.0, y.size + 1.0)


def _basis(shape: Shape, rate: float, n: Values) -> Values:
    """Return what is 1 at the first run and falls to 0."""
    return np.asarray(n**-rate if shape == "power" else np.exp(-(n - 1.0) / rate))


def _fit(shape: Shape, y: Values) -> _Fit:
    """Search the rate; for each the rest is linear."""
    from scipy.optimize import minimize_scalar

    n = _runs(y)

    def at(log_rate: float) -> _Fit:
        rate = math.exp(log_rate)
        basis = _basis(shape, rate, n)
        x = basis - basis.mean()
        a = float(x @ (y - y.mean())) / max(float(x @ x), 1e-300)
        plateau = float(y.mean() - a * basis.mean())
        left = float(np.sum((y - plateau - a * basis) ** 2))
        return _Fit(shape, plateau, a, rate, left)

    grid = _grid(shape)
    best = int(np.argmin([at(float(log_rate)).left for log_rate in grid]))
    around = (float(grid[max(best - 1, 0)]), float(grid[min(best + 1, grid.size - 1)]))
    found = minimize_scalar(
        lambda log_rate: at(log_rate).left, bounds=around, method="bounded", options={"xatol": 1e-8}
    )
    return at(float(found.x))


def _grid(shape: Shape) -> Values:
    """Logarithms of the rates that are looked at."""
    low, high = _RANGE[shape]
    return np.linspace(math.log(low), math.log(high), _STARTS)


def _likely(y: Values, best: _Fit) -> Iterator[tuple[Shape, float, Values, Values]]:
    """Yield the curves at the edge of the interval: shape, rate, plateaus and a's, (k,) each.

    For a rate S(p, a) = S0 + d^T M d with d from its least point; S = limit is an ellipse.
    """
    from scipy.special import fdtri

    free = y.size - 3.0
    limit = best.left * (1.0 + float(fdtri(1.0, free, 1.0 - _LEVEL)) / free)
    n = _runs(y)
    angle = np.linspace(0.0, 2.0 * math.pi, _CORNERS, endpoint=False)
    circle = np.stack([np.cos(angle), np.sin(angle)])
    for shape in _SHAPES:
        own = [best.rate] if shape == best.shape else []
        for rate in [*own, *np.exp(_grid(shape)).tolist()]:
            design = np.stack([np.ones_like(n), _basis(shape, rate, n)], axis=1)
            normal = design.T @ design
            middle = np.linalg.solve(normal, design.T @ y)
            room = limit - float(np.sum((y - design @ middle) ** 2))
            if room < 0.0 and rate != best.rate:
                continue
            edge = np.linalg.solve(np.linalg.cholesky(normal).T, circle) * math.sqrt(max(room, 0.0))
            yield shape, rate, middle[0] + edge[0], middle[1] + edge[1]


def _until(shape: Shape, rate: float, plateau: Values, a: Values, level: float) -> Values:
    """Solve y(n) = level, (k,); 1 where the first run is there, infinite where none is."""
    there = (level - (plateau + a)) * a >= 0.0
    share = (level - plateau) / np.where(a == 0.0, 1.0, a)
    inside = np.clip(share, 1e-300, 1.0)
    n = inside ** (-1.0 / rate) if shape == "power" else 1.0 - rate * np.log(inside)
    n = np.where((share > 0.0) & (n <= _MOST), n, np.inf)
    return np.asarray(np.where(there, 1.0, n))
