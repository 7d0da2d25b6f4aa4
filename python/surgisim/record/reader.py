"""Reads a session folder back, whole or as far as it is whole.

The walk over the file's top-level records is our own, because a record cut short by a power loss
must end the reading at a known byte instead of with an error from deep inside a decoder.
"""

import json
import struct
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from io import BytesIO
from pathlib import Path
from typing import Any, TypeVar

import numpy as np
import zstandard
from mcap.data_stream import ReadDataStream
from mcap.exceptions import McapError
from mcap.opcode import Opcode
from mcap.records import Channel, Chunk, Message
from mcap.stream_reader import CRCValidationError, breakup_chunk
from numpy.typing import NDArray

from surgisim.errors import RecordError
from surgisim.record import layout
from surgisim.record.result import RESULT_FILE, Result, read_result
from surgisim.record.timing import TIMING_FILE, Timing, read_timing
from surgisim.snapshot import COMMAND_DTYPE, TRACE_DTYPE, Event

__all__ = ["Frame", "SessionRecord", "load"]

_MAGIC = b"\x89MCAP0\r\n"
_RECORD_HEAD = struct.Struct("<BQ")
_UNREADABLE = (
    CRCValidationError,
    McapError,
    MemoryError,
    UnicodeDecodeError,
    struct.error,
    zstandard.ZstdError,
)
_File = TypeVar("_File", Result, Timing)


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
    result, timing
        The files beside the record, or None where they are absent.
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
    result: Result | None
    timing: Timing | None
    damaged: str | None

    @property
    def dt_s(self) -> float:
        """Seconds per tick."""
        return float(self.header["dt_s"])

    @property
    def duration_s(self) -> float:
        """Simulated time of the last recorded tick, s."""
        return float(self.trace["tick"][-1]) * self.dt_s if self.trace.size else 0.0

    @property
    def times_s(self) -> NDArray[np.float64]:
        """Simulated time of each trace row, s."""
        return np.asarray(self.trace["tick"] * self.dt_s, dtype=np.float64)


class _DamageError(Exception):
    """The file is readable up to here and not further."""


@dataclass
class _Content:
    """What the walk has collected so far."""

    messages: dict[str, list[bytes]] = field(default_factory=dict)

    def first(self, topic: str) -> bytes | None:
        found = self.messages.get(topic)
        return found[0] if found else None


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
    content = _Content()
    damage = None
    try:
        _collect(data, content)
    except _DamageError as error:
        damage = str(error)
    header = _header(content, folder, damage)
    try:
        return _assemble(folder, header, content, damage)
    except (KeyError, TypeError, ValueError) as error:
        if isinstance(error, RecordError):
            raise
        message = f"{folder} holds a record that surgisim did not write this way: {error!r}."
        raise RecordError(message) from error


def _assemble(
    folder: Path, header: Mapping[str, Any], content: _Content, damage: str | None
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
        result=_beside(folder / RESULT_FILE, read_result),
        timing=_beside(folder / TIMING_FILE, read_timing),
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
    if not data.startswith(_MAGIC):
        raise RecordError(f"{path} is not an MCAP file; give the folder that a session left.")
    return data


def _collect(data: bytes, content: _Content) -> None:
    """Sort the messages of all chunks by topic, until the end or the damage."""
    topics: dict[int, str] = {}
    for opcode, start, end in _records(data):
        if opcode != Opcode.CHUNK:
            continue
        try:
            chunk = Chunk.read(ReadDataStream(BytesIO(data[start:end])))
            records = breakup_chunk(chunk, validate_crc=True)
        except _UNREADABLE as error:
            raise _DamageError(f"the block at byte {start} of {len(data)} is damaged") from error
        for record in records:
            if isinstance(record, Channel):
                topics[record.id] = record.topic
            elif isinstance(record, Message):
                content.messages.setdefault(topics[record.channel_id], []).append(record.data)


def _records(data: bytes) -> Iterator[tuple[int, int, int]]:
    """Yield opcode, start and end of each top-level record up to the MCAP footer."""
    position = len(_MAGIC)
    while position + _RECORD_HEAD.size <= len(data):
        opcode, length = _RECORD_HEAD.unpack_from(data, position)
        start = position + _RECORD_HEAD.size
        if start + length > len(data):
            break
        if opcode == 0:
            raise _DamageError(f"byte {position} of {len(data)} begins no record")
        yield opcode, start, start + length
        if opcode == Opcode.FOOTER:
            return
        position = start + length
    raise _DamageError(f"the file is cut off after byte {position} of {len(data)}")


def _header(content: _Content, folder: Path, damage: str | None) -> Mapping[str, Any]:
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


def _packed(content: _Content, topic: str, dtype: np.dtype[Any]) -> NDArray[np.void]:
    return np.frombuffer(b"".join(content.messages.get(topic, [])), dtype=dtype)


def _scene_array(data: bytes) -> NDArray[Any]:
    array = layout.array_from_bytes(data)
    array.setflags(write=False)
    return array


def _frames(content: _Content, dt_s: float) -> Iterator[Frame]:
    for data in content.messages.get(layout.FRAMES, []):
        tick, positions = layout.frame_from_bytes(data)
        yield Frame(tick, tick * dt_s, positions)


def _beside(path: Path, read: Callable[[Path], _File]) -> _File | None:
    return read(path) if path.exists() else None


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
    if damage is not None:
        return (
            f"All of the session is there, only the index at the end of the file is not: {damage}."
        )
    return None
