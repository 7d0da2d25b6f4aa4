"""Walks over the bytes of ``session.mcap`` and collects its messages, up to the first damage.

The walk over the file's top-level records is our own, because a record cut short by a power loss
must end the reading at a known byte instead of with an error from deep inside a decoder.
"""

import struct
from collections.abc import Iterator
from dataclasses import dataclass, field
from io import BytesIO

import zstandard
from mcap.data_stream import ReadDataStream
from mcap.exceptions import McapError
from mcap.opcode import Opcode
from mcap.records import Channel, Chunk, Message
from mcap.stream_reader import CRCValidationError, breakup_chunk

__all__ = ["MAGIC", "Content", "DamageError", "collect", "first_message"]

MAGIC = b"\x89MCAP0\r\n"
"""The first bytes of the file."""

_RECORD_HEAD = struct.Struct("<BQ")
_CHUNK_FIXED = 40  # bytes of a chunk that are neither the name of its compression nor its data
_IN_DATA = frozenset({Opcode.CHUNK, Opcode.MESSAGE_INDEX, Opcode.DATA_END})
_IN_SUMMARY = frozenset(Opcode) - {Opcode.HEADER, Opcode.CHUNK, Opcode.MESSAGE, Opcode.DATA_END}
_UNREADABLE = (
    CRCValidationError,
    KeyError,
    McapError,
    MemoryError,
    OverflowError,
    ValueError,
    struct.error,
    zstandard.ZstdError,
)


class DamageError(Exception):
    """The file is readable up to here and not further."""


@dataclass
class Content:
    """What the walk has collected so far."""

    messages: dict[str, list[bytes]] = field(default_factory=dict)

    def first(self, topic: str) -> bytes | None:
        """Return the first message of a topic, or None."""
        found = self.messages.get(topic)
        return found[0] if found else None


def collect(data: bytes, content: Content) -> None:
    """Sort the messages of all chunks by topic, until the end or the damage."""
    topics: dict[int, str] = {}
    for start, end in _chunks(data):
        try:
            found = _messages(data[start:end], topics)
        except _UNREADABLE as error:
            raise DamageError(f"the block at byte {start} of {len(data)} is damaged") from error
        for topic, message in found:
            messages = content.messages.setdefault(topic, [])
            if message.sequence != len(messages):
                raise DamageError(f"a block before byte {start} of {len(data)} is missing")
            messages.append(message.data)


def first_message(data: bytes, topic: str) -> bytes | None:
    """Return the first message of a topic without looking at what follows it; None without one."""
    topics: dict[int, str] = {}
    try:
        for start, end in _chunks(data):
            for name, message in _messages(data[start:end], topics):
                if name == topic:
                    return message.data
    except (DamageError, *_UNREADABLE):
        return None
    return None


def _messages(block: bytes, topics: dict[int, str]) -> list[tuple[str, Message]]:
    """Return a chunk's messages with their topics; `topics` learns what it says of channels."""
    chunk = Chunk.read(ReadDataStream(BytesIO(block)))
    if len(block) != _CHUNK_FIXED + len(chunk.compression.encode()) + len(chunk.data):
        raise ValueError("the chunk's sizes contradict each other")
    found = []
    for record in breakup_chunk(chunk, validate_crc=True):
        if isinstance(record, Channel):
            topics[record.id] = record.topic
        elif isinstance(record, Message):
            found.append((topics[record.channel_id], record))
    return found


def _chunks(data: bytes) -> Iterator[tuple[int, int]]:
    """Yield start and end of each chunk; walks on to the MCAP footer, to see the file whole."""
    position = len(MAGIC)
    expected = frozenset({Opcode.HEADER})
    while position + _RECORD_HEAD.size <= len(data):
        opcode, length = _RECORD_HEAD.unpack_from(data, position)
        start = position + _RECORD_HEAD.size
        if opcode not in expected:
            raise DamageError(f"byte {position} of {len(data)} begins no record")
        if start + length > len(data):
            break
        if opcode == Opcode.FOOTER:
            return
        if opcode == Opcode.CHUNK:
            yield start, start + length
        if opcode in (Opcode.HEADER, Opcode.DATA_END):
            expected = _IN_DATA if opcode == Opcode.HEADER else _IN_SUMMARY
        position = start + length
    raise DamageError(f"the file is cut off after byte {position} of {len(data)}")
