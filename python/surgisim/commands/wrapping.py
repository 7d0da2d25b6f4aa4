"""Text in the width of the terminal."""

import os
import shutil
import sys
from collections.abc import Sequence

__all__ = ["columns", "terminal_width", "wrapped"]

_LEAST_LAST = 30  # letters of the last column in a line, below which it is set under the others
_LEAST = 20  # letters in a line, however narrow the terminal


def terminal_width() -> int | None:
    """Letters in a line of the terminal; None for a file or another program, which wrap nothing."""
    if sys.stdout.isatty() or os.environ.get("COLUMNS"):
        return shutil.get_terminal_size().columns
    return None


def wrapped(text: str, width: int | None, indent: int = 0) -> str:
    """Wrap a text to `width` letters, all lines but the first indented."""
    if width is None:
        return text
    begin = " " * (len(text) - len(text.lstrip()))
    room = max(width, indent + _LEAST)
    lines = _fold(text.split(), room - len(begin), room - indent)
    return f"\n{' ' * indent}".join([begin + lines[0], *lines[1:]])


def _fold(words: Sequence[str], first: int, room: int) -> list[str]:
    """Lay words out in lines of `room` letters, `first` in the first; paths break at a slash."""
    lines, line = [], ""
    space = first
    for word in words:
        rest = word
        if line and len(line) + 1 + len(rest) <= space:
            line = f"{line} {rest}"
            continue
        if line:
            lines.append(line)
            space = room
        while len(rest) > space:
            cut = rest.rfind("/", 1, space) + 1 or space
            lines.append(rest[:cut])
            rest, space = rest[cut:], room
        line = rest
    return [*lines, line]


def columns(rows: Sequence[Sequence[str]], width: int | None) -> str:
    """Lay rows out in columns, the last one wrapped.

    Where the other columns leave no room for it, each last cell has lines of its own.
    """
    widths = [max(len(row[n]) for row in rows) for n in range(len(rows[0]) - 1)]
    left = sum(widths) + 2 * len(widths)
    longest = max(len(row[-1]) for row in rows)
    if width is not None and width < left + min(longest, _LEAST_LAST):
        return "\n".join(_stacked(row, width) for row in rows)
    lines = []
    for row in rows:
        cells = "".join(cell.ljust(w + 2) for cell, w in zip(row, widths, strict=False))
        last = row[-1] if width is None else wrapped(row[-1], width - left)
        lines += [f"{cells}{last.splitlines()[0] if last else ''}".rstrip()]
        lines += [" " * left + line for line in last.splitlines()[1:]]
    return "\n".join(lines)


def _stacked(row: Sequence[str], width: int) -> str:
    first = "  ".join(cell for cell in row[:-1] if cell)
    last = wrapped(f"    {row[-1]}", width, 4)
    if len(first) > width:
        first = wrapped(first, width, 2)
    return f"{first}\n{last}" if first else last
