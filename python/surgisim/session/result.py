"""What programs read of a session: the content of ``result.json``."""

from collections.abc import Mapping
from dataclasses import asdict

from surgisim.record import SessionRecord
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
    ReportData,
)
from surgisim.scoring import Score
from surgisim.scoring.left_out import intervals
from surgisim.scoring.metric import Metric as Measured

__all__ = ["result_of"]


def result_of(
    record: SessionRecord,
    data: ReportData,
    score: Score,
    metrics: Mapping[str, Measured],
    passed: bool | None,
) -> Result:
    """Collect what programs read of a session that was scored; `passed` is None in practice."""
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
