"""What the record of a session says before its first tick, and after its last."""

from dataclasses import asdict
from typing import Any

from surgisim import __version__
from surgisim.run import Run, TickStats
from surgisim.session.look import Looks
from surgisim.session.order import Order
from surgisim.session.physics import Placed
from surgisim.session.stage import Stage

__all__ = ["footer_of", "header_of"]


def header_of(order: Order, stage: Stage, text: str, placed: Placed, run: Run) -> dict[str, Any]:
    """Return what was played, where and with what: plain values, fixed before the first tick."""
    procedure = stage.procedure
    targets = procedure.scene.targets
    return {
        "procedure": procedure.id,
        "version": procedure.version,
        "title": procedure.title,
        "purpose": procedure.purpose,
        "procedure_text": text,
        "seed": order.seed,
        "trainee": order.trainee,
        "device": order.device_kind,
        "rig": order.rig,
        "device_info": run.device_info,
        "control": run.control,
        "tissue_hz": order.tissue_hz,
        "anatomy": stage.anatomy,
        "organ": stage.organ.name,
        "beside": [piece.name for piece in stage.seen_beside],
        "targets": [] if stage.around is None else [asdict(t) for t in stage.around.targets],
        "target_radius_m": None if targets is None else targets.radius,
        "endoscope": None if stage.scope is None else stage.scope.header(),
        "clock": "live" if order.live else "lockstep",
        "kernel": placed.world.kernel,
        "software": f"surgisim {__version__}",
        "pass_mark": procedure.scoring.pass_mark.min,
        "force_limit_n": procedure.scene.limits.force.value,
        "beneath": None if stage.beneath is None else stage.beneath.header(),
        "nodules": [
            {"center": n.center, "radius_m": n.radius_m, "stiffness_ratio": n.stiffness_ratio}
            for n in stage.nodules
        ],
        "steps": [
            {"id": s.id, "title": s.title, "time_limit_s": s.time_limit} for s in procedure.steps
        ],
        "complications": [
            {
                "id": c.id,
                "title": c.title,
                "correct": [one.text for one in c.correct],
                "recognised": [{"id": one.id, "text": one.text} for one in c.recognised],
            }
            for c in procedure.complications
        ],
        "objectives": [
            {"id": one.id, "text": one.text, "counting": procedure.counting[one.id]}
            for one in procedure.objectives
        ],
        "patient": [] if procedure.patient is None else procedure.patient.lines(),
        **stage.scene.header(),
    }


def footer_of(looks: Looks, stats: TickStats) -> dict[str, Any]:
    """Return how it ended."""
    return {
        "completed": looks.engine.completed,
        "left": looks.left,
        "blood_lost_m3": looks.ledger.bleeding.lost,
        "lost": dict(zip(("events", "trace_rows", "commands"), stats.lost, strict=True)),
    }
