"""What lies where in ``session.mcap``: topics, schemas and the bytes of each message.

JSON is written with sorted keys and shortest round-trip numbers, arrays little-endian and packed,
so that equal content gives equal bytes. Nothing here reads a clock.
"""

import io
import json
import re
from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from surgisim.errors import RecordError
from surgisim.snapshot import COMMAND_DTYPE, TRACE_DTYPE, Event

__all__ = [
    "CHANNELS",
    "COMMANDS",
    "EVENTS",
    "FOOTER",
    "FRAMES",
    "HEADER",
    "PROFILE",
    "SCENE_PREFIX",
    "SCHEMA",
    "SESSION_FILE",
    "TRACE",
    "array_bytes",
    "array_from_bytes",
    "check_array_name",
    "dtype_text",
    "event_bytes",
    "event_from_bytes",
    "frame_bytes",
    "frame_from_bytes",
    "json_bytes",
]

SCHEMA = "surgisim/session@2"
"""Identifies the format; the number grows when the meaning of a recorded field changes."""

PROFILE = "surgisim-session"
SESSION_FILE = "session.mcap"

HEADER = "/session/header"
FOOTER = "/session/footer"
EVENTS = "/session/events"
TRACE = "/tick/trace"
COMMANDS = "/tick/commands"
FRAMES = "/frames/organ"
SCENE_PREFIX = "/scene/"

_ARRAY_NAME = re.compile(r"[a-z0-9][a-z0-9_.\-/]*")
_FRAME_TICK = np.dtype("<u8")
_FRAME_NODE = np.dtype("<f4")


def json_bytes(content: Mapping[str, Any], what: str) -> bytes:
    """Write a mapping as UTF-8 JSON, the same bytes for the same content.

    Parameters
    ----------
    content
        Strings, numbers (NumPy's too), booleans, None, lists and mappings of these.
    what
        Names the content in an error.

    Raises
    ------
    RecordError
        For NaN, infinity or a type that JSON has no word for.
    """
    try:
        text = json.dumps(
            content,
            sort_keys=True,
            ensure_ascii=False,
            allow_nan=False,
            separators=(",", ":"),
            default=_plain,
        )
    except (TypeError, ValueError) as error:
        message = f"The {what} cannot be recorded: {error}; use finite numbers and plain text."
        raise RecordError(message) from error
    return text.encode("utf-8")


def _plain(value: object) -> object:
    if isinstance(value, np.generic):
        return value.item()
    if isinstance(value, np.ndarray):
        return value.tolist()
    if isinstance(value, Mapping):
        return dict(value)
    raise TypeError(f"{type(value).__name__} is not plain data")


def dtype_text(dtype: np.dtype[Any]) -> bytes:
    """Describe a packed record type as JSON: fields in order with NumPy type and shape."""
    fields = []
    for name in dtype.names or ():
        field = dtype[name]
        fields.append({"name": name, "type": field.base.str, "shape": list(field.shape)})
    return json_bytes({"fields": fields, "itemsize": dtype.itemsize}, "record type")


def event_bytes(event: Event) -> bytes:
    """Write one event as JSON."""
    content = {
        "tick": event.tick,
        "time_s": event.time_s,
        "kind": event.kind,
        "text": event.text,
        "point": None if event.point is None else [float(x) for x in event.point],
        "values": dict(event.values),
    }
    return json_bytes(content, f"event {event.kind!r} at tick {event.tick}")


def event_from_bytes(data: bytes) -> Event:
    """Read what `event_bytes` wrote."""
    content = json.loads(data)
    point = content["point"]
    return Event(
        tick=int(content["tick"]),
        time_s=float(content["time_s"]),
        kind=str(content["kind"]),
        text=str(content["text"]),
        point=None if point is None else (float(point[0]), float(point[1]), float(point[2])),
        values=content["values"],
    )


def check_array_name(name: str) -> None:
    """Refuse a scene array's name that would not make a clean topic."""
    if not _ARRAY_NAME.fullmatch(name):
        raise RecordError(
            f"The scene array name {name!r} cannot be recorded; "
            "use lower-case letters, digits, '_', '-', '.' and '/'."
        )


def array_bytes(array: NDArray[Any]) -> bytes:
    """Write an array as an ``.npy`` file in memory, little-endian, C order, never pickled."""
    ordered = np.ascontiguousarray(array)
    if ordered.dtype.hasobject:
        raise RecordError("An array of Python objects cannot be recorded; use a numeric type.")
    little = ordered.astype(ordered.dtype.newbyteorder("<"), copy=False)
    buffer = io.BytesIO()
    np.lib.format.write_array(buffer, little, version=(1, 0), allow_pickle=False)
    return buffer.getvalue()


def array_from_bytes(data: bytes) -> NDArray[Any]:
    """Read what `array_bytes` wrote; a pickled array is refused."""
    array: NDArray[Any] = np.load(io.BytesIO(data), allow_pickle=False)
    return array


def frame_bytes(tick: int, positions: NDArray[np.floating[Any]]) -> bytes:
    """Write a picture's node positions: the tick as u64, then (n, 3) float32, m."""
    nodes = np.ascontiguousarray(positions, dtype=_FRAME_NODE)
    if nodes.ndim != 2 or nodes.shape[1] != 3:
        raise RecordError(
            f"Frame positions have the shape {nodes.shape}; an (n, 3) array of metres is needed."
        )
    return np.array(tick, dtype=_FRAME_TICK).tobytes() + nodes.tobytes()


def frame_from_bytes(data: bytes) -> tuple[int, NDArray[np.float32]]:
    """Read what `frame_bytes` wrote."""
    tick = int(np.frombuffer(data, dtype=_FRAME_TICK, count=1)[0])
    nodes = np.frombuffer(data, dtype=_FRAME_NODE, offset=_FRAME_TICK.itemsize)
    return tick, nodes.reshape(-1, 3)


_EVENT_SCHEMA = {
    "type": "object",
    "required": ["tick", "time_s", "kind", "text", "point", "values"],
    "properties": {
        "tick": {"type": "integer", "minimum": 0},
        "time_s": {"type": "number"},
        "kind": {"type": "string"},
        "text": {"type": "string"},
        "point": {"type": ["array", "null"], "items": {"type": "number"}},
        "values": {"type": "object"},
    },
}

CHANNELS: Mapping[str, tuple[str, str, bytes, str]] = {
    HEADER: ("surgisim.Header", "jsonschema", b'{"type":"object"}', "json"),
    FOOTER: ("surgisim.Footer", "jsonschema", b'{"type":"object"}', "json"),
    EVENTS: ("surgisim.Event", "jsonschema", json_bytes(_EVENT_SCHEMA, "event schema"), "json"),
    TRACE: ("surgisim.Trace", "x-packed-fields", dtype_text(TRACE_DTYPE), "x-packed"),
    COMMANDS: ("surgisim.Commands", "x-packed-fields", dtype_text(COMMAND_DTYPE), "x-packed"),
    FRAMES: ("surgisim.Frame", "x-text", b"u64 tick, then float32[n][3] nodes in m", "x-packed"),
    SCENE_PREFIX: ("surgisim.Array", "x-text", b"one NumPy .npy file", "x-npy"),
}
"""For each topic (or topic prefix): schema name, schema encoding, schema, message encoding."""
