"""What trainees plan with: the front of a surface, movements, contrasts."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from surgisim.trainees.movement import hop, reach
from surgisim.trainees.surface import Site, facing, front_nodes, front_sites, place_sites
from surgisim.trainees.touch import Felt, contrasts, peaks, stiffness

from .fake import slab


def test_sites_cover_a_slab_in_rows_that_alternate() -> None:
    points, surface = slab((0.06, 0.04), 0.005)
    sites = front_sites(points, surface, spacing=0.01, least_up=0.6, rim=0.004)
    places = np.array([site.place for site in sites])
    assert len(sites) == 6 * 4
    assert np.allclose(places[:, 1], 0.0)
    steps = np.linalg.norm(np.diff(places, axis=0), axis=1)
    assert np.allclose(steps, 0.01)


def test_a_rim_is_left_out() -> None:
    points, surface = slab((0.06, 0.04), 0.005)
    sites = front_sites(points, surface, spacing=0.01, least_up=0.6, rim=0.01)
    places = np.array([site.place for site in sites])[:, [0, 2]]
    assert len(sites) == 4 * 2
    assert (places >= 0.01).all()
    assert (places <= [0.05, 0.03]).all()


def test_a_slope_is_left_out_where_it_is_too_steep() -> None:
    points, surface = slab((0.06, 0.04), 0.005)
    for slope, seen in ((0.5, True), (2.0, False)):
        tilted = points + np.stack([0 * points[:, 0], slope * points[:, 0], 0 * points[:, 0]], 1)
        sites = front_sites(tilted, surface, spacing=0.01, least_up=0.6, rim=0.004)
        assert bool(sites) is seen
        up = facing(tilted[60], tilted, surface, 0.012)
        assert np.allclose(up, np.array([-slope, 1.0, 0.0]) / np.hypot(slope, 1.0))


def test_a_site_is_a_material_point() -> None:
    points, surface = slab((0.06, 0.04), 0.005)
    [site] = place_sites(np.array([[0.033, 0.021]]), points, surface)
    assert np.allclose(site.place, [0.033, 0.0, 0.021])
    moved = 1.1 * points + [0.0, 0.01, 0.02]
    assert np.allclose(site.now(moved, surface), 1.1 * site.place + [0.0, 0.01, 0.02])
    assert place_sites(np.array([[0.07, 0.02]]), points, surface) == []


def test_only_the_front_is_seen() -> None:
    points, surface = slab((0.02, 0.02), 0.005)
    assert np.allclose(points[front_nodes(points, surface), 1], 0.0)


coordinates = st.tuples(*(st.floats(-0.2, 0.2) for _ in range(3))).map(np.array)


@given(coordinates, coordinates, st.floats(0.0, 0.3))
def test_a_hop_arrives_over_its_height(start: np.ndarray, goal: np.ndarray, over: float) -> None:
    movement = hop(start, goal, over, 2.0, 0.2, 0.3)
    assert np.array_equal(movement.at(2.0), start)
    assert np.allclose(movement.at(max(movement.end_s, 2.0)), goal, atol=5e-5)
    heights = [movement.at(t)[1] for t in np.linspace(2.0, 3.0, 101)]
    top = max(over, start[1], goal[1])
    assert max(heights) <= top + 1e-9


def test_a_hop_is_up_before_it_is_across() -> None:
    start, goal = np.zeros(3), np.array([0.1, 0.0, 0.0])
    movement = hop(start, goal, 0.02, 0.0, 0.2, 0.4)
    path = np.array([movement.at(t) for t in np.linspace(0.0, movement.end_s, 400)])
    middle = (path[:, 0] > 0.01) & (path[:, 0] < 0.09)
    assert path[middle, 1].min() > 0.015


def test_a_reach_has_the_speed_of_minimum_jerk() -> None:
    movement = reach(np.zeros(3), np.array([0.0, 0.0, 0.1]), 0.0, 1.0)
    speed = np.gradient([movement.at(t)[2] for t in np.linspace(0.0, 1.0, 1001)], 1e-3)
    assert np.isclose(speed.max(), 0.1 * 15.0 / 8.0, rtol=1e-4)
    assert abs(speed[0]) < 1e-5


def felt(x: float, value: float) -> Felt:
    place = np.array([x, 0.0, 0.0])
    return Felt(Site(0, np.ones(3) / 3.0, place), place, value, 0.0)


def test_a_trend_does_not_stand_out_but_a_lump_does() -> None:
    xs = np.arange(0.0, 0.2, 0.01)
    spots = [felt(x, 1000.0 * (1.0 + 2.0 * x) * (1.6 if i == 9 else 1.0)) for i, x in enumerate(xs)]
    contrast = contrasts(spots, spots, within=0.04)
    assert np.argmax(contrast) == 9
    assert contrast[9] > 1.25
    assert np.abs(np.delete(contrast, 9)[3:-3] - 1.0).max() < 0.1


def test_where_little_is_to_compare_with_less_stands_out() -> None:
    crowd = [felt(0.001 * i, 1000.0) for i in range(-30, 31)]
    few = [felt(1.0 + 0.01 * i, 1000.0) for i in (-1, 1)]
    lumps = [felt(0.0, 1600.0), felt(1.0, 1600.0)]
    among_many, among_few = contrasts(lumps, crowd + few, within=0.04)
    assert among_many > 1.5
    assert 1.0 < among_few < 1.3


def test_a_lonely_spot_has_nothing_to_stand_out_from() -> None:
    assert contrasts([felt(0.0, 5.0)], [felt(1.0, 1.0)], within=0.04) == [1.0]


def test_peaks_keep_apart_and_may_be_few() -> None:
    places = np.array([[0.0, 0, 0], [0.01, 0, 0], [0.05, 0, 0]])
    contrast = np.array([2.0, 1.9, 1.5])
    assert peaks(places, contrast, 2, apart=0.02) == [0, 2]
    assert peaks(places, contrast, 3, apart=0.02) == [0, 2]
    assert peaks(places, contrast, 1, apart=0.02) == [0]
    assert peaks(places, contrast, 0, apart=0.02) == []


def test_stiffness_is_hertz_and_survives_no_depth() -> None:
    assert np.isclose(stiffness(0.3, 0.005), 0.3 / 0.005**1.5)
    assert np.isfinite(stiffness(0.3, -0.01))
