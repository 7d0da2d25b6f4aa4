"""Breaths as a session plays them: those that overlap add up."""

from pathlib import Path

import pytest

from surgisim.procedure.breathing import Breath, Breathing, Keyframe
from surgisim.record import load
from surgisim.session import Order, play
from surgisim.trainees import Action, Sight

DEEP = Breath(amplitude=0.02, inhale=1.0, hold=3.0, exhale=2.0)
SHORT = Breath(amplitude=0.01, inhale=0.5, hold=0.5, exhale=0.5)

TWO_BREATHS = """
surgisim: procedure@1
id: two_breaths
title: Two breaths
version: "1.0"
briefing: Wait.
time_limit: 1 min
scene:
  anatomy: parametric_liver
  organ: liver
  tissue: liver
  probe: {shape: sphere, radius: 8 mm, friction: 0.1, source: chosen}
  limits:
    force: {value: 3 N, source: chosen}
steps:
  - id: wait
    title: Wait
    done_when: time > 1.5 s
complications:
  - id: deep
    title: A deep breath
    when: time >= 0.2 s
    effect:
      breath: {amplitude: 2 mm, inhale: 0.3 s, hold: 0.5 s, exhale: 0.3 s, source: chosen}
  - id: short
    title: A short breath
    when: time >= 0.6 s
    effect:
      breath: {amplitude: 1 mm, inhale: 0.1 s, hold: 0.1 s, exhale: 0.1 s, source: chosen}
scoring:
  pass: {min: 70, source: chosen}
  lines:
    - {id: time, title: Time, metric: time, weight: 100, best: 10 s, worst: 1 min}
"""


def glides(breaths: dict[float, Breath]) -> list[Keyframe]:
    """What is asked of the supports, looked at 50 times a second for 10 s."""
    breathing, asked = Breathing(), []
    for look in range(500):
        time_s = 0.02 * look
        if time_s in breaths:
            breathing.begin(breaths[time_s], time_s)
        glide = breathing.due(time_s)
        if glide is not None:
            asked.append(glide)
    return asked


def outline(asked: list[Keyframe]) -> list[tuple[float, float, float]]:
    return [(glide.time_s, glide.offset[2], glide.duration_s) for glide in asked]


def test_one_breath_is_its_two_glides() -> None:
    assert outline(glides({1.0: DEEP})) == [(1.0, 0.02, 1.0), (5.0, 0.0, 2.0)]


def test_a_breath_inside_another_begins_and_ends_in_time_and_adds_to_it() -> None:
    asked = outline(glides({1.0: DEEP, 3.0: SHORT}))
    assert [time_s for time_s, _, _ in asked] == [1.0, 3.0, 4.0, 5.0]
    assert [z for _, z, _ in asked] == pytest.approx([0.02, 0.03, 0.02, 0.0])
    assert asked[-1][1] == 0.0


def test_a_breath_does_not_hurry_the_one_under_way() -> None:
    asked = outline(glides({1.0: DEEP, 1.2: SHORT}))
    assert asked[1] == (1.2, pytest.approx(0.03), pytest.approx(0.8))


def test_breaths_of_one_moment_are_one_glide() -> None:
    breathing = Breathing()
    breathing.begin(DEEP, 1.0)
    breathing.begin(SHORT, 1.0)
    assert breathing.due(0.98) is None
    glide = breathing.due(1.0)
    assert glide is not None
    assert glide.offset == pytest.approx((0.0, 0.0, 0.03))
    assert glide.duration_s == 1.0
    assert breathing.due(1.02) is None


class Still:
    """Does nothing."""

    def act(self, sight: Sight) -> Action:
        return Action()


def test_a_session_moves_the_supports_by_the_sum(tmp_path: Path, coarse_liver: Path) -> None:
    file = tmp_path / "two_breaths.yaml"
    file.write_text(TWO_BREATHS)
    play(Order(file, tmp_path / "out", anatomy=coarse_liver), lambda *_: Still())
    caudal_m = [float(z) for z in load(tmp_path / "out").commands["values"][:, 2]]
    assert caudal_m == pytest.approx([0.002, 0.003, 0.002, 0.0])
