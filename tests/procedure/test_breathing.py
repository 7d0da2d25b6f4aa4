"""The deep breath as two glides of the supports."""

from surgisim.procedure import Breath

BREATH = Breath(amplitude=0.022, inhale=1.5, hold=0.5, exhale=2.0)


def test_breath_goes_caudal_and_comes_back() -> None:
    inward, back = BREATH.keyframes(10.0)
    assert inward.time_s == 10.0
    assert inward.offset == (0.0, 0.0, 0.022)
    assert inward.duration_s == 1.5
    assert back.time_s == 12.0
    assert back.offset == (0.0, 0.0, 0.0)
    assert back.time_s + back.duration_s == 10.0 + BREATH.duration_s
