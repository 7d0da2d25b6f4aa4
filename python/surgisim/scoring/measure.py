"""Every measure of one recorded session."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from surgisim.scoring.force import mean_force, over_limit_integral, over_limit_time, peak_force
from surgisim.scoring.left_out import Interval, inside, length
from surgisim.scoring.metric import Metric
from surgisim.scoring.motion import economy, idle_time, path_length, stroke_smoothness
from surgisim.scoring.navigation import Navigated, measure_navigation
from surgisim.scoring.palpation import Mark, Marking, NoduleLike, match_marks
from surgisim.scoring.smoothness import resample, speed

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
    left_out
        Times that do not count.
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
    left_out: Sequence[Interval] = ()
    held: bool = False
    navigated: Navigated | None = None

    def marking(self) -> Marking:
        """Which marks belong to which nodules."""
        return match_marks(self.marks, self.nodules, self.mark_tolerance)


def measure(recording: Recording) -> dict[str, Metric]:
    """Compute every metric of the procedure format's list, by its name."""
    time_s, limit = recording.time_s, recording.force_limit
    unmeant = inside(time_s, () if recording.held else recording.left_out)
    force = np.where(unmeant, 0.0, recording.force)
    metrics = _marks(recording)
    metrics |= measure_navigation(time_s, recording.tip, recording.navigated, recording.left_out)
    end_s = float(time_s[-1])
    metrics["time"] = Metric(end_s - length(recording.left_out, "paused"), "s", end_s)
    metrics |= _motion(recording)
    metrics["force.peak"] = peak_force(time_s, force)
    metrics["force.mean"] = mean_force(time_s, force)
    metrics["force.over_limit_time"] = over_limit_time(time_s, force, limit)
    metrics["force.over_limit_integral"] = over_limit_integral(time_s, force, limit)
    metrics["blood.lost"] = Metric(recording.blood_lost, "m3", recording.blood_from_s)
    return metrics


def _marks(recording: Recording) -> dict[str, Metric]:
    marking = recording.marking()
    last = max((pair.time_s for pair in marking.found), default=None)
    first_false = min((recording.marks[mark].time_s for mark in marking.false), default=None)
    return {
        "nodules.found": Metric(float(len(marking.found)), "1", last),
        "nodules.missed": Metric(float(len(marking.missed)), "1"),
        "marks.false": Metric(float(len(marking.false)), "1", first_false),
    }


def _motion(recording: Recording) -> dict[str, Metric]:
    time_s, tip = recording.time_s, recording.tip
    stops = np.sort(np.array([mark.time_s for mark in recording.marks], dtype=np.float64))
    metrics = {"path": path_length(time_s, tip), "economy": economy(time_s, tip, stops)}
    if time_s.size < _SHORTEST:
        nothing = Metric(None, "1")
        return metrics | {"idle": Metric(0.0, "s"), "sparc": nothing, "ldlj": nothing}
    times, positions = resample(time_s, tip)
    speeds = speed(positions)
    stood = inside(times, recording.left_out)  # a tool that is held still is not idle
    metrics["idle"] = idle_time(times, np.where(stood, np.inf, speeds))
    metrics["sparc"], metrics["ldlj"] = stroke_smoothness(times, speeds)
    return metrics
