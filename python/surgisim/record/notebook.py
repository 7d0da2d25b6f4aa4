"""A record kept in memory, for sessions of which only the outcome is wanted.

It is handed what a file would be handed, and gives the same record, without its frames.
"""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from surgisim.record import layout
from surgisim.record.reader import SessionRecord
from surgisim.snapshot import COMMAND_DTYPE, TRACE_DTYPE, Event

__all__ = ["Notebook", "Recorder"]


class Recorder(Protocol):
    """What a session writes into; see `surgisim.record.SessionWriter`."""

    def write_header(self, header: Mapping[str, Any]) -> None:
        """Write what the session is; comes first."""

    def write_array(self, name: str, array: NDArray[Any]) -> None:
        """Write one array of the scene."""

    def write_trace(self, rows: NDArray[np.void]) -> None:
        """Write ticks."""

    def write_commands(self, commands: NDArray[np.void]) -> None:
        """Write commands as the tick applied them."""

    def write_frame(self, tick: int, positions: NDArray[np.floating[Any]]) -> None:
        """Write the organ's nodes for a picture."""

    def write_event(self, event: Event) -> None:
        """Write one event."""

    def write_footer(self, footer: Mapping[str, Any]) -> None:
        """Write how the session ended."""


class Notebook:
    """Keeps one session in memory."""

    def __init__(self) -> None:
        self._header: Mapping[str, Any] = {}
        self._arrays: dict[str, NDArray[Any]] = {}
        self._trace: list[bytes] = []
        self._commands: list[bytes] = []
        self._events: list[Event] = []
        self._footer: Mapping[str, Any] | None = None

    def write_header(self, header: Mapping[str, Any]) -> None:
        """Keep what the session is, as a file would give it back."""
        self._header = _as_read(header, "session header")

    def write_array(self, name: str, array: NDArray[Any]) -> None:
        """Keep one array of the scene."""
        self._arrays[name] = np.asarray(array)

    def write_trace(self, rows: NDArray[np.void]) -> None:
        """Keep ticks."""
        self._trace.append(rows.tobytes())

    def write_commands(self, commands: NDArray[np.void]) -> None:
        """Keep commands."""
        self._commands.append(commands.tobytes())

    def write_frame(self, tick: int, positions: NDArray[np.floating[Any]]) -> None:
        """Let go of a shape that nobody will look at."""

    def write_event(self, event: Event) -> None:
        """Keep one event."""
        self._events.append(event)

    def write_footer(self, footer: Mapping[str, Any]) -> None:
        """Keep how the session ended."""
        self._footer = _as_read(footer, "session footer")

    def record(self, folder: Path) -> SessionRecord:
        """Give the record; `folder` is what errors call it."""
        return SessionRecord(
            folder=folder,
            header=self._header,
            arrays=self._arrays,
            trace=np.frombuffer(b"".join(self._trace), TRACE_DTYPE),
            commands=np.frombuffer(b"".join(self._commands), COMMAND_DTYPE),
            frames=(),
            events=tuple(self._events),
            footer=self._footer,
            damaged=None,
        )


def _as_read(data: Mapping[str, Any], what: str) -> dict[str, Any]:
    read: dict[str, Any] = json.loads(layout.json_bytes(data, what))
    return read
