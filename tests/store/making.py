"""Stores, sessions and results for the tests of the store."""

import shutil
import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np

from surgisim.record import (
    ErrorEntry,
    LineEntry,
    Metric,
    Result,
    SessionWriter,
    TickSummary,
    write_result,
)
from surgisim.record.rating import Rating
from surgisim.snapshot import TRACE_DTYPE

STARTED = datetime(2026, 11, 30, 9, 0, tzinfo=UTC)
PASSPHRASE = "a horse, a staple"  # noqa: S105  opens nothing but stores of tests


class Clock:
    """A clock that goes on a minute each time somebody looks at it."""

    def __init__(self) -> None:
        self.minutes = 0

    def __call__(self) -> datetime:
        self.minutes += 1
        return STARTED + timedelta(minutes=self.minutes)


def result(score: float = 71.5, *, seed: int = 7, procedure: str = "liver_palpation") -> Result:
    """What a session was worth."""
    return Result(
        procedure=procedure,
        version="1.2",
        seed=seed,
        completed=True,
        passed=score >= 70.0,
        score=score,
        pass_mark=70.0,
        duration_s=60.5,
        metrics={
            "time": Metric(value=60.5, unit="s"),
            "smoothness.sparc": Metric(value=None, unit="1"),
        },
        lines=(
            LineEntry(
                id="found",
                title="nodules found",
                value=score / 100.0,
                unit="1",
                points=score,
                out_of=100.0,
                moment_s=12.25,
                until_s=13.5,
                text="nodules found: some",
            ),
        ),
        failed_by=() if score >= 70.0 else ("points",),
        errors=(ErrorEntry(id="too_hard", time_s=12.0, text="Pressed hard.", severity="minor"),),
        complications=(),
        steps=(),
        ticks=TickSummary(count=60_500, cpu_us_p50=1, cpu_us_p99=2, late=0, scheduler="lockstep"),
        outcome="passed" if score >= 70.0 else "failed",
    )  # fmt: skip


def session_folder(folder: Path, seed: int = 7, text: str = "nothing", ticks: int = 40) -> Path:
    """Write a small session as if a person had played it; `text` stands in it uncompressed."""
    rows = np.zeros(ticks, TRACE_DTYPE)
    rows["tick"] = np.arange(1, ticks + 1)
    rows["hand"] = np.random.default_rng(seed).normal(0.0, 0.05, (ticks, 3))
    with SessionWriter(folder) as writer:
        writer.write_header({"procedure": "liver_palpation", "version": "1.2", "seed": seed,
                             "dt_s": 1e-3, "trainee": "person"})  # fmt: skip
        writer.write_trace(rows)
        writer.write_footer({"completed": True})
    (folder / "timing.json").write_text(f'{{"told": "{text}"}}')
    write_result(folder, result(seed=seed))
    return folder


def rating(mark: str, rater: str = "R1", score: int = 4) -> Rating:
    """What a rater gave a session."""
    items = ("depth_perception", "bimanual_dexterity", "efficiency", "tissue_handling")
    return Rating(scale="goals", session=mark, rater=rater, blinded=True, seen="video",
                  scores=dict.fromkeys(items, score))  # fmt: skip


def copied(source: Path, target: Path) -> Path:
    """Copy a session into the folder in which it would have been played."""
    return Path(shutil.copytree(source, target, dirs_exist_ok=True))


def all_bytes(*homes: Path) -> Iterator[tuple[Path, bytes]]:
    """Everything that lies in folders, file by file."""
    for home in homes:
        for path in sorted(home.rglob("*")):
            if path.is_file():
                yield path, path.read_bytes()


def program(text: str, *arguments: object) -> list[str]:
    """A command that runs Python text in a process of its own."""
    return [sys.executable, "-W", "error", "-c", text, *map(str, arguments)]
