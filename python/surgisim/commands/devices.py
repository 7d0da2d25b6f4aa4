"""``surgisim devices``: what can be in the hand here, and why not more."""

import argparse
import os
import sys
from dataclasses import dataclass

__all__ = ["Device", "add_parser", "devices"]


@dataclass(frozen=True, slots=True)
class Device:
    """A way to hold the instrument: its name for ``--device``, whether it is here, and why."""

    name: str
    here: bool
    why: str


def add_parser(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Describe the command."""
    p = commands.add_parser("devices", help="list devices", description=__doc__)
    p.set_defaults(work=_work)


def has_display() -> bool:
    """Whether a window can be opened: a display is named, or the system always has one."""
    named = any(os.environ.get(name) for name in ("DISPLAY", "WAYLAND_DISPLAY"))
    return named or sys.platform in ("win32", "darwin")


def devices() -> list[Device]:
    """List all devices this version knows, in the order in which ``auto`` takes them."""
    display = has_display()
    mouse = "a display is there" if display else "neither DISPLAY nor WAYLAND_DISPLAY is set"
    return [
        Device("mouse", display, mouse),
        Device("simulated", True, "a hand made of numbers; scripted trainees use it"),
    ]


def _work(_: argparse.Namespace) -> int:
    for device in devices():
        print(f"{device.name:10} {'here' if device.here else 'not here':9} {device.why}")
    print("Haptic devices with force are not supported yet; see Limitations in the README.")
    return 0
