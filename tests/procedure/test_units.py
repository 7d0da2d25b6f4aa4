"""The table of units against a units library: every line of it."""

import math

import pint
import pytest

from surgisim.procedure.quantity import UNITS, in_words

WRITTEN = {
    "": "dimensionless",
    "%": "percent",
    "N s": "N * s",
    "kg/m3": "kg / m**3",
    "/s": "1 / s",
    "/min": "1 / min",
    "days": "day",
    "weeks": "week",
    "years": "year",
}
SI = {
    "1": "dimensionless",
    "N s": "N * s",
    "kg/m3": "kg / m**3",
    "m3": "m**3",
    "m3/s": "m**3 / s",
    "1/s": "1 / s",
}


@pytest.fixture(scope="module")
def registry() -> pint.UnitRegistry:
    return pint.UnitRegistry()


@pytest.mark.parametrize("written", UNITS, ids=lambda unit: unit or "none")
def test_a_unit_is_worth_what_the_library_says(registry: pint.UnitRegistry, written: str) -> None:
    symbol, factor = UNITS[written]
    theirs = (1.0 * registry.parse_units(WRITTEN.get(written, written))).to(SI.get(symbol, symbol))
    assert math.isclose(factor, theirs.magnitude, rel_tol=1e-12)


@pytest.mark.parametrize("symbol", sorted({symbol for symbol, _ in UNITS.values()}))
def test_every_kind_has_an_example_of_its_own_kind(symbol: str) -> None:
    unit = in_words(symbol).split(" such as ")[1].split(" or ")[0].split(" ", 1)[1:]
    assert UNITS[unit[0] if unit else ""][0] == symbol
