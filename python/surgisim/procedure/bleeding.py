"""How fast a torn vessel bleeds.

    Q = min( Cd A sqrt(2 dP / rho),  pi d^4 dP / (128 mu L),  inflow limit )

The first term is an orifice (Bernoulli with a discharge coefficient), the second the vessel that
feeds it (Poiseuille, 1846), the third what the vessel can be supplied with. Symbols: d diameter
of the hole (m), A = pi d^2 / 4, L length of the feeding vessel (m), dP pressure inside less
pressure outside (Pa), Cd 0.6 (sharp orifice), rho 1060 kg/m3 and mu 3.5e-3 Pa s of blood (taken
Newtonian, which fails below about 0.3 mm). Valid for d from 0.3 mm to 6 mm and pressures below
200 mmHg; a pressure outside that exceeds the one inside stops the bleed.
"""

import math
from dataclasses import dataclass, field

__all__ = ["Bleed", "Vessel", "bleed_rate"]

_DISCHARGE = 0.6
_DENSITY = 1060.0  # kg/m3
_VISCOSITY = 3.5e-3  # Pa s


def bleed_rate(
    diameter: float,
    pressure_drop: float,
    *,
    length: float | None = None,
    inflow_limit: float | None = None,
) -> float:
    """Volume flow out of a hole, m3/s.

    Parameters
    ----------
    diameter
        Of the hole, m.
    pressure_drop
        Inside less outside, Pa; no bleed at or below zero.
    length
        Of the vessel that feeds the hole, m; None for a hole in a wide vessel.
    inflow_limit
        The most that can be supplied, m3/s; None for no limit.
    """
    if pressure_drop <= 0.0 or diameter <= 0.0:
        return 0.0
    area = math.pi * diameter**2 / 4.0
    rate = _DISCHARGE * area * math.sqrt(2.0 * pressure_drop / _DENSITY)
    if length is not None:
        rate = min(rate, math.pi * diameter**4 * pressure_drop / (128.0 * _VISCOSITY * length))
    return rate if inflow_limit is None else min(rate, inflow_limit)


@dataclass(frozen=True, slots=True)
class Vessel:
    """What bleeds; lengths in m, pressures in Pa, flow in m3/s."""

    name: str
    diameter: float
    pressure: float
    outside: float = 0.0
    length: float | None = None
    inflow_limit: float | None = None

    def rate(self, pressure: float | None = None) -> float:
        """Flow at this pressure inside, Pa, or at the vessel's own, m3/s."""
        inside = self.pressure if pressure is None else pressure
        return bleed_rate(
            self.diameter,
            inside - self.outside,
            length=self.length,
            inflow_limit=self.inflow_limit,
        )


@dataclass(slots=True)
class Bleed:
    """A bleed that goes on.

    Attributes
    ----------
    vessel
        What bleeds.
    started_s
        When it began.
    rate
        Present flow, m3/s.
    volume
        Lost so far, m3: the sum of rate times time.
    """

    vessel: Vessel
    started_s: float
    rate: float = field(init=False)
    volume: float = field(init=False, default=0.0)
    _until_s: float = field(init=False)

    def __post_init__(self) -> None:
        self.rate = self.vessel.rate()
        self._until_s = self.started_s

    def advance(self, time_s: float, pressure: float | None = None) -> float:
        """Bleed on until `time_s` at the present rate, then take the new pressure, Pa.

        Returns the volume lost in between, m3.
        """
        lost = self.rate * max(0.0, time_s - self._until_s)
        self.volume += lost
        self._until_s = max(time_s, self._until_s)
        self.rate = self.vessel.rate(pressure)
        return lost

    def change(self, time_s: float, vessel: Vessel) -> None:
        """Another hole from `time_s` on: larger, smaller, or none."""
        self.advance(time_s)
        self.vessel = vessel
        self.rate = vessel.rate()

    def stop(self, time_s: float) -> None:
        """No more blood after `time_s`; the volume stays."""
        self.change(time_s, Vessel(self.vessel.name, 0.0, 0.0))
