"""From a record to result and report: everything is computed from the record alone."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from surgisim.errors import RecordError
from surgisim.record import SessionRecord, load, write_result
from surgisim.record.result import Result
from surgisim.report import (
    Earlier,
    Picture,
    ReportData,
    refuse_folder,
    report_data,
    write_report,
)
from surgisim.scoring import Overrule, Recording, Score, measure, score_session
from surgisim.scoring.metric import Metric as Measured
from surgisim.session.recorded import event_number, event_value, procedure_of
from surgisim.session.recording import recording_of
from surgisim.session.result import result_of
from surgisim.snapshot import Event

__all__ = ["Assessment", "Debriefing", "assess", "debrief"]

REPORT_FILE = "report.html"
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
    procedure = procedure_of(record)
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
    result = result_of(record, bare, score, metrics, passed)
    return Assessment(recording, metrics, score, result, bare)


def _mistake(event: Event) -> _Mistake:
    return _Mistake(
        id=str(event_value(event, "error")),
        severity=str(event_value(event, "severity")),
        text=event.text,
        penalty=event_number(event, "penalty"),
        time_s=event.time_s,
    )
