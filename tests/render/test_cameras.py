"""The cameras of a window, without a window."""

import numpy as np
import pytest

from surgisim.render.cameras import Cameras
from surgisim.render.endoscope import Endoscope
from surgisim.render.orbit import OrbitCamera
from surgisim.render.scene import Instrument, Scene

SCOPES = tuple(Endoscope.aimed((0.0, 0.2, 0.1), (0, 0, 0), 0.1, angle) for angle in (0.0, 0.5))


def test_without_scopes_there_is_the_room_alone() -> None:
    cameras = Cameras(OrbitCamera())
    assert cameras.next() == cameras
    assert cameras.lit(Scene()) == Scene()


@pytest.mark.parametrize(("steps", "count"), [(0, 1), (1, 1), (2, 1), (3, 2), (4, 1)])
def test_the_last_one_shows_scope_and_room(steps: int, count: int) -> None:
    cameras = Cameras(OrbitCamera(), SCOPES)
    for _ in range(steps):
        cameras = cameras.next()
    views, viewports = cameras.views(1280, 720)
    assert len(views) == len(viewports) == count
    assert (views[0].optics is not None) == (steps in (1, 2, 3))
    shown = [it.kind for it in cameras.lit(Scene(instruments=(Instrument((0, 0, 0)),))).instruments]
    assert shown == (["probe", "endoscope"] if count == 2 else ["probe"])


def test_through_a_scope_its_own_light_alone_shines() -> None:
    lit = Cameras(OrbitCamera(), SCOPES, chosen=2).lit(Scene())
    assert len(lit.lights) == 1
    assert np.linalg.norm(np.asarray(lit.lights[0].position) - SCOPES[1].tip) < 0.005
    assert not lit.lights[0].on_camera


def test_a_scope_is_rolled_and_pushed_within_bounds_and_the_others_stay() -> None:
    cameras = Cameras(OrbitCamera(), SCOPES, chosen=2)
    moved = cameras.turned(0.3, 0.5)
    assert moved.scopes[0] is SCOPES[0]
    assert moved.room == cameras.room
    assert moved.scopes[1].scope_roll == pytest.approx(0.3)
    assert moved.scopes[1].insertion_m == pytest.approx(SCOPES[1].insertion_m + 0.02)
    assert cameras.turned(0.0, -100.0).scopes[1].insertion_m == 0.01
