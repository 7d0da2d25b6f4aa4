"""What a view shows and says of a session, in a window as in a headset."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from surgisim.render import Hud, Label
from surgisim.session import step_words
from surgisim.session.exposure import Exposure
from surgisim.session.held_scope import Spot
from surgisim.session.look import Looks
from surgisim.session.organ_look import Look
from surgisim.session.organ_view import OrganView, isosurface_of
from surgisim.session.scope_words import held_of, instruction, spots_of
from surgisim.session.stage import Stage
from surgisim.snapshot import Snapshot, Vector
from surgisim.trainees.person import Aim

__all__ = ["force_shown", "ghost", "hud_of", "look_of", "name_beneath", "organ_on", "shadow"]

_FORCE_SHARE = 0.35  # of the way to the present force at each look: the shown force is readable

_GHOST: Vector = (0.75, 0.85, 1.0)
_BEHIND_M = 0.0005  # a smaller gap between hand and probe is not worth a label


def organ_on(stage: Stage, *, coarse: bool) -> OrganView:
    """Return how the organ on stage is drawn; `coarse` where the processor draws."""
    return OrganView(
        stage.organ.name,
        stage.organ.points,
        stage.organ.surface,
        stage.scene.probe.radius_m,
        subdivisions=1 if coarse else 2,
        fine=isosurface_of(stage.organ),
        pivot=None if stage.port is None else stage.port.pivot,
        beside=stage.seen_beside,
        rod=stage.scene.probe.length_m > 0.0,
        scope=stage.scope,
    )


def look_of(looks: Looks, positions: NDArray[np.floating], tip: Vector) -> Look:
    """Say what a session's tissue shows, with nodes (n, 3) and tip at given places, m."""
    navigation = looks.navigation
    return Look(
        positions=positions,
        tip=tip,
        marks=looks.ledger.marks,
        tears=() if looks.tear is None else (looks.tear,),
        blood_ml=1e6 * looks.ledger.bleeding.lost,
        spots=() if navigation is None else spots_of(navigation, looks.stage),
        held=None if navigation is None else held_of(navigation),
    )


def force_shown(before_n: float, snapshot: Snapshot) -> float:
    """Smooth the force at the probe from one look to the next, N."""
    force_n = float(np.linalg.norm(snapshot.probe.force))
    return before_n + _FORCE_SHARE * (force_n - before_n)


def hud_of(looks: Looks, snapshot: Snapshot, force_n: float, hint: str) -> Hud:
    """Write what is to be read now.

    Parameters
    ----------
    looks, snapshot
        The session, and its latest state.
    force_n
        As shown: smoothed, N.
    hint
        One quiet line.
    """
    lost_ml = 1e6 * looks.ledger.bleeding.lost
    title, text = step_words.instruction(looks.engine)
    wanted = looks.stage.procedure.scene.nodules
    if wanted is not None:
        marks = f"Marks: {len(looks.ledger.marks)} of {wanted.count}."
        text += " " + marks.replace(" ", "\N{NO-BREAK SPACE}")  # it is read at a glance: one line
    if looks.exposure is not None:
        text += _in_view(looks.exposure)
    if looks.navigation is not None:
        title, text = instruction(looks.navigation, looks.stage, title, text)
    limit = looks.ledger.force_limit_n
    alarm = f"Paused: {looks.pause.why}" if looks.pause.why else ""
    alarm = alarm or looks.device_alarm or _alarm(looks)
    if not alarm and force_n > limit:
        alarm = "Too hard: let go"
    elif not alarm and looks.stage.scene.warns(snapshot.probe.strain):
        alarm = "The capsule is stretched: let go"
    return Hud(
        force_n=force_n,
        force_limit_n=limit,
        title=title,
        message=text.strip(),
        time_s=looks.pause.clock(snapshot.time_s),
        blood_loss_ml=lost_ml if lost_ml > 0.0 else None,
        alarm=alarm,
        hint=hint,
        step=step_words.counted(looks.engine),
    )


def _in_view(exposure: Exposure) -> str:
    """Say how much is in view, and for how long it has been."""
    beneath = exposure.beneath
    shown, wanted = round(100.0 * exposure.visible), round(100.0 * beneath.wanted)
    held_s = min(exposure.held_s, beneath.asked_s)
    return f" In view: {shown} %, {wanted} % wanted. Held: {held_s:.0f} of {beneath.asked_s:.0f} s."


def shadow(aim: Aim, radius_m: float) -> Sequence[Spot]:
    """Tint where the probe would touch."""
    return (Spot(aim.surface_rest, radius_m, _GHOST, 0.14),)


def ghost(aim: Aim, snapshot: Snapshot) -> Sequence[Label]:
    """Point at where the hand is, once the tissue holds the probe back."""
    normal = np.asarray(aim.normal)
    behind_m = float((np.asarray(snapshot.probe.position) - np.asarray(aim.point)) @ normal)
    if not snapshot.probe.touching or behind_m < _BEHIND_M:
        return ()
    deep_m = max(-aim.height_m - behind_m, 0.0)
    text = f"{1e3 * deep_m:.0f} mm deep, hand {1e3 * behind_m:.1f} mm ahead"
    return (Label(aim.point, text),)


def name_beneath(looks: Looks) -> Sequence[Label]:
    """Name what is to be brought into view at its place, whether it is in view or not."""
    beneath = looks.stage.beneath
    return () if beneath is None else (Label(beneath.middle, beneath.name),)


def _alarm(looks: Looks) -> str:
    """Name what goes wrong at present."""
    going = {
        c.id for c in looks.engine.complications if c.started_s is not None and c.ended_s is None
    }
    specs = looks.stage.procedure.complications
    return "; ".join(f"{c.title}: {c.text}" if c.text else c.title for c in specs if c.id in going)
