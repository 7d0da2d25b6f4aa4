"""Times that do not count: found in the events, and left out of the measures."""

import numpy as np
import pytest

from surgisim.scoring import Recording, measure
from surgisim.scoring.left_out import Interval, inside, intervals, length
from surgisim.snapshot import Event


def told(*kinds_and_times: tuple[str, float]) -> list[Event]:
    return [Event(round(1e3 * t), t, kind) for kind, t in kinds_and_times]


def test_intervals_are_found_and_those_left_open_go_on_to_the_end() -> None:
    events = told(
        ("session.paused", 1.0),
        ("tool.lost", 1.5),
        ("session.paused", 1.7),
        ("session.resumed", 2.0),
        ("mark.set", 2.5),
        ("tool.found", 3.0),
        ("session.resumed", 3.5),
        ("tool.lost", 8.0),
    )
    found = intervals(events, 9.0)
    assert found == (
        Interval("paused", 1.0, 2.0),
        Interval("lost", 1.5, 3.0),
        Interval("lost", 8.0, 9.0),
    )
    assert length(found, "lost") == pytest.approx(2.5)
    times = np.array([1.0, 1.2, 2.2, 3.1, 8.5])
    assert inside(times, found).tolist() == [False, True, True, False, True]


def test_a_session_without_them_has_none() -> None:
    assert intervals(told(("mark.set", 1.0)), 2.0) == ()


def test_a_knock_of_a_lost_hand_and_the_time_of_a_pause_do_not_count() -> None:
    time_s = 0.001 * np.arange(1, 6001)
    tip = np.stack([0.02 * np.sin(time_s), 0.0 * time_s, 0.0 * time_s], axis=1)
    still = (time_s > 2.0) & (time_s <= 4.0)
    tip[still] = tip[1999]
    force = np.where(still, 9.0, 1.0)
    counted = measure(Recording(time_s, tip, force, force_limit=3.0))
    left_out = (Interval("paused", 2.0, 3.5), Interval("lost", 3.5, 4.0))
    fair = measure(Recording(time_s, tip, force, force_limit=3.0, left_out=left_out))
    assert counted["force.peak"].value == pytest.approx(9.0)
    assert fair["force.peak"].value == pytest.approx(1.0)
    assert fair["force.over_limit_time"].value == 0.0
    assert fair["time"].value == pytest.approx(6.0 - 1.5)
    before, after = counted["idle"].value, fair["idle"].value
    assert before is not None
    assert after is not None
    assert before - after == pytest.approx(2.0, abs=0.2)


def test_a_device_that_is_held_presses_in_a_pause_too_and_that_counts() -> None:
    time_s = 0.001 * np.arange(1, 6001)
    tip = np.stack([0.02 * np.sin(time_s), 0.0 * time_s, 0.0 * time_s], axis=1)
    force = np.where((time_s > 2.0) & (time_s <= 4.0), 9.0, 1.0)
    left_out = (Interval("paused", 2.0, 4.0),)
    told = measure(Recording(time_s, tip, force, force_limit=3.0, left_out=left_out, held=True))
    assert told["force.peak"].value == pytest.approx(9.0)
    assert told["force.over_limit_time"].value == pytest.approx(2.0, abs=0.01)
    assert told["time"].value == pytest.approx(4.0)
