"""What scoring measures, taken out of a record."""

from typing import Any

import numpy as np

from surgisim.anatomy.nodules import Nodule
from surgisim.errors import RecordError
from surgisim.procedure.model import Procedure
from surgisim.record import SessionRecord
from surgisim.scoring import Mark, Recording
from surgisim.scoring.exposure import slips, views
from surgisim.scoring.left_out import Interval, intervals
from surgisim.scoring.navigation import Navigated, navigated
from surgisim.session.blood import blood_lost
from surgisim.session.endoscope import Scope
from surgisim.session.recorded import (
    header_number,
    header_value,
    place_at_rest,
    shaft_of,
)
from surgisim.snapshot import Event, Vector

__all__ = ["recording_of"]

_AIMED = ("", "hand", "mouse", "simulated")  # devices that no person holds


def recording_of(record: SessionRecord, procedure: Procedure) -> Recording:
    """Collect what scoring needs.

    Parameters
    ----------
    record
        The session.
    procedure
        What was played.

    Raises
    ------
    RecordError
        The record lacks a part of it.
    """
    trace = record.trace
    started = [e.time_s for e in record.events if e.kind == "bleed.started"]
    shaft, rotation = shaft_of(record)
    return Recording(
        time_s=record.times_s,
        tip=np.ascontiguousarray(trace["tool"]),
        force=np.linalg.norm(trace["force"], axis=1),
        force_limit=header_number(record, "force_limit_n"),
        marks=[_mark(event) for event in record.events if event.kind == "mark.set"],
        nodules=_nodules(record),
        mark_tolerance=procedure.scoring.mark_tolerance,
        blood_lost=_blood_lost(record),
        blood_from_s=min(started, default=None),
        views=_views(record),
        slips=slips(record.events),
        hints=_hints(record, procedure),
        left_out=intervals(record.events, record.duration_s),
        navigated=_navigated(record),
        shaft=shaft,
        rotation=rotation,
        touching=trace["contacts"] > 0,
        held=str(record.header.get("device", "")).partition(":")[0] not in _AIMED,
    )


def _hints(record: SessionRecord, procedure: Procedure) -> list[float] | None:
    """Say when hints came, in a procedure that has some."""
    if not procedure.hints:
        return None
    return [event.time_s for event in record.events if event.kind == "hint.given"]


def _navigated(record: SessionRecord) -> Navigated | None:
    """Take what was done with an endoscope in the hand, if there was one."""
    scope = Scope.of(record.header)
    if scope is None or not scope.held:
        return None
    return navigated(scope.port, scope.angle, record.events)


def _views(record: SessionRecord) -> tuple[Interval, ...] | None:
    """Say when what lies beneath an edge was in view, in a session that was about it."""
    if record.header.get("beneath") is None:
        return None
    return views(record.events, record.duration_s)


def _blood_lost(record: SessionRecord) -> float:
    """Take what the session counted; where the record breaks off, what its events tell, m3."""
    footer = record.footer or {}
    if "blood_lost_m3" in footer:
        return float(footer["blood_lost_m3"])
    return blood_lost(record.events, record.duration_s)


def _vector(values: Any) -> Vector:
    x, y, z = (float(v) for v in values)
    return (x, y, z)


def _mark(event: Event) -> Mark:
    return Mark(event.tick, event.time_s, place_at_rest(event))


def _nodules(record: SessionRecord) -> list[Nodule]:
    entries = header_value(record, "nodules")
    try:
        return [
            Nodule(_vector(n["center"]), float(n["radius_m"]), float(n["stiffness_ratio"]))
            for n in entries
        ]
    except (KeyError, TypeError, ValueError) as error:
        raise RecordError(
            f"{record.folder} cannot be scored: in its header, 'nodules' must be a list of "
            f"center, radius_m and stiffness_ratio ({error!r})."
        ) from error
