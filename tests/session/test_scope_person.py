"""A person who guides the scope with mouse and keys."""

from dataclasses import replace

import numpy as np
import pytest

from surgisim.render.control import Control, Pointer
from surgisim.render.view import Ray
from surgisim.scope import Lens
from surgisim.snapshot import ProbeState
from surgisim.trainees import Sight
from surgisim.trainees.scope_person import WHEEL_GAIN, ScopePerson
from surgisim.trainees.scope_sight import ScopeSight
from surgisim.vectors import as_vector

PORT = np.array([0.0, 0.15, 0.15])
TIP = np.array([0.0, 0.12, 0.12])
ANGLE = np.radians(30.0)


class Desk:
    """A window without a screen: a pointer in camera coordinates, a wheel and turns."""

    def __init__(self) -> None:
        self.seen = np.array([0.0, 0.0, -1.0])
        self.depth_m, self.turned, self.closing = 0.0, (0.0, 0.0), False
        self.rotation = np.eye(3)

    def poll(self) -> Control:
        ray = Ray(np.zeros(3), self.rotation @ (self.seen / np.linalg.norm(self.seen)))
        turned, self.turned = self.turned, (0.0, 0.0)
        pointer = Pointer((0.0, 0.0), ray, frozenset(), True)
        return Control(pointer, self.depth_m, (), self.closing, turned)

    def set_depth(self, depth_m: float) -> None:
        self.depth_m = depth_m


def sight(tip: np.ndarray, roll: float = 0.0, head: float = 0.0) -> Sight:
    lens = Lens.through(PORT, tip, ANGLE, roll, head)
    scope = ScopeSight(
        lens, as_vector(PORT), ANGLE, 0.30, roll, head, False, False, {}, "liver", wanted=6
    )
    probe = ProbeState(as_vector(tip), (0.0, 0.0, 0.0), (0.0, 0.0, 0.0), False)
    blank = Sight(0.0, probe, 0.005, np.zeros((1, 3)), np.zeros((0, 3), int), 0, 0, "", "", 2.0)
    return replace(blank, scope=scope)


def glided(desk: Desk, looks: int) -> tuple[np.ndarray, Lens]:
    """Let a tip that follows its aim at once be guided."""
    person, tip = ScopePerson(desk), TIP
    for _ in range(looks):
        seen = sight(tip)
        assert seen.scope is not None
        desk.rotation = seen.scope.lens.rotation
        action = person.act(seen)
        assert action.aim is not None
        tip = np.asarray(action.aim)
    return tip, Lens.through(PORT, tip, ANGLE)


def test_the_picture_glides_towards_the_pointer_and_rests_under_it() -> None:
    desk = Desk()
    tip, lens = glided(desk, 20)
    assert tip == pytest.approx(TIP)
    start = lens
    desk.seen = np.array([0.3, 0.0, -1.0])
    tip, lens = glided(desk, 40)
    assert lens.sight @ start.rotation[:, 0] > 0.1
    assert np.linalg.norm(tip - PORT) == pytest.approx(np.linalg.norm(TIP - PORT))
    desk.seen = np.array([0.0, 0.3, -1.0])
    _, up = glided(desk, 40)
    assert up.sight @ start.rotation[:, 1] > 0.1


def test_the_wheel_pushes_the_scope_in_as_far_as_it_goes() -> None:
    desk = Desk()
    desk.depth_m = 0.004
    tip, _ = glided(desk, 2)
    assert np.linalg.norm(tip - TIP) == pytest.approx(WHEEL_GAIN * 0.004)
    desk.depth_m = 1.0
    tip, _ = glided(desk, 2)
    assert np.linalg.norm(tip - PORT) == pytest.approx(0.30)
    assert desk.depth_m < 0.06


def test_keys_turn_scope_and_head_and_a_device_moves_it() -> None:
    desk = Desk()
    desk.turned = (0.2, -0.1)
    action = ScopePerson(desk, device=True).act(sight(TIP, 0.5, 0.1))
    assert action.aim is None
    assert action.roll == pytest.approx(0.7)
    assert action.head == pytest.approx(0.0)
    desk.closing = True
    assert ScopePerson(desk).act(sight(TIP)).leave
