"""The debriefing as one HTML file that needs nothing else: no network, no script, no file."""

from __future__ import annotations

import base64
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from markupsafe import Markup

from surgisim.errors import RecordError
from surgisim.record import Disturbance, Percentiles, SessionRecord, Timing
from surgisim.report.curve_plot import curve_svg
from surgisim.report.evidence_plot import evidence_svg
from surgisim.report.figures import key_figures
from surgisim.report.gather import report_data
from surgisim.report.hand import counts_of, profile_sentence, unfelt_sentence
from surgisim.report.hand_plot import felt_svg, profiles_svg
from surgisim.report.model import Earlier, Hand, Picture, ReportData
from surgisim.report.motion import force_svg, speed_svg
from surgisim.report.organ_map import organ_map_svg
from surgisim.report.progress import (
    LAST,
    curve_of,
    curve_sentence,
    progress_rows,
    standing_sentence,
)
from surgisim.report.tick_plot import histogram_svg
from surgisim.report.timeline import timeline_svg
from surgisim.report.why import is_said
from surgisim.report.words import clock, points, sentence, times
from surgisim.scoring.measure import Recording
from surgisim.scoring.metric import Metric, shown
from surgisim.scoring.overrule import Overrule
from surgisim.scoring.rubric import Score, ScoreLine

if TYPE_CHECKING:
    from jinja2 import Environment

__all__ = ["refuse_folder", "render_report", "write_report"]

_HERE = Path(__file__).parent
_NEAR_S = 1.0  # a picture or a moment this near to a time shows it
_SHORT_S = 10.0  # an interval that is longer is shown by no single picture

_OUTCOMES = {
    "done": "done",
    "late": "done, over its time limit",
    "unfinished": "not finished",
    "broken_off": "broken off by a complication",
    "not_started": "not reached",
}
_BADGES = {
    "practice": "PRACTICE",
    "passed": "✓ PASSED",
    "failed": "✗ FAILED",
    "interrupted": "INTERRUPTED",
}
_SCHEDULERS = {
    "fifo": "real-time (SCHED_FIFO)",
    "deadline": "real-time (SCHED_DEADLINE)",
    "normal": "normal: real-time priority was not granted",
    "lockstep": "lockstep: each tick as soon as the one before was done, no deadlines",
}


def write_report(
    record: SessionRecord,
    recording: Recording,
    score: Score,
    pictures: Sequence[Picture],
    out: Path,
    metrics: Mapping[str, Metric],
    earlier: Sequence[Earlier] = (),
    words: Sequence[Overrule] = (),
) -> None:
    """Write a session's debriefing.

    Parameters
    ----------
    record
        The session, whole or damaged.
    recording
        What was measured and scored: marks, nodules, limits.
    score
        The rubric's verdict with its lines.
    pictures
        PNG pictures of the key moments.
    out
        The HTML file; it appears whole or not at all.
    metrics
        All that was measured, by name.
    earlier
        The same trainee's earlier runs of the same procedure, in order.
    words
        What persons said of the score, in order.

    Raises
    ------
    RecordError
        Where `out` cannot be written.
    """
    refuse_folder(out)
    data = report_data(record, recording, score, pictures, metrics, words)
    page = render_report(replace(data, earlier=tuple(earlier)))
    temporary = out.with_name(out.name + ".part")
    try:
        out.parent.mkdir(parents=True, exist_ok=True)
        temporary.write_text(page, encoding="utf-8")
        temporary.replace(out)
    except OSError as error:
        reason = error.strerror or str(error)
        message = f"The report {out} cannot be written: {reason}; choose another place."
        raise RecordError(message) from error


def refuse_folder(out: Path) -> None:
    """Raise `RecordError` where the report would have to take the place of a folder."""
    if out.is_dir():
        raise RecordError(
            f"{out} is a folder; give the report the name of a file, such as {out / 'report.html'}."
        )


def render_report(data: ReportData) -> str:
    """Make the page as HTML text; the same data gives the same text."""
    template = _environment().get_template("report.html.j2")
    hand = data.hand
    histograms = [] if data.timing is None else _histograms(data.timing, data.motion.dt_s)
    return template.render(
        data=data,
        verdict=verdict(data),
        figures=key_figures(data),
        timeline=timeline_svg(data) if data.steps or data.marks else "",
        force=force_svg(data),
        speed=speed_svg(data),
        organ_map=organ_map_svg(data),
        pictures=[_embedded(picture) for picture in data.pictures],
        felt=felt_svg(data) if hand is not None and hand.felt_n is not None else "",
        profiles=profiles_svg(hand) if hand is not None and hand.profiles else "",
        told=[] if hand is None else _felt(hand),
        histograms=histograms,
        tails=[] if data.timing is None else _tails(data.timing),
        counts=counts_of(data.timing),
        disturbed="" if data.timing is None else _disturbed(data.timing.disturbance),
        anchor=lambda *times: anchor(data, *times),
        evidence=evidence_svg(data),
        progress=_progress(data),
        outcomes=_OUTCOMES,
        badge=_BADGES[data.outcome],
        reason=_reason,
        computed=_computed(data),
        titles={line.id: line.title for line in data.score.lines},
        schedulers=_SCHEDULERS,
        is_said=is_said,
    )


def _progress(data: ReportData) -> dict[str, object] | None:
    """Compare with earlier runs, where there are any."""
    if not data.earlier:
        return None
    curve = curve_of(data)
    return {
        "rows": progress_rows(data),
        "standing": standing_sentence(data),
        "curve": curve_sentence(curve, data.pass_mark),
        "plot": curve_svg(data, curve),
        "last": min(LAST, len(data.earlier)),
    }


def verdict(data: ReportData) -> str:
    """Say in one sentence why the session was passed or failed."""
    score = data.score
    if any(word.passed is not None for word in data.overrules):
        return "A person overruled the verdict; the reason stands under the score."
    if data.outcome == "interrupted":
        return _interrupted(data)
    if data.practice:
        return _practice(data)
    mark = "the pass mark" if data.pass_mark is None else f"the {points(data.pass_mark)} that pass"
    if score.passed:
        return f"The points reach {mark}, and no mistake was critical."
    short = f"{_short_of(data)} stay below {mark}"
    reasons = [*score.barred, *([short] if "points" in score.failed_by else [])]
    return sentence("; ".join(reasons) or short)


def _short_of(data: ReportData) -> str:
    """Name the points, with more digits where rounding would make them those that pass."""
    total, mark = data.score.total, data.pass_mark
    if mark is None or points(total) != points(mark):
        return "the points"
    digits = next((n for n in range(2, 12) if round(total, n) < mark), 12)
    return f"{total:.{digits}f} points"


def _interrupted(data: ReportData) -> str:
    """Say that the points are no verdict, and why."""
    if "record" in data.score.failed_by:
        why = "the record breaks off before the session's end"
    else:
        why = f"the session was ended before its time, at {clock(data.duration_s)}"
    return sentence(f"{why}: nothing is passed or failed, the points are those so far")


def _computed(data: ReportData) -> dict[str, float]:
    """Return what lines were worth before a person overruled them, by their ids."""
    if data.original is None:
        return {}
    pairs = zip(data.original.lines, data.score.lines, strict=True)
    return {before.id: before.points for before, now in pairs if before.points != now.points}


def _felt(hand: Hand) -> list[str]:
    """Say of each nodule what the hand felt over it, or why that cannot be said."""
    told = {one.nodule: profile_sentence(one) for one in hand.profiles}
    told.update({one.nodule: unfelt_sentence(one) for one in hand.unfelt})
    return [told[nodule] for nodule in sorted(told)]


def _practice(data: ReportData) -> str:
    """Say in one sentence what the points mean where nothing is passed or failed."""
    told = "This was practice: nothing is passed or failed"
    barred = "; ".join(data.score.barred)
    if data.pass_mark is None:
        return sentence(f"{told}; {barred}" if barred else told)
    goal = f"{told}; the goal of {points(data.pass_mark)} points is"
    if data.score.passed:
        return f"{goal} reached."
    return sentence(f"{goal} not reached: {barred}" if barred else f"{goal} not reached")


def anchor(
    data: ReportData, time_s: float | None, until_s: float | None = None, rest: str = "timeline"
) -> str:
    """Name the place that shows a time or an interval: its picture, its moment, or `rest`."""
    if time_s is None:
        return ""
    end_s = time_s if until_s is None else until_s
    shown = [picture.moment_s for picture in data.pictures]
    named = [moment.time_s for moment in data.moments]
    for kind, at_s in (("picture", shown), ("moment", named)):
        gaps = [max(time_s - at, at - end_s, 0.0) for at in at_s]
        if gaps and min(gaps) <= _NEAR_S and end_s - time_s <= _SHORT_S:
            return f"{kind}-{gaps.index(min(gaps)) + 1}"
    return rest


def _reason(line: ScoreLine) -> str:
    """Give a line's sentence without the title and the value that stand beside it."""
    text = line.text.removeprefix(f"{line.title}: {shown(line.value, line.unit)} ")
    return text.removeprefix("(").removesuffix(")")


def _embedded(picture: Picture) -> tuple[Picture, Markup]:
    data = base64.b64encode(picture.png).decode("ascii")
    return picture, Markup(f"data:image/png;base64,{data}")  # noqa: S704  base64 alone


def _histograms(timing: Timing, dt_s: float) -> list[Markup]:
    period_us = dt_s * 1e6
    deadline = None if timing.scheduler == "lockstep" else period_us
    drawn = []
    if timing.cpu_histogram:
        cpu = histogram_svg("cpu", "CPU time", timing.cpu_histogram, period_us, timing.cpu_us)
        drawn.append(cpu)
    if timing.lateness_histogram:
        late = histogram_svg(
            "late", "Lateness", timing.lateness_histogram, deadline, timing.lateness_us
        )
        drawn.append(late)
    return drawn


def _tails(timing: Timing) -> list[tuple[str, Percentiles | None]]:
    """Name what each row of the table of times is of."""
    tissue = timing.tissue
    with_step = ", whole steps of the tissue in it" if tissue and timing.cpu_holds_tissue else ""
    return [
        (f"CPU time of a tick{with_step}", timing.cpu_us),
        ("Lateness of a tick", timing.lateness_us),
        ("A step of the tissue", None if tissue is None else tissue.took_us),
    ]


def _disturbed(met: Disturbance | None) -> str:
    """Say what the system did to the loop; of what it did not, nothing."""
    if met is None:
        return ""
    faults = met.minor_faults + met.major_faults
    told = (
        (faults, f"met {times(faults)} a page that was not there"),
        (met.waits, f"waited {times(met.waits)} for anything but its deadline"),
        (met.preemptions, f"lost the processor {times(met.preemptions)}"),
    )
    parts = [text for count, text in told if count]
    what = ", ".join(parts) if parts else "was not disturbed by the system"
    return f"After its first ticks the loop {what}."


def _environment() -> Environment:
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    environment = Environment(
        loader=FileSystemLoader(_HERE),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters.update(clock=clock, points=points, sentence=sentence)
    environment.globals.update(shown=shown)
    return environment
