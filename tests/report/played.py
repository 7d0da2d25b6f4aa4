"""A synthetic palpation session with everything that a debriefing shows."""

import io
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from PIL import Image

from surgisim.record import (
    Metric,
    Percentiles,
    Result,
    SessionRecord,
    SessionWriter,
    TickSummary,
    Timing,
    load,
    write_result,
    write_timing,
)
from surgisim.report import Picture
from surgisim.scoring.measure import Recording, measure
from surgisim.scoring.metric import Metric as Measured
from surgisim.scoring.palpation import Mark
from surgisim.scoring.rubric import Score, score_session
from surgisim.snapshot import TRACE_DTYPE, Event

LIMIT_N = 3.0
TEAR_S = 41.2


@dataclass(frozen=True)
class Nodule:
    center: tuple[float, float, float]
    radius_m: float


@dataclass(frozen=True)
class Line:
    id: str
    title: str
    metric: str
    weight: float
    best_value: float
    worst_value: float
    needs: tuple[str, ...] = ()


@dataclass(frozen=True)
class Slip:
    id: str
    severity: str
    text: str
    penalty: float
    time_s: float


NODULES = (
    Nodule((-0.055, 0.03, 0.01), 0.011),
    Nodule((0.01, 0.034, -0.03), 0.009),
    Nodule((0.06, 0.025, 0.02), 0.010),
)
LINES = (
    Line("found", "Nodules found", "nodules.found", 50, 3, 1),
    Line("false_marks", "False marks", "marks.false", 10, 0, 3),
    Line("time", "Time", "time", 10, 120, 480),
    Line("path", "Path of the probe", "path", 5, 3, 12),
    Line("sparc", "Smoothness (SPARC)", "sparc", 5, -1.6, -4),
    Line("ldlj", "Smoothness (LDLJ)", "ldlj", 5, -6, -12),
    Line("peak_force", "Peak force", "force.peak", 8, 3, 6),
    Line("over_limit", "Time above the force limit", "force.over_limit_time", 7, 0, 3),
)


@dataclass(frozen=True)
class Played:
    record: SessionRecord
    recording: Recording
    score: Score
    pictures: tuple[Picture, ...]
    metrics: dict[str, Measured]


def organ() -> tuple[np.ndarray, np.ndarray]:
    """A liver-like closed surface: a flattened ellipsoid, thicker on the patient's right."""
    rings, around = 24, 48
    polar = np.linspace(0, np.pi, rings + 1)[:, None]
    azimuth = np.linspace(0, 2 * np.pi, around, endpoint=False)[None]
    x = np.sin(polar) * np.cos(azimuth)
    y = np.cos(polar) * np.ones_like(azimuth)
    z = np.sin(polar) * np.sin(azimuth)
    taper = 1.0 - 0.45 * (x + 1) / 2
    points = np.stack([0.11 * x, 0.04 * y * taper, 0.075 * z * taper], axis=-1).reshape(-1, 3)
    i, j = np.meshgrid(np.arange(rings), np.arange(around), indexing="ij")
    corner = [(i + a) * around + (j + b) % around for a, b in ((0, 0), (1, 0), (1, 1), (0, 1))]
    first = np.stack([corner[0], corner[1], corner[2]], axis=-1).reshape(-1, 3)
    second = np.stack([corner[0], corner[2], corner[3]], axis=-1).reshape(-1, 3)
    return points, np.concatenate([first, second]).astype(np.int32)


def trace(seconds: float, dangerous: bool) -> np.ndarray:
    """Palpation in rows: glide, press once a second, with tremor; one hard push if dangerous."""
    ticks = np.arange(1, round(seconds * 1000) + 1)
    t = ticks * 1e-3
    rows = np.zeros(ticks.size, TRACE_DTYPE)
    sweep = t / seconds
    x = -0.085 + 0.17 * (0.5 - 0.5 * np.cos(2 * np.pi * sweep * 3.5))
    z = 0.04 - 0.08 * sweep + 0.008 * np.sin(2 * np.pi * t / 1.7)
    press = np.clip(np.sin(2 * np.pi * t / 1.3), 0, None) ** 2
    press *= np.clip((t - 1.5) / 2, 0, 1) * np.clip((seconds - 0.5 - t) / 2, 0, 1)
    tremor = 2e-4 * np.sin(2 * np.pi * 9 * t) + 1e-4 * np.sin(2 * np.pi * 11.3 * t + 1)
    force = 1.9 * press * (1 + 0.3 * np.sin(0.7 * t))
    if dangerous:
        force += 6.5 * np.exp(-(((t - TEAR_S) / 0.35) ** 2))
        force += 2.6 * np.exp(-(((t - 25.0) / 0.2) ** 2))
    rows["tick"] = ticks
    rows["tool"] = np.stack([x + tremor, 0.045 - 0.006 * force, z - tremor], axis=1)
    rows["hand"] = rows["tool"]
    rows["force"][:, 1] = force
    rows["contacts"] = force > 0.05
    return rows


def picture(time_s: float, title: str, caption: str = "", hue: int = 0) -> Picture:
    """A small shaded blob in place of a rendered organ."""
    y, x = np.mgrid[-1:1:270j, -1.6:1.6:432j]
    height = np.sqrt(np.clip(1 - (x / 1.3) ** 2 - (y / 0.8) ** 2, 0, None))
    shade = np.stack([0.15 + 0.55 * height, 0.05 + 0.2 * height, 0.06 + 0.15 * height], -1)
    pixels = Image.fromarray((255 * np.roll(shade, hue, axis=-1)).astype(np.uint8))
    buffer = io.BytesIO()
    pixels.save(buffer, "PNG")
    return Picture(time_s, title, buffer.getvalue(), caption)


def play(
    folder: Path, *, dangerous: bool = False, seconds: float = 60.0, title: str | None = None
) -> Played:
    """Record a session as the simulator does, load it, score it."""
    rows = trace(seconds, dangerous)
    events = sorted(_events(seconds, dangerous), key=lambda event: event.tick)
    points, surface = organ()
    with SessionWriter(folder) as writer:
        writer.write_header(_header(title or "Find the nodules by touch", dangerous))
        writer.write_array("points", points)
        writer.write_array("surface", surface)
        for start in range(0, rows.size, 500):
            writer.write_trace(rows[start : start + 500])
        for event in events:
            writer.write_event(event)
        writer.write_footer({"completed": True})
    write_timing(folder, _timing(rows.size))
    recording = _recording(rows, dangerous)
    metrics = measure(recording)
    score = score_session(LINES, 70, metrics, _slips() if dangerous else ())
    write_result(folder, _result(seconds, score, metrics))
    return Played(load(folder), recording, score, _pictures(dangerous), metrics)


def _header(title: str, dangerous: bool) -> dict:
    return {
        "procedure": "liver_palpation",
        "version": "1.0",
        "title": title,
        "seed": 7,
        "dt_s": 1e-3,
        "trainee": "dangerous" if dangerous else "careful",
        "device": "simulated",
        "anatomy": "parametric liver, 9 124 tetrahedra",
        "kernel": "portable",
        "software": "surgisim 0.1.0",
        "pass_mark": 70,
        "procedure_text": "surgisim: procedure@1\nid: liver_palpation\n",
        "steps": [
            {"id": "touch", "title": "Touch the liver", "time_limit_s": 30},
            {"id": "search", "title": "Palpate and mark", "time_limit_s": 300},
            {"id": "report", "title": "Report", "time_limit_s": 60},
        ],
        "complications": [
            {
                "id": "capsule_tear",
                "title": "Torn capsule",
                "correct": ["stop pressing and lift the probe", "report the tear and hand over"],
            },
            {
                "id": "deep_breath",
                "title": "Deep breath",
                "correct": ["lift the probe and wait until the liver lies still"],
            },
        ],
    }


def _event(time_s: float, kind: str, text: str = "", point=None, **values) -> Event:
    return Event(round(time_s * 1000), round(time_s, 3), kind, text, point, values)


def _events(seconds: float, dangerous: bool) -> list[Event]:
    end = seconds - 0.02
    events = [
        _event(0.02, "step.started", "Touch the liver", step="touch"),
        _event(2.4, "step.done", "Touch the liver: done", step="touch", seconds=2.38),
        _event(2.4, "step.started", "Palpate and mark", step="search"),
        _event(
            14.0,
            "complication.started",
            "the patient takes a deep breath and the liver moves",
            complication="deep_breath",
            cause="chance",
        ),
        _event(18.0, "complication.ended", "Deep breath: over", complication="deep_breath"),
        _event(end - 3, "step.done", "Palpate and mark: done", step="search", seconds=end - 5.4),
        _event(end - 3, "step.started", "Report", step="report"),
        _event(end, "step.done", "Report: done", step="report", seconds=3.0),
        _event(end, "session.ended", "every step is done", reason="completed", completed=True),
    ]
    for mark in _marks(dangerous):
        events.append(_event(mark.time_s, "mark.set", "a mark was set", mark.point_rest))
    if dangerous:
        tear = (0.02, 0.04, -0.01)
        events += [
            _event(24.9, "force.limit", "3.1 N, more than the limit of 3 N", force_n=3.1),
            _event(
                24.92, "error", "pressed harder than the force limit", **_error("hard", "major")
            ),
            _event(40.9, "force.limit", "3.2 N, more than the limit of 3 N", force_n=3.2),
            _event(
                40.92, "error", "pressed harder than the force limit", **_error("hard", "major")
            ),
            *(
                _event(
                    TEAR_S + 0.001 * n,
                    "tissue.torn",
                    "the capsule tore at a strain of 0.41",
                    tear,
                    strain=0.41,
                    triangle=100 + n,
                )
                for n in range(8)
            ),
            _event(
                TEAR_S + 0.02,
                "error",
                "tore the capsule of the liver",
                **_error("torn", "critical"),
            ),
            _event(
                TEAR_S + 0.02,
                "complication.started",
                "the capsule has torn and the liver bleeds",
                complication="capsule_tear",
                cause="caused",
            ),
            _event(
                TEAR_S + 0.02,
                "bleed.started",
                "subcapsular branch of the hepatic artery bleeds at 36 mL/min",
                complication="capsule_tear",
                rate_ml_min=36.1,
            ),
            _event(
                TEAR_S + 0.02,
                "complication.state",
                "blood runs over the liver",
                complication="capsule_tear",
                state="bleeding",
            ),
        ]
    return events


def _error(name: str, severity: str) -> dict:
    return {"error": name, "severity": severity, "penalty": 2.0}


def _slips() -> tuple[Slip, ...]:
    return (
        Slip("hard", "major", "pressed harder than the force limit", 2, 24.92),
        Slip("hard", "major", "pressed harder than the force limit", 2, 40.92),
        Slip("torn", "critical", "tore the capsule of the liver", 0, TEAR_S + 0.02),
    )


def _marks(dangerous: bool) -> tuple[Mark, ...]:
    places = [(20.5, (-0.052, 0.036, 0.013)), (33.0, (0.013, 0.038, -0.026))]
    places.append((47.5, (-0.02, 0.037, -0.045) if dangerous else (0.058, 0.029, 0.022)))
    return tuple(Mark(round(t * 1000), t, point) for t, point in places)


def _recording(rows: np.ndarray, dangerous: bool) -> Recording:
    return Recording(
        time_s=rows["tick"] * 1e-3,
        tip=rows["tool"],
        force=np.linalg.norm(rows["force"], axis=1),
        force_limit=LIMIT_N,
        marks=_marks(dangerous),
        nodules=NODULES,
        blood_lost=11.2e-6 if dangerous else 0.0,
        blood_from_s=TEAR_S + 0.02 if dangerous else None,
    )


def _timing(ticks: int) -> Timing:
    generator = np.random.default_rng(1)
    cpu = generator.lognormal(5.7, 0.12, ticks)
    late = generator.lognormal(2.6, 0.5, ticks)
    late[:: ticks // 9] = generator.uniform(400, 5800, late[:: ticks // 9].size)
    edges = np.round(np.geomspace(1, 10_000, 80), 3)

    def tail(values: np.ndarray) -> Percentiles:
        p = np.percentile(values, [50, 99, 99.9, 99.99, 100]).tolist()
        return Percentiles(p50=p[0], p99=p[1], p99_9=p[2], p99_99=p[3], max=p[4])

    def bins(values: np.ndarray) -> tuple[tuple[float, int], ...]:
        counts, _ = np.histogram(values, np.concatenate(([0.0], edges)))
        return tuple(zip(edges.tolist(), counts.tolist(), strict=True))

    return Timing(
        ticks=ticks,
        rate_hz=999.8,
        late=9,
        dropped=5,
        longest_burst=3,
        cpu_us=tail(cpu),
        lateness_us=tail(late),
        cpu_histogram=bins(cpu),
        lateness_histogram=bins(late),
        scheduler="fifo",
    )


def _result(seconds: float, score: Score, metrics: dict) -> Result:
    return Result(
        procedure="liver_palpation",
        version="1.0",
        seed=7,
        completed=True,
        passed=score.passed,
        score=score.total,
        duration_s=seconds,
        metrics={n: Metric(value=m.value, unit=m.unit) for n, m in metrics.items()},
        errors=(),
        complications=(),
        steps=(),
        ticks=TickSummary.from_timing(_timing(60_000)),
    )


def _pictures(dangerous: bool) -> tuple[Picture, ...]:
    found = [
        picture(20.5, "Mark 1 is set", "The nodule below it is 11 mm in radius."),
        picture(33.0, "Mark 2 is set"),
    ]
    if not dangerous:
        return (*found, picture(47.5, "Mark 3 is set"), picture(59.9, "The end, nodules shown"))
    return (
        *found,
        picture(TEAR_S + 0.3, "The capsule tears", "Peak force 8.2 N, limit 3 N.", 1),
        picture(59.9, "The end, nodules shown", "One nodule was missed."),
    )
