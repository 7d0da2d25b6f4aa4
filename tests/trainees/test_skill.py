"""Skill: what it takes away, and that nothing changes without it."""

from dataclasses import fields

import numpy as np
import pytest

from surgisim.errors import SurgisimError
from surgisim.trainees import SCRIPTED, Action, Sight, Skill, scripted
from surgisim.trainees.careful import Careful
from surgisim.trainees.unsteady import Unsteady

from .fake import Fake

LUMP = (0.043, 0.058, 0.012, 2.0)


class Still:
    """Tells the hand to stay where it is put; remembers what it saw."""

    def __init__(self, aim: tuple[float, float, float] | None = (0.06, 0.1, 0.05)) -> None:
        self.aim, self.seen = aim, []

    def act(self, sight: Sight) -> Action:
        self.seen.append(sight)
        return Action(aim=self.aim)


def played(name: str, level: float, **given: object) -> Fake:
    trainee = scripted(name, np.random.default_rng(5), skill=Skill.at(level))
    return Fake(lumps=(LUMP,), **given).play(trainee, 240.0)


@pytest.mark.parametrize("name", SCRIPTED)
def test_full_skill_changes_no_bit(name: str) -> None:
    plain = Fake(lumps=(LUMP,)).play(scripted(name, np.random.default_rng(5)), 60.0)
    with_skill = Fake(lumps=(LUMP,)).play(
        scripted(name, np.random.default_rng(5), skill=Skill.at(1.0)), 60.0
    )
    assert np.array_equal(plain.tips, with_skill.tips)


def test_every_shortcoming_is_in_proportion() -> None:
    half, none = Skill.at(0.5), Skill.at(0.0)
    for one in fields(Skill):
        assert getattr(half, one.name) == pytest.approx(0.5 * getattr(none, one.name))
        assert getattr(none, one.name) > 0.0
    assert Skill.at(1.0).perfect


@pytest.mark.parametrize("level", [-0.1, 1.1, float("nan")])
def test_a_skill_beyond_its_scale_is_refused(level: float) -> None:
    with pytest.raises(SurgisimError, match="choose a number from 0 to 1"):
        Skill.at(level)


def test_less_skill_is_slower_rougher_and_presses_harder() -> None:
    able, half = played("careful", 1.0), played("careful", 0.5)
    assert max(half.forces) > 1.3 * max(able.forces)
    felt_able = len([s for s in np.diff(able.touched_s) if s > 0.1])
    felt_half = len([s for s in np.diff(half.touched_s) if s > 0.1])
    assert half.time_s / felt_half > 1.2 * able.time_s / felt_able


def test_a_stretch_of_the_front_is_left_out() -> None:
    sights = Fake()
    whole, half = (
        Careful(np.random.default_rng(1), skill=Skill(missed=share)) for share in (0.0, 0.5)
    )
    for trainee in (whole, half):
        sights.play(trainee, sights.time_s + 0.1)
    plans = [list(one._plan) for one in (whole, half)]
    assert len(plans[1]) == pytest.approx(0.5 * len(plans[0]), abs=1)


def test_a_tremor_has_its_size_and_its_frequency() -> None:
    skill = Skill(tremor_m=0.5e-3)
    fake, still = Fake(), Still()
    hand = Unsteady(still, skill, np.random.default_rng(3))
    aims = np.array([hand.act(fake.sight()).aim for _ in range(20000)]) - still.aim
    assert np.sqrt((aims**2).mean(axis=0)) == pytest.approx([0.5e-3] * 3, rel=0.05)
    power = np.abs(np.fft.rfft(aims[:, 0])) ** 2
    hertz = np.fft.rfftfreq(len(aims), 0.02)
    inside = (hertz > 7.0) & (hertz < 13.0)
    assert power[inside].sum() > 0.6 * power.sum()


def test_the_screen_is_seen_late_and_the_hand_feels_at_once() -> None:
    still = Still((0.06, -0.002, 0.05))
    trainee = Unsteady(still, Skill(reaction_s=0.2), np.random.default_rng(3))
    fake = Fake(warned_m=0.001).play(trainee, 0.6)
    shown = [sight.probe.force[1] for sight in still.seen]
    felt = [sight.felt[1] for sight in still.seen]
    assert shown[11:] == felt[1 : len(felt) - 10]
    assert fake.forces[5] > 0.0
    assert not still.seen[9].stretched
    assert still.seen[-1].stretched


def test_a_heavy_hand_goes_deeper_and_comes_back() -> None:
    aims = {0.0: (0.06, 0.004, 0.05), 1.0: (0.06, 0.06, 0.05)}

    class PressThenLift(Still):
        def act(self, sight: Sight) -> Action:
            return Action(aim=aims[float(sight.time_s >= 1.0)])

    trainee = Unsteady(PressThenLift(), Skill(overpress=2.0), np.random.default_rng(3))
    fake = Fake().play(trainee, 2.0)
    light = Fake().play(PressThenLift(), 2.0)
    assert fake.forces[45] > 1.5 * light.forces[45]
    assert fake.tips[-1][1] == pytest.approx(light.tips[-1][1], abs=1e-3)


def test_slowness_stretches_the_script_s_time() -> None:
    still = Still()
    Fake().play(Unsteady(still, Skill(slowness=1.0), np.random.default_rng(3)), 2.0)
    assert still.seen[-1].time_s == pytest.approx(1.98 / 2.0)


@pytest.mark.parametrize("seed", range(6))
def test_random_stays_in_bounds_and_leaves(seed: int) -> None:
    fake = Fake(wanted=3).play(scripted("random", np.random.default_rng(seed)), 61.0)
    assert fake.finished
    assert 14.0 < fake.time_s < 61.0
    assert len(fake.marks) <= 5
    tips = np.array(fake.tips)
    assert (tips[:, [0, 2]] >= -0.001).all()
    assert (tips[:, [0, 2]] <= np.add(fake.size, 0.001)).all()
    assert max(fake.forces) < 10.0


def test_a_class_of_one_s_own_plays(tmp_path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "mine.py").write_text(
        "from surgisim.trainees import Action\n"
        "class Leaver:\n"
        "    def __init__(self, rng): pass\n"
        "    def act(self, sight): return Action(finish=True)\n"
        "class Nobody:\n"
        "    def __init__(self, rng): pass\n"
    )
    monkeypatch.syspath_prepend(tmp_path)
    rng = np.random.default_rng(1)
    assert scripted("mine:Leaver", rng).act(Fake().sight()).finish
    with pytest.raises(SurgisimError, match="makes no trainee: it has no method act"):
        scripted("mine:Nobody", rng)
    with pytest.raises(SurgisimError, match="no trainee 'mine:Nothing'"):
        scripted("mine:Nothing", rng)
    with pytest.raises(SurgisimError, match="no trainee 'yours:It'"):
        scripted("yours:It", rng)


def test_an_unknown_name_is_told() -> None:
    with pytest.raises(SurgisimError, match="trainee 'bold' is not known; choose careful"):
        scripted("bold", np.random.default_rng(1))
