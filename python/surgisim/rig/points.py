"""Points for a calibration from a table: six columns, a place in the device and in the world."""

import csv
import math
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from surgisim.errors import RigError

__all__ = ["COLUMNS", "read_points"]

COLUMNS = tuple(f"{frame}_{axis}_mm" for frame in ("device", "world") for axis in "xyz")
"""What the first line names, in this order."""


def read_points(
    path: str | Path,
) -> tuple[NDArray[np.float64], NDArray[np.float64], list[int]]:
    """Read points from a file of comma-separated values in millimetres; the first line names them.

    Returns
    -------
    device, world
        Shape (n, 3), m.
    lines
        The line of each in the file.

    Raises
    ------
    RigError
        With the line, where a row is not six numbers, or the first line not `COLUMNS`.
    """
    path = Path(path)
    try:
        text = path.read_text(encoding="utf-8-sig")
    except OSError as error:
        raise RigError(f"{path} cannot be read: {error.strerror or error}; give a file") from error
    except UnicodeDecodeError as error:
        raise RigError(f"{path} is not text in UTF-8; save the table as CSV") from error
    rows = csv.reader(text.splitlines())
    head = [cell.strip().lower() for cell in next(rows, [])]
    if head != list(COLUMNS):
        raise RigError(f"{path}:1: the first line has to be '{','.join(COLUMNS)}'; write it so")
    lines, points = [], []
    try:
        for row in rows:
            if any(cell.strip() for cell in row):
                lines.append(rows.line_num)
                points.append(_point(row, f"{path}:{rows.line_num}"))
    except csv.Error as error:
        raise RigError(f"{path}:{rows.line_num}: not a table: {error}; save it as CSV") from error
    both = np.array(points, dtype=np.float64).reshape(-1, 6) * 1e-3
    return both[:, :3], both[:, 3:], lines


def _point(row: list[str], where: str) -> list[float]:
    if len(row) != len(COLUMNS):
        raise RigError(f"{where}: {len(row)} columns; give six numbers with commas between them")
    numbers = []
    for name, cell in zip(COLUMNS, row, strict=True):
        try:
            number = float(cell)
        except ValueError:
            number = math.nan
        if not math.isfinite(number):
            raise RigError(f"{where}: {name} is '{cell.strip()}'; give a number in millimetres")
        numbers.append(number)
    return numbers
