"""Small synthetic sessions for the tests of the record."""

from pathlib import Path

import numpy as np

from surgisim.record import Percentiles, SessionWriter, Timing
from surgisim.snapshot import COMMAND_DTYPE, TRACE_DTYPE, Event

HEADER = {
    "procedure": "liver_palpation",
    "version": "1.0",
    "seed": 7,
    "dt_s": 1e-3,
    "trainee": "careful",
    "procedure_text": "id: liver_palpation\n",
}


TIMING = Timing(
    ticks=60_000,
    rate_hz=999.8,
    late=9,
    dropped=5,
    longest_burst=3,
    cpu_us=Percentiles(p50=310.5, p99=402, p99_9=480, p99_99=610, max=900),
    lateness_us=Percentiles(p50=14, p99=40, p99_9=226, p99_99=1096, max=5866),
    cpu_histogram=((300, 100), (400, 59_900)),
    scheduler="fifo",
)
"""What the clock said of a session of a minute."""


def trace(first: int, last: int, seed: int = 7) -> np.ndarray:
    """Ticks first..last with reproducible content."""
    ticks = np.arange(first, last + 1)
    rows = np.zeros(ticks.size, TRACE_DTYPE)
    rows["tick"] = ticks
    phase = ticks[:, None] * 1e-3 + seed + np.arange(3)
    rows["hand"] = np.sin(phase) * 0.05
    rows["tool"] = np.sin(phase - 0.01) * 0.05
    rows["force"] = np.maximum(0.0, np.cos(phase)) * 2
    rows["digest"][ticks % 20 == 0] = ticks[ticks % 20 == 0] * 7919
    return rows


def write_session(
    folder: Path, *, ticks: int = 3000, batch: int = 20, seed: int = 7, **options: object
) -> None:
    """A whole session, written as a session does it: a batch, then what happened in it."""
    with SessionWriter(folder, **options) as writer:
        writer.write_header({**HEADER, "seed": seed})
        writer.write_array("points", np.linspace(0, 0.1, 300).reshape(100, 3))
        writer.write_array("tetrahedra", np.arange(400, dtype=np.int32).reshape(100, 4))
        for first in range(1, ticks + 1, batch):
            last = min(first + batch - 1, ticks)
            writer.write_trace(trace(first, last, seed))
            if last % 1000 == 0:
                writer.write_event(event(last))
                writer.write_frame(last, np.full((100, 3), last * 1e-6))
                command = np.zeros(1, COMMAND_DTYPE)
                command["tick"], command["code"], command["values"] = last, 2, (1, 2, 3, 4)
                writer.write_commands(command)
        writer.write_footer({"ended": "completed", "ticks": ticks})


def event(tick: int) -> Event:
    """One event with every field in use."""
    return Event(
        tick=tick,
        time_s=tick * 1e-3,
        kind="mark.set",
        text="Marke gesetzt – größer als 5 mm",
        point=(0.01, 0.02, -0.03),
        values={"found": True, "nodule": "n1", "distance_m": 0.1 + 0.2},
    )
