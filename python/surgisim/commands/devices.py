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

__all__ = ["add_parser", "choose", "devices", "has_display", "is_held"]

_POINTER = "mouse"
_IDEAL = "hand"
_SIMULATED = "simulated"
_LEGEND = (
    "Give a name to `surgisim run PROCEDURE --device NAME`. auto: the first device with force that "
    "is here, else the mouse; for a script the ideal hand. docs/devices.md compares them."
)


def add_parser(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Describe the command."""
    p = commands.add_parser("devices", help="list devices", description=__doc__)
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
        *simulated_devices(),
        Sighting(_IDEAL, "ideal hand without friction and encoder", True, "made of numbers", True),
    ]


def _plainly(seen: Sighting) -> Sighting:
    """Take out of the reason the names of driver and model, which stand beside it."""
    driver = seen.name.split(":")[0]
    why = seen.why.removeprefix(f"{driver}: ").removeprefix(f"{seen.model}: ")
    return seen._replace(why=why)


def is_held(name: str) -> bool:
    """Whether a person's hand moves this device, so that no aim does."""
    return name.split(":")[0] not in (_POINTER, _SIMULATED, _IDEAL)


def choose(wanted: str, *, script: bool) -> str:
    """Choose what is in the hand, by a name that a run takes.

    Parameters
    ----------
    wanted
        ``"auto"`` or a name.
    script
        Whether a script plays.

    Raises
    ------
    DeviceError
        There is no such device, it is not here, or a script cannot move it.
    """
    if wanted == "auto":
        if script:
            return _IDEAL
        return next((one.name for one in survey_devices() if one.force and one.here), _POINTER)
    _check_known(wanted)
    if script and is_held(wanted):
        raise DeviceError(
            f"a script cannot move '{wanted}', which a hand holds; leave --trainee out, or use "
            "--device simulated"
        )
    return wanted


def _check_known(wanted: str) -> None:
    """Raise a DeviceError for a name that no device has, or that of one which is not here."""
    known = devices()
    drivers = list(dict.fromkeys(one.name.split(":")[0] for one in known))
    driver, _, which = wanted.partition(":")
    if driver not in drivers:
        near = difflib.get_close_matches(wanted, drivers, n=1)
        hint = f" (did you mean '{near[0]}'?)" if near else ""
        raise DeviceError(f"no device '{wanted}'{hint}; `surgisim devices` lists those there are")
    named = [one for one in known if one.name == wanted]
    same = named or [one for one in known if one.name.split(":")[0] == driver]
    if driver == _SIMULATED and which and not named:
        names = ", ".join(one.name for one in same)
        raise DeviceError(f"no device '{wanted}'; choose {names}")
    # One that is told apart by a path or an address may be there without having been seen.
    if is_held(wanted) and (named or not which) and not any(one.here for one in same):
        raise DeviceError(f"{wanted} is not here: {same[0].why}")


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
