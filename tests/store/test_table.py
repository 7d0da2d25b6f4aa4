"""Results as a table: CSV and Parquet say the same, and every figure has its unit."""

import csv
from dataclasses import replace
from pathlib import Path

import pyarrow.parquet
import pytest

from surgisim.errors import StoreError
from surgisim.scoring import Metric, ScoreLine
from surgisim.store import StoredResult, StoredSession
from surgisim.store.table import columns_of, write_table

from .making import result


def stored(number: int, *, version: str = "1.2", **metrics: Metric) -> StoredResult:
    made = result(70.0 + number)
    session = StoredSession(
        number=number,
        person="5f1c0a9e",
        player="person",
        procedure=made.procedure,
        version=version,
        seed=7,
        device="mouse",
        state="ended",
        begun_at="2026-11-30T09:15:02Z",
        ended_at="2026-11-30T09:16:02Z",
        outcome=made.outcome,
        completed=True,
        passed=made.passed,
        score=made.score,
        pass_mark=70.0,
        duration_s=60.5,
        damaged=None,
        failed_by=("too_hard", "points"),
    )
    line = made.lines[0]
    lines = (
        ScoreLine(line.id, line.title, line.value, line.unit, line.points, 100.0, None, ""),
        ScoreLine("too_hard", "Pressed hard.", 1.0, "1", -2.0, 0.0, 12.0, ""),
    )
    return StoredResult(session, metrics, lines, made.errors)


RESULTS = [
    stored(1, time=Metric(60.5, "s"), sparc=Metric(None, "1")),
    stored(2, version="=1+2", time=Metric(61.25, "s"), peak=Metric(1.5, "N")),
]


def test_columns_carry_units_and_gaps() -> None:
    columns = columns_of(RESULTS)
    assert columns["number"] == [1, 2]
    assert columns["failed_by"] == ["too_hard points"] * 2
    assert columns["time [s]"] == [60.5, 61.25]
    assert columns["sparc"] == [None, None]
    assert columns["peak [N]"] == [None, 1.5]
    assert columns["points of found"] == [71.0, 72.0]
    assert columns["mistakes too_hard"] == [1, 1]
    assert "points of too_hard" not in columns
    assert columns["final_score"] == [71.0, 72.0]  # nobody overruled anything


def test_csv_and_parquet_hold_the_same(tmp_path: Path) -> None:
    write_table(tmp_path / "t.csv", RESULTS)
    write_table(tmp_path / "t.parquet", RESULTS)
    with (tmp_path / "t.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    table = pyarrow.parquet.read_table(tmp_path / "t.parquet")
    assert table.column_names == list(rows[0])
    for name, cells in table.to_pydict().items():
        texts = ["" if cell is None else str(cell) for cell in cells]
        assert [row[name].removeprefix("'") for row in rows] == texts
    assert rows[1]["version"] == "'=1+2"  # no spreadsheet computes it
    assert str(table.schema.field("time [s]").type) == "double"
    assert str(table.schema.field("passed").type) == "bool"
    assert str(table.schema.field("damaged").type) == "string"  # also where nothing is in it


def test_a_seed_of_any_size_is_written_to_the_digit(tmp_path: Path) -> None:
    seed = 10**30 + 7
    large = stored(1)
    large = replace(large, session=replace(large.session, seed=seed))
    write_table(tmp_path / "t.parquet", [large])
    write_table(tmp_path / "t.csv", [large])
    assert pyarrow.parquet.read_table(tmp_path / "t.parquet")["seed"].to_pylist() == [str(seed)]
    assert f",{seed}," in (tmp_path / "t.csv").read_text()


def test_no_spreadsheet_computes_a_name_either(tmp_path: Path) -> None:
    results = [stored(1, version="\uff1d1+2", **{"=1+2": Metric(1.0, "1")})]
    write_table(tmp_path / "t.csv", results)
    with (tmp_path / "t.csv").open(encoding="utf-8", newline="") as file:
        (row,) = csv.DictReader(file)
    assert row["'=1+2"] == "1.0"
    assert row["version"] == "'\uff1d1+2"


def test_no_results_are_a_table_too(tmp_path: Path) -> None:
    write_table(tmp_path / "t.csv", [])
    write_table(tmp_path / "t.parquet", [])
    assert (tmp_path / "t.csv").read_text().startswith("number,person,")
    assert pyarrow.parquet.read_table(tmp_path / "t.parquet").num_rows == 0


def test_what_cannot_be_written_is_told_and_leaves_nothing(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match=r"\.csv or \.parquet"):
        write_table(tmp_path / "t.xlsx", RESULTS)
    with pytest.raises(StoreError, match="cannot be written"):
        write_table(tmp_path / "nowhere" / "t.csv", RESULTS)
    assert list(tmp_path.iterdir()) == []
