"""A patient who breathes steadily, each breath a little different."""

import numpy as np
import pytest

from surgisim.procedure.breathing import Breath
from surgisim.procedure.quantity import Range
from surgisim.procedure.respiration import BreathingSpec, Respiration


def spec(spread: float) -> BreathingSpec:
    return BreathingSpec.model_construct(
        amplitude=Range(0.007, 0.008), inhale=1.5, exhale=2.0, pause=1.5, spread=spread, source="-"
    )


def breaths(spread: float, seed: int, seconds: float) -> list[tuple[float, Breath]]:
    patient = Respiration(spec(spread), np.random.default_rng(seed))
    looks = [(0.02 * n, patient.due(0.02 * n)) for n in range(round(seconds / 0.02))]
    found = [(time_s, breath) for time_s, breath in looks if breath is not None]
    assert patient.breaths == len(found)
    return found


def test_without_spread_every_breath_is_the_same_and_in_time() -> None:
    found = breaths(0.0, 1, 60.0)
    begins = np.array([time_s for time_s, _ in found])
    assert 0.0 <= begins[0] <= 5.0
    np.testing.assert_allclose(np.diff(begins), 5.0, atol=0.021)
    assert len({breath for _, breath in found}) == 1
    breath = found[0][1]
    assert 0.007 <= breath.amplitude <= 0.008
    assert (breath.inhale, breath.hold, breath.exhale) == (1.5, 0.0, 2.0)


def test_spread_is_the_standard_deviation_of_depth_and_of_time() -> None:
    found = breaths(0.05, 2, 4000.0)
    depth = np.array([breath.amplitude for _, breath in found])
    period = np.diff([time_s for time_s, _ in found])
    cut = 0.88  # of the deviation, where normal deviates are cut at two (Johnson et al. 1994)
    assert np.std(depth) / np.mean(depth) == pytest.approx(0.05 * cut, rel=0.15)
    assert np.mean(period) == pytest.approx(5.0, rel=0.01)
    assert np.std(period) / 5.0 == pytest.approx(0.05 * cut, rel=0.15)
    assert depth.max() <= 0.008 * 1.1
    pairs = [(breath.amplitude, breath.inhale) for _, breath in found]
    assert abs(np.corrcoef(np.array(pairs).T)[0, 1]) < 0.15


def test_patients_differ_and_the_same_seed_is_the_same_patient() -> None:
    assert breaths(0.05, 3, 30.0) == breaths(0.05, 3, 30.0)
    assert breaths(0.05, 3, 30.0)[0][1].amplitude != breaths(0.05, 4, 30.0)[0][1].amplitude
