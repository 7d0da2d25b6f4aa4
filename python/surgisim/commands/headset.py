"""Playing in a headset, for ``surgisim run --view headset``. OpenXR is loaded only then."""

import argparse
import math
import sys
from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np

from surgisim.commands.devices import has_display, is_held
from surgisim.commands.progress import bars
from surgisim.errors import HeadsetError, SurgisimError
from surgisim.rig import Rig
from surgisim.session import Order, play
from surgisim.session.script import script
from surgisim.session.stage import Stage
from surgisim.trainees import Trainee

if TYPE_CHECKING:
    from surgisim.session.debrief import Debriefing
    from surgisim.session.headset import HeadsetTheatre
    from surgisim.session.headset_room import Room

__all__ = ["add_options", "headset_missing", "play_in_headset", "unused_options"]


def add_options(p: argparse.ArgumentParser) -> None:
    """Describe what can be chosen for a headset."""
    group = p.add_argument_group("headset")
    group.add_argument(
        "--hand", choices=("left", "right"), default="right", help="the hand that holds the tool"
    )
    group.add_argument("--standing", action="store_true", help="stand: the floor is where it is")
    group.add_argument(
        "--height-cm",
        type=_within("height", -100.0, 100.0),
        default=0.0,
        metavar="CM",
        help="raise or lower the field, at most 100",
    )
    group.add_argument(
        "--eye-scale",
        type=_within("factor", 0.25, 2.0),
        default=1.0,
        metavar="FACTOR",
        help="size of the eyes' pictures over what the headset recommends, 0.25 to 2",
    )
    group.add_argument(
        "--passthrough", action="store_true", help="show the room around, where the headset can"
    )
    group.add_argument(
        "--no-vibration", action="store_true", help="controllers do not vibrate with the force"
    )
    group.add_argument("--no-mirror", action="store_true", help="show nothing on the desktop")


def unused_options(given: argparse.Namespace) -> list[str]:
    """Name the headset's options that were given, in the order of the help."""
    chosen = {
        "--hand": given.hand != "right",
        "--standing": given.standing,
        "--height-cm": given.height_cm != 0.0,
        "--eye-scale": given.eye_scale != 1.0,
        "--passthrough": given.passthrough,
        "--no-vibration": given.no_vibration,
        "--no-mirror": given.no_mirror,
    }
    return [name for name, is_given in chosen.items() if is_given]


def _within(what: str, least: float, most: float) -> Callable[[str], float]:
    """Make a reader of numbers in a range; argparse tells what is wrong with one."""

    def read(text: str) -> float:
        try:
            value = float(text)
        except ValueError:
            value = math.nan
        if not least <= value <= most:
            raise argparse.ArgumentTypeError(
                f"{text!r} is no such {what}; give {least:g} to {most:g}"
            )
        return value

    return read


def headset_missing() -> str | None:
    """Say why there is no headset, or None if one is here."""
    try:
        from surgisim.xr.instance import find_headset

        find_headset()
    except HeadsetError as error:
        return str(error)
    return None


def play_in_headset(
    order: Order,
    given: argparse.Namespace,
    rig: Rig | None,
    debriefed: Callable[[], "Debriefing"],
) -> None:
    """Play an order in the headset; `debriefed` writes the debriefing once it is over.

    Raises
    ------
    SurgisimError
        The person left at the briefing.
    """
    from surgisim.session.closing import closing_of
    from surgisim.session.headset import HeadsetTheatre

    trainee: str | None = given.trainee
    if not is_held(order.device):
        order = replace(order, control=None)  # the hand's place is known in the world
    elif rig is not None and rig.calibration is not None:
        order = replace(order, control=lambda stage: _laid(rig, stage))
    theatre = HeadsetTheatre(
        script(trainee, given.skill) if trainee else lambda *_: None,
        _room(order, given, rig),
        tell=lambda text: print(f"surgisim: {text}", file=sys.stderr),
    )

    def cast(stage: Stage, rng: np.random.Generator) -> Trainee:
        player = theatre.cast(stage, rng)
        if theatre.closing:
            raise SurgisimError("left at the briefing: nothing was played and nothing recorded")
        return player

    with theatre:
        with bars() as progress:
            play(
                order,
                cast,
                watch=theatre.show,
                wait=theatre.wait,
                progress=progress,
                headset=theatre.timing,
            )
        _tell(theatre)
        theatre.wait_for_debriefing()
        closing = closing_of(debriefed())
        theatre.close(closing)


def _laid(rig: Rig, stage: Stage) -> dict[str, Any]:
    """Lay a calibrated device over the field, as the headset's space is."""
    from surgisim.session.headset_place import middle, world_of_rig

    laid = world_of_rig(rig, middle(stage.field))
    mapping = rig.mapping if laid is None else laid[0]
    return {"mapping": replace(rig, mapping=mapping).to_core()["mapping"]}


def _room(order: Order, given: argparse.Namespace, rig: Rig | None) -> "Room":
    from surgisim.session.headset_room import Room
    from surgisim.xr.picture import Wishes

    device = is_held(order.device)
    wishes = Wishes(
        hand=given.hand,
        standing=given.standing,
        height_m=0.01 * given.height_cm,
        scale=given.eye_scale,
        passthrough=given.passthrough,
        vibration=0.0 if given.no_vibration or device else 1.0,
    )
    return Room(
        wishes=wishes,
        device=device,
        scale=1.0 if rig is None or device else rig.mapping.scale,
        rig=rig,
        mirror=has_display() and not given.no_mirror,
        lockstep=not order.live,
    )


def _tell(theatre: "HeadsetTheatre") -> None:
    count = theatre.count
    late = f", {count.late} late" if count.late else ""
    print(f"headset: {count.drawn} frames{late}, {theatre.cost.beside_ms:.2f} ms of OpenXR each")
    story = None if theatre.connection is None else theatre.connection.story
    if story is not None and story.losses:
        print(f"surgisim: the headset was lost {story.losses} times", file=sys.stderr)
