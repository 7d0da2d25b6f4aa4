"""``surgisim run``: play a procedure."""

import argparse
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from surgisim.commands.casting import Part, add_skill, agree, find_own, trainee_name
from surgisim.commands.debriefing import write_debriefing
from surgisim.commands.devices import has_display
from surgisim.commands.entering import Entry, entry_of
from surgisim.commands.entering import add_options as add_entering
from surgisim.commands.headset import (
    add_options,
    headset_missing,
    play_in_headset,
    unused_options,
)
from surgisim.commands.progress import bars
from surgisim.commands.warning import warn
from surgisim.commands.watching import Watching, add_watch, check_watching, leaving, play_on
from surgisim.commands.window import play_in_window
from surgisim.errors import SurgisimError
from surgisim.procedure import find
from surgisim.rig import Rig
from surgisim.rig import find as find_rig
from surgisim.run import tissue_ticks
from surgisim.session import Order, play
from surgisim.session.order import kind_of_device
from surgisim.session.pace import Pace
from surgisim.session.script import Casting, script, titled
from surgisim.session.stage import DT_S

if TYPE_CHECKING:
    from surgisim.session.debrief import Debriefing

    Debriefed = Callable[[], Debriefing]

__all__ = ["add_parser"]


def add_parser(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Describe the command."""
    p = commands.add_parser(
        "run",
        help="play a procedure",
        description="Play a procedure, record it, and write the debriefing. A person plays in a "
        "window; without a display give --trainee, and a script plays.",
    )
    p.add_argument("procedure", help="name of a shipped procedure, or a YAML file")
    p.add_argument(
        "--trainee",
        type=trainee_name,
        metavar="NAME",
        help="let a script play: careful palpates everything and marks what is stiff; hesitant "
        "does so slowly, with pauses, some places twice; dangerous presses hard and guesses; "
        "random goes anywhere and marks anything; module:Class is one of your own",
    )
    add_skill(p)
    p.add_argument(
        "--view",
        choices=("auto", "window", "headset", "none"),
        default="auto",
        help="where to show it; auto: a window for a person, none for a script",
    )
    p.add_argument(
        "--quality",
        choices=("auto", "software", "standard", "high"),
        default="auto",
        help="of the window's picture; auto: software where the processor draws, else standard; "
        "high is for strong graphics cards",
    )
    p.add_argument(
        "--device",
        default="auto",
        metavar="NAME",
        help="what is in the hand, a name that `surgisim devices` lists; auto: for a person a "
        "device with force if one is here, else the mouse; for a script an ideal hand",
    )
    p.add_argument(
        "--rig",
        metavar="NAME",
        help="a rig (`surgisim rig list`) or its file: device, scale, clutch, calibration",
    )
    p.add_argument(
        "--tissue-hz",
        type=_tissue_hz,
        metavar="HZ",
        help="compute the tissue beside the 1 kHz loop, 20 to 500 times a second, for organs that "
        "are too large for a tick; the hand then feels a local model of what it touches",
    )
    p.add_argument(
        "--no-port",
        action="store_true",
        help="let the hand hold the tip itself, without the port that the procedure may have",
    )
    p.add_argument("--anatomy", type=Path, metavar="DIR", help="anatomy to use instead")
    p.add_argument(
        "--allow-behaviour",
        action="store_true",
        help="let the program run that the procedure may bring: with your rights, so read it first",
    )
    p.add_argument(
        "--seed", type=_seed, default=1, help="decides all that chance decides (default 1)"
    )
    p.add_argument(
        "--speed",
        choices=("live", "max"),
        help="on the wall clock, or as fast as possible (default: live in a window, else max)",
    )
    p.add_argument(
        "--out",
        type=Path,
        metavar="DIR",
        help="session folder (default out/session); an older session in it is kept as DIR-1",
    )
    add_entering(p)
    add_watch(p)
    add_options(p)
    p.set_defaults(work=_work)


def _seed(text: str) -> int:
    """Read a seed; argparse tells what is wrong with it."""
    if not (text.isascii() and text.isdecimal()):
        raise argparse.ArgumentTypeError(f"{text!r} is not a seed; give a whole number, 0 or more")
    return int(text)


def _tissue_hz(text: str) -> float:
    """Read how often the tissue is computed; argparse tells what is wrong with it."""
    try:
        hz = float(text)
        tissue_ticks(hz, DT_S)
    except ValueError as error:
        raise argparse.ArgumentTypeError(f"{text!r} is no number; give 20 to 500 Hz") from error
    except SurgisimError as error:
        raise argparse.ArgumentTypeError(str(error)) from error
    return hz


def _work(given: argparse.Namespace) -> int:
    find(given.procedure)  # a misspelt name is told before anything that may be missing here
    find_own([given.trainee or ""])
    if given.watch:
        check_watching(given)
    rig = None if given.rig is None else Rig.load(find_rig(given.rig))
    # A name given here counts before that of the rig.
    device = rig.device if rig is not None and given.device == "auto" else given.device
    part = agree(given.trainee, device, _view(given), given.speed)
    with entry_of(given, kind_of_device(part.device)) as entry:
        _play(given, part, rig, entry)
    return 0


def _play(given: argparse.Namespace, part: Part, rig: Rig | None, entry: Entry) -> None:
    order = Order(
        procedure=given.procedure,
        out=entry.folder,
        seed=given.seed,
        anatomy=given.anatomy,
        device=part.device,
        control=None if rig is None else {"mapping": rig.to_core()["mapping"]},
        port=not given.no_port,
        rig="" if given.rig is None else Path(given.rig).stem,
        trainee=titled(given.trainee, given.skill) if given.trainee else "person",
        tissue_hz=given.tissue_hz,
        live=part.live,
        allow_behaviour=given.allow_behaviour,
    )

    def debriefed() -> "Debriefing":
        return write_debriefing(entry)

    if part.view == "headset":
        play_in_headset(order, given, rig, debriefed)
    elif part.view == "window":
        clutch = None if rig is None else rig.mapping.clutch
        play_in_window(order, given, clutch, debriefed)
    else:
        cast = script(given.trainee, given.skill)
        if given.watch:
            play_on(order, lambda watching: _play_headless(order, cast, debriefed, watching))
        else:
            _play_headless(order, cast, debriefed)


def _view(given: argparse.Namespace) -> str:
    """Choose where it is shown: without a headset a window, where there is a display."""
    wanted = str(given.view)
    unused = unused_options(given)
    if wanted != "headset" and unused:
        print(
            f"surgisim: without --view headset nothing comes of {', '.join(unused)}",
            file=sys.stderr,
        )
    why = headset_missing() if wanted == "headset" else None
    if why is None:
        return wanted
    instead = "; going on without a view" if given.trainee else ""  # nobody would play
    shown = "; going on in a window" if has_display() else instead
    print(f"surgisim: no headset: {why}{shown}", file=sys.stderr)
    return "window" if has_display() else "auto"


def _play_headless(
    order: Order, cast: Casting, debriefed: "Debriefed", watching: Watching | None = None
) -> bool:
    """Play without a view; returns whether the session was left to its end."""
    pace = Pace(time.perf_counter, time.sleep)
    with bars() as progress:
        started = time.perf_counter()
        watch = leaving(watching)
        played = play(order, cast, watch=watch, wait=pace.wait, progress=progress)
    if watching is not None and watching.again:
        return True
    wall = time.perf_counter() - started
    simulated = played.stats.ticks * 1e-3
    print(f"played {simulated:.1f} s in {wall:.1f} s ({simulated / wall:.1f} x real time)")
    warn(played.stats, played.warnings)
    return debriefed().result.outcome != "interrupted"
