"""What an endoscope did, from its path and the events of a session."""

import math

import numpy as np
import pytest

from surgisim.scoring.left_out import Interval
from surgisim.scoring.navigation import UNITS, Navigated, measure_navigation, navigated
from surgisim.snapshot import Event

PORT = (0.0, 0.2, 0.1)
TIME_S = np.arange(20_001) * 1e-3
TIP = np.tile([0.01, 0.1, 0.05], (len(TIME_S), 1))


def event(time_s: float, kind: str, **values: float) -> Event:
    return Event(round(1e3 * time_s), time_s, kind, "", None, values)


STORY = [
    event(0.0, "target.lit"),
    event(1.0, "target.seen"),
    event(2.0, "target.lost"),
    event(3.5, "target.seen"),
    event(5.0, "lens.touched"),
    event(8.0, "target.found"),
    event(8.02, "target.lit"),
    event(8.02, "target.lost"),
    event(10.0, "scope.turned", roll=0.0, head=0.2),
    event(18.0, "target.found"),
]


def told(**changes: object) -> dict[str, float | None]:
    story = navigated(PORT, 0.0, STORY)
    found = measure_navigation(TIME_S, TIP, story, **changes)  # type: ignore[arg-type]
    assert {name: metric.unit for name, metric in found.items()} == UNITS
    return {name: metric.value for name, metric in found.items()}


def test_times_losses_and_contacts_come_from_the_events() -> None:
    found = told()
    assert found["targets.found"] == 2.0
    assert found["targets.time"] == pytest.approx((8.0 + 9.98) / 2)
    # a target that lights up out of view is searched for, not lost, until it has been seen
    assert found["target.lost"] == pytest.approx(1.5)
    assert found["lens.touches"] == 1.0


def test_a_pause_is_no_time_of_a_target() -> None:
    paused = [Interval("paused", 4.0, 6.0)]
    assert told(left_out=paused)["targets.time"] == pytest.approx((6.0 + 9.98) / 2)


@pytest.mark.parametrize(
    ("from_s", "to_s", "time", "lost"),
    [(2.5, 3.0, 7.5, 1.0), (1.5, 2.5, 7.0, 1.0), (7.0, 9.0, 7.0, 1.5), (2.0, 3.5, 6.5, 0.0)],
)
def test_of_a_pause_counts_what_lies_in_the_search_and_in_the_loss(
    from_s: float, to_s: float, time: float, lost: float
) -> None:
    found = told(left_out=[Interval("paused", from_s, to_s)])
    second_s = 9.98 - max(0.0, to_s - 8.02)
    assert found["targets.time"] == pytest.approx((time + second_s) / 2)
    assert found["target.lost"] == pytest.approx(lost)


def test_a_picture_that_hangs_in_a_pause_does_not_count() -> None:
    hangs = [Interval("paused", 9.9, 18.0)]
    assert told(left_out=hangs)["view.horizon"] == pytest.approx(0.0, abs=1e-9)


def test_the_horizon_follows_the_camera_head_while_a_target_is_lit() -> None:
    assert told()["view.horizon"] == pytest.approx(0.2 * 8.0 / 18.0, rel=1e-2)
    metric = measure_navigation(TIME_S, TIP, navigated(PORT, 0.0, STORY))["view.horizon"]
    assert metric.moment_s is not None
    assert metric.moment_s >= 10.0


def test_without_a_scope_or_a_target_there_is_nothing_to_measure() -> None:
    for nothing in (None, Navigated(PORT, math.radians(30.0))):
        found = measure_navigation(TIME_S, TIP, nothing)
        assert all(metric.value is None for metric in found.values())
