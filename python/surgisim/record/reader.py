"""Reads a session folder back, whole or as far as it is whole."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from surgisim.errors import RecordError
from surgisim.record import layout
from surgisim.record.result import RESULT_FILE, Result, read_result
from surgisim.record.timing import TIMING_FILE, Timing, read_timing
from surgisim.record.walk import MAGIC, Content, DamageError, collect, first_message
from surgisim.snapshot import COMMAND_DTYPE, TRACE_DTYPE, Event

__all__ = ["Frame", "SessionRecord", "load", "read_header"]


@dataclass(frozen=True, slots=True, eq=False)
class Frame:
    """The organ's shape for one picture: tick, time in s, nodes (n, 3) float32 m."""

    tick: int
    time_s: float
    positions: NDArray[np.float32]


@dataclass(frozen=True, slots=True, eq=False)
class SessionRecord:
    """Everything that a session folder holds.

    Attributes
    ----------
    folder
        Where it was read from.
    header, footer
        What the session is and how it ended; ``footer`` is None where it never ended properly.
    arrays
        The scene by name, read-only.
    trace, commands
        1-D arrays of `TRACE_DTYPE` and `COMMAND_DTYPE`, read-only.
    frames, events
        In the order written.
    damaged
        None for a whole record, else one sentence: what is missing and from when on.
    """

    folder: Path
    header: Mapping[str, Any]
    arrays: Mapping[str, NDArray[Any]]
    trace: NDArray[np.void]
    commands: NDArray[np.void]
    frames: tuple[Frame, ...]
    events: tuple[Event, ...]
    footer: Mapping[str, Any] | None
    damaged: str | None

    @property
    def result(self) -> Result | None:
        """Read ``result.json``; None where it is absent, `RecordError` where it is damaged."""
        path = self.folder / RESULT_FILE
        return read_result(path) if path.exists() else None

    @property
    def timing(self) -> Timing | None:
        """Read ``timing.json``; None where it is absent, `RecordError` where it is damaged."""
        path = self.folder / TIMING_FILE
        return read_timing(path) if path.exists() else None

    @property
    def dt_s(self) -> float:
        """Seconds per tick."""
        return float(self.header["dt_s"])

    @property
    def duration_s(self) -> float:
        """Simulated time of the last recorded tick, s."""
        return float(self.trace["tick"][-1]) * self.dt_s if self.trace.size else 0.0

    @property
    def left(self) -> bool:
        """Whether the trainee or Ctrl-C ended the session before its end."""
        footer = self.footer or {}
        return bool(footer.get("left")) and not footer.get("completed")

    @property
    def times_s(self) -> NDArray[np.float64]:
        """Simulated time of each trace row, s."""
        return np.asarray(self.trace["tick"] * self.dt_s, dtype=np.float64)


def load(folder: Path) -> SessionRecord:
    """Read a session folder.

    A record cut short or damaged is read up to the damage, and `SessionRecord.damaged` says so.

    Raises
    ------
    RecordError
        For a folder without a session, a file that is not an MCAP, a record of another version,
        and one that holds nothing.
    """
    folder = Path(folder)
    data = _read(folder / layout.SESSION_FILE)
    content = Content()
    damage = None
    try:
        collect(data, content)
    except DamageError as error:
        damage = str(error)
    try:
        header = _header(content, folder, damage)
        return _assemble(folder, header, content, damage)
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        if isinstance(error, RecordError):
            raise
        message = f"{folder} holds a record that surgisim did not write this way: {error!r}."
        raise RecordError(message) from error


def read_header(folder: Path) -> Mapping[str, Any]:
    """Read what a session is, and nothing else of it.

    Raises
    ------
    RecordError
        There is no session, or its header cannot be read.
    """
    found = first_message(_read(folder / layout.SESSION_FILE), layout.HEADER)
    try:
        header = None if found is None else json.loads(found)
    except ValueError:
        header = None
    if not isinstance(header, dict):
        raise RecordError(f"{folder} holds a record whose header cannot be read.")
    return header


def _assemble(
    folder: Path, header: Mapping[str, Any], content: Content, damage: str | None
) -> SessionRecord:
    """Decode every message; the checksums have vouched for the bytes already."""
    footer_data = content.first(layout.FOOTER)
    footer = None if footer_data is None else json.loads(footer_data)
    trace = _packed(content, layout.TRACE, TRACE_DTYPE)
    events = tuple(map(layout.event_from_bytes, content.messages.get(layout.EVENTS, [])))
    dt_s = float(header["dt_s"])
    return SessionRecord(
        folder=folder,
        header=header,
        arrays={
            topic.removeprefix(layout.SCENE_PREFIX): _scene_array(found[0])
            for topic, found in content.messages.items()
            if topic.startswith(layout.SCENE_PREFIX)
        },
        trace=trace,
        commands=_packed(content, layout.COMMANDS, COMMAND_DTYPE),
        frames=tuple(_frames(content, dt_s)),
        events=events,
        footer=footer,
        damaged=_verdict(damage, footer, trace, len(events), dt_s),
    )


def _read(path: Path) -> bytes:
    try:
        data = path.read_bytes()
    except FileNotFoundError as error:
        message = f"{path.parent} holds no session: {path.name} is missing; check the path."
        raise RecordError(message) from error
    except OSError as error:
        reason = error.strerror or str(error)
        raise RecordError(f"{path} cannot be read: {reason}.") from error
    if not data:
        raise RecordError(f"{path} is empty: the session was lost before its first second.")
    if not data.startswith(MAGIC):
        raise RecordError(f"{path} is not an MCAP file; give the folder that a session left.")
    return data


def _header(content: Content, folder: Path, damage: str | None) -> Mapping[str, Any]:
    data = content.first(layout.HEADER)
    if data is None:
        why = f" ({damage})" if damage else ""
        raise RecordError(f"{folder} holds no readable record of a session{why}.")
    header: dict[str, Any] = json.loads(data)
    found = header.get("schema")
    if found != layout.SCHEMA:
        raise RecordError(
            f"{folder} is a record of the form {found!r}, this surgisim reads {layout.SCHEMA!r}; "
            "read it with the version that wrote it."
        )
    return header


def _packed(content: Content, topic: str, dtype: np.dtype[Any]) -> NDArray[np.void]:
    return np.frombuffer(b"".join(content.messages.get(topic, [])), dtype=dtype)


def _scene_array(data: bytes) -> NDArray[Any]:
    array = layout.array_from_bytes(data)
    array.setflags(write=False)
    return array


def _frames(content: Content, dt_s: float) -> Iterator[Frame]:
    for data in content.messages.get(layout.FRAMES, []):
        tick, positions = layout.frame_from_bytes(data)
        yield Frame(tick, tick * dt_s, positions)


def _verdict(
    damage: str | None,
    footer: Mapping[str, Any] | None,
    trace: NDArray[np.void],
    events: int,
    dt_s: float,
) -> str | None:
    """Say in one sentence what is missing, or None."""
    until = f"{trace['tick'][-1] * dt_s:.3f} s" if trace.size else "the start"
    if footer is None:
        why = damage or "the session never came to its end"
        return f"The record is readable up to {until} and not further: {why}."
    counts = footer.get("counts", {})
    if counts.get("trace_rows") != trace.size or counts.get("events") != events:
        return (
            f"The record has {trace.size} ticks and {events} events, but {counts} were written: "
            "a part of the file is missing."
        )
    lost = {what: number for what, number in footer.get("lost", {}).items() if number}
    if not lost and not np.array_equal(trace["tick"], np.arange(1, trace.size + 1)):
        lost["ticks"] = int(trace["tick"][-1]) - trace.size
    if lost:
        said = ", ".join(f"{what.replace('_', ' ')}: {number}" for what, number in lost.items())
        return (
            f"A part was lost while the session was played ({said}): the program was held up too "
            "long between two looks."
        )
    if damage is not None:
        return (
            f"All of the session is there, only the index at the end of the file is not: {damage}."
        )
    return None
