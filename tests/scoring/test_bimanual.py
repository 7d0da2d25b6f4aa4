import numpy as np
import pytest

from surgisim.scoring.bimanual import bimanual

T = np.arange(0, 20, 0.01)


def along_x(x: np.ndarray) -> np.ndarray:
    return np.column_stack([x, 0 * x, 0 * x])


def waves(size: float, phase: float = 0.0) -> np.ndarray:
    return along_x(size * np.sin(2 * np.pi * T / 4 + phase))


def test_hands_that_mirror_each_other() -> None:
    found = bimanual(T, waves(0.05), -waves(0.05))
    assert found.correlation == pytest.approx(1.0)
    assert found.path_ratio == pytest.approx(1.0)
    assert found.time_ratio == pytest.approx(1.0)
    assert found.speed_ratio == pytest.approx(1.0)
    assert found.both == pytest.approx(0.96, abs=0.03)
    assert found.idle.value == 0.0


def test_hands_that_take_turns() -> None:
    found = bimanual(T, waves(0.05), waves(0.05, np.pi / 2))
    assert found.correlation == pytest.approx(-0.9, abs=0.15)


def test_a_lazy_hand_shows_in_every_ratio() -> None:
    half = along_x(np.where(T < 10, 0.02 * np.sin(2 * np.pi * T / 4), 0.0))
    found = bimanual(T, waves(0.04), half)
    assert found.path_ratio == pytest.approx(4.0, rel=0.02)
    assert found.time_ratio == pytest.approx(2.0, rel=0.1)
    assert found.speed_ratio == pytest.approx(2.0, rel=0.1)


def test_a_hand_that_never_moves_has_no_ratio() -> None:
    found = bimanual(T, waves(0.05), along_x(0 * T))
    assert found.correlation is None
    assert found.path_ratio is None
    assert found.time_ratio is None
    assert found.speed_ratio is None
    assert found.both == 0.0


def test_idle_is_when_neither_moves() -> None:
    early = along_x(np.where(T < 8, 0.01 * T, 0.08))
    late = along_x(np.where(T > 14, 0.01 * (T - 14), 0.0))
    idle = bimanual(T, early, late).idle
    assert idle.value == pytest.approx(6.0, abs=0.05)
    assert idle.moment_s == pytest.approx(8.0, abs=0.05)
    assert idle.until_s == pytest.approx(14.0, abs=0.05)
