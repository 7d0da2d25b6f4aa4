"""Power cuts: what reached the disk is read back, and the record says where it ends."""

import os
import random
import signal
import struct
import subprocess
import sys
from io import BytesIO
from pathlib import Path

import numpy as np
import pytest
from mcap.reader import make_reader

from surgisim.errors import RecordError
from surgisim.record import SessionWriter, load

from .sessions import HEADER, trace, write_session

ENDLESS = """
import importlib.util, pathlib, sys
spec = importlib.util.spec_from_file_location("sessions", sys.argv[1])
sessions = importlib.util.module_from_spec(spec)
spec.loader.exec_module(sessions)
writer = sessions.SessionWriter(pathlib.Path(sys.argv[2]))
writer.write_header(sessions.HEADER)
for tick in range(1, 10_000_000, 20):
    writer.write_trace(sessions.trace(tick, tick + 19))
    writer.write_event(sessions.event(tick + 19))
    print(tick + 19, flush=True)
"""


def test_a_killed_session_loses_less_than_its_last_second(tmp_path: Path) -> None:
    sessions = Path(__file__).with_name("sessions.py")
    process = subprocess.Popen(
        [sys.executable, "-c", ENDLESS, str(sessions), str(tmp_path)],
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    tick = 0
    while tick < 4700:
        tick = int(process.stdout.readline())
    os.kill(process.pid, signal.SIGKILL)
    rest = process.stdout.read().split("\n")
    process.stdout.close()
    process.wait(timeout=30)
    complete = [line for line in rest[:-1] if line]
    last_written = int(complete[-1]) if complete else tick

    record = load(tmp_path)
    assert record.trace.size >= last_written - 1000
    assert np.array_equal(record.trace, trace(1, record.trace.size))
    assert record.damaged is not None
    assert "not further" in record.damaged
    assert record.footer is None


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    folder = tmp_path_factory.mktemp("whole")
    write_session(folder, ticks=6000)
    return (folder / "session.mcap").read_bytes()


def test_truncated_anywhere_everything_before_the_cut_is_there(
    whole: bytes, tmp_path: Path
) -> None:
    expected = trace(1, 6000)
    summary = make_reader(BytesIO(whole)).get_summary()
    assert summary is not None
    chunks = [
        (chunk.chunk_start_offset + chunk.chunk_length, chunk.message_end_time // 1_000_000)
        for chunk in summary.chunk_indexes
    ]
    generator = random.Random(1)  # noqa: S311
    for cut in generator.sample(range(len(whole)), 120):
        (tmp_path / "session.mcap").write_bytes(whole[:cut])
        before_cut = [ticks for end, ticks in chunks if end <= cut]
        if not before_cut:
            with pytest.raises(RecordError, match=r"is empty|not an MCAP|no readable record"):
                load(tmp_path)
            continue
        record = load(tmp_path)
        assert record.damaged is not None
        assert record.trace.size == before_cut[-1]
        assert np.array_equal(record.trace, expected[: record.trace.size])


def test_flipped_bits_never_pass_unnoticed(whole: bytes, tmp_path: Path) -> None:
    expected = trace(1, 6000)
    generator = random.Random(2)  # noqa: S311
    for _ in range(120):
        position = generator.randrange(8, len(whole))
        broken = bytearray(whole)
        broken[position] ^= 1 << generator.randrange(8)
        (tmp_path / "session.mcap").write_bytes(broken)
        try:
            record = load(tmp_path)
        except RecordError:
            continue
        if record.damaged is None:  # the index is not needed to read
            assert np.array_equal(record.trace, expected)
        else:
            assert np.array_equal(record.trace, expected[: record.trace.size])


def test_zeros_after_a_power_cut_end_the_reading(whole: bytes, tmp_path: Path) -> None:
    cut = len(whole) // 2
    (tmp_path / "session.mcap").write_bytes(whole[:cut] + bytes(4096))
    record = load(tmp_path)
    assert record.damaged is not None
    assert 0 < record.trace.size < 6000


def test_a_lost_index_loses_nothing(whole: bytes, tmp_path: Path) -> None:
    (tmp_path / "session.mcap").write_bytes(whole[:-20])
    record = load(tmp_path)
    assert record.trace.size == 6000
    assert record.footer is not None
    assert record.damaged is not None
    assert "only the index" in record.damaged


HEAD = struct.Struct("<BQ")
CHUNK, MESSAGE_INDEX, DATA_END = 6, 7, 15


def heads(data: bytes) -> list[tuple[int, int]]:
    """Opcode and place of each record up to the end of the data section."""
    found, place = [], 8
    while not found or found[-1][0] != DATA_END:
        opcode, length = HEAD.unpack_from(data, place)
        found.append((opcode, place))
        place += HEAD.size + length
    return found


def test_a_flipped_bit_in_any_record_head_leaves_no_hole(tmp_path: Path) -> None:
    write_session(tmp_path, ticks=1200, batch=200)
    whole = (tmp_path / "session.mcap").read_bytes()
    expected = trace(1, 1200)
    sizes = 8 + 8 + 8 + 4 + 4 + 4 + 8  # of a chunk, before its data
    for opcode, start in heads(whole):
        for position in range(start, start + HEAD.size + (sizes if opcode == CHUNK else 0)):
            for bit in range(8):
                broken = bytearray(whole)
                broken[position] ^= 1 << bit
                (tmp_path / "session.mcap").write_bytes(broken)
                try:
                    record = load(tmp_path)
                except RecordError:
                    continue
                assert np.array_equal(record.trace, expected[: record.trace.size])
                if record.trace.size < 1200 or record.footer is None:
                    assert record.damaged is not None
                    assert "not further" in record.damaged


def test_a_block_that_poses_as_another_kind_of_record_ends_the_reading(tmp_path: Path) -> None:
    write_session(tmp_path, ticks=3000)
    whole = (tmp_path / "session.mcap").read_bytes()
    third = [place for opcode, place in heads(whole) if opcode == CHUNK][2]
    for opcode in (MESSAGE_INDEX, 99):  # the first may stand there
        broken = bytearray(whole)
        broken[third] = opcode
        (tmp_path / "session.mcap").write_bytes(broken)
        record = load(tmp_path)
        assert record.trace.size == 499
        assert record.damaged is not None
        assert "readable up to 0.499 s and not further" in record.damaged


@pytest.mark.parametrize(
    ("ticks", "lost", "said"),
    [
        ([1, 2, 3, 7, 8], {}, "lost while the session was played (ticks: 3)"),
        (
            [1, 2, 3],
            {"events": 0, "trace_rows": 12},
            "lost while the session was played (trace rows: 12)",
        ),
        (
            [1, 2, 3],
            {"events": 4, "trace_rows": 0},
            "lost while the session was played (events: 4)",
        ),
    ],
)
def test_what_was_lost_while_playing_is_told(
    tmp_path: Path, ticks: list[int], lost: dict[str, int], said: str
) -> None:
    rows = trace(1, 8)
    with SessionWriter(tmp_path) as writer:
        writer.write_header(HEADER)
        writer.write_trace(rows[np.isin(rows["tick"], ticks)])
        writer.write_footer({"lost": lost})
    record = load(tmp_path)
    assert record.trace["tick"].tolist() == ticks
    assert record.damaged is not None
    assert said in record.damaged
