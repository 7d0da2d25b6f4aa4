"""Who plays, with what in the hand, and where it is shown: which of these go together.

A person plays in a window or a headset, with the mouse or the headset's controllers, with a device,
or with a hand made of numbers that these aim. A script plays with a hand made of numbers, in a
window, in a headset, or without a view.
"""

import argparse
import sys
from collections.abc import Iterable
from dataclasses import dataclass

from surgisim.commands.devices import automatic, check_here, check_known, has_display, is_held
from surgisim.errors import DeviceError, SurgisimError
from surgisim.nearest import suggest
from surgisim.trainees import SCRIPTED

__all__ = ["Part", "add_skill", "agree", "find_own", "skill_level", "trainee_name"]

_NO_DISPLAY = "there is no display here (neither DISPLAY nor WAYLAND_DISPLAY is set)"


@dataclass(frozen=True, slots=True)
class Part:
    """What was agreed on.

    Attributes
    ----------
    view
        Where the session is shown: ``"window"``, ``"headset"`` or ``"none"``.
    device
        What is in the hand, a name that a run takes.
    live
        Whether the wall clock sets the pace.
    """

    view: str
    device: str
    live: bool


def trainee_name(text: str) -> str:
    """Read the name of a script; argparse tells what is wrong with it."""
    if text in SCRIPTED or ":" in text:
        return text
    raise argparse.ArgumentTypeError(
        f"{text!r} is no trainee{suggest(text.lower(), SCRIPTED)}; choose {', '.join(SCRIPTED)}, "
        "or give module:Class of your own"
    )


def find_own(trainees: Iterable[str]) -> None:
    """Where one of `trainees` is a class of one's own, let Python look in the current folder."""
    if any(":" in trainee for trainee in trainees) and "" not in sys.path:
        sys.path.insert(0, "")


def add_skill(parser: argparse.ArgumentParser) -> None:
    """Add the option that says how able a script is."""
    parser.add_argument(
        "--skill",
        type=skill_level,
        default=1.0,
        metavar="S",
        help="how able the script is, from 0 (slow, shaky, late, heavy-handed, misses half) to 1 "
        "(default); docs/rehearse.md says what it changes",
    )


def skill_level(text: str) -> float:
    """Read a skill; argparse tells what is wrong with it."""
    try:
        level = float(text)
    except ValueError:
        level = -1.0
    if not 0.0 <= level <= 1.0:
        raise argparse.ArgumentTypeError(f"{text!r} is no skill; give a number from 0 to 1")
    return level


def agree(trainee: str | None, device: str, view: str, speed: str | None) -> Part:
    """Say how a session is played, or what does not go together.

    Parameters
    ----------
    trainee
        The script that plays, or None for a person.
    device
        A name, or ``"auto"``.
    view
        ``"auto"``, ``"window"``, ``"headset"`` (one that is here) or ``"none"``.
    speed
        ``"live"``, ``"max"``, or None for what suits.

    Raises
    ------
    SurgisimError
        These do not go together.
    DeviceError
        There is no such device, it is not here, or a script cannot use it.
    """
    if device != "auto":
        check_known(device)
    if trainee is None:
        _check_person(device, view, speed)
    else:
        _check_script(device, view)
    if device != "auto":
        check_here(device)
    if view == "auto":
        view = "window" if trainee is None else "none"
    live = speed == "live" or (speed is None and view != "none")
    if device == "auto":
        device = automatic(script=trainee is not None)
    return Part(view, device, live)


def _check_person(device: str, view: str, speed: str | None) -> None:
    script = "let a script play: --trainee careful"
    if device == "mouse" or is_held(device):  # of a rig, perhaps
        script += " --device simulated"
    if view == "none":
        raise SurgisimError(
            "a person needs a window to play, and --view none opens none; leave it out, or "
            f"{script}"
        )
    if view != "headset" and not has_display():
        raise SurgisimError(
            f"a person needs a window to play, and {_NO_DISPLAY}; play where there is one, or "
            f"{script}"
        )
    if speed == "max":
        raise SurgisimError("a person cannot play at --speed max; leave it out")


def _check_script(device: str, view: str) -> None:
    if device == "mouse":
        raise DeviceError(
            "a script moves no mouse; leave --device out for the ideal hand, or give --device "
            "simulated"
        )
    if is_held(device):
        left_out = "--trainee and --view" if view == "none" else "--trainee"
        where = "" if has_display() else " where there is a display"
        raise DeviceError(
            f"a script cannot move '{device}', which a person holds; give --device simulated, or "
            f"leave {left_out} out and play yourself{where}"
        )
    if view == "window" and not has_display():
        raise SurgisimError(f"--view window needs a display, and {_NO_DISPLAY}; leave it out")
