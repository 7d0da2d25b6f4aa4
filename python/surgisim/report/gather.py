"""From a session's record to what the debriefing shows.

Which header keys and event values are read is written in ``docs/record.md``; whatever a record
lacks, its page goes without.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from surgisim.errors import RecordError
from surgisim.record import SessionRecord, Timing
from surgisim.record.rating import ratings_of
from surgisim.report.hand import hand_of
from surgisim.report.model import (
    ComplicationRow,
    ErrorRow,
    MarkRow,
    Motion,
    NoduleRow,
    ObjectiveRow,
    OrganShape,
    Picture,
    RatingRow,
    ReportData,
    StepRow,
)
from surgisim.report.moments import moments_of, subject
from surgisim.report.why import transitions
from surgisim.report.words import nodule_name
from surgisim.scoring.left_out import length
from surgisim.scoring.measure import Recording
from surgisim.scoring.metric import Metric
from surgisim.scoring.overrule import Overrule, overruled
from surgisim.scoring.rating import scales
from surgisim.scoring.rubric import Score
from surgisim.snapshot import Event

__all__ = ["report_data"]

_CAUSE_S = 1.0  # how long before a complication its cause is looked for

_FACTS = (
    ("trainee", "Trainee"),
    ("device", "Device"),
    ("rig", "Rig"),
    ("anatomy", "Anatomy"),
    ("kernel", "Kernel"),
    ("software", "Software"),
)


def report_data(
    record: SessionRecord,
    recording: Recording,
    score: Score,
    pictures: Sequence[Picture],
    metrics: Mapping[str, Metric],
    words: Sequence[Overrule] = (),
) -> ReportData:
    """Collect what the page shows.

    Parameters
    ----------
    record
        The session.
    recording
        What was measured and scored: marks, nodules, limits.
    score
        What the rubric made of it.
    pictures
        Of the key moments, in any order.
    metrics
        All that was measured, by name.
    words
        What persons said of the score, in order.
    """
    header = record.header
    timing, timing_damaged = _timing(record)
    marks, nodules = _palpation(recording)
    complications = _complications(record)
    ratings, ratings_damaged = _ratings(record)
    completed = bool((record.footer or {}).get("completed", False))
    mark = header.get("pass_mark")
    pass_mark = None if mark is None else float(mark)
    final = overruled(score, pass_mark, words)
    return ReportData(
        title=str(header.get("title", header["procedure"])),
        procedure=str(header["procedure"]),
        version=str(header["version"]),
        seed=int(header["seed"]),
        completed=completed,
        interrupted=record.left or (record.footer is None and not completed),
        duration_s=record.duration_s,
        score=final,
        original=score if words else None,
        overrules=tuple(words),
        motion=_motion(record),
        facts=(
            *((label, str(header[key])) for key, label in _FACTS if header.get(key)),
            *_patient(record),
            *_headset(timing),
            *_left_out(recording),
        ),
        damaged=record.damaged,
        steps=_steps(record),
        objectives=_objectives(record, final),
        errors=_errors(record),
        complications=complications,
        marks=marks,
        nodules=nodules,
        moments=moments_of(record.events, complications, marks),
        events=record.events,
        transitions=tuple(transitions(record.events)),
        pictures=tuple(sorted(pictures, key=lambda picture: picture.time_s)),
        organ=_organ(record),
        pass_mark=pass_mark,
        practice=header.get("purpose") == "practice",
        blood_lost_m3=recording.blood_lost,
        force_limit_n=recording.force_limit if np.isfinite(recording.force_limit) else None,
        hand=hand_of(record, timing, recording.nodules),
        timing=timing,
        timing_damaged=timing_damaged,
        replay=("surgisim replay SESSION --verify", "surgisim report SESSION"),
        procedure_text=str(header.get("procedure_text", "")),
        metrics={name: (metric.value, metric.unit) for name, metric in metrics.items()},
        ratings=ratings,
        ratings_damaged=ratings_damaged,
    )


def _headset(timing: Timing | None) -> list[tuple[str, str]]:
    """Say what a headset showed."""
    seen = None if timing is None else timing.headset
    if seen is None:
        return []
    text = f"{seen.frames} pictures, {seen.late} late"
    if seen.to_light_ms_p50 is not None and seen.to_light_ms_p99 is not None:
        text += (
            f"; from the hand to the light {seen.to_light_ms_p50:.0f} ms, "
            f"{seen.to_light_ms_p99:.0f} ms at most in 99 of 100"
        )
    return [("Headset", text)]


def _left_out(recording: Recording) -> list[tuple[str, str]]:
    """Say how much of the session does not count."""
    found = recording.left_out
    parts = [
        f"{text} {length(found, kind):.1f} s"
        for kind, text in (("paused", "paused"), ("lost", "hand not tracked"))
        if length(found, kind) > 0.0
    ]
    return [("Not counted", ", ".join(parts))] if parts else []


def _ratings(record: SessionRecord) -> tuple[tuple[RatingRow, ...], str]:
    """Read what persons gave the session; the rest does not need it."""
    rows = []
    try:
        for one in ratings_of(record.folder):
            scale = scales()[one.scale]
            low, high = scale.span(one.scores)
            how = f"{'blinded' if one.blinded else 'not blinded'}, {one.seen}"
            rows.append(RatingRow(scale.title, one.rater, how, one.total, low, high))
    except RecordError as error:
        return (), str(error)
    return tuple(rows), ""


def _timing(record: SessionRecord) -> tuple[Timing | None, bool]:
    """Read what the clock said, and whether its file is damaged; the rest does not need it."""
    try:
        return record.timing, False
    except RecordError:
        return None, True


def _palpation(recording: Recording) -> tuple[tuple[MarkRow, ...], tuple[NoduleRow, ...]]:
    pairs = recording.marking().found
    nodule_of = {pair.mark: nodule_name(pair.nodule) for pair in pairs}
    missed = None if recording.nodules else ""
    found = {pair.nodule for pair in pairs}
    marks = tuple(
        MarkRow(index + 1, mark.time_s, mark.point_rest, nodule_of.get(index, missed))
        for index, mark in enumerate(recording.marks)
    )
    nodules = tuple(
        NoduleRow(nodule_name(index), nodule.center, nodule.radius_m, index in found)
        for index, nodule in enumerate(recording.nodules)
    )
    return marks, nodules


def _motion(record: SessionRecord) -> Motion:
    trace = record.trace
    return Motion(
        time_s=record.times_s,
        tool=np.ascontiguousarray(trace["tool"]),
        force_n=np.linalg.norm(trace["force"], axis=1),
        touching=trace["contacts"] > 0,
        dt_s=record.dt_s,
    )


def _organ(record: SessionRecord) -> OrganShape | None:
    points, surface = record.arrays.get("points"), record.arrays.get("surface")
    if points is None or surface is None or not len(surface):
        return None
    return OrganShape(np.asarray(points, dtype=np.float64), surface)


def _patient(record: SessionRecord) -> list[tuple[str, str]]:
    """Say who lay there."""
    told = "; ".join(str(line) for line in record.header.get("patient") or ())
    return [("Patient", told)] if told else []


def _objectives(record: SessionRecord, score: Score) -> tuple[ObjectiveRow, ...]:
    """Add up what counts for each objective."""
    rows = []
    for entry in record.header.get("objectives") or ():
        counting = {str(name) for name in entry.get("counting", ())}
        lines = [line for line in score.lines if line.id in counting]
        points = sum(line.points for line in lines)
        out_of = sum(line.out_of for line in lines)
        rows.append(ObjectiveRow(str(entry["id"]), str(entry["text"]), points, out_of))
    return tuple(rows)


def _steps(record: SessionRecord) -> tuple[StepRow, ...]:
    started: dict[str, Event] = {}
    ended: dict[str, float] = {}
    late: set[str] = set()
    broken: set[str] = set()
    for event in record.events:
        if event.kind == "step.started":
            started[subject(event)] = event
        elif event.kind == "step.done":
            ended[subject(event)] = event.time_s
        elif event.kind == "step.ended":
            broken.add(subject(event))
        elif event.kind == "step.timeout":
            late.add(subject(event))
    known: dict[str, dict[str, Any]] = {name: {"title": e.text} for name, e in started.items()}
    listed = {str(entry["id"]): entry for entry in record.header.get("steps", ())}
    rows = []
    for name, entry in (listed or known).items():
        if name not in started:
            outcome = "not_started"
        elif name not in ended:
            outcome = "broken_off" if name in broken else "unfinished"
        else:
            outcome = "late" if name in late else "done"
        limit = entry.get("time_limit_s")
        rows.append(
            StepRow(
                id=name,
                title=str(entry.get("title") or name),
                outcome=outcome,
                started_s=started[name].time_s if name in started else None,
                ended_s=ended.get(name),
                time_limit_s=None if limit is None else float(limit),
            )
        )
    return tuple(rows)


def _errors(record: SessionRecord) -> tuple[ErrorRow, ...]:
    return tuple(
        ErrorRow(subject(event), event.time_s, event.text, str(event.values.get("severity", "")))
        for event in record.events
        if event.kind == "error"
    )


def _complications(record: SessionRecord) -> tuple[ComplicationRow, ...]:
    known = {str(entry["id"]): entry for entry in record.header.get("complications", ())}
    rows: list[ComplicationRow] = []
    for position, event in enumerate(record.events):
        if event.kind != "complication.started":
            continue
        name = subject(event)
        entry = known.get(name, {})
        end_s, course = _course(record.events[position + 1 :], name)
        by_chance = event.values.get("cause") == "chance"
        rows.append(
            ComplicationRow(
                id=name,
                title=str(entry.get("title") or name),
                started_s=event.time_s,
                ended_s=end_s,
                by_chance=by_chance,
                text=event.text,
                cause="" if by_chance else _cause(record.events, event),
                course=course,
                correct=_correct(entry, record.events, name),
            )
        )
    return tuple(rows)


def _correct(entry: Mapping[str, Any], events: Sequence[Event], name: str) -> tuple[str, ...]:
    """List what is right to do about a complication, and when it was done where that is known."""
    took = {
        event.text: float(event.values["seconds"])
        for event in events
        if event.kind == "response.given" and event.values.get("complication") == name
    }
    recognised = {str(one["text"]) for one in entry.get("recognised", ())}
    told = []
    for text in map(str, entry.get("correct", ())):
        done = f"done after {took[text]:.1f} s" if text in took else "not done"
        told.append(f"{text} ({done})" if text in recognised else text)
    return tuple(told)


def _cause(events: Sequence[Event], start: Event) -> str:
    """Name the last thing the tissue suffered before a complication began."""
    suffered = [
        event.text
        for event in events
        if event.kind in ("tissue.torn", "force.limit")
        and start.time_s - _CAUSE_S <= event.time_s <= start.time_s
    ]
    return suffered[-1] if suffered else ""


def _course(
    later: Sequence[Event], name: str
) -> tuple[float | None, tuple[tuple[float, str], ...]]:
    """Follow one complication from its start to its end: when it ended, and what happened."""
    course: list[tuple[float, str]] = []
    for event in later:
        if event.values.get("complication") != name:
            continue
        if event.kind == "complication.started":
            break
        if event.kind == "complication.ended":
            return event.time_s, tuple(course)
        course.append((event.time_s, event.text or str(event.values.get("state", event.kind))))
    return None, tuple(course)
