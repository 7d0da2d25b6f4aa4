"""The scripted trainees on a slab without physics: sites, phases, breath, marks."""

import numpy as np
import pytest

from surgisim.errors import SurgisimError
from surgisim.trainees import scripted
from surgisim.trainees.careful import Careful
from surgisim.trainees.dangerous import Dangerous

from .fake import RADIUS_M, Fake

LUMP = (0.043, 0.058, 0.012, 2.0)


def breath(time_s: float) -> tuple[float, float, float]:
    """22 mm towards the feet and back, from 9 s on."""
    u = np.clip([(time_s - 9.0) / 1.5, (time_s - 11.0) / 2.0], 0.0, 1.0)
    s = u**3 * (10.0 - 15.0 * u + 6.0 * u * u)
    return (0.0, 0.0, 0.022 * float(s[0] - s[1]))


def careful(**given: bool) -> Careful:
    return Careful(np.random.default_rng(1), **given)


@pytest.fixture(scope="module")
def played() -> tuple[Fake, Careful]:
    trainee = careful()
    return Fake(lumps=(LUMP,)).play(trainee, 120.0), trainee


def lumps_found(fake: Fake) -> list[bool]:
    """Whether there is a mark within 6 mm of each lump."""
    marks = np.array(fake.marks).reshape(-1, 3)[:, [0, 2]]
    return [bool((np.linalg.norm(marks - lump[:2], axis=1) < 0.006).any()) for lump in fake.lumps]


def test_careful_marks_the_stiff_place_and_finishes(played: tuple[Fake, Careful]) -> None:
    fake, _ = played
    assert fake.finished
    assert fake.time_s < 90.0
    assert len(fake.marks) == 1
    assert lumps_found(fake) == [True]


def test_careful_presses_gently_and_every_site_once(played: tuple[Fake, Careful]) -> None:
    fake, trainee = played
    assert 0.1 < max(fake.forces) < 1.0
    places = np.array([felt.place for felt in trainee.felt])
    gaps = np.linalg.norm(places[:, None] - places[None], axis=2)
    assert (gaps + np.eye(len(gaps)) > 1e-3).all()


def test_stiffness_felt_is_the_stiffness_of_the_slab() -> None:
    trainee = careful()
    Fake().play(trainee, 20.0)
    felt = np.array([spot.stiffness for spot in trainee.felt])
    assert len(felt) > 10
    assert np.allclose(felt, 950.0, rtol=0.08)


def test_a_seal_that_turns_round_slowly_is_told_from_the_tissue() -> None:
    trainee, fake = careful(), Fake(seal_n=0.6, seal_m=0.0055)
    fake.play(trainee, 40.0)
    felt = np.array([spot.stiffness for spot in trainee.felt])[5:]  # it has learned the way by then
    assert len(felt) > 10
    assert np.allclose(felt, 950.0, rtol=0.08)
    assert max(fake.forces) < 1.0


def test_movements_are_continuous(played: tuple[Fake, Careful]) -> None:
    fake, _ = played
    steps = np.linalg.norm(np.diff(fake.tips, axis=0), axis=1)
    assert steps.max() < 0.012  # 0.6 m/s in a look


def test_careful_keeps_away_during_a_breath_and_loses_nothing() -> None:
    fake = Fake(lumps=(LUMP,), shift_at=breath)
    trainee = careful()
    fake.play(trainee, 120.0)
    touched = np.array(fake.touched_s)
    assert not ((touched > 9.9) & (touched < 13.0)).any()
    assert (touched > 14.5).any()
    still = Fake(lumps=(LUMP,)).play(other := careful(), 120.0)
    assert len(trainee.felt) == len(other.felt)
    assert lumps_found(fake) == lumps_found(still) == [True]
    assert 3.0 < fake.time_s - still.time_s < 8.0


def test_two_close_lumps_get_a_mark_each() -> None:
    lumps = ((0.04, 0.05, 0.011, 1.8), (0.07, 0.05, 0.011, 2.2))
    fake = Fake(lumps=lumps, wanted=2).play(careful(), 120.0)
    assert lumps_found(fake) == [True, True]


def test_careful_backs_off_from_something_hard() -> None:
    hard = (0.06, 0.05, 0.02, 60.0)
    fake = Fake(lumps=(hard,)).play(careful(), 120.0)
    assert fake.finished
    assert max(fake.forces) < 3.0


def test_hesitant_finds_it_too_but_slowly(played: tuple[Fake, Careful]) -> None:
    slow = Fake(lumps=(LUMP,)).play(scripted("hesitant", np.random.default_rng(2)), 400.0)
    assert lumps_found(slow) == [True]
    assert 1.5 * played[0].time_s < slow.time_s < 300.0


def test_an_organ_too_small_to_palpate_is_left_alone() -> None:
    fake = Fake(size=(0.015, 0.015)).play(careful(), 20.0)
    assert fake.finished
    assert not fake.marks


@pytest.mark.parametrize("name", ["careful", "hesitant"])
def test_with_nothing_to_look_for_the_probe_is_laid_on_and_no_mark_is_set(name: str) -> None:
    fake = Fake(wanted=0).play(scripted(name, np.random.default_rng(3)), 60.0)
    assert fake.finished
    assert not fake.marks
    touched = np.array(fake.touched_s)
    assert touched[-1] - touched[0] > 2.5
    assert np.diff(touched).max() < (0.03 if name == "careful" else 3.0)
    assert max(fake.forces) < 1.0


def test_dangerous_presses_hard_marks_by_guess_and_leaves_soon() -> None:
    fake = Fake(wanted=3).play(Dangerous(np.random.default_rng(1)), 60.0)
    assert fake.finished
    assert fake.time_s < 30.0
    assert max(fake.forces) > 3.0
    assert len(fake.marks) == 3


def test_same_seed_same_actions() -> None:
    tips = [
        np.array(Fake().play(scripted("hesitant", np.random.default_rng(5)), 20.0).tips)
        for _ in range(2)
    ]
    assert np.array_equal(*tips)


def test_unknown_trainee_is_named() -> None:
    with pytest.raises(SurgisimError, match="'lazy' is not known"):
        scripted("lazy", np.random.default_rng(1))


def test_the_ball_stays_clear_on_the_way(played: tuple[Fake, Careful]) -> None:
    fake, _ = played
    tips, forces = np.array(fake.tips), np.array(fake.forces)
    travelled = np.linalg.norm(np.diff(tips[:, [0, 2]], axis=0), axis=1)
    pressed = (forces[1:] > 0.05) & (forces[:-1] > 0.05)
    assert travelled[pressed].max() < 0.25 * RADIUS_M


def test_a_wobble_is_no_breath(played: tuple[Fake, Careful]) -> None:
    def wobble(time_s: float) -> tuple[float, float, float]:
        return (0.0, 0.0, 0.0003 * float(np.sin(2.0 * np.pi * 5.0 * time_s)))

    fake = Fake(lumps=(LUMP,), shift_at=wobble).play(careful(), 120.0)
    assert lumps_found(fake) == [True]
    assert fake.time_s < played[0].time_s + 1.0


def test_a_spot_that_cannot_be_pressed_in_peace_is_left_out() -> None:
    fake, trainee = Fake(), careful()

    def flees(time_s: float) -> tuple[float, float, float]:  # at first, while it is touched
        touched = np.array([t for t in fake.touched_s if time_s - t < 0.8])
        return (0.0, 0.0, 0.0005 * len(touched) if time_s < 12.0 else 0.0)

    fake.shift_at = flees
    fake.play(trainee, 120.0)
    assert fake.finished
    undisturbed = careful()
    Fake().play(undisturbed, 120.0)
    assert 0 < len(trainee.felt) < len(undisturbed.felt)


def test_careful_stops_where_the_screen_warns_and_feels_from_there() -> None:
    free, warned = Fake(), Fake(warned_m=0.002)
    free.play(careful(), 20.0)
    trainee = careful()
    warned.play(trainee, 20.0)
    deepest = [(max(fake.forces) / 950.0) ** (2.0 / 3.0) for fake in (free, warned)]
    assert deepest[0] > 0.0035
    assert deepest[1] < 0.003  # warned at 2 mm; the hand comes 0.8 mm further until it has looked
    felt = np.array([spot.stiffness for spot in trainee.felt])
    assert len(felt) > 10
    assert np.allclose(felt, 950.0, rtol=0.1)
