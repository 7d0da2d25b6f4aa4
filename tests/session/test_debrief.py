"""Debriefing of records that break off, lack something or are of another organ."""

import json
import shutil
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from surgisim.errors import ProcedureError, RecordError, RenderError
from surgisim.procedure.load import loads
from surgisim.record import SessionRecord, SessionWriter, load, read_result
from surgisim.render.context import GLContext
from surgisim.render.materials import NEUTRAL
from surgisim.session import Order, debrief, play
from surgisim.session.organ_look import Look
from surgisim.session.organ_view import OrganView
from surgisim.session.pictures import key_pictures
from surgisim.session.recording import recording_of
from surgisim.snapshot import Event

from .bleeds import BLEEDS, Away


@pytest.fixture(scope="module")
def played(tmp_path_factory: pytest.TempPathFactory, coarse_liver: Path) -> Path:
    folder = tmp_path_factory.mktemp("played")
    (folder / "bleeds.yaml").write_text(BLEEDS)
    order = Order(folder / "bleeds.yaml", folder / "session", anatomy=coarse_liver)
    play(order, lambda *_: Away())
    return folder / "session"


@pytest.fixture
def session(played: Path, tmp_path: Path) -> Path:
    """A copy of the session."""
    return Path(shutil.copytree(played, tmp_path / "session"))


def written(
    record: SessionRecord,
    folder: Path,
    header: Mapping[str, Any],
    events: Sequence[Event],
    ticks: int | None = None,
) -> Path:
    """Write a record again with another header, other events or fewer ticks."""
    with SessionWriter(folder) as writer:
        writer.write_header(header)
        for name, array in record.arrays.items():
            writer.write_array(name, array)
        writer.write_trace(record.trace[:ticks])
        for event in events:
            writer.write_event(event)
        writer.write_footer(record.footer or {})
    return folder


def cut(session: Path) -> SessionRecord:
    """Take the last third of a record away, as a power cut does."""
    file = session / "session.mcap"
    data = file.read_bytes()
    file.write_bytes(data[: 2 * len(data) // 3])
    return load(session)


def test_a_whole_record_passes_and_is_not_called_damaged(session: Path) -> None:
    result = debrief(session).result
    assert result.passed
    assert result.damaged is None
    assert "damaged" not in json.loads((session / "result.json").read_text())


def test_the_result_holds_the_score_line_by_line_with_its_evidence(session: Path) -> None:
    result = debrief(session).result
    assert result.pass_mark == load(session).header["pass_mark"]
    assert sum(line.points for line in result.lines) == pytest.approx(result.score)
    assert sum(line.out_of for line in result.lines) == pytest.approx(100.0)
    assert read_result(session / "result.json").lines == result.lines
    assert all(line.text and line.title for line in result.lines)


def test_a_record_that_breaks_off_is_interrupted_with_the_blood_of_its_events(
    session: Path,
) -> None:
    whole = debrief(session).result
    record = cut(session)
    assert record.footer is None
    assert 2.0 < record.duration_s < whole.duration_s
    result = debrief(session).result
    assert not result.passed
    assert not result.completed
    assert (whole.outcome, result.outcome) == ("passed", "interrupted")
    assert result.damaged == record.damaged
    assert json.loads((session / "result.json").read_text())["damaged"] == record.damaged
    lost, all_lost = (r.metrics["blood.lost"].value for r in (result, whole))
    assert lost is not None
    assert all_lost is not None
    assert 0.0 < lost < all_lost
    page = (session / "report.html").read_text()
    assert "The record breaks off before the session&#39;s end: nothing is passed or failed" in page


def test_a_record_without_ticks_is_refused(session: Path, tmp_path: Path) -> None:
    record = load(session)
    folder = written(record, tmp_path / "new", record.header, (), ticks=0)
    with pytest.raises(RecordError, match="new ended before its first tick"):
        debrief(folder)
    assert not (folder / "result.json").exists()


def test_a_procedure_that_a_later_check_refuses_is_scored_as_it_was_played(
    session: Path, tmp_path: Path
) -> None:
    record = load(session)
    text = str(record.header["procedure_text"])
    stricter = text.replace(
        "scoring:", "objectives:\n  - {id: idle, text: scored by nobody}\nscoring:"
    )
    with pytest.raises(ProcedureError, match="objective 'idle'"):
        loads(stricter, "bleeds.yaml")
    header = {**record.header, "procedure_text": stricter}
    again = debrief(written(record, tmp_path / "new", header, record.events)).result
    assert again.score == debrief(session).result.score


@pytest.mark.parametrize("key", ["procedure_text", "force_limit_n", "nodules"])
def test_a_header_that_lacks_what_scoring_needs(session: Path, tmp_path: Path, key: str) -> None:
    record = load(session)
    header = {name: value for name, value in record.header.items() if name != key}
    folder = written(record, tmp_path / "new", header, record.events)
    with pytest.raises(RecordError, match=f"new cannot be scored: its header lacks '{key}'"):
        debrief(folder)
    assert not (folder / "result.json").exists()


@pytest.mark.parametrize(
    ("key", "value"),
    [("force_limit_n", "hard"), ("nodules", [{"center": [0, 0, 0]}]), ("nodules", 3)],
)
def test_a_header_with_something_else(
    session: Path, tmp_path: Path, key: str, value: object
) -> None:
    record = load(session)
    folder = written(record, tmp_path / "new", {**record.header, key: value}, record.events)
    with pytest.raises(RecordError, match=f"new cannot be scored: .*'{key}'"):
        debrief(folder)


@pytest.mark.parametrize(
    ("kind", "values", "lacking"),
    [
        ("error", {"error": "hard", "severity": "minor"}, "penalty"),
        ("error", {"error": "hard", "penalty": 2.0}, "severity"),
        ("mark.set", {"number": 1}, "rest_x"),
    ],
)
def test_an_event_that_lacks_what_scoring_needs(
    session: Path, tmp_path: Path, kind: str, values: dict[str, float | str], lacking: str
) -> None:
    record = load(session)
    event = Event(500, 0.5, kind, "", None, values)
    folder = written(record, tmp_path / "new", record.header, [event])
    with pytest.raises(RecordError, match=f"'{kind}' at 0.500 s lacks '{lacking}'"):
        debrief(folder)


def test_a_folder_for_the_report_is_refused_before_anything_is_written(
    session: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (session / "result.json").write_text("the older one")
    monkeypatch.chdir(session)
    for out in (Path(), Path(".."), session):
        with pytest.raises(RecordError, match="is a folder; give the report the name of a file"):
            debrief(session, out=out)
    assert (session / "result.json").read_text() == "the older one"


def test_damaged_files_beside_the_record_are_written_again_or_told(session: Path) -> None:
    (session / "result.json").write_text("{")
    (session / "timing.json").write_text("{")
    debrief(session)
    assert json.loads((session / "result.json").read_text())["procedure"] == "bleeds"
    assert "There are no tick statistics" in (session / "report.html").read_text()


def test_an_organ_without_a_look_of_its_own_is_drawn_as_plain_tissue(session: Path) -> None:
    arrays = load(session).arrays
    looks = {}
    for name in ("pancreas", "spleen"):
        organ = OrganView(name, arrays["points"], arrays["surface"], 0.008)
        (looks[name],) = organ.scene(Look(arrays["points"], (0.0, 0.2, 0.0))).surfaces
    assert looks["pancreas"].material == NEUTRAL
    assert looks["spleen"].material == "spleen"


def test_the_pictures_are_of_the_organ_that_the_header_names(session: Path) -> None:
    try:
        GLContext.offscreen().release()
    except RenderError as error:
        pytest.skip(f"no OpenGL without a display here: {error}")
    record = load(session)
    recording = recording_of(record, loads(BLEEDS, "bleeds.yaml"))
    last = {}
    for name in ("liver", "pancreas"):
        named = replace(record, header={**record.header, "organ": name}, frames=record.frames[-1:])
        last[name] = key_pictures(named, recording)[-1].png
    assert last["liver"] != last["pancreas"]


@pytest.mark.parametrize("missing", ["probe", "surface"])
def test_a_record_without_what_is_drawn_has_no_pictures(session: Path, missing: str) -> None:
    record = load(session)
    bare = replace(
        record,
        header={name: value for name, value in record.header.items() if name != missing},
        arrays={name: value for name, value in record.arrays.items() if name != missing},
    )
    assert key_pictures(bare, recording_of(record, loads(BLEEDS, "bleeds.yaml"))) == []
