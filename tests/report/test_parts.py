"""Parts of the debriefing: thinning, contact, the organ's map, moments, words."""

import doctest
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from surgisim.record import load
from surgisim.report import words, write_report
from surgisim.report.model import ComplicationRow, MarkRow, OrganShape
from surgisim.report.moments import moments_of
from surgisim.report.motion import contact_spans, envelope, speed
from surgisim.report.organ_map import height_map
from surgisim.snapshot import Event

from .played import organ, play


@given(st.lists(st.floats(-1e3, 1e3), min_size=1, max_size=400), st.integers(1, 40))
def test_thinning_keeps_the_extremes_and_the_order(values: list[float], columns: int) -> None:
    curve = np.array(values)
    time_s, kept = envelope(np.arange(curve.size, dtype=float), curve, columns)
    assert kept.size <= max(2 * columns, min(curve.size, 2 * columns))
    assert kept.max() == curve.max()
    assert kept.min() == curve.min()
    assert np.all(np.diff(time_s) >= 0)
    assert np.array_equal(curve[time_s.astype(int)], kept)


def test_a_peak_of_one_tick_in_ten_minutes_survives() -> None:
    force = np.zeros(600_000)
    force[123_456] = 9.0
    time_s, kept = envelope(np.arange(600_000) * 1e-3, force)
    assert kept.max() == 9.0
    assert time_s[np.argmax(kept)] == pytest.approx(123.456)


def test_speed_of_steady_motion_is_exact_up_to_the_ends() -> None:
    tool = np.arange(100)[:, None] * 1e-3 * np.array([[0.03, 0.04, 0.0]])
    assert speed(tool, 1e-3) == pytest.approx(np.full(100, 0.05))


def test_contact_spans() -> None:
    touching = np.zeros(10_000, bool)
    touching[1000:2000] = touching[2001:3000] = touching[7000:] = True
    times = np.arange(1, 10_001) * 1e-3
    spans = contact_spans(touching, times, 1e-3, 10.0)
    assert np.array(spans) == pytest.approx(np.array([[1.0, 2.0], [7.0, 3.0]]))
    assert contact_spans(touching[:0], times[:0], 1e-3, 10.0) == []


def test_the_map_of_the_organ_has_its_size_and_height() -> None:
    points, surface = organ()
    x, up, height = height_map(OrganShape(points, surface))
    inside = np.isfinite(height)
    assert np.nanmax(height) == pytest.approx(points[:, 1].max(), abs=5e-4)
    columns = np.flatnonzero(inside.any(axis=0))
    assert x[columns[-1]] - x[columns[0]] == pytest.approx(0.22, abs=3e-3)
    head = up[np.flatnonzero(inside.any(axis=1))[-1]]
    assert head == pytest.approx(-points[:, 2].min(), abs=2e-3)


def test_what_one_slip_brings_about_is_one_moment_and_repeats_are_none() -> None:
    events = [
        *(Event(1000 + n, 1.0 + n * 1e-3, "tissue.torn", "it tore") for n in range(50)),
        Event(1060, 1.06, "error", "tore it", values={"error": "torn"}),
        Event(1500, 1.5, "tissue.torn", "it tore"),
        Event(2000, 2.0, "complication.started", "breath", values={"complication": "b"}),
        Event(2000, 2.0, "step.done", "no moment"),
        Event(3000, 3.0, "mark.set", "marked"),
        Event(3010, 3.01, "mark.set", "marked"),
    ]
    breath = ComplicationRow("b", "Breath", 2.0, by_chance=True)
    marks = [MarkRow(1, 3.0, (0, 0, 0), "B"), MarkRow(2, 3.01, (0, 0, 0), None)]
    moments = moments_of(events, [breath], marks)
    assert [(m.number, m.label, m.grave) for m in moments] == [
        (1, "Tissue torn, error", True),
        (2, "Disturbance", False),
        (3, "Mark 1, right: nodule B", False),
        (4, "Mark 2, false", True),
    ]
    assert moments[0].text == "It tore; tore it"


def test_words() -> None:
    assert doctest.testmod(words).failed == 0
    assert words.clock(None) == "–"
    assert words.clock(59.96) == "1:00.0"
    assert words.clock(3600.0) == "60:00.0"
    assert words.points(-0.01) == "0"
    assert words.points(-4.0) == "−4"
    assert words.sentence("") == ""


def test_importing_the_report_does_not_import_matplotlib() -> None:
    code = "import surgisim.report, sys; sys.exit('matplotlib' in sys.modules)"
    subprocess.run([sys.executable, "-c", code], check=True, timeout=60)


def test_ten_minutes_load_and_report_quickly(tmp_path: Path) -> None:
    session = play(tmp_path / "session", dangerous=True, seconds=600.0)
    start = time.process_time()
    record = load(tmp_path / "session")
    loaded = time.process_time()
    out = tmp_path / "report.html"
    write_report(record, session.recording, session.score, session.pictures, out, session.metrics)
    written = time.process_time()
    assert record.trace.size == 600_000
    assert loaded - start < 3.0
    assert written - loaded < 15.0
    assert (tmp_path / "report.html").stat().st_size < 4_000_000
    print(f"load {loaded - start:.2f} s, report {written - loaded:.2f} s")
