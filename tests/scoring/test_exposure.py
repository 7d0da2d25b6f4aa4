"""Measures of what was held in view."""

import numpy as np
import pytest

from surgisim.scoring.exposure import exposure_metrics, slips, views
from surgisim.scoring.left_out import Interval
from surgisim.snapshot import Event


def events(*told: tuple[float, str]) -> list[Event]:
    return [Event(round(1e3 * at), at, f"exposure.{kind}") for at, kind in told]


def test_views_go_from_won_to_lost_and_the_last_one_to_the_end() -> None:
    told = events((2.0, "won"), (5.0, "lost"), (5.1, "slipped"), (7.0, "won"))
    assert [(one.from_s, one.to_s) for one in views(told, 9.0)] == [(2.0, 5.0), (7.0, 9.0)]
    assert slips(told) == (5.1,)
    assert views([], 9.0) == ()


def test_only_time_below_the_limit_and_within_the_session_is_held() -> None:
    time_s = np.arange(1, 10_001) * 1e-3
    force = np.where((time_s > 3.0) & (time_s <= 4.0), 4.0, 1.0)
    seen = (Interval("view", 2.0, 5.0), Interval("view", 6.0, 9.5))
    paused = (Interval("paused", 9.0, 9.5),)
    found = exposure_metrics(time_s, force, 3.0, seen, (5.1, 9.6), paused)
    assert found["exposure.held"].value == pytest.approx(5.0, abs=2e-3)
    longest = found["exposure.held"]  # from 6 s to the pause
    assert (longest.moment_s, longest.until_s) == pytest.approx((6.0, 9.0), abs=2e-3)
    assert (found["exposure.reached"].value, found["exposure.slips"].value) == (2.0, 2.0)
    assert found["exposure.slips"].moment_s == 5.1


def test_a_pause_before_it_was_in_view_is_not_counted() -> None:
    time_s = np.arange(1, 5_001) * 1e-3
    seen, pause = (Interval("view", 3.0, 5.0),), (Interval("paused", 0.5, 2.0),)
    reached = exposure_metrics(time_s, np.zeros(5_000), 3.0, seen, (), pause)["exposure.reached"]
    assert (reached.value, reached.moment_s) == (pytest.approx(1.5), 3.0)


def test_the_evidence_of_what_was_held_lies_where_it_counted() -> None:
    """It once was the longest view, though all of that was above the limit of the force."""
    time_s = np.arange(1, 10_001) * 1e-3
    force = np.where(time_s > 4.0, 4.0, 1.0)
    seen = (Interval("view", 1.0, 3.0), Interval("view", 5.0, 9.5))
    held = exposure_metrics(time_s, force, 3.0, seen, ())["exposure.held"]
    assert held.value == pytest.approx(2.0, abs=2e-3)
    assert (held.moment_s, held.until_s) == pytest.approx((1.0, 3.0), abs=2e-3)


def test_where_nothing_is_to_be_seen_nothing_is_measured() -> None:
    found = exposure_metrics(np.arange(10) * 1e-3, np.zeros(10), 3.0, None, ())
    assert {one.value for one in found.values()} == {None}


def test_what_was_never_in_view_was_never_reached() -> None:
    found = exposure_metrics(np.arange(10) * 1e-3, np.zeros(10), 3.0, (), ())
    assert found["exposure.held"].value == 0.0
    assert found["exposure.reached"].value is None
