"""What a complication does to the scene, as a procedure file says it."""

from surgisim.procedure.bleeding import Vessel
from surgisim.procedure.breathing import Breath
from surgisim.procedure.keys import Duration, Flow, Keys, Length, Pressure, Probability, Text

__all__ = ["BleedSpec", "BreathSpec", "EffectSpec", "FogSpec"]


class BleedSpec(Keys):
    """A vessel that bleeds; the rate follows from these figures."""

    vessel: Text
    diameter: Length
    length: Length | None = None
    pressure: Pressure
    outside: Pressure = 0.0
    inflow_limit: Flow | None = None
    source: Text

    def torn(self) -> Vessel:
        """Make the vessel of it."""
        return Vessel(
            name=self.vessel,
            diameter=self.diameter,
            pressure=self.pressure,
            outside=self.outside,
            length=self.length,
            inflow_limit=self.inflow_limit,
        )


class BreathSpec(Keys):
    """A deep breath that moves the organ's supports."""

    amplitude: Length
    inhale: Duration
    hold: Duration
    exhale: Duration
    source: Text

    def breath(self) -> Breath:
        """Make the motion of it."""
        return Breath(self.amplitude, self.inhale, self.hold, self.exhale)


class FogSpec(Keys):
    """Fog on the lens of the endoscope, 0 clear to 1, while the complication or state lasts."""

    amount: Probability
    source: Text


class EffectSpec(Keys):
    """What a complication does to the scene."""

    bleed: BleedSpec | None = None
    breath: BreathSpec | None = None
    fog: FogSpec | None = None
