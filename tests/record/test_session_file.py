"""The session file: what goes in comes out, the same bytes for the same seed, clear refusals."""

import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from mcap.reader import make_reader

from surgisim.errors import RecordError
from surgisim.record import SessionWriter, load
from surgisim.record.reader import read_header
from surgisim.snapshot import COMMAND_DTYPE, TRACE_DTYPE, Event

from .sessions import HEADER, event, trace, write_session


def test_everything_written_is_read_back(tmp_path: Path) -> None:
    write_session(tmp_path)
    record = load(tmp_path)
    assert record.damaged is None
    assert record.header == {**HEADER, "schema": "surgisim/session@2"}
    assert np.array_equal(record.trace, trace(1, 3000))
    assert record.trace.dtype == TRACE_DTYPE
    assert record.commands["tick"].tolist() == [1000, 2000, 3000]
    assert record.commands[0]["values"].tolist() == [1, 2, 3, 4]
    assert record.events == (event(1000), event(2000), event(3000))
    assert [frame.tick for frame in record.frames] == [1000, 2000, 3000]
    assert record.frames[1].time_s == 2.0
    assert record.frames[1].positions.shape == (100, 3)
    assert record.arrays["tetrahedra"].dtype == np.int32
    assert np.array_equal(record.arrays["points"], np.linspace(0, 0.1, 300).reshape(100, 3))
    assert record.footer is not None
    assert record.footer["ended"] == "completed"
    assert (record.dt_s, record.duration_s) == (1e-3, 3.0)
    assert record.times_s[-1] == pytest.approx(3.0)
    assert record.result is None
    assert record.timing is None


def test_recorded_arrays_cannot_be_changed(tmp_path: Path) -> None:
    write_session(tmp_path, ticks=20)
    record = load(tmp_path)
    for array in (record.trace, record.commands, record.arrays["points"]):
        assert not array.flags.writeable


def test_same_seed_same_bytes_other_seed_other_bytes(tmp_path: Path) -> None:
    for name, seed in (("a", 7), ("b", 7), ("c", 8)):
        write_session(tmp_path / name, seed=seed)
    first, again, other = ((tmp_path / name / "session.mcap").read_bytes() for name in "abc")
    assert first == again
    assert first != other


def test_same_bytes_from_another_process(tmp_path: Path) -> None:
    write_session(tmp_path / "here")
    code = (
        "import importlib.util, pathlib, sys\n"
        f"spec = importlib.util.spec_from_file_location('sessions', {str(_sessions())!r})\n"
        "sessions = importlib.util.module_from_spec(spec); spec.loader.exec_module(sessions)\n"
        f"sessions.write_session(pathlib.Path({str(tmp_path / 'there')!r}))\n"
    )
    subprocess.run([sys.executable, "-c", code], check=True, timeout=60)
    here, there = (tmp_path / name / "session.mcap" for name in ("here", "there"))
    assert here.read_bytes() == there.read_bytes()


def _sessions() -> Path:
    return Path(__file__).with_name("sessions.py")


def test_common_mcap_reader_understands_it(tmp_path: Path) -> None:
    write_session(tmp_path)
    with (tmp_path / "session.mcap").open("rb") as file:
        reader = make_reader(file, validate_crcs=True)
        summary = reader.get_summary()
        assert summary is not None
        topics = {channel.topic for channel in summary.channels.values()}
        messages = list(reader.iter_messages(topics=["/session/events"]))
    assert {"/tick/trace", "/tick/commands", "/scene/points", "/session/header"} <= topics
    assert summary.statistics is not None
    assert summary.statistics.message_end_time == 3_000_000_000
    schema, channel, message = messages[0]
    assert schema is not None
    assert (schema.encoding, channel.message_encoding) == ("jsonschema", "json")
    assert json.loads(message.data)["kind"] == "mark.set"
    assert message.log_time == message.publish_time == 1_000_000_000


def test_trace_schema_describes_the_packed_rows(tmp_path: Path) -> None:
    write_session(tmp_path, ticks=40)
    with (tmp_path / "session.mcap").open("rb") as file:
        (schema, _, message), *_ = make_reader(file).iter_messages(topics=["/tick/trace"])
    assert schema is not None
    fields = json.loads(schema.data)["fields"]
    dtype = np.dtype([(f["name"], f["type"], tuple(f["shape"])) for f in fields])
    assert np.frombuffer(message.data, dtype)["tick"].tolist() == list(range(1, 21))


def test_a_file_is_forced_to_disk_every_half_second_of_simulated_time(tmp_path: Path) -> None:
    synced: list[int] = []
    write_session(tmp_path, ticks=10_000, sync=synced.append)
    assert len(synced) == 1 + 20 + 1  # header, one per half second, close


def test_long_batches_are_cut_at_the_same_places(tmp_path: Path) -> None:
    synced: list[int] = []
    write_session(tmp_path, ticks=10_000, batch=10_000, sync=synced.append)
    assert len(synced) == 1 + 20 + 1
    assert np.array_equal(load(tmp_path).trace, trace(1, 10_000))


def test_an_older_session_is_replaced_only_when_asked(tmp_path: Path) -> None:
    write_session(tmp_path, ticks=20)
    (tmp_path / "result.json").write_text("{}")
    (tmp_path / "notes.txt").write_text("mine")
    with pytest.raises(RecordError, match="holds a session already"):
        SessionWriter(tmp_path)
    write_session(tmp_path, ticks=40, replace=True)
    assert load(tmp_path).trace.size == 40
    assert not (tmp_path / "result.json").exists()
    assert (tmp_path / "notes.txt").read_text() == "mine"


def test_an_older_session_stays_until_the_new_one_begins(tmp_path: Path) -> None:
    write_session(tmp_path, ticks=20)
    (tmp_path / "result.json").write_text("{}")
    with SessionWriter(tmp_path, replace=True) as writer:
        with pytest.raises(RecordError, match="lacks procedure"):
            writer.write_header({})
        with pytest.raises(RecordError, match="plain"):
            writer.write_header({**HEADER, "extra": {1, 2}})
    assert load(tmp_path).trace.size == 20
    assert (tmp_path / "result.json").read_text() == "{}"
    with SessionWriter(tmp_path, replace=True) as writer:
        writer.write_header(HEADER)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["session.mcap"]


@pytest.mark.parametrize("replace", [True, False])
def test_files_that_no_session_wrote_are_not_touched(tmp_path: Path, replace: bool) -> None:
    for name in ("report.html", "result.json"):
        (tmp_path / name).write_text("mine")
    with pytest.raises(RecordError, match=r"result.json and report.html but no session.*another"):
        SessionWriter(tmp_path, replace=replace)
    assert {path.read_text() for path in tmp_path.iterdir()} == {"mine"}


def test_a_session_that_came_in_between_is_not_replaced(tmp_path: Path) -> None:
    with SessionWriter(tmp_path) as writer:
        write_session(tmp_path, ticks=20)
        with pytest.raises(RecordError, match="cannot be written"):
            writer.write_header(HEADER)
    assert load(tmp_path).trace.size == 20


def _writer(folder: Path) -> SessionWriter:
    writer = SessionWriter(folder)
    writer.write_header(HEADER)
    return writer


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda w: w.write_header(HEADER), "written already"),
        (lambda w: w.write_trace(np.zeros(3)), "pass 1-D TRACE_DTYPE"),
        (lambda w: w.write_trace(trace(5, 9)[::-1]), "do not follow"),
        (lambda w: (w.write_trace(trace(1, 9)), w.write_trace(trace(9, 12))), "do not follow"),
        (lambda w: w.write_commands(np.zeros(3)), "pass 1-D COMMAND_DTYPE"),
        (lambda w: w.write_frame(1, np.zeros((3, 2))), r"\(n, 3\)"),
        (lambda w: w.write_array("Points!", np.zeros(3)), "lower-case"),
        (lambda w: w.write_array("a", np.array([object()])), "Python objects"),
        (lambda w: [w.write_array("a", np.zeros(3)) for _ in "12"], "already"),
        (lambda w: w.write_event(Event(1, 0.001, "x", values={"f": float("nan")})), "finite"),
        (lambda w: w.write_event(Event(1, 0.001, "x", values={"f": object()})), "plain"),
        (lambda w: (w.write_footer({}), w.write_event(event(1))), "has ended"),
        (lambda w: (w.close(), w.write_event(event(1))), "has ended"),
    ],
)
def test_what_cannot_be_recorded_is_refused(tmp_path: Path, call, message: str) -> None:
    with _writer(tmp_path) as writer, pytest.raises(RecordError, match=message):
        call(writer)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"dt_s": 0.0}, "must be > 0"),
        ({"seed": None, "extra": {1, 2}}, "plain"),
    ],
)
def test_bad_headers_are_refused(tmp_path: Path, change: dict, message: str) -> None:
    with SessionWriter(tmp_path) as writer, pytest.raises(RecordError, match=message):
        writer.write_header({**HEADER, **change})


def test_header_comes_first_and_is_complete(tmp_path: Path) -> None:
    with SessionWriter(tmp_path) as writer:
        with pytest.raises(RecordError, match="before its header"):
            writer.write_event(event(1))
        with pytest.raises(RecordError, match="lacks version, seed, dt_s"):
            writer.write_header({"procedure": "x"})


def test_empty_batches_write_nothing(tmp_path: Path) -> None:
    with _writer(tmp_path) as writer:
        writer.write_trace(np.zeros(0, TRACE_DTYPE))
        writer.write_commands(np.zeros(0, COMMAND_DTYPE))
        writer.write_footer({})
    record = load(tmp_path)
    assert record.damaged is None
    assert record.trace.size == record.commands.size == 0
    assert record.duration_s == 0.0


def test_numpy_values_in_events_are_plain_numbers(tmp_path: Path) -> None:
    with _writer(tmp_path) as writer:
        values = {"a": np.float64(0.1), "b": np.int32(3), "c": np.bool_(True)}
        writer.write_event(Event(1, np.float64(0.001), "x", point=tuple(np.ones(3)), values=values))
    (read,) = load(tmp_path).events
    assert read.values == {"a": 0.1, "b": 3, "c": True}
    assert read.point == (1.0, 1.0, 1.0)


def test_folder_that_cannot_be_made(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(RecordError, match="cannot be written"):
        SessionWriter(tmp_path / "file" / "session")


def test_a_session_that_never_began_leaves_no_folder(tmp_path: Path) -> None:
    (tmp_path / "kept").mkdir()
    for folder in (tmp_path / "out" / "one", tmp_path / "kept", tmp_path / "kept" / "one"):
        with SessionWriter(folder):
            assert folder.is_dir()
    assert [path.name for path in tmp_path.iterdir()] == ["kept"]
    assert not any((tmp_path / "kept").iterdir())
    with SessionWriter(tmp_path / "out" / "two"):
        (tmp_path / "out" / "other").touch()
    assert [path.name for path in (tmp_path / "out").iterdir()] == ["other"]


def test_no_session_not_mcap_empty(tmp_path: Path) -> None:
    with pytest.raises(RecordError, match="holds no session"):
        load(tmp_path / "absent")
    (tmp_path / "session.mcap").write_bytes(b"")
    with pytest.raises(RecordError, match="is empty"):
        load(tmp_path)
    (tmp_path / "session.mcap").write_bytes(b"PK\x03\x04 something else")
    with pytest.raises(RecordError, match="not an MCAP"):
        load(tmp_path)


def test_another_schema_version(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("surgisim.record.layout.SCHEMA", "surgisim/session@9")
    write_session(tmp_path, ticks=20)
    monkeypatch.undo()
    with pytest.raises(RecordError, match=r"session@9.*reads 'surgisim/session@2'"):
        load(tmp_path)


def test_an_mcap_of_someone_else(tmp_path: Path) -> None:
    from mcap.writer import Writer

    with (tmp_path / "session.mcap").open("wb") as file:
        writer = Writer(file)
        writer.start()
        writer.add_message(writer.register_channel("/chatter", "json", 0), 0, b"{}", 0)
        writer.finish()
    with pytest.raises(RecordError, match="no readable record of a session"):
        load(tmp_path)


@pytest.mark.parametrize("header", [b"[]", b"no JSON", b'"text"'])
def test_a_header_of_another_kind(tmp_path: Path, header: bytes) -> None:
    from mcap.writer import Writer

    with (tmp_path / "session.mcap").open("wb") as file:
        writer = Writer(file)
        writer.start()
        channel = writer.register_channel("/session/header", "json", 0)
        writer.add_message(channel, 0, header, 0)
        writer.finish()
    with pytest.raises(RecordError, match="holds a record that surgisim did not write this way"):
        load(tmp_path)
    with pytest.raises(RecordError, match="holds a record whose header cannot be read"):
        read_header(tmp_path)
