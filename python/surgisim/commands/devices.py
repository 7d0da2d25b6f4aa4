"""``surgisim devices``: what can be in the hand here, and how to get the rest."""

import argparse
import difflib
import json
import os
import sys
from collections.abc import Sequence

from surgisim.commands.wrapping import columns, terminal_width, wrapped
from surgisim.errors import DeviceError
from surgisim.simulation import Sighting, simulated_devices, survey_devices

__all__ = [
    "add_parser",
    "automatic",
    "check_here",
    "check_known",
    "devices",
    "has_display",
    "is_held",
]

_POINTER = "mouse"
_IDEAL = "hand"
_SIMULATED = "simulated"
_LEGEND = (
    "Give a name to `surgisim run PROCEDURE --device NAME`. Without one a person gets the first "
    "device with force that is here, else the mouse, and a script the ideal hand. docs/devices.md "
    "compares them."
)


def add_parser(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Describe the command."""
    p = commands.add_parser(
        "devices",
        help="list devices",
        description="List what can be in the hand here, and how to get the rest.",
    )
    p.add_argument("--json", action="store_true", help="for programs: a list of objects")
    p.set_defaults(work=_work)


def has_display() -> bool:
    """Whether a window can be opened: a display is named, or the system always has one."""
    named = any(os.environ.get(name) for name in ("DISPLAY", "WAYLAND_DISPLAY"))
    return named or sys.platform in ("win32", "darwin")


def devices() -> list[Sighting]:
    """List all devices this version knows: real ones, the mouse, those made of numbers."""
    display = has_display()
    shown = "a display is there" if display else "neither DISPLAY nor WAYLAND_DISPLAY is set"
    return [
        *map(_plainly, survey_devices()),
        Sighting(_POINTER, "mouse and wheel, no force in the hand", display, shown, False),
        *_simulated(),
        Sighting(_IDEAL, "ideal hand without friction and encoder", True, "made of numbers", True),
    ]


def _simulated() -> list[Sighting]:
    """List the devices made of numbers; without a model's name the first is meant."""
    models = simulated_devices()
    first = models[0]._replace(name=_SIMULATED, model=f"the same as {models[0].name}")
    return [first, *models]


def _plainly(seen: Sighting) -> Sighting:
    """Take out of the reason the names of driver and model, which stand beside it."""
    why = seen.why
    for _ in range(2):  # "touch: 3D Systems Touch: not connected"
        head, colon, rest = why.partition(": ")
        if colon and (head == _driver(seen.name) or seen.model.startswith(head)):
            why = rest
    return seen._replace(why=why)


def is_held(name: str) -> bool:
    """Whether a person's hand moves this device, so that no aim does."""
    return _driver(name) not in ("auto", _POINTER, _SIMULATED, _IDEAL)


def automatic(*, script: bool) -> str:
    """Choose what is in the hand where nobody says: of a script, or else of a person."""
    if script:
        return _IDEAL
    return next((one.name for one in survey_devices() if one.force and one.here), _POINTER)


def check_known(name: str) -> None:
    """Check that a device can have this name, here or elsewhere.

    Raises
    ------
    DeviceError
        With the names there are, if none has it.
    """
    known = devices()
    drivers = list(dict.fromkeys(_driver(one.name) for one in known))
    simulated = [one.name for one in known if _driver(one.name) == _SIMULATED]
    if _driver(name) not in drivers:
        raise DeviceError(_unknown(name, drivers))
    if _driver(name) == _SIMULATED and name not in (_SIMULATED, *simulated):
        raise DeviceError(_unknown(name, simulated))
    if ":" in name and _driver(name) in (_POINTER, _IDEAL):
        raise DeviceError(_unknown(name, [_driver(name)]))


def check_here(name: str) -> None:
    """Check that a device of a known name is here, as far as that can be seen.

    Raises
    ------
    DeviceError
        With the reason why it is not.
    """
    known = devices()
    named = [one for one in known if one.name == name]
    same = named or [one for one in known if _driver(one.name) == _driver(name)]
    # One that is told apart by a path or an address may be there without having been seen.
    if is_held(name) and (named or ":" not in name) and not any(one.here for one in same):
        raise DeviceError(f"{name} is not here: {same[0].why}")


def _driver(name: str) -> str:
    return name.partition(":")[0]


def _unknown(name: str, known: Sequence[str]) -> str:
    """Say which names there are, the nearest first."""
    near = difflib.get_close_matches(name.lower(), known, n=len(known))
    hint = f" (did you mean '{near[0]}'?)" if near else ""
    rest = [one for one in known if one not in near]
    return f"no device '{name}'{hint}; known are {', '.join([*near, *rest])}"


def _work(given: argparse.Namespace) -> int:
    found = devices()
    if given.json:
        print(json.dumps([one._asdict() for one in found], indent=2))
        return 0
    width = terminal_width()
    print(columns(_rows(found), width))
    print(wrapped(_LEGEND, width))
    return 0


def _rows(found: Sequence[Sighting]) -> list[tuple[str, str, str, str]]:
    head = ("device", "", "force", "what it is, and why it is here or not")
    rows = [
        (
            one.name,
            "here" if one.here else "not here",
            "yes" if one.force else "no",
            f"{one.model}; {one.why}",
        )
        for one in found
    ]
    return [head, *rows]
