"""A measured value with its unit and the moment or interval that decided it."""

import math
from dataclasses import dataclass

__all__ = ["Metric", "shown"]

# What people read instead of the SI unit, and how many of it one SI unit is.
_SHOWN = {
    "m3": ("mL", 1e6),
    "m3/s": ("mL/min", 6e7),
    "rad": ("deg", 180.0 / math.pi),
    "1": ("", 1.0),
}


@dataclass(frozen=True, slots=True)
class Metric:
    """One measure of a session.

    Attributes
    ----------
    value
        In SI; None where there was nothing to measure, such as the smoothness of no stroke.
    unit
        SI symbol, ``1`` for a plain number.
    moment_s
        When what decided the value happened or began, s; None where no moment did.
    until_s
        When it ended, s, where it took a time; None for a single moment.
    """

    value: float | None
    unit: str
    moment_s: float | None = None
    until_s: float | None = None


def shown(value: float | None, unit: str) -> str:
    """Write a value as people read it: at most three significant figures, volumes in mL."""
    if value is None:
        return "not measured"
    symbol, factor = _SHOWN.get(unit, (unit, 1.0))
    number = value * factor
    text = f"{number:.0f}" if abs(number) >= 999.5 else f"{number:.3g}"
    return f"{text} {symbol}".strip().replace("-", "\N{MINUS SIGN}")
