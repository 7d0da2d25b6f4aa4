"""result.json and timing.json: the published keys, atomic, refused where wrong."""

import json
from pathlib import Path

import pytest
from pydantic import ValidationError

from surgisim.errors import RecordError
from surgisim.record import (
    ComplicationEntry,
    ErrorEntry,
    Metric,
    Result,
    StepEntry,
    TickSummary,
    TissueTiming,
    load,
    read_result,
    read_timing,
    write_result,
    write_timing,
)

from .sessions import TIMING, write_session

RESULT = Result(
    procedure="liver_palpation",
    version="1.0",
    seed=7,
    completed=True,
    passed=False,
    score=71.4,
    duration_s=60.0,
    metrics={
        "peak_force": Metric(value=3.2, unit="N"),
        "smoothness": Metric(value=None, unit=""),
    },
    errors=(ErrorEntry(id="too_hard", time_s=12.0, text="Pressed too hard."),),
    complications=(ComplicationEntry(id="tear", started_s=12.0, cause="pressed too hard"),),
    steps=(StepEntry(id="palpate", outcome="done", started_s=0.0, ended_s=40.0),),
    ticks=TickSummary.from_timing(TIMING),
)


def test_result_has_exactly_the_published_keys(tmp_path: Path) -> None:
    write_result(tmp_path, RESULT)
    content = json.loads((tmp_path / "result.json").read_text())
    assert list(content) == [
        *("procedure", "version", "seed", "completed", "passed", "score", "duration_s"),
        *("metrics", "errors", "complications", "steps", "ticks"),
    ]
    assert content["ticks"] == {
        "count": 60_000,
        "cpu_us_p50": 310.5,
        "cpu_us_p99": 402.0,
        "late": 9,
        "scheduler": "fifo",
        "rate_hz": TIMING.rate_hz,
        "braked": 0,
        "watchdog_trips": 0,
        "tissue_hz": None,
        "cpu_holds_tissue": True,
    }
    assert content["metrics"]["peak_force"] == {"value": 3.2, "unit": "N"}
    assert content["metrics"]["smoothness"]["value"] is None
    assert read_result(tmp_path / "result.json") == RESULT


def test_whether_the_times_of_ticks_hold_the_tissue_is_told_with_its_rate() -> None:
    tissue = TissueTiming(hz=60.0, steps=3600, fell_behind=0, weak_ticks=0, largest_step_n=0.01)
    live = TIMING.model_copy(update={"tissue": tissue})
    told = TickSummary.from_timing(live)
    assert (told.tissue_hz, told.cpu_holds_tissue) == (60.0, False)
    lockstep = live.model_copy(update={"scheduler": "lockstep", "lateness_us": None})
    told = TickSummary.from_timing(lockstep)
    assert (told.tissue_hz, told.cpu_holds_tissue) == (60.0, True)


def test_result_and_timing_come_with_the_session(tmp_path: Path) -> None:
    write_session(tmp_path, ticks=20)
    write_result(tmp_path, RESULT)
    write_timing(tmp_path, TIMING)
    record = load(tmp_path)
    assert record.result == RESULT
    assert record.timing == TIMING
    assert sorted(path.name for path in tmp_path.iterdir()) == [
        *("result.json", "session.mcap", "timing.json"),
    ]


def test_a_damaged_file_beside_the_record_does_not_block_it(tmp_path: Path) -> None:
    write_session(tmp_path, ticks=20)
    for name in ("result.json", "timing.json"):
        (tmp_path / name).write_text('{"ticks":')
    record = load(tmp_path)
    assert record.damaged is None
    assert record.trace.size == 20
    with pytest.raises(RecordError, match=r"result.json is not valid"):
        assert record.result
    with pytest.raises(RecordError, match=r"timing.json is not valid"):
        assert record.timing


def test_a_failed_write_leaves_the_old_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_timing(tmp_path, TIMING)

    def full(_descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", full)
    with pytest.raises(RecordError, match="No space left"):
        write_timing(tmp_path, TIMING.model_copy(update={"ticks": 1}))
    assert read_timing(tmp_path / "timing.json") == TIMING
    assert [path.name for path in tmp_path.iterdir()] == ["timing.json"]


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"scheduler": "realtime"}, "scheduler"),
        ({"ticks": -1}, "ticks"),
        ({"wall_clock": "2026-01-01"}, "wall_clock"),
    ],
)
def test_wrong_timing_is_refused_by_field(tmp_path: Path, change: dict, message: str) -> None:
    content = {**json.loads(TIMING.model_dump_json()), **change}
    (tmp_path / "timing.json").write_text(json.dumps(content))
    with pytest.raises(RecordError, match=message):
        read_timing(tmp_path / "timing.json")


def test_broken_json_and_nan_are_refused(tmp_path: Path) -> None:
    (tmp_path / "result.json").write_text('{"procedure": ')
    with pytest.raises(RecordError, match="is not valid"):
        read_result(tmp_path / "result.json")
    with pytest.raises(RecordError, match="cannot be read"):
        read_result(tmp_path / "absent.json")
    with pytest.raises(ValidationError):
        Metric(value=float("nan"), unit="N")
