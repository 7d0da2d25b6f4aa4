"""Text in the width of the terminal."""

import os
import shutil
import sys
import textwrap
from collections.abc import Sequence

__all__ = ["columns", "terminal_width", "wrapped"]

_LEAST_LAST = 30  # letters of the last column in a line, below which it is set under the others


def terminal_width() -> int | None:
    """Letters in a line of the terminal; None for a file or another program, which wrap nothing."""
    if sys.stdout.isatty() or os.environ.get("COLUMNS"):
        return shutil.get_terminal_size().columns
    return None


def wrapped(text: str, width: int | None, indent: int = 0) -> str:
    """Wrap a text to `width` letters, all lines but the first indented."""
    if width is None:
        return text
    return textwrap.fill(
        text, max(width, indent + 20), subsequent_indent=" " * indent, break_on_hyphens=False
    )


def columns(rows: Sequence[Sequence[str]], width: int | None) -> str:
    """Lay rows out in columns, the last one wrapped.

    Where the other columns leave no room for it, each last cell has lines of its own.
    """
    widths = [max(len(row[n]) for row in rows) for n in range(len(rows[0]) - 1)]
    left = sum(widths) + 2 * len(widths)
    if width is not None and width < left + _LEAST_LAST:
        return "\n".join(_stacked(row, width) for row in rows)
    lines = []
    for row in rows:
        cells = "  ".join(cell.ljust(w) for cell, w in zip(row, widths, strict=False))
        lines.append(wrapped(f"{cells}  {row[-1]}", width, left))
    return "\n".join(lines)


def _stacked(row: Sequence[str], width: int) -> str:
    first = wrapped("  ".join(cell for cell in row[:-1] if cell), width, 2)
    return f"{first}\n{wrapped(f'    {row[-1]}', width, 4)}"
