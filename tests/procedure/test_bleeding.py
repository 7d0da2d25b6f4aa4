import numpy as np
import pytest

from surgisim.procedure.bleeding import Bleed, Vessel, bleed_rate
from surgisim.procedure.quantity import UNITS

MMHG = UNITS["mmHg"][1]
ML_MIN = UNITS["mL/min"][1]


@pytest.mark.parametrize(
    ("diameter_mm", "length_mm", "ml_min"),
    [
        (0.5, None, 32),
        (0.5, 20, 14),
        (1, None, 127),
        (2, None, 507),
        (3, None, 1142),
        (5, None, 3171),
    ],
)
def test_rates_at_80_mmhg(diameter_mm: float, length_mm: float | None, ml_min: float) -> None:
    length = None if length_mm is None else length_mm * 1e-3
    rate = bleed_rate(diameter_mm * 1e-3, 80 * MMHG, length=length)
    assert round(rate / ML_MIN) == ml_min


def test_inflow_is_the_most_that_can_be_lost() -> None:
    assert bleed_rate(5e-3, 80 * MMHG, inflow_limit=300 * ML_MIN) == 300 * ML_MIN


def test_no_bleed_against_a_higher_pressure_outside() -> None:
    vein = Vessel("vein", 2e-3, pressure=8 * MMHG, outside=15 * MMHG)
    assert vein.rate() == 0.0
    assert vein.rate(20 * MMHG) > 0.0


def test_rate_rises_with_pressure_and_width() -> None:
    pressures = [bleed_rate(1e-3, p * MMHG, length=0.02) for p in range(0, 120, 10)]
    widths = [bleed_rate(d * 1e-4, 80 * MMHG, length=0.02) for d in range(1, 60)]
    assert np.all(np.diff(pressures) > 0)
    assert np.all(np.diff(widths) > 0)


def test_volume_is_the_integral_of_the_rate() -> None:
    bleed = Bleed(Vessel("artery", 1e-3, 80 * MMHG), started_s=10.0)
    total = 0.0
    pressure = 80 * MMHG
    for n in range(1, 3001):
        total += bleed.rate * 0.02
        pressure *= 0.9995
        bleed.advance(10.0 + n * 0.02, pressure)
    assert bleed.volume == pytest.approx(total, rel=1e-9)
    assert bleed.rate < Vessel("artery", 1e-3, 80 * MMHG).rate() / 1.9


def test_a_bleed_changes_and_stops_at_once() -> None:
    bleed = Bleed(Vessel("artery", 1e-3, 80 * MMHG), started_s=0.0)
    small = bleed.rate
    bleed.change(60.0, Vessel("artery", 2e-3, 80 * MMHG))
    assert bleed.volume / 1e-6 == pytest.approx(126.8, abs=0.1)
    assert bleed.rate == pytest.approx(4 * small)
    bleed.stop(120.0)
    lost = bleed.volume
    bleed.advance(600.0)
    assert bleed.rate == 0.0
    assert bleed.volume == lost
