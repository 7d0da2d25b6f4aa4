"""The steady breathing of a patient: one breath after another, each a little different.

A breath is a way in and a way out, as in `surgisim.procedure.breathing`, and a pause before the
next. The patient's amplitude is drawn once; after that breath i has

    depth = amplitude (1 + v d_i),   times = (inhale, exhale, pause) (1 + v t_i)

with v the spread of the procedure and d_i, t_i normal deviates cut at two. The first breath begins
anywhere in the first period, so that the trainee meets the patient at any phase.
"""

from typing import Annotated

import numpy as np

from surgisim.procedure.breathing import Breath
from surgisim.procedure.keys import Duration, Keys, Lengths, Text
from surgisim.procedure.quantity import Measured

__all__ = ["BreathingSpec", "Respiration"]

_MOST_DEVIATES = 2.0

Spread = Annotated[float, Measured("1", 0.0, 0.3, "from 0 to 30 %")]


class BreathingSpec(Keys):
    """How the patient breathes: the organ's supports move to and fro, steadily."""

    amplitude: Lengths
    inhale: Duration
    exhale: Duration
    pause: Duration
    spread: Spread = 0.0
    source: Text

    @property
    def period_s(self) -> float:
        """From one breath to the next, s."""
        return self.inhale + self.exhale + self.pause


class Respiration:
    """A patient who breathes.

    Parameters
    ----------
    spec
        From the file.
    rng
        Chance; the same state gives the same breaths.

    Attributes
    ----------
    breaths
        How many have begun.
    """

    def __init__(self, spec: BreathingSpec, rng: np.random.Generator) -> None:
        self._spec = spec
        self._rng = rng
        self._amplitude_m = float(rng.uniform(spec.amplitude.low, spec.amplitude.high))
        self._next_s = float(rng.uniform(0.0, spec.period_s))
        self.breaths = 0

    def due(self, time_s: float) -> Breath | None:
        """Return the breath that begins now, at `time_s`, or None."""
        if time_s < self._next_s:
            return None
        deeper, slower = 1.0 + self._spec.spread * np.clip(
            self._rng.standard_normal(2), -_MOST_DEVIATES, _MOST_DEVIATES
        )
        spec = self._spec
        self._next_s += spec.period_s * float(slower)
        self.breaths += 1
        return Breath(
            amplitude=self._amplitude_m * float(deeper),
            inhale=spec.inhale * float(slower),
            hold=0.0,
            exhale=spec.exhale * float(slower),
        )
