"""Numbers with units as people write them: ``8 mm``, ``2.5 N``, ``12 min``, ``8..11 mm``.

Everything is turned into SI on reading. The unit of a quantity is named by its SI symbol
(``m``, ``s``, ``N``, ``Pa``, ``m3``, ``rad``, ``1`` for a plain number); two quantities can be
compared only when these symbols agree.
"""

import math
import re
from dataclasses import dataclass, field
from difflib import get_close_matches
from typing import Any

from pydantic_core.core_schema import CoreSchema, no_info_plain_validator_function

from surgisim.procedure.found import found
from surgisim.procedure.notation import misread

__all__ = [
    "NUMBER",
    "UNITS",
    "Measured",
    "Quantity",
    "Range",
    "Ranged",
    "convert",
    "in_words",
    "parse_quantity",
    "parse_range",
    "readable",
    "unit_of",
]

UNITS: dict[str, tuple[str, float]] = {
    "": ("1", 1.0),
    "%": ("1", 0.01),
    "um": ("m", 1e-6),
    "mm": ("m", 1e-3),
    "cm": ("m", 1e-2),
    "m": ("m", 1.0),
    "ms": ("s", 1e-3),
    "s": ("s", 1.0),
    "min": ("s", 60.0),
    "h": ("s", 3600.0),
    "days": ("s", 86400.0),
    "weeks": ("s", 604800.0),
    "years": ("s", 31557600.0),  # of 365.25 days
    "/s": ("1/s", 1.0),
    "/min": ("1/s", 1.0 / 60.0),
    "deg": ("rad", math.pi / 180.0),
    "rad": ("rad", 1.0),
    "deg/s": ("rad/s", math.pi / 180.0),
    "mm/s": ("m/s", 1e-3),
    "cm/s": ("m/s", 1e-2),
    "m/s": ("m/s", 1.0),
    "mN": ("N", 1e-3),
    "N": ("N", 1.0),
    "N s": ("N s", 1.0),
    "Pa": ("Pa", 1.0),
    "kPa": ("Pa", 1e3),
    "MPa": ("Pa", 1e6),
    "mmHg": ("Pa", 133.322387415),  # conventional millimetre of mercury
    "cmH2O": ("Pa", 98.0665),
    "ug": ("kg", 1e-9),
    "mg": ("kg", 1e-6),
    "g": ("kg", 1e-3),
    "kg": ("kg", 1.0),
    "kg/m3": ("kg/m3", 1.0),
    "mL": ("m3", 1e-6),
    "L": ("m3", 1e-3),
    "mL/s": ("m3/s", 1e-6),
    "mL/min": ("m3/s", 1e-6 / 60.0),
    "L/min": ("m3/s", 1e-3 / 60.0),
}
"""Every unit that may be written: symbol -> (SI symbol, SI units in one of it).

A table, because it says which units are understood, and because a units library costs more than
reading a procedure: loading pint 0.25 and making its registry took 0.63 s of CPU where reading the
liver's procedure took 0.04 s. `tests/procedure/test_units.py` holds every line of it to pint.
"""

_WHOLE = 100  # per cent
# What people read instead of the SI unit.
_SHOWN = {
    "m3": "mL",
    "m3/s": "mL/min",
    "Pa": "kPa",
    "rad": "deg",
    "rad/s": "deg/s",
    "1/s": "/min",
}
NUMBER = r"[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?"
"""How a number may be written, as a regular expression."""
# Of texts without spaces at their ends: a unit is all that is left, so that neither ever goes back.
_QUANTITY = re.compile(rf"({NUMBER})\s*(.*)", re.DOTALL)
_RANGE = re.compile(rf"((?:{NUMBER})?)\s*\.\.\s*({NUMBER})\s*(.*)", re.DOTALL)
_KINDS = {
    "1": "a plain number such as 0.5",
    "m": "a length such as 8 mm",
    "s": "a time such as 30 s",
    "rad": "an angle such as 30 deg",
    "m/s": "a speed such as 20 mm/s",
    "N": "a force such as 2.5 N",
    "N s": "a force over time such as 0.5 N s",
    "Pa": "a pressure such as 80 mmHg",
    "1/s": "a rate such as 72 /min",
    "rad/s": "a speed of turning such as 20 deg/s",
    "kg": "a mass such as 70 kg or 5 mg",
    "kg/m3": "a density such as 1060 kg/m3",
    "m3": "a volume such as 50 mL",
    "m3/s": "a flow such as 120 mL/min",
}


@dataclass(frozen=True, slots=True)
class Quantity:
    """A number in SI.

    Attributes
    ----------
    value
        In SI units.
    unit
        The SI symbol, ``1`` for a plain number.
    per_cent
        Whether it was written in per cent, which suits a share and no count.
    """

    value: float
    unit: str
    per_cent: bool = field(default=False, compare=False)


@dataclass(frozen=True, slots=True)
class Range:
    """From `low` to `high`, both in SI and both included; ``low <= high``."""

    low: float
    high: float


def in_words(unit: str) -> str:
    """Say what a quantity of this SI symbol is, with an example."""
    return _KINDS[unit]


def convert(value: float, unit: str) -> tuple[float, str]:
    """Turn a value in SI into what people read: mL, mL/min, kPa, deg.

    Returns the number and the symbol; the symbol is empty for a plain number.
    """
    shown = _SHOWN.get(unit, "" if unit == "1" else unit)
    return value / UNITS[shown][1], shown


def readable(value: float, unit: str) -> str:
    """Write a value in SI as people read it, lengths and speeds below 10 cm in mm."""
    number, symbol = convert(value, unit)
    if symbol in ("m", "m/s") and 0.0 < abs(value) < 0.1:
        number, symbol = 1e3 * value, f"m{symbol}"
    return f"{number:.4g} {symbol}".strip()


def unit_of(symbol: str) -> tuple[str, float]:
    """Give SI symbol and factor of a written unit.

    Raises
    ------
    ValueError
        When it is unknown, with the nearest one.
    """
    written = " ".join(symbol.split())
    if written in UNITS:
        return UNITS[written]
    near = get_close_matches(written, UNITS, n=1, cutoff=0.5)
    same_letters = [known for known in UNITS if known.lower() == written.lower()]
    hint = (same_letters or near or [""])[0]
    told = f" (did you mean '{hint}'?)" if hint else f": known are {', '.join(filter(None, UNITS))}"
    raise ValueError(f"unknown unit '{written}'{told}")


def _finite(value: float) -> float:
    try:
        number = float(value)
    except OverflowError:  # a whole number of more than 308 digits
        number = math.inf
    if not math.isfinite(number):
        raise ValueError("the number is too large")
    return number


def _unit_in(written: str, symbol: str) -> tuple[str, float]:
    """Give symbol and factor as `unit_of` does; no unit may be another notation of the number."""
    try:
        return unit_of(symbol)
    except ValueError as error:
        raise ValueError(misread(written) or str(error)) from error


def parse_quantity(written: object) -> Quantity:
    """Read ``8 mm``, ``0.1`` or a number of YAML.

    Raises
    ------
    ValueError
        When it is no number, or the unit is unknown.
    """
    if isinstance(written, int | float) and not isinstance(written, bool):
        return Quantity(_finite(written), "1")
    if not isinstance(written, str) or (match := _QUANTITY.match(written.strip())) is None:
        raise ValueError(f"{found(written)} is not a number with a unit")
    unit, factor = _unit_in(written, match[2])
    return Quantity(_finite(float(match[1]) * factor), unit, match[2] == "%")


def parse_range(written: object) -> tuple[Range, str]:
    """Read ``8..11 mm``; a single quantity is a range of no width. Returns it with its unit.

    Raises
    ------
    ValueError
        When it is neither, the unit is unknown, or the ends are the wrong way round.
    """
    match = _RANGE.match(written.strip()) if isinstance(written, str) else None
    if match is None:
        single = parse_quantity(written)
        return Range(single.value, single.value), single.unit
    if not match[1]:
        raise ValueError(f"'{written}' has no lower end: write it as 8..11 mm")
    unit, factor = _unit_in(str(written), match[3])
    low, high = _finite(float(match[1]) * factor), _finite(float(match[2]) * factor)
    if low > high:
        raise ValueError(f"'{written}' runs backwards: the smaller number comes first")
    return Range(low, high), unit


def _refuse(written: object, unit: str, other: str) -> ValueError:
    if other == "1":
        return ValueError(f"'{written}' has no unit: expected {in_words(unit)}")
    return ValueError(f"'{written}' has the wrong unit: expected {in_words(unit)}")


@dataclass(frozen=True, slots=True)
class _Bounded:
    """A pydantic field of this SI symbol inside [low, high] (SI); `bounds` says so in words.

    `share` tells whether a plain number may be written in per cent.
    """

    unit: str
    low: float
    high: float
    bounds: str
    share: bool = True

    def read(self, written: object) -> object:
        """Return the value in SI, or raise ValueError with a sentence."""
        raise NotImplementedError

    def _check(self, written: object, unit: str, *values: float) -> None:
        if unit != self.unit:
            raise _refuse(written, self.unit, unit)
        for value in values:
            if not self.low <= value <= self.high:
                share = self.share and self.high == 1.0 and isinstance(written, int | float)
                hint = f", or {written} %" if share and 1.0 < value <= _WHOLE else ""
                raise ValueError(f"'{written}' is out of bounds: it must be {self.bounds}{hint}")

    def __get_pydantic_core_schema__(self, source: object, handler: object) -> CoreSchema:
        """Read with `read`."""
        return no_info_plain_validator_function(self.read)

    def __get_pydantic_json_schema__(self, schema: CoreSchema, handler: object) -> dict[str, Any]:
        """Allow a bare number only where no unit is needed."""
        kinds = ["number", "string"] if self.unit == "1" else ["string"]
        return {"type": kinds, "description": f"{in_words(self.unit)}; {self.bounds}"}


class Measured(_Bounded):
    """Marks a field that is one quantity."""

    __slots__ = ()

    def read(self, written: object) -> float:
        """Return the value in SI, or raise ValueError with a sentence."""
        if isinstance(written, str) and _RANGE.match(written.strip()):
            raise ValueError(f"'{written}' is a range: one value is expected here")
        quantity = parse_quantity(written)
        self._check(written, quantity.unit, quantity.value)
        if quantity.per_cent and not self.share:
            raise ValueError(f"'{written}' is in per cent: expected a plain number such as 10")
        return quantity.value


class Ranged(_Bounded):
    """Marks a field that is a range; a single quantity is a range of no width."""

    __slots__ = ()

    def read(self, written: object) -> Range:
        """Return the range in SI, or raise ValueError with a sentence."""
        span, unit = parse_range(written)
        self._check(written, unit, span.low, span.high)
        return span
