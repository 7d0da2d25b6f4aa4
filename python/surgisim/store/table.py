"""Results as a table for statistics: a row for each session, a column for each figure.

CSV is UTF-8 with a line of names (RFC 4180); nothing is written where there is no figure. Parquet
has the columns' types and leaves gaps as nulls. Columns of measures carry their SI unit, as in
``force.peak [N]``, so that no reader has to guess it. A text that a spreadsheet would take for a
formula gets an apostrophe before it in CSV.
"""

import csv
from collections.abc import Sequence
from dataclasses import fields
from pathlib import Path
from typing import TypeAlias

from surgisim.errors import StoreError
from surgisim.store.results import StoredResult, StoredSession

__all__ = ["columns_of", "write_table"]

Cell: TypeAlias = str | int | float | bool | None
Columns: TypeAlias = dict[str, list[Cell]]

_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20")
_YES_OR_NO = {"completed", "passed", "final_passed"}
_WHOLE = {"number", "overruled"}  # a seed may be larger than whole numbers of 64 bits: a text
_REAL = {"score", "pass_mark", "duration_s"}
_TEXTS = {field.name for field in fields(StoredSession)} - _YES_OR_NO - _WHOLE - _REAL


def columns_of(results: Sequence[StoredResult]) -> Columns:
    """Make the columns, all as long as there are results; None where there is no figure.

    First what lists show of a session, then the score with what persons said of it, then every
    measure that any of the sessions has, every line of a score (``points of ID``), and how often
    each mistake was made (``mistakes ID``).
    """
    columns: Columns = {
        field.name: [_cell(getattr(one.session, field.name)) for one in results]
        for field in fields(StoredSession)
    }
    finals = [one.final for one in results]
    columns["seed"] = [str(one.session.seed) for one in results]
    columns["final_score"] = [final.total for final in finals]
    columns["final_passed"] = [
        None if one.session.passed is None else final.passed
        for one, final in zip(results, finals, strict=True)
    ]
    columns["overruled"] = [len(one.overrules) for one in results]
    return columns | _measures(results) | _points(results) | _mistakes(results)


def _cell(value: Cell | tuple[str, ...]) -> Cell:
    return " ".join(value) if isinstance(value, tuple) else value


def _measures(results: Sequence[StoredResult]) -> Columns:
    units = {name: metric.unit for one in results for name, metric in one.metrics.items()}
    return {
        name if unit == "1" else f"{name} [{unit}]": [
            one.metrics[name].value if name in one.metrics else None for one in results
        ]
        for name, unit in sorted(units.items())
    }


def _points(results: Sequence[StoredResult]) -> Columns:
    earned = [{line.id: line.points for line in one.lines if line.out_of > 0.0} for one in results]
    names = sorted({name for one in earned for name in one})
    return {f"points of {name}": [one.get(name) for one in earned] for name in names}


def _mistakes(results: Sequence[StoredResult]) -> Columns:
    made = [[error.id for error in one.mistakes] for one in results]
    names = sorted({name for one in made for name in one})
    return {f"mistakes {name}": [one.count(name) for one in made] for name in names}


def write_table(path: Path, results: Sequence[StoredResult]) -> None:
    """Write results to ``.csv`` or ``.parquet``: the whole file, or none.

    Raises
    ------
    StoreError
        Another ending, a file that cannot be written, or Parquet without the library it needs.
    """
    kinds = {".csv": _write_csv, ".parquet": _write_parquet}
    write = kinds.get(path.suffix.lower())
    if write is None:
        raise StoreError(f"'{path.name}' is no table; end its name in .csv or .parquet")
    temporary = path.with_name(path.name + ".part")
    try:
        write(temporary, columns_of(results))
        temporary.replace(path)
    except OSError as error:
        reason = error.strerror or str(error)
        raise StoreError(f"{path} cannot be written: {reason}; check the folder") from error
    finally:
        temporary.unlink(missing_ok=True)


def _write_csv(path: Path, columns: Columns) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        table = csv.writer(file)
        table.writerow(_harmless(tuple(columns)))
        table.writerows(_harmless(row) for row in zip(*columns.values(), strict=True))


def _harmless(row: tuple[Cell, ...]) -> list[Cell]:
    return [
        f"'{cell}" if isinstance(cell, str) and cell.startswith(_FORMULA) else cell for cell in row
    ]


def _write_parquet(path: Path, columns: Columns) -> None:
    try:
        import pyarrow
        import pyarrow.parquet
    except ImportError as error:
        raise StoreError(
            "Parquet needs the library pyarrow: pip install 'surgisim[parquet]', or write .csv"
        ) from error
    arrays = {name: pyarrow.array(cells, _type_of(name)) for name, cells in columns.items()}
    pyarrow.parquet.write_table(pyarrow.table(arrays), path)


def _type_of(name: str) -> str:
    """Name a column's type: the same whatever is in it, so that files can be joined."""
    if name in _YES_OR_NO:
        return "bool"
    if name in _WHOLE or name.startswith("mistakes "):
        return "int64"
    return "string" if name in _TEXTS else "float64"
