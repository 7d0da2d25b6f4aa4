"""What a rig's file may hold: every key, what it takes, and a sentence for each that is wrong."""

import difflib
import math
import reprlib
from collections.abc import Callable, Iterator
from collections.abc import Mapping as Plain
from dataclasses import dataclass

__all__ = [
    "LARGEST",
    "LEAST",
    "POINT",
    "REACH",
    "SCHEMA",
    "TABLES",
    "Field",
    "is_point",
    "mistakes",
    "mistakes_in",
]

SCHEMA = "surgisim/rig@1"

LEAST, LARGEST = 0.01, 100.0
"""Least and largest scale, and but for zero scale of forces: `SCALE_RANGE` of the native code."""
REACH = 1000.0
"""Furthest origin, m: `REACH_M` of the native code."""
_BUTTONS = 32
_LONGEST = 10**15  # whole numbers beyond are none that a float could keep
_UNIT_TOLERANCE = 1e-3  # of a quaternion's length: it may have been rounded to four digits


@dataclass(frozen=True, slots=True)
class Field:
    """A key: what it takes, in words and as a check, what it means, and whether it can be left out.

    What can be left out has the default that the data type of the same name gives it.
    """

    wanted: str
    fits: Callable[[object], bool]
    text: str
    needed: bool = False


def _number(value: object) -> bool:
    if isinstance(value, float):
        return math.isfinite(value)
    return type(value) is int and abs(value) < _LONGEST


def _row(value: object, length: int) -> bool:
    return (
        isinstance(value, list | tuple) and len(value) == length and all(_number(x) for x in value)
    )


def _within(low: float, high: float) -> Callable[[object], bool]:
    return lambda value: _number(value) and low <= value <= high  # type: ignore[operator]


def is_point(value: object) -> bool:
    """Whether this is a place, three numbers in metres."""
    return _row(value, 3) and math.hypot(*value) <= REACH  # type: ignore[misc]


def _unit(value: object) -> bool:
    return _row(value, 4) and abs(math.hypot(*value) - 1.0) < _UNIT_TOLERANCE  # type: ignore[misc]


def _whole(low: int, high: float) -> Callable[[object], bool]:
    return lambda value: type(value) is int and low <= value <= high


def _label(value: object) -> bool:
    return isinstance(value, str) and 0 < len(value) <= 200 and value.isprintable()


_QUATERNION = "a unit quaternion [w, x, y, z]"
POINT = "three numbers in metres, within 1 km"
_LENGTH = "metres, 0 to 10"

TABLES: dict[str, dict[str, Field]] = {
    "": {
        "schema": Field(f'"{SCHEMA}"', lambda v: v == SCHEMA, "form of this file", needed=True),
        "device": Field(
            "the name of a device, as `surgisim devices` lists it",
            _label,
            "what is in the hand",
            needed=True,
        ),
    },
    "mapping": {
        "rotation": Field(_QUATERNION, _unit, "turns the device frame into the world"),
        "scale": Field(
            f"metres of tool per metre of hand, {LEAST:g} to {LARGEST:g}",
            _within(LEAST, LARGEST),
            "metres of tool in a metre of hand",
        ),
        "origin_device": Field(POINT, is_point, "this point of the device frame, m"),
        "origin_world": Field(POINT, is_point, "lies at this point of the world, m"),
        "force_scale": Field(
            f"{LEAST:g} to {LARGEST:g}, or 0 for no force in the hand",
            lambda v: _within(LEAST, LARGEST)(v) or (_number(v) and v == 0),
            "newtons in the hand for a newton at the tool",
        ),
        "tool_turn": Field(
            _QUATERNION, _unit, "how the tool sits in the handle: turns its axes into the handle's"
        ),
        "clutch": Field(
            "the number of a button, 0 to 31, or leave it out",
            _whole(0, _BUTTONS - 1),
            "the button that parts hand and tool while it is held",
        ),
        "clutch_turns": Field(
            "true or false",
            lambda v: isinstance(v, bool),
            "whether the clutch parts their turns, too",
        ),
    },
    "workspace": {
        "center": Field(POINT, is_point, "middle of where the handle can be, device frame, m"),
        "radius": Field(
            "metres, 0.001 to 10", _within(0.001, 10.0), "as far as it goes from there, m"
        ),
    },
    "calibration": {
        "points": Field(
            "how many points were used, 3 or more",
            _whole(3, math.inf),
            "points that were used",
            needed=True,
        ),
        "rms": Field(
            _LENGTH, _within(0.0, 10.0), "root mean square of what is left, m", needed=True
        ),
        "worst": Field(
            _LENGTH, _within(0.0, 10.0), "what is left at the worst point, m", needed=True
        ),
    },
}
"""The keys of each table of the file; those of the top under the empty name."""


def mistakes(plain: Plain[str, object]) -> Iterator[tuple[tuple[str, str], str]]:
    """Yield table and key of everything that is wrong with a rig's file, and a sentence about it.

    A table as a whole has the key "".
    """
    top = {key: value for key, value in plain.items() if key not in TABLES}
    yield from mistakes_in("", top)
    for name in TABLES:
        if name and name in plain:
            table = plain[name]
            if isinstance(table, Plain):
                yield from mistakes_in(name, table)
            else:
                yield (name, ""), f"'{name}' is {_shown(table)}: make it a table, [{name}]"


def mistakes_in(name: str, table: Plain[str, object]) -> Iterator[tuple[tuple[str, str], str]]:
    """Yield the same of one table; the tables of the file are no part of its top here."""
    fields = TABLES[name]
    known = {*fields, *filter(None, TABLES)} if name == "" else set(fields)
    where = f" in [{name}]" if name else ""
    for key, value in table.items():
        if key not in fields:
            near = difflib.get_close_matches(key, known, n=1)
            hint = f"did you mean '{near[0]}'?" if near else f"known are {', '.join(sorted(known))}"
            yield (name, key), f"unknown key '{key}'{where} ({hint})"
        elif not fields[key].fits(value):
            yield (name, key), f"'{key}' is {_shown(value)}: give {fields[key].wanted}"
    for key, field in fields.items():
        if field.needed and key not in table:
            yield (name, ""), f"'{key}' is missing{where}: give {field.wanted}"


def _shown(value: object) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    return " ".join(reprlib.repr(value).split())
