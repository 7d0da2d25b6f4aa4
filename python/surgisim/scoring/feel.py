"""What reached the hand: how much more it felt over a nodule than beside it.

Taken from the record alone: the handle's place and the force that the device was given, in the
device's frame. The device's own friction, which the hand feels as well, is in neither.

Compared is the **force at the same way of the hand** since it met the tissue. It is what a person
who presses as far as before has to tell apart, and with the way held fixed the just noticeable
difference of a stiffness is that of a force (Fu, van Paassen and Mulder 2017): 7 to 10 % of it
(Jones 1989; Pang, Tan and Durlach 1991). The depth of the dent would flatter the simulator: it
leaves out the give of the virtual coupling and of an organ that bends as a whole, and both make a
nodule harder to feel.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from surgisim.scoring.palpation import NoduleLike

__all__ = ["JUST_NOTICEABLE", "Press", "Profile", "Unfelt", "presses", "profiles"]

Floats = NDArray[np.float64]

JUST_NOTICEABLE = 0.10
"""Share by which a force has to differ to be told apart: the upper end of what was measured."""

_GAP_S = 0.05  # a contact lost for less goes on
_LEAST_S = 0.2  # shorter contacts are knocks
_MEAN_S = 0.04  # forces are means over this: steps of an encoder knock the tissue
_SLID_M = 0.005  # a tip that went further to the side did not press one spot
_LEAST_N = 0.02  # below, nothing was pressed
_OVER = 0.6  # of a nodule's radius: from its middle to where a press is over it
_CLEAR_M = 0.008  # from a nodule's edge to where a press is beside it
_NEAR_M = 0.030  # from its middle; further away the organ is another one, thicker or thinner
_NEIGHBOURS = 8  # beside a nodule: the nearest ones
_REACHED = 0.25  # share of the presses that may be too shallow to be compared
_FEW = 3
_SAME_M = 1e-9  # ways that differ by less are the same, rounded


@dataclass(frozen=True, slots=True, eq=False)
class Press:
    """One press on one spot.

    Attributes
    ----------
    time_s
        When it was strongest.
    spot, direction
        Where the tip was then, world, (3,) m, and which way it pressed, (3,) unit vector.
    way, force
        Of the hand since it met the tissue, m, and what it was given against it, N: means over
        40 ms, (n,) each, from the first contact to the strongest moment.
    """

    time_s: float
    spot: Floats
    direction: Floats
    way: Floats
    force: Floats

    @property
    def deepest(self) -> float:
        """How far the hand went, m."""
        return float(self.way.max())

    def at(self, way: float) -> float:
        """Return the force when the hand had gone so far (m), N; NaN where it never had."""
        if self.deepest < way - _SAME_M:
            return float("nan")
        way = min(way, self.deepest)
        after = int(np.argmax(self.way >= way))
        before = max(after - 1, 0)
        near = [self.way[before], self.way[after]]
        return float(np.interp(way, near, [self.force[before], self.force[after]]))

    def off(self, point: Sequence[float]) -> float:
        """How far the line of the press passes a point, m."""
        gap = np.asarray(point) - self.spot
        return float(np.linalg.norm(gap - (gap @ self.direction) * self.direction))


@dataclass(frozen=True, slots=True, eq=False)
class Profile:
    """What the hand felt over one nodule and around it.

    Attributes
    ----------
    nodule
        Its place in the list.
    radius
        m.
    way
        Of the hand at which forces are compared, m.
    over, off
        Force on the press nearest to its middle, N, and how far beside the middle that was, m.
    beside, spread
        Median of the eight presses nearest beside it, N, and between what four fifths of them lie.
    offs, forces
        All presses around: distance from the nodule's middle, m, and force, N, (n,) each.
    """

    nodule: int
    radius: float
    way: float
    over: float
    off: float
    beside: float
    spread: tuple[float, float]
    offs: Floats
    forces: Floats

    @property
    def excess(self) -> float:
        """How much more the hand felt over the nodule than beside it, as a share."""
        return self.over / self.beside - 1.0

    @property
    def noticeable(self) -> bool:
        """Whether a person can tell."""
        return abs(self.excess) > JUST_NOTICEABLE


@dataclass(frozen=True, slots=True)
class Unfelt:
    """A nodule of which cannot be said what the hand felt: its place in the list, and why not."""

    nodule: int
    why: str


def presses(trace: NDArray[np.void], rotation: Floats | None, dt_s: float) -> list[Press]:
    """Find the presses of a session; contacts that slid or only knocked are left out.

    Parameters
    ----------
    trace
        Rows of `surgisim.snapshot.TRACE_DTYPE`.
    rotation
        Turns the device's frame into the world, (3, 3); None through a port, where the tip goes
        another way than the hand: the tissue's force then tells which.
    dt_s
        Between two rows, s.
    """
    found = []
    for begin, end in _contacts(trace["contacts"] > 0, dt_s):
        press = _press(trace[begin:end], rotation, dt_s)
        if press is not None:
            found.append(press)
    return found


def _contacts(touching: NDArray[np.bool_], dt_s: float) -> list[tuple[int, int]]:
    """First and last row (exclusive) of each contact; short gaps are closed."""
    change = np.diff(touching.astype(np.int8), prepend=0, append=0)
    begins, ends = np.flatnonzero(change == 1), np.flatnonzero(change == -1)
    if not len(begins):
        return []
    apart = begins[1:] - ends[:-1] > _GAP_S / dt_s
    first, last = np.append(True, apart), np.append(apart, True)
    spans = zip(begins[first].tolist(), ends[last].tolist(), strict=True)
    return [(begin, end) for begin, end in spans if (end - begin) * dt_s >= _LEAST_S]


def _press(rows: NDArray[np.void], rotation: Floats | None, dt_s: float) -> Press | None:
    ticks = max(round(_MEAN_S / dt_s), 1)
    given = _means(rows["device_force"], ticks)
    size = np.linalg.norm(given, axis=1)
    top = int(size.argmax())
    if size[top] < _LEAST_N:
        return None
    end = top + ticks
    inward = -given[top] / size[top]
    if rotation is None:
        on_tip = _means(rows["force"], ticks)[top]
        size_n = float(np.linalg.norm(on_tip))
        if size_n < _LEAST_N:
            return None
        direction = -on_tip / size_n
    else:
        direction = rotation @ inward
    moved = rows["tool"][:end] - rows["tool"][0]
    slid = np.linalg.norm(moved - np.outer(moved @ direction, direction), axis=1).max()
    if slid > _SLID_M:
        return None
    way = _means((rows["hand"][:end] - rows["hand"][0]) @ inward, ticks)
    return Press(
        time_s=float(rows["tick"][end - 1]) * dt_s,
        spot=np.array(rows["tool"][end - 1]),
        direction=direction,
        way=way,
        force=-(given[: top + 1] @ inward),
    )


def _means(values: Floats, ticks: int) -> Floats:
    """Means over `ticks` rows, moving, along the first axis."""
    sums = np.cumsum(values, axis=0)
    sums = np.concatenate((np.zeros_like(sums[:1]), sums))
    return np.asarray((sums[ticks:] - sums[:-ticks]) / ticks)


def profiles(done: Sequence[Press], nodules: Sequence[NoduleLike]) -> list[Profile | Unfelt]:
    """Compare for each nodule the presses over it and beside it.

    A nodule that nobody pressed, or beside which too few presses were made, has no profile.
    """
    if not done:
        return [Unfelt(number, "no spot was pressed") for number in range(len(nodules))]
    offs = np.array([[press.off(nodule.center) for nodule in nodules] for press in done])
    offs = offs.reshape(len(done), len(nodules))
    clear = offs - np.array([nodule.radius_m for nodule in nodules])
    return [
        _profile(number, nodule.radius_m, done, offs[:, number], clear)
        for number, nodule in enumerate(nodules)
    ]


def _profile(
    number: int, radius: float, done: Sequence[Press], offs: Floats, clear: Floats
) -> Profile | Unfelt:
    best = int(offs.argmin())
    by_distance = np.argsort(offs, kind="stable")
    beside = by_distance[(clear.min(axis=1) > _CLEAR_M)[by_distance]][:_NEIGHBOURS]
    beside = beside[offs[beside] < _NEAR_M]
    if offs[best] > _OVER * radius:
        gap_mm = 1e3 * offs[best]
        return Unfelt(number, f"no press went over it; the nearest passed {gap_mm:.0f} mm beside")
    if len(beside) < _FEW:
        return Unfelt(number, f"{_FEW} presses beside it are needed, and there are {len(beside)}")
    deepest = np.array([press.deepest for press in done])
    way = min(float(np.quantile(deepest[beside], _REACHED)), float(deepest[best]))
    forces = np.array([press.at(way) for press in done])
    compared = forces[beside][np.isfinite(forces[beside])]
    if len(compared) < _FEW or np.median(compared) <= 0.0:
        return Unfelt(number, "the presses beside it were too shallow")
    low, high = np.quantile(compared, [0.1, 0.9]).tolist()
    others = np.delete(clear, number, axis=1)
    mine = (offs < _NEAR_M) & np.isfinite(forces) & (others > _CLEAR_M).all(axis=1)
    return Profile(
        nodule=number,
        radius=radius,
        way=way,
        over=float(forces[best]),
        off=float(offs[best]),
        beside=float(np.median(compared)),
        spread=(low, high),
        offs=offs[mine],
        forces=forces[mine],
    )
