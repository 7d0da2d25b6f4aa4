"""Writes ``session.mcap`` while the session runs, so that a power cut costs its last second.

A chunk is closed and forced to the disk each time the simulated time enters a new period of
`chunk_s`. The boundaries depend on simulated time alone and every ``log_time`` is simulated time,
so two runs with one seed give the same bytes, whatever the machine was doing meanwhile.
"""

import os
from collections.abc import Callable, Mapping
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import Any, BinaryIO, Self

import numpy as np
from mcap.writer import CompressionType, Writer
from numpy.typing import NDArray

from surgisim.errors import RecordError
from surgisim.record import layout
from surgisim.snapshot import COMMAND_DTYPE, TRACE_DTYPE, Event

__all__ = ["SessionWriter"]

# Large enough that simulated time, not size, closes a chunk; small enough to bound memory.
_CHUNK_BYTES = 16 * 2**20

_BESIDE = ("timing.json", "result.json", "report.html")


class SessionWriter:
    """Writes one session's record, in the order in which things happen.

    The file is begun with the header. Until then nothing is deleted and nothing is written, and
    where it never comes `close` takes away the folders that were made for it.

    Parameters
    ----------
    folder
        The session folder; made where it does not exist.
    replace
        Whether an older session in the folder gives way to this one as soon as its header is
        written; without it the writer refuses.
    chunk_s
        Simulated seconds between two forced writes; at most this and the time between two calls
        is lost when the process or the power dies.
    sync
        Forces a file descriptor's data to the disk.

    Raises
    ------
    RecordError
        For a folder that holds a session already, holds files of a session's names without one,
        or cannot be written, and for content that cannot be recorded.
    """

    def __init__(
        self,
        folder: Path,
        *,
        replace: bool = False,
        chunk_s: float = 0.5,
        sync: Callable[[int], None] = os.fsync,
    ) -> None:
        if not 1e-3 <= chunk_s <= 1.0:
            raise RecordError(f"chunk_s is {chunk_s} s; choose a value from 0.001 to 1 s.")
        self.path = Path(folder) / layout.SESSION_FILE
        self._chunk_ns = round(chunk_s * 1e9)
        self._sync = sync
        self._replace = replace
        self._made = _check_folder(self.path, replace)
        self._file: BinaryIO | None = None
        # Any: the package is typed, but these methods of its Writer are not annotated.
        self._mcap: Any = None
        self._channels: dict[str, int] = {}
        self._schemas: dict[str, int] = {}
        self._counts: dict[str, int] = {}
        self._dt_ns = 0
        self._last_tick = 0
        self._period = 0
        self._rows = 0
        self._ended = False
        self.begun_at: datetime | None = None
        """When the header was written; it is not in the file."""

    def write_header(self, header: Mapping[str, Any]) -> None:
        """Write what the session is; must come first.

        Parameters
        ----------
        header
            Plain data. ``procedure``, ``version``, ``seed`` and ``dt_s`` (seconds per tick) are
            required; ``docs/record.md`` lists the rest. No wall clock and no personal data.
        """
        if self._file is not None:
            raise RecordError(f"The header of {self.path} is written already; write it once.")
        missing = [key for key in ("procedure", "version", "seed", "dt_s") if key not in header]
        if missing:
            raise RecordError(f"The session header lacks {', '.join(missing)}; add them.")
        dt_ns = round(float(header["dt_s"]) * 1e9)
        if dt_ns < 1:
            raise RecordError(f"The session header has dt_s = {header['dt_s']}; it must be > 0.")
        data = layout.json_bytes({**header, "schema": layout.SCHEMA}, "session header")
        file = self._file = _begin(self.path, self._replace)
        self._mcap = Writer(file, chunk_size=_CHUNK_BYTES, compression=CompressionType.ZSTD)
        self._mcap.start(profile=layout.PROFILE, library="surgisim")
        self._dt_ns = dt_ns
        self._put(layout.HEADER, 0, data)
        self._flush(file)
        self.begun_at = datetime.now(UTC)

    def write_array(self, name: str, array: NDArray[Any]) -> None:
        """Write one array of the scene, such as ``points`` (n, 3) m or ``tetrahedra`` (m, 4)."""
        layout.check_array_name(name)
        topic = layout.SCENE_PREFIX + name
        if topic in self._channels:
            raise RecordError(f"The scene array {name!r} is recorded already; write it once.")
        self._put(topic, self._last_tick, layout.array_bytes(array))

    def write_trace(self, rows: NDArray[np.void]) -> None:
        """Write ticks, a 1-D array of `TRACE_DTYPE`, in the order of their ticks."""
        if rows.dtype != TRACE_DTYPE or rows.ndim != 1:
            raise RecordError(f"Trace rows are {rows.dtype}, {rows.ndim}-D; pass 1-D TRACE_DTYPE.")
        if rows.size == 0:
            return
        ticks = rows["tick"].astype(np.int64)
        if ticks[0] <= self._last_tick or np.any(np.diff(ticks) <= 0):
            raise RecordError(
                f"Trace ticks {ticks[0]} to {ticks[-1]} do not follow tick {self._last_tick}; "
                "write each tick once and in order."
            )
        # One message never spans two periods: a long batch is as safe as many short ones.
        periods = ticks * self._dt_ns // self._chunk_ns
        for part in np.split(rows, np.flatnonzero(np.diff(periods)) + 1):
            self._last_tick = int(part["tick"][-1])
            self._put(layout.TRACE, self._last_tick, part.tobytes())
        self._rows += rows.size

    def write_commands(self, commands: NDArray[np.void]) -> None:
        """Write commands as the tick applied them, a 1-D array of `COMMAND_DTYPE`."""
        if commands.dtype != COMMAND_DTYPE or commands.ndim != 1:
            raise RecordError(
                f"Commands are {commands.dtype}, {commands.ndim}-D; pass 1-D COMMAND_DTYPE."
            )
        if commands.size:
            self._put(layout.COMMANDS, int(commands["tick"][-1]), commands.tobytes())

    def write_frame(self, tick: int, positions: NDArray[np.floating[Any]]) -> None:
        """Write the organ's nodes for a picture, (n, 3) m; stored as float32."""
        self._put(layout.FRAMES, tick, layout.frame_bytes(tick, positions))

    def write_event(self, event: Event) -> None:
        """Write one event."""
        self._put(layout.EVENTS, event.tick, layout.event_bytes(event))

    def write_footer(self, footer: Mapping[str, Any]) -> None:
        """Write how the session ended; nothing follows it.

        The numbers of trace rows and events written are added, for the reader to compare.
        """
        counts = {"trace_rows": self._rows, "events": self._counts.get(layout.EVENTS, 0)}
        data = layout.json_bytes({**footer, "counts": counts}, "session footer")
        self._put(layout.FOOTER, self._last_tick, data)
        self._ended = True

    def close(self) -> None:
        """Finish the file and force it to the disk; further calls do nothing."""
        if self._file is None:
            _remove_empty(self._made)
            return
        if self._file.closed:
            return
        try:
            self._mcap.finish()
            self._file.flush()
            self._sync(self._file.fileno())
        except OSError as error:
            raise _unwritable(self.path, error) from error
        finally:
            self._file.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def _put(self, topic: str, tick: int, data: bytes) -> None:
        if self._file is None:
            raise RecordError(f"Nothing can be written to {self.path} before its header.")
        if self._ended or self._file.closed:
            raise RecordError(f"The session {self.path} has ended; nothing can follow its footer.")
        time_ns = tick * self._dt_ns
        period = time_ns // self._chunk_ns
        if period > self._period:
            self._flush(self._file)
            self._period = period
        number = self._counts.get(topic, 0)
        self._mcap.add_message(self._channel(topic), time_ns, data, time_ns, number)
        self._counts[topic] = number + 1

    def _channel(self, topic: str) -> int:
        channel = self._channels.get(topic)
        if channel is None:
            kind = layout.SCENE_PREFIX if topic.startswith(layout.SCENE_PREFIX) else topic
            name, encoding, schema, message_encoding = layout.CHANNELS[kind]
            if kind not in self._schemas:
                self._schemas[kind] = self._mcap.register_schema(name, encoding, schema)
            channel = self._mcap.register_channel(topic, message_encoding, self._schemas[kind])
            self._channels[topic] = channel
        return channel

    def _flush(self, file: BinaryIO) -> None:
        try:
            self._mcap.flush()
            self._sync(file.fileno())
        except OSError as error:
            raise _unwritable(self.path, error) from error


def _check_folder(path: Path, replace: bool) -> list[Path]:
    """Make the folder, or say why no session may be written into it; delete nothing.

    Returns
    -------
    The folders that were made, the innermost first.
    """
    try:
        made = [folder for folder in path.parents if not folder.exists()]
        path.parent.mkdir(parents=True, exist_ok=True)
        older = path.exists()
        foreign = [name for name in _BESIDE if not older and path.with_name(name).exists()]
    except OSError as error:
        raise _unwritable(path, error) from error
    if older and not replace:
        raise RecordError(
            f"{path.parent} holds a session already; choose another folder or replace it."
        )
    if foreign:
        raise RecordError(
            f"{path.parent} holds {' and '.join(foreign)} but no session, and a session would be "
            "written over it; choose another folder or move it away."
        )
    return made


def _remove_empty(folders: list[Path]) -> None:
    """Take folders away, the innermost first, as far as nothing else has come into them."""
    with suppress(OSError):
        for folder in folders:
            folder.rmdir()


def _begin(path: Path, replace: bool) -> BinaryIO:
    """Open the new file; where asked, clear an older session's own files from the folder first."""
    try:
        if replace and path.exists():
            for name in _BESIDE:
                path.with_name(name).unlink(missing_ok=True)
            path.unlink()  # last: it tells that the others are a session's
        return path.open("xb")
    except OSError as error:
        raise _unwritable(path, error) from error


def _unwritable(path: Path, error: OSError) -> RecordError:
    reason = error.strerror or str(error)
    return RecordError(f"{path} cannot be written: {reason}; check the folder and its free space.")
