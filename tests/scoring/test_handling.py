import numpy as np
import pytest

from surgisim.scoring.handling import (
    collisions,
    drops,
    out_of_view_path,
    out_of_view_time,
    wasted_energy,
)

T = np.arange(0, 10, 0.01)


def during(*spans: tuple[float, float]) -> np.ndarray:
    return np.any([(a <= T + 1e-9) & (b > T + 1e-9) for a, b in spans], axis=0)


def test_out_of_view() -> None:
    seen = ~during((2.0, 3.0), (5.0, 7.0))
    hidden = out_of_view_time(T, seen)
    assert hidden.value == pytest.approx(3.0)
    assert (hidden.moment_s, hidden.until_s) == (pytest.approx(5.0), pytest.approx(6.99))
    tip = np.column_stack([0.1 * T, 0 * T, 0 * T])
    assert out_of_view_path(T, tip, seen).value == pytest.approx(0.3, abs=0.003)
    assert out_of_view_time(T, seen | True).value == 0.0


def test_drops_count_what_is_let_go_where_it_may_not() -> None:
    held = during((1.0, 2.0), (3.0, 4.0), (6.0, 8.0))
    safe = during((3.5, 5.0))
    found = drops(T, held, safe)
    assert found.value == 2.0
    assert found.moment_s == pytest.approx(2.0)
    assert drops(T, held, safe | True).value == 0.0


def test_energy_beside_its_target() -> None:
    found = wasted_energy(T, during((1.0, 4.0)), during((2.0, 9.0)))
    assert found.value == pytest.approx(1.0)
    assert found.moment_s == pytest.approx(1.0)
    assert found.unit == "s"


def test_collisions_close_together_are_one() -> None:
    found = collisions(T, during((1.0, 1.2), (1.25, 1.3), (4.0, 4.1), (4.2, 4.3)))
    assert found.value == 3.0
    assert found.moment_s == pytest.approx(1.0)
    assert collisions(T, T < 0).value == 0.0
