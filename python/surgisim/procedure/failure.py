"""Where the parser of YAML gave up, with the lines around."""

from dataclasses import dataclass

from surgisim.procedure.layout import Line, layout

__all__ = ["Failure", "Unread", "cut_off"]

Unread = tuple[str, int, int]
"""What to say, line and column, both from 0."""


_SHOWN = 30  # characters of the file in a message


def cut_off(rest: str) -> str:
    """Say that YAML takes the rest of a text for a remark."""
    return f"the text ends before '{rest[:_SHOWN]}': put it in quotes, or write '# ' for a remark"


@dataclass(frozen=True, slots=True)
class Failure:
    """What the parser says.

    Attributes
    ----------
    problem
        In its own words.
    at
        Line and column where it could not go on, from 0.
    since
        Where what it was reading began.
    lines
        Of the file.
    """

    problem: str
    at: tuple[int, int]
    since: tuple[int, int]
    lines: list[str]

    def line(self, number: int) -> str:
        """Give a line; nothing where the parser ran off the end."""
        return self.lines[number] if number < len(self.lines) else ""

    def around(self) -> tuple[list[Line], Line | None, Line | None]:
        """Give the lines that hold something: those before the place, the one there, the next."""
        every = list(layout(self.lines))
        here = self.at[0]
        before = [one for one in every if one.number < here]
        behind = [one for one in every if one.number >= here]
        there = behind[0] if behind and behind[0].number == here else None
        after = behind[1] if len(behind) > 1 else None
        return before, there, after
