"""The session folder: what is recorded, how it is written safely and read back.

``session.mcap`` holds the inputs and the outcome of every tick, the scene and the events, and is
the same to the byte for the same seed; ``timing.json`` holds what the clock said; ``result.json``
the outcome. The format is described in ``docs/record.md``.
"""

from surgisim.record.layout import SCHEMA, SESSION_FILE
from surgisim.record.notebook import Notebook, Recorder
from surgisim.record.reader import Frame, SessionRecord, load
from surgisim.record.result import (
    ComplicationEntry,
    DeviceEntry,
    ErrorEntry,
    LineEntry,
    Metric,
    Outcome,
    Result,
    StepEntry,
    TickSummary,
    read_result,
    write_result,
)
from surgisim.record.timing import (
    Disturbance,
    HeadsetTiming,
    Percentiles,
    Timing,
    TissueTiming,
    read_timing,
    write_timing,
)
from surgisim.record.writer import SessionWriter

__all__ = [
    "SCHEMA",
    "SESSION_FILE",
    "ComplicationEntry",
    "DeviceEntry",
    "Disturbance",
    "ErrorEntry",
    "Frame",
    "HeadsetTiming",
    "LineEntry",
    "Metric",
    "Notebook",
    "Outcome",
    "Percentiles",
    "Recorder",
    "Result",
    "SessionRecord",
    "SessionWriter",
    "StepEntry",
    "TickSummary",
    "Timing",
    "TissueTiming",
    "load",
    "read_result",
    "read_timing",
    "write_result",
    "write_timing",
]
