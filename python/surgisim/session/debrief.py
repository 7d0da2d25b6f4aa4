"""From a record to result and report: everything is computed from the record alone."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np

from surgisim.anatomy.nodules import Nodule
from surgisim.errors import RecordError
from surgisim.procedure.load import loads
from surgisim.procedure.model import Procedure
from surgisim.record import SessionRecord, load, write_result
from surgisim.record.result import (
    ComplicationEntry,
    DeviceEntry,
    ErrorEntry,
    InterruptionEntry,
    LineEntry,
    Metric,
    ObjectiveEntry,
    Result,
    StepEntry,
    TickSummary,
)
from surgisim.report import (
    Earlier,
    Picture,
    ReportData,
    refuse_folder,
    report_data,
    write_report,
)
from surgisim.scoring import Mark, Overrule, Recording, Score, measure, score_session
from surgisim.scoring.exposure import slips, views
from surgisim.scoring.left_out import Interval, intervals
from surgisim.scoring.metric import Metric as Measured
from surgisim.scoring.navigation import Navigated, navigated
from surgisim.session.blood import blood_lost
from surgisim.session.endoscope import Scope
from surgisim.session.recorded import (
    event_number,
    event_value,
    header_number,
    header_value,
    place_at_rest,
    shaft_of,
)
from surgisim.snapshot import Event, Vector

__all__ = ["Assessment", "Debriefing", "assess", "debrief", "recording_of"]

REPORT_FILE = "report.html"
_AIMED = ("", "hand", "mouse", "simulated")  # devices that no person holds
Painter = Callable[[SessionRecord, Recording], list[Picture]]


@dataclass(frozen=True, slots=True)
class Debriefing:
    """What came of a session: for programs, the report's file, and what that shows."""

    result: Result
    report: Path
    data: ReportData


@dataclass(frozen=True, slots=True, eq=False)
class Assessment:
    """A record as it was scored.

    Attributes
    ----------
    recording, metrics, score
        What was measured, by name, and the points.
    result
        What programs read of it.
    data
        What the report shows, without its pictures.
    """

    recording: Recording
    metrics: Mapping[str, Measured]
    score: Score
    result: Result
    data: ReportData


@dataclass(frozen=True, slots=True)
class _Mistake:
    """An error as the rubric wants it."""

    id: str
    severity: str
    text: str
    penalty: float
    time_s: float


def debrief(
    folder: Path,
    paint: Painter | None = None,
    out: Path | None = None,
    earlier: Sequence[Earlier] = (),
    words: Sequence[Overrule] = (),
) -> Debriefing:
    """Score a recorded session; write ``result.json`` and the report.

    Parameters
    ----------
    folder
        The session folder.
    paint
        Draws the pictures of the key moments, or None for a report without pictures.
    out
        Where the report goes; ``report.html`` in the folder by default.
    earlier
        The same trainee's earlier runs of the procedure, for the report.
    words
        What persons said of the score: the report shows it, `Result` holds what was computed.

    Raises
    ------
    RecordError
        No readable session, or none that can be scored; a report that would have to replace a
        folder. Nothing is written then.
    """
    report = out or folder / REPORT_FILE
    refuse_folder(report)
    record = load(folder)
    found = assess(record)
    write_result(folder, found.result)
    pictures = [] if paint is None else paint(record, found.recording)
    write_report(
        record, found.recording, found.score, pictures, report, found.metrics, earlier, words
    )
    return Debriefing(found.result, report, found.data)


def assess(record: SessionRecord) -> Assessment:
    """Measure and score a record; nothing is written.

    Raises
    ------
    RecordError
        Nothing was played, or the record lacks what scoring needs.
    """
    if not len(record.trace):
        raise RecordError(
            f"{record.folder} ended before its first tick: there is nothing to score; play it "
            "again."
        )
    text = str(header_value(record, "procedure_text"))
    procedure = loads(text, str(record.folder / "procedure"))
    recording = recording_of(record, procedure)
    metrics = measure(recording)
    mistakes = [_mistake(event) for event in record.events if event.kind == "error"]
    scoring = procedure.scoring
    score = score_session(
        scoring.lines,
        scoring.pass_mark.min,
        metrics,
        mistakes,
        left=record.left,
        broken_off=record.footer is None,
    )
    bare = report_data(record, recording, score, (), metrics)
    passed = None if procedure.purpose == "practice" else score.passed
    result = _result(record, bare, score, metrics, passed)
    return Assessment(recording, metrics, score, result, bare)


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
        left_out=intervals(record.events, record.duration_s),
        navigated=_navigated(record),
        shaft=shaft,
        rotation=rotation,
        touching=trace["contacts"] > 0,
        held=str(record.header.get("device", "")).partition(":")[0] not in _AIMED,
    )


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


def _mistake(event: Event) -> _Mistake:
    return _Mistake(
        id=str(event_value(event, "error")),
        severity=str(event_value(event, "severity")),
        text=event.text,
        penalty=event_number(event, "penalty"),
        time_s=event.time_s,
    )


def _result(
    record: SessionRecord,
    data: ReportData,
    score: Score,
    metrics: Mapping[str, Measured],
    passed: bool | None,
) -> Result:
    if data.timing is None:
        ticks = TickSummary(
            count=len(record.trace),
            tissue_hz=record.header.get("tissue_hz"),
            cpu_us_p50=0,
            cpu_us_p99=0,
            late=0,
            scheduler="normal",
        )
    else:
        ticks = TickSummary.from_timing(data.timing)
    return Result(
        procedure=data.procedure,
        version=data.version,
        seed=data.seed,
        completed=data.completed,
        passed=passed,
        score=score.total,
        pass_mark=data.pass_mark,
        failed_by=score.failed_by,
        lines=tuple(LineEntry(**asdict(line)) for line in score.lines),
        duration_s=record.duration_s,
        metrics={name: Metric(value=m.value, unit=m.unit) for name, m in metrics.items()},
        errors=tuple(
            ErrorEntry(id=e.id, time_s=e.time_s, text=e.text, severity=e.severity)
            for e in data.errors
        ),
        complications=tuple(
            ComplicationEntry(
                id=c.id,
                started_s=c.started_s,
                ended_s=c.ended_s,
                cause="chance" if c.by_chance else c.cause or "caused",
                outcome="goes on" if c.ended_s is None else "over",
            )
            for c in data.complications
        ),
        steps=tuple(
            StepEntry.model_validate(
                {"id": s.id, "outcome": s.outcome, "started_s": s.started_s, "ended_s": s.ended_s}
            )
            for s in data.steps
        ),
        ticks=ticks,
        objectives=tuple(
            ObjectiveEntry(id=one.id, points=one.points, out_of=one.out_of)
            for one in data.objectives
        ),
        interruptions=tuple(
            InterruptionEntry(kind=i.kind, from_s=i.from_s, to_s=i.to_s)
            for i in intervals(record.events, record.duration_s)
        ),
        device=_device(record),
        outcome=data.outcome,
        damaged=record.damaged,
    )


def _device(record: SessionRecord) -> DeviceEntry | None:
    """Name what was in the hand, where the record says it."""
    info, control = record.header.get("device_info"), record.header.get("control")
    if not isinstance(info, Mapping) or not isinstance(control, Mapping):
        return None
    mapping, gains = control["mapping"], control["gains"]
    return DeviceEntry(
        name=str(record.header.get("device", "")),
        model=str(info["model"]),
        rig=record.header.get("rig") or None,
        force=int(info["output_dof"]) > 0,
        stiffness=gains["stiffness"],
        damping=gains["damping"],
        scale=mapping["scale"],
        force_scale=mapping["force_scale"],
    )
