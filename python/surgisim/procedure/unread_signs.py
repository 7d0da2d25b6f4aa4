"""Single signs that make a file unreadable: tabs, quotes, brackets, commas."""

import re
from collections.abc import Callable

from surgisim.procedure.failure import Failure, Unread, cut_off
from surgisim.procedure.layout import odd_spaces

__all__ = ["SIGNS"]

_CUT_OFF = re.compile(r"""[^'"#]*[ \t](#[^\s#].*)$""")
_OPENED = re.compile(r""": +(["'])(.*)$""")


def _odd_space(failure: Failure) -> Unread | None:
    """Tabs, and the spaces that come with a copied text."""
    if failure.problem.startswith("found character '\\t'"):
        return "a tab stands here: write spaces, two for each level", *failure.at
    found = odd_spaces(failure.lines, failure.at[0])
    return found and ("this is no plain space: write the space again", *found)


def _first_sign(failure: Failure) -> Unread | None:
    """Texts that begin with a sign that has a meaning to YAML."""
    line, column = failure.at
    sign = failure.line(line)[column : column + 1]
    known = ("that cannot start any token", "undefined alias", "scanning an alias")
    if sign in tuple("@%`*") and any(words in failure.problem for words in known):
        return f"a text cannot begin with {sign}: put it in quotes", line, column
    return None


def _backslash(failure: Failure) -> Unread | None:
    if "escape" not in failure.problem:
        return None
    text = "\\ has a meaning of its own in double quotes: put the text in single quotes"
    return text, *failure.since


def _second_file(failure: Failure) -> Unread | None:
    if "found another document" not in failure.problem:
        return None
    return "'---' begins a second file in this one: take it out", *failure.at


def _quote(failure: Failure) -> Unread | None:
    """Quotes that are never closed, or that are closed by an apostrophe."""
    if failure.problem == "found unexpected end of stream":
        quote = failure.line(failure.since[0])[failure.since[1] : failure.since[1] + 1]
        return _never_closed(quote, *failure.since)
    for number in range(failure.since[0], failure.at[0] + 1):
        found = _OPENED.search(failure.line(number))
        if found is None:
            continue
        quote, rest = found[1], found[2]
        inner = rest.replace("''", "  ") if quote == "'" else rest.replace('\\"', "  ")
        column = found.start(1)
        closed = inner.find(quote)
        if closed < 0 and _closed_at(failure, number + 1, quote):
            return _never_closed(quote, number, column)
        behind = column + 1 + closed + 1
        if closed >= 0 and number == failure.at[0] and 0 <= failure.at[1] - behind <= 1:
            return (
                f"this {quote} ends the text: put the whole text in "
                f"{'double' if quote == chr(39) else 'single'} quotes",
                number,
                behind - 1,
            )
    return None


def _never_closed(quote: str, line: int, column: int) -> Unread:
    text = f"this quote is never closed: add {quote} at the end of the text, or take it out"
    return text, line, column


def _closed_at(failure: Failure, number: int, quote: str) -> bool:
    """Whether the next quote of this kind is where the parser stopped, or there is none."""
    while number < len(failure.lines) and quote not in failure.lines[number]:
        number += 1
    return number >= failure.at[0]


def _bracket(failure: Failure) -> Unread | None:
    """Braces and brackets that are never closed, or lack a comma."""
    found = re.match(r"expected ',' or '([]}])'", failure.problem)
    if found is None:
        return None
    closing, opening = found[1], {"]": "[", "}": "{"}[found[1]]
    if failure.at[0] != failure.since[0]:
        cut = _CUT_OFF.match(failure.line(failure.since[0]), failure.since[1])
        if cut:
            return cut_off(cut[1]), failure.since[0], cut.start(1)
        return f"this {opening} is never closed: add {closing}", *failure.since
    line, column = failure.at
    inside = failure.line(line)[:column]
    if ";" in inside[failure.since[1] :]:
        text = f"within {opening}{closing} commas divide: write , in place of ;"
        return text, line, inside.rindex(";")
    word = (
        re.search(r"(\w+)\s*$", inside) if failure.line(line)[column : column + 1] == ":" else None
    )
    at = word.start() if word else column
    return f"a comma is missing here: within {opening}{closing} commas divide", line, at


SIGNS: tuple[Callable[[Failure], Unread | None], ...] = (
    _odd_space,
    _first_sign,
    _backslash,
    _second_file,
    _quote,
    _bracket,
)
"""What is looked for, in this order."""
