from dataclasses import dataclass
from itertools import permutations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from surgisim.scoring import Mark, match_marks
from surgisim.snapshot import Vector


@dataclass(frozen=True)
class Nodule:
    center: Vector
    radius_m: float


def marks(*points: Vector) -> list[Mark]:
    return [Mark(1000 * n, float(n), point) for n, point in enumerate(points)]


NODULES = [Nodule((0.0, -0.013, 0.0), 0.010), Nodule((0.05, -0.011, 0.0), 0.008)]


def test_marks_above_nodules_are_found_and_the_rest_is_false() -> None:
    marking = match_marks(marks((0.2, 0, 0), (0.051, 0, 0.004), (0.0, 0, 0.005)), NODULES, 0.010)
    assert [(pair.nodule, pair.mark, pair.time_s) for pair in marking.found] == [
        (0, 2, 2.0),
        (1, 1, 1.0),
    ]
    assert marking.found[0].distance_m == pytest.approx(np.hypot(0.013, 0.005))
    assert marking.missed == ()
    assert marking.false == (0,)


def test_how_far_to_the_side_a_mark_may_lie() -> None:
    reach = np.sqrt(0.020**2 - 0.013**2)
    for off, found in ((reach - 1e-4, 1), (reach + 1e-4, 0)):
        assert len(match_marks(marks((0, 0, off)), NODULES[:1], 0.010).found) == found


def test_a_second_mark_over_the_same_nodule_is_false() -> None:
    marking = match_marks(marks((0, 0, 0.002), (0, 0, 0.001)), NODULES, 0.010)
    assert [pair.mark for pair in marking.found] == [1]
    assert marking.false == (0,)
    assert marking.missed == (1,)


def test_no_marks_no_nodules() -> None:
    assert match_marks([], NODULES, 0.01).missed == (0, 1)
    assert match_marks(marks((0, 0, 0)), [], 0.01).false == (0,)


def test_one_mark_between_two_leaves_the_nearer_one_to_the_other() -> None:
    close = [Nodule((0.0, 0, 0), 0.01), Nodule((0.02, 0, 0), 0.01)]
    marking = match_marks(marks((0.009, 0, 0), (-0.005, 0, 0)), close, 0.005)
    assert [(pair.nodule, pair.mark) for pair in marking.found] == [(0, 1), (1, 0)]


points = st.tuples(*[st.floats(-0.03, 0.03)] * 3)


@settings(max_examples=60, deadline=None)
@given(st.lists(points, min_size=1, max_size=4), st.lists(points, min_size=1, max_size=4))
def test_agrees_with_trying_every_assignment(at: list[Vector], centers: list[Vector]) -> None:
    nodules = [Nodule(center, 0.008) for center in centers]
    marking = match_marks(marks(*at), nodules, 0.010)
    padded = [*range(len(at)), *[-1] * len(nodules)]
    best = 0
    for order in set(permutations(padded, len(nodules))):
        hits = [
            n
            for n, m in enumerate(order)
            if m >= 0 and np.linalg.norm(np.subtract(at[m], centers[n])) <= 0.018
        ]
        best = max(best, len(hits))
    assert len(marking.found) == best
    assert len(marking.found) + len(marking.missed) == len(nodules)
    assert len(marking.found) + len(marking.false) == len(at)
