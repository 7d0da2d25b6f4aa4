"""Every measure of one recorded session."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from surgisim.scoring.exposure import exposure_metrics
from surgisim.scoring.force import (
    force_integral,
    force_sd,
    mean_force,
    over_limit_count,
    over_limit_integral,
    over_limit_time,
    peak_force,
)
from surgisim.scoring.left_out import Interval, inside, lasted
from surgisim.scoring.metric import Metric
from surgisim.scoring.motion import (
    economy,
    economy_of_area,
    economy_of_volume,
    idle_time,
    path_length,
    stroke_smoothness,
)
from surgisim.scoring.navigation import Navigated, measure_navigation
from surgisim.scoring.palpation import Mark, Marking, NoduleLike, match_marks
from surgisim.scoring.runs import longest, runs, step_of
from surgisim.scoring.shaft import angular_path, depth_path, roll_path
from surgisim.scoring.smoothness import at_rate, low_pass, resample, speed

__all__ = ["Recording", "measure"]

_SHORTEST = 200  # samples; below there is no movement to speak of


@dataclass(frozen=True, slots=True, eq=False)
class Recording:
    """What was recorded, and what was hidden in the organ.

    Attributes
    ----------
    time_s
        At equal steps, at least 100 Hz, shape (n,), n >= 1.
    tip
        Positions of the instrument's tip, shape (n, 3), m.
    force
        Magnitudes of the force on the instrument, shape (n,), N.
    force_limit
        What the tissue bears, N.
    marks, nodules
        What the trainee marked, and what was there.
    mark_tolerance
        See `match_marks`, m.
    blood_lost, blood_from_s
        Volume, m3, and when the first bleed began, s, or None.
    views, slips
        When what is wanted was in view, None where nothing was to be brought into view; and when
        the edge slipped off, s.
    hints
        When hints came, s; None where none could come.
    left_out
        Times that do not count.
    shaft
        Unit vectors from the tip to the hand, shape (n, 3); None where the instrument has no shaft.
    rotation
        Of the tool, unit quaternions (w, x, y, z), shape (n, 4); None where it cannot turn.
    touching
        Whether the instrument touched anything, shape (n,); None where that is not known.
    held
        Whether a person held the device: then its forces count at all times.
    navigated
        What was done with an endoscope in the hand, or None without one.
    """

    time_s: NDArray[np.float64]
    tip: NDArray[np.float64]
    force: NDArray[np.float64]
    force_limit: float
    marks: Sequence[Mark] = ()
    nodules: Sequence[NoduleLike] = ()
    mark_tolerance: float = 0.010
    blood_lost: float = 0.0
    blood_from_s: float | None = None
    views: Sequence[Interval] | None = None
    slips: Sequence[float] = ()
    hints: Sequence[float] | None = None
    left_out: Sequence[Interval] = ()
    shaft: NDArray[np.float64] | None = None
    rotation: NDArray[np.float64] | None = None
    touching: NDArray[np.bool_] | None = None
    held: bool = False
    navigated: Navigated | None = None

    def marking(self) -> Marking:
        """Which marks belong to which nodules."""
        return match_marks(self.marks, self.nodules, self.mark_tolerance)


def measure(recording: Recording) -> dict[str, Metric]:
    """Compute every metric of the procedure format's list, by its name.

    Each has its evidence: the moment or interval that decided it, or the whole session where
    nothing in particular did, such as no blood that was lost.
    """
    time_s = recording.time_s
    start_s, end_s = float(time_s[0]), float(time_s[-1])
    metrics = _marks(recording)
    metrics |= measure_navigation(time_s, recording.tip, recording.navigated, recording.left_out)
    metrics["time"] = Metric(lasted(recording.left_out, 0.0, end_s), "s", end_s)
    metrics |= _motion(recording) | _shaft(recording) | _forces(recording)
    metrics["no_contact"] = _no_contact(recording)
    bled_until = None if recording.blood_from_s is None else end_s
    metrics["blood.lost"] = Metric(recording.blood_lost, "m3", recording.blood_from_s, bled_until)
    metrics |= _exposure(recording)
    metrics["hints.given"] = _hints(recording)
    return {name: _witnessed(metric, start_s, end_s) for name, metric in metrics.items()}


def _witnessed(metric: Metric, start_s: float, end_s: float) -> Metric:
    """Name the whole session where nothing in particular decided."""
    if metric.moment_s is not None:
        return metric
    return replace(metric, moment_s=start_s, until_s=end_s)


def _marks(recording: Recording) -> dict[str, Metric]:
    if not recording.nodules:  # no mark is right or wrong
        return dict.fromkeys(("nodules.found", "nodules.missed", "marks.false"), Metric(None, "1"))
    marking, marks = recording.marking(), recording.marks
    last = max((pair.time_s for pair in marking.found), default=None)
    false = [marks[mark].time_s for mark in marking.false]
    return {
        "nodules.found": Metric(float(len(marking.found)), "1", last),
        "nodules.missed": Metric(float(len(marking.missed)), "1", _missed_s(recording, marking)),
        "marks.false": Metric(float(len(false)), "1", min(false, default=last)),
    }


def _missed_s(recording: Recording, marking: Marking) -> float | None:
    """When the tip came nearest to a nodule that was missed; the last find where none was."""
    if not marking.missed:
        return max((pair.time_s for pair in marking.found), default=None)
    centers = [np.asarray(recording.nodules[number].center) for number in marking.missed]
    # One after the other: an hour of ticks beside all nodules at once is a gigabyte.
    gaps = [np.linalg.norm(recording.tip - center, axis=1) for center in centers]
    return float(recording.time_s[int(np.argmin(np.min(gaps, axis=0)))])


def _meant(recording: Recording) -> NDArray[np.float64]:
    """Leave out forces of times that do not count."""
    unmeant = inside(recording.time_s, () if recording.held else recording.left_out)
    return np.where(unmeant, 0.0, recording.force)


def _exposure(recording: Recording) -> dict[str, Metric]:
    return exposure_metrics(
        recording.time_s,
        _meant(recording),
        recording.force_limit,
        recording.views,
        recording.slips,
        recording.left_out,
    )


def _hints(recording: Recording) -> Metric:
    """How many hints came; the moment is that of the first."""
    hints = recording.hints
    if hints is None:
        return Metric(None, "1")
    return Metric(float(len(hints)), "1", min(hints, default=None))


def _forces(recording: Recording) -> dict[str, Metric]:
    time_s, limit, force = recording.time_s, recording.force_limit, _meant(recording)
    return {
        "force.peak": peak_force(time_s, force),
        "force.mean": mean_force(time_s, force),
        "force.sd": force_sd(time_s, force),
        "force.integral": force_integral(time_s, force),
        "force.over_limit_time": over_limit_time(time_s, force, limit),
        "force.over_limit_integral": over_limit_integral(time_s, force, limit),
        "force.over_limit_count": over_limit_count(time_s, force, limit),
    }


def _motion(recording: Recording) -> dict[str, Metric]:
    time_s, tip = recording.time_s, recording.tip
    stops = np.sort(np.array([mark.time_s for mark in recording.marks], dtype=np.float64))
    metrics = {
        "path": path_length(time_s, tip),
        "economy": economy(time_s, tip, stops),
        "economy.area": economy_of_area(time_s, tip),
        "economy.volume": economy_of_volume(time_s, tip),
    }
    if time_s.size < _SHORTEST:
        smooth = dict.fromkeys(("sparc", "ldlj", "jerk"), Metric(None, "1"))
        return metrics | {"idle": Metric(0.0, "s")} | smooth
    times, positions = resample(time_s, tip)
    speeds = speed(positions)
    stood = inside(times, recording.left_out)  # a tool that is held still is not idle
    metrics["idle"] = idle_time(times, np.where(stood, np.inf, speeds))
    names = ("sparc", "ldlj", "jerk")
    found = stroke_smoothness(times, positions, speeds)
    return metrics | dict(zip(names, found, strict=True))


def _shaft(recording: Recording) -> dict[str, Metric]:
    """Measure what needs a shaft, below 10 Hz and at 100 Hz: noise of a sensor adds up."""
    metrics = {
        "path.depth": Metric(None, "m"),
        "path.angular": Metric(None, "rad"),
        "path.roll": Metric(None, "rad"),
    }
    time_s = recording.time_s
    if recording.shaft is None or time_s.size < _SHORTEST:
        return metrics
    times, shaft = at_rate(time_s, _unit(low_pass(time_s, recording.shaft)))
    shaft = _unit(shaft)
    metrics["path.depth"] = depth_path(*resample(time_s, recording.tip), shaft)
    metrics["path.angular"] = angular_path(times, shaft)
    if recording.rotation is not None:
        turned = _unit(at_rate(time_s, low_pass(time_s, _one_sign(recording.rotation)))[1])
        metrics["path.roll"] = roll_path(times, turned, shaft)
    return metrics


def _unit(vectors: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.asarray(vectors / np.linalg.norm(vectors, axis=1, keepdims=True))


def _one_sign(rotation: NDArray[np.float64]) -> NDArray[np.float64]:
    """Let quaternions follow each other without a jump: q and -q are one rotation."""
    flips = np.sum(rotation[1:] * rotation[:-1], axis=1) < 0.0
    sign = np.concatenate(([1.0], np.where(np.cumsum(flips) % 2, -1.0, 1.0)))
    return np.asarray(rotation * sign[:, None])


def _no_contact(recording: Recording) -> Metric:
    """Time without a touch after the first one, s; the interval is the longest stretch."""
    if recording.touching is None or not recording.touching.any():
        return Metric(None, "s")
    first = int(np.argmax(recording.touching))
    away = ~recording.touching
    away[:first] = False
    away &= ~inside(recording.time_s, recording.left_out)
    found = runs(away)
    if not found:
        return Metric(0.0, "s")
    start, end = longest(found)
    total = sum(b - a for a, b in found) * step_of(recording.time_s)
    return Metric(total, "s", float(recording.time_s[start]), float(recording.time_s[end - 1]))
