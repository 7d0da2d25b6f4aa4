"""The lines of a YAML file as people see them: how far in each begins, its dash, key and value.

Read with patterns and not with YAML, for it serves to say what is wrong where YAML gives up, see
`surgisim.procedure.unread`.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

__all__ = ["Line", "layout", "nearest_level", "odd_spaces"]

_DASHES = re.compile(r"^(?:-(?: +|$))+")
_KEY = re.compile(r"(?P<key>[\w.]+) *:(?: +(?P<value>.*))?$")
_REMARK = re.compile(r"(?:^|\s)#.*$")
_BLOCK_TEXT = re.compile(r"[>|][-+\d]*$")
_UNUSUAL = re.compile("[ \t]*([\u00a0\u2000-\u200a\u202f\u3000])")


@dataclass(frozen=True, slots=True)
class Line:
    """One line that holds something.

    Attributes
    ----------
    number
        From 0.
    dash
        Columns before its dash; None for a line that begins no list entry.
    level
        Columns before its key or text, behind the dash.
    text
        From there to the end, without the remark.
    key
        What stands before the colon, or nothing.
    value
        What stands behind it, or nothing.
    """

    number: int
    dash: int | None
    level: int
    text: str
    key: str
    value: str

    @property
    def column(self) -> int:
        """Columns before its first sign."""
        return self.level if self.dash is None else self.dash


def _line(number: int, written: str) -> Line:
    entry = written.lstrip(" ")
    rest = _DASHES.sub("", entry)
    column, level = len(written) - len(entry), len(written) - len(rest)
    text = _REMARK.sub("", rest).rstrip()
    key = _KEY.match(text)
    return Line(
        number,
        column if level > column else None,
        level,
        text,
        key["key"] if key else "",
        (key["value"] or "") if key else "",
    )


def layout(lines: list[str]) -> Iterator[Line]:
    """Give the lines that hold something, without those of texts behind ``>-`` and ``|``."""
    holder = least = -1  # columns before the key of a text that is passed over, and before the text
    for number, written in enumerate(lines):
        line = _line(number, written)
        if holder >= 0 and not written.strip():
            continue
        least = max(least, line.column) if least < 0 else least
        if holder >= 0 and line.column > holder and line.column >= least:
            continue
        holder = -1
        if line.text:
            yield line
            if _BLOCK_TEXT.search(line.text):
                holder, least = line.column, -1


def nearest_level(before: list[Line], level: int) -> int | None:
    """Of the levels that are still open behind these lines, the one most like `level`."""
    open_levels: list[int] = []
    for line in before:
        if line.key:
            open_levels = [one for one in open_levels if one < line.column] + [line.level]
    return min(open_levels, key=lambda one: (abs(one - level), -one), default=None)


def odd_spaces(lines: list[str], last: int) -> tuple[int, int] | None:
    """Line and column, from 0, of a space in an indentation that is none to YAML."""
    for number, written in enumerate(lines[: last + 1]):
        found = _UNUSUAL.match(written)
        if found:
            return number, found.start(1)
    return None
