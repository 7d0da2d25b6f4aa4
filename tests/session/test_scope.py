"""Where a lens is and looks, from port, tip and turns."""

import math

import numpy as np
import pytest

from surgisim.render.endoscope import Endoscope
from surgisim.scope import Lens, centring_tips, rolled_towards
from surgisim.vectors import as_vector

PORT = np.array([0.02, 0.20, 0.15])
TARGET = np.array([-0.01, 0.03, 0.02])
ANGLE = math.radians(30.0)


def test_the_lens_is_where_the_renderer_has_it() -> None:
    tip = np.array([0.05, 0.08, 0.06])
    lens = Lens.through(PORT, tip, ANGLE, roll=0.7, head=-0.4)
    shaft = tip - PORT
    scope = Endoscope(as_vector(PORT), as_vector(shaft), float(np.linalg.norm(shaft)), ANGLE, 0.7)
    view = Endoscope(scope.pivot, scope.direction, scope.insertion_m, ANGLE, 0.7, -0.4).view()
    np.testing.assert_allclose(lens.rotation, view.rotation, atol=1e-12)
    np.testing.assert_allclose(lens.position, view.position, atol=1e-12)


@pytest.mark.parametrize("distance_m", [0.02, 0.05, 0.09])
def test_every_tip_of_the_circle_has_the_target_in_the_middle(distance_m: float) -> None:
    around = np.linspace(0.0, 2.0 * np.pi, 9)
    tips = centring_tips(PORT, TARGET, distance_m, ANGLE, around)
    for tip in tips:
        lens = Lens.through(PORT, tip, ANGLE, rolled_towards(PORT, tip, TARGET))
        assert lens.off_axis([TARGET])[0] == pytest.approx(0.0, abs=1e-7)
        assert lens.distances([TARGET])[0] == pytest.approx(distance_m)
    assert np.ptp(tips, axis=0).max() > 0.9 * distance_m * math.sin(ANGLE)
    assert centring_tips(PORT, TARGET, 1.0, ANGLE, around).shape == (0, 3)


def test_a_straight_scope_has_its_port_behind_it_wherever_it_looks() -> None:
    tips = centring_tips(PORT, TARGET, 0.05, 0.0, np.array([0.0, 2.0]))
    way = (TARGET - PORT) / np.linalg.norm(TARGET - PORT)
    np.testing.assert_allclose(tips, np.stack([TARGET - 0.05 * way] * 2), atol=1e-12)


def test_only_the_camera_head_tilts_a_picture_at_rest() -> None:
    tip = np.array([0.09, 0.08, 0.06])  # the shaft leans to the side
    assert Lens.through(PORT, tip, ANGLE).tilt == pytest.approx(0.0, abs=1e-12)
    straight = Lens.through(PORT, tip, 0.0, head=0.4)
    assert abs(straight.tilt) == pytest.approx(0.4)
    assert Lens.through(PORT, tip, 0.0, head=-0.4).tilt == pytest.approx(-straight.tilt)
    swung = Lens.through(PORT, tip, ANGLE, roll=math.pi / 4.0)
    assert 0.0 < abs(swung.tilt) < math.radians(30.0)


def test_the_field_is_a_cone() -> None:
    lens = Lens.through((0.0, 0.1, 0.0), (0.0, 0.0, 0.0), 0.0, field=math.radians(70.0))
    down = np.array([0.0, -0.1, 0.0])
    aside = np.array([0.1 * math.tan(math.radians(34.9)), 0.0, 0.0])
    assert lens.has_in_field([down, down + aside, down - 1.01 * aside, -down]).tolist() == [
        True,
        True,
        False,
        False,
    ]
