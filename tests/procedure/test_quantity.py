import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from surgisim.procedure.quantity import UNITS, Range, convert, parse_quantity, parse_range


@pytest.mark.parametrize(
    ("written", "value", "unit"),
    [
        ("8 mm", 0.008, "m"),
        ("8mm", 0.008, "m"),
        ("2.5 N", 2.5, "N"),
        ("12 min", 720.0, "s"),
        ("80 mmHg", 10665.7909932, "Pa"),
        ("130 mL/min", 130e-6 / 60, "m3/s"),
        ("0.5 N s", 0.5, "N s"),
        ("90 %", 0.9, "1"),
        ("0.1", 0.1, "1"),
        (0.1, 0.1, "1"),
        (3, 3.0, "1"),
        ("-1.6", -1.6, "1"),
        ("1e3 Pa", 1000.0, "Pa"),
        ("72 /min", 1.2, "1/s"),
        ("180 deg", math.pi, "rad"),
        ("5 mg", 5e-6, "kg"),
        ("2 years", 63115200.0, "s"),
    ],
)
def test_quantities_are_read_into_si(written: object, value: float, unit: str) -> None:
    quantity = parse_quantity(written)
    assert quantity.value == pytest.approx(value, rel=1e-12)
    assert quantity.unit == unit


@pytest.mark.parametrize(
    ("written", "message"),
    [
        ("soon", "'soon' is not a number with a unit"),
        ("", "'' is not a number with a unit"),
        (True, "yes or no is not a number with a unit"),
        (None, "nothing is not a number with a unit"),
        (["8 mm"], "a list is not a number with a unit"),
        ("8 mmm", "unknown unit 'mmm' (did you mean 'mm'?)"),
        ("8 MMHG", "unknown unit 'MMHG' (did you mean 'mmHg'?)"),
        ("1e999 m", "the number is too large"),
        (math.inf, "the number is too large"),
        (math.nan, "the number is too large"),
    ],
)
def test_what_is_no_quantity_is_refused(written: object, message: str) -> None:
    with pytest.raises(ValueError) as caught:  # noqa: PT011 the text is compared below
        parse_quantity(written)
    assert str(caught.value) == message


def test_ranges() -> None:
    assert parse_range("8..11 mm") == (Range(0.008, 0.011), "m")
    assert parse_range("5..10") == (Range(5.0, 10.0), "1")
    assert parse_range("5 .. 10 s") == (Range(5.0, 10.0), "s")
    assert parse_range("3 mm") == (Range(0.003, 0.003), "m")
    with pytest.raises(ValueError, match="runs backwards"):
        parse_range("11..8 mm")
    with pytest.raises(ValueError, match="has no lower end"):
        parse_range("..8 mm")


def test_people_read_millilitres() -> None:
    assert convert(5e-5, "m3") == (pytest.approx(50.0), "mL")
    assert convert(2e-6, "m3/s") == (pytest.approx(120.0), "mL/min")
    assert convert(3.0, "N") == (3.0, "N")
    assert convert(3.0, "1") == (3.0, "")


@given(st.floats(-1e12, 1e12), st.sampled_from(sorted(UNITS)))
def test_what_is_written_is_read_back(number: float, unit: str) -> None:
    quantity = parse_quantity(f"{number!r} {unit}")
    symbol, factor = UNITS[unit]
    assert quantity.unit == symbol
    assert quantity.value == number * factor


@given(st.text(max_size=30))
def test_any_text_is_read_or_refused(text: str) -> None:
    for parse in (parse_quantity, parse_range):
        try:
            parse(text)
        except ValueError as error:
            assert str(error)  # noqa: PT017 any refusal will do, a crash will not
