"""``surgisim run --view window``: a session in a window."""

import argparse
from collections.abc import Callable
from typing import TYPE_CHECKING

import numpy as np

from surgisim.commands.devices import is_held
from surgisim.commands.progress import bars
from surgisim.commands.warning import warn
from surgisim.commands.watching import Watching, leaving, play_on
from surgisim.errors import SurgisimError
from surgisim.session import Order, play
from surgisim.session.script import script
from surgisim.session.stage import Stage
from surgisim.trainees import Trainee

if TYPE_CHECKING:
    from surgisim.session.debrief import Debriefing
    from surgisim.session.theatre import Theatre

    Debriefed = Callable[[], Debriefing]

__all__ = ["play_in_window"]


def play_in_window(
    order: Order, given: argparse.Namespace, clutch: int | None, debriefed: "Debriefed"
) -> None:
    """Play an order in a window; `debriefed` writes the debriefing once it is over.

    Raises
    ------
    SurgisimError
        The person left at the briefing.
    """
    from surgisim.session.theatre import Theatre

    watched: list[Watching] = []
    theatre = Theatre(
        script(given.trainee, given.skill) if given.trainee else lambda *_: None,
        device=is_held(order.device),
        clutch=clutch,
        shots=order.out / "pictures",
        tier=given.quality,
        again=(lambda: bool(watched) and watched[-1].due()) if given.watch else None,
    )

    def once(watching: Watching) -> bool:
        watched.append(watching)
        return _play_once(theatre, order, debriefed, watching)

    with theatre:
        if given.watch:
            play_on(order, once, lambda: theatre.closing)
        else:
            _play_once(theatre, order, debriefed)


def _play_once(
    theatre: "Theatre", order: Order, debriefed: "Debriefed", watching: Watching | None = None
) -> bool:
    """Play in a window that is open or opens now; returns whether it is still open at the end."""
    from surgisim.session.closing import closing_of

    def cast(stage: Stage, rng: np.random.Generator) -> Trainee:
        player = theatre.cast(stage, rng)
        if watching is not None and watching.again:
            raise _SavedAtBriefing
        if theatre.closing:
            raise SurgisimError("left at the briefing: nothing was played and nothing recorded")
        return player

    with bars() as progress:
        watch = leaving(watching, theatre.show)
        try:
            played = play(order, cast, watch=watch, wait=theatre.wait, progress=progress)
        except _SavedAtBriefing:
            return True
    if watching is not None and watching.again:
        return True
    warn(played.stats, played.warnings)
    theatre.wait_for_debriefing()
    theatre.close(closing_of(debriefed()))
    return not theatre.closing


class _SavedAtBriefing(Exception):  # noqa: N818  it is no error
    """The procedure was saved before its session began."""
