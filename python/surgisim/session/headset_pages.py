"""What is read in a headset before a session and after it: the briefing, what it came to."""

from __future__ import annotations

from typing import TYPE_CHECKING

from surgisim.procedure import Procedure
from surgisim.render import Hud
from surgisim.session.closing import Closing, closing_hud, writing_hud
from surgisim.session.organ_look import Look

if TYPE_CHECKING:
    from surgisim.session.headset import HeadsetTheatre

__all__ = ["IDLE_S", "brief", "close", "wait_for_debriefing"]

IDLE_S = 0.01
"""How long it is waited where no frame was made."""

_FRAMES = 10  # that say that the debriefing is written; then frames stop until it is
_AGAIN = "it is looked for again and again"


def brief(theatre: HeadsetTheatre, procedure: Procedure, at: Look) -> None:
    """Show the briefing until the trigger is pressed; no time runs yet.

    While the headset is away, a window says so.
    """
    hud = Hud(
        force_n=0.0,
        force_limit_n=procedure.scene.limits.force.value,
        title=procedure.title,
        message=procedure.introduction,
        hint="trigger: begin",
    )
    was_open = False
    while not theatre.closing:
        theatre.hud = hud
        if theatre.headset is None:
            theatre.hud = Hud(title=procedure.title, alarm=f"{theatre.away}: {_AGAIN}")
        if theatre.frame(lambda _, tool: theatre.picture(at, tool)) is None:
            theatre.sleep(IDLE_S)
        pressed = theatre.tool.mark or theatre.tool.grasp > 0.5
        if pressed and was_open:
            return
        was_open = was_open or not pressed


def wait_for_debriefing(theatre: HeadsetTheatre, at: Look) -> None:
    """Show that the session is over, before the debriefing is written."""
    theatre.hud = writing_hud()
    for _ in range(_FRAMES):
        if theatre.frame(lambda _, tool: theatre.picture(at, tool)) is None:
            return


def close(theatre: HeadsetTheatre, at: Look, closing: Closing, seconds: float) -> None:
    """Show what the session came to, for some seconds of the headset's clock.

    It ends before when the person leaves, the headset goes, or frames stop: it was taken off.
    """
    theatre.hud = closing_hud(closing, (("", "this ends by itself"),))
    first_ns: int | None = None
    while not theatre.closing:
        moment = theatre.frame(lambda _, tool: theatre.picture(at, tool))
        if moment is None:
            return
        first_ns = moment.shown_ns if first_ns is None else first_ns
        if moment.shown_ns - first_ns > 1e9 * seconds:
            return
