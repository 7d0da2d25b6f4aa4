"""What is wrong with a file that is not YAML, in words for people who do not know YAML.

The parser tells where it could not go on, which is often a line below the mistake, and in its own
terms. What people get wrong is little: a space, a colon, a quote, a bracket. So each is looked for
in the lines around the parser's place.
"""

import re
from collections.abc import Callable

from surgisim.procedure.failure import Failure, Unread
from surgisim.procedure.layout import Line, nearest_level
from surgisim.procedure.unread_signs import SIGNS

__all__ = ["unread"]

_NO_SPACE = re.compile(r"(\w[\w ]*?)\s*[:\uff1a]\s*(\S.*)$")
_NO_COLON = re.compile(r"(\w+)\s*[=\s]\s*(\S.*)$")
_TEXT_OF_WORDS = 6  # a line of more words is rather a text than a key and its value
_SHOWN = 40  # characters of the file in a message


def unread(failure: Failure) -> Unread | None:
    """Say what is wrong, or None where it is none of the known mistakes."""
    return next(filter(None, (rule(failure) for rule in _RULES)), None)


def _shown(text: str) -> str:
    return text if len(text) <= _SHOWN else f"{text[: _SHOWN - 3]}..."


def _missing_colon(failure: Failure) -> Unread | None:
    """Find a line without 'key: ' in front of the one that is told."""
    before, there, _ = failure.around()
    if failure.problem.startswith("could not find expected ':'"):
        lines = [one for one in before if one.number == failure.since[0]]
    elif "<document start>" in failure.problem or (there and _begins_with(failure, there)):
        lines = before[-1:]
    else:
        lines = []
    return next((_no_key(failure, one) for one in lines if not one.key), None)


def _no_key_here(failure: Failure) -> Unread | None:
    """Find that the line itself has no key."""
    _, there, _ = failure.around()
    if there is None or there.key or "expected <block end>" not in failure.problem:
        return None
    return None if there.text[0] in "'\"[" else _no_key(failure, there)


def _begins_with(failure: Failure, there: Line) -> bool:
    """Whether it is the line's own first colon that the parser does not understand."""
    column = failure.at[1]
    mapping = failure.problem.startswith("mapping values are not allowed here")
    return mapping and bool(there.key) and column == there.level + len(there.key)


def _no_key(failure: Failure, line: Line) -> Unread:
    if line.text.startswith("-"):
        return "a space is missing behind the dash", line.number, line.column
    if line.text.startswith("{"):
        return "a dash is missing: a list entry begins with '- '", line.number, line.column
    found = _NO_SPACE.match(line.text)
    if found:
        plain = "\uff1a" not in line.text
        wrong = "a space is missing behind the colon" if plain else "this is no plain colon"
        return f"{wrong}: write '{_pair(found)}'", line.number, line.level
    found = _NO_COLON.match(line.text)
    above = next(filter(str.strip, reversed(failure.lines[: line.number])), "")
    in_text = not re.search(r":(\s|$)|^\s*(-\s|#)", above)
    if found is None or in_text or len(line.text.split()) > _TEXT_OF_WORDS:
        level = max(len(above) - len(above.lstrip(" ")), line.level + 1)
        text = f"this line has no key: if it belongs to the text above, begin it {_far(level)}"
        return text, line.number, line.level
    return f"a colon and a space are missing: write '{_pair(found)}'", line.number, line.level


def _pair(found: re.Match[str]) -> str:
    """Write key and value as they should stand."""
    return _shown(f"{found[1]}: {found[2]}")


def _colon_in_text(failure: Failure) -> Unread | None:
    _, there, _ = failure.around()
    if not failure.problem.startswith("mapping values are not allowed here"):
        return None
    if there is None or _begins_with(failure, there):
        return None
    found = re.match(r"[\w.]+ *: +", there.text)
    start = found.end() if found else 0
    value = there.text[start:]
    if value.startswith("("):
        text = f"keys stand in braces: write '{_shown('{' + value[1:].rstrip(')') + '}')}'"
    else:
        text = f"the text holds a colon: put it in quotes, {_quoted(_shown(value))}"
    return text, there.number, there.level + start


def _quoted(text: str) -> str:
    """Write a text in double quotes, or where they would give it another sense in single ones."""
    single = '"' in text or "\\" in text
    return "'{}'".format(text.replace("'", "''")) if single else f'"{text}"'


def _far(level: int) -> str:
    """Say how far in a line begins."""
    if level == 0:
        return "at the left margin"
    return "1 space in" if level == 1 else f"{level} spaces in"


def _at_the_wrong_place(line: Line, level: int, others: str) -> Unread | None:
    """Say where a line begins, and where it should."""
    if line.column == level:
        return None
    what = "list entry" if line.dash is not None else "line"
    text = (
        f"this {what} begins {_far(line.column)} and {others} {_far(level)}: "
        f"begin it {_far(level)} too"
    )
    return text, line.number, line.column


def _indentation(failure: Failure) -> Unread | None:
    """Find a key that begins a space too early or too late."""
    before, there, after = failure.around()
    if there is None or len(before) < 2 or not there.key:
        return None
    above, last = before[-2:]
    others = "the lines around it"
    begins = _begins_with(failure, there)
    if there.dash is not None:
        return _at_the_wrong_place(last, above.level, others) if begins else None
    opens = above.key and not above.value and above.level < there.level
    sandwiched = above.level == there.level or (opens and after and after.level == there.level)
    if last.key and last.dash is None and sandwiched:
        return _at_the_wrong_place(last, there.level, others)
    level = last.level if begins else nearest_level(before, there.level)
    return None if level is None else _at_the_wrong_place(there, level, others)


def _list_entry(failure: Failure) -> Unread | None:
    """Find a list entry that begins elsewhere than those before it, or that has no list."""
    before, there, _ = failure.around()
    if there is None or there.dash is None or "expected <block end>" not in failure.problem:
        return None
    dashes: list[int] = []
    for line in before:
        dashes = [one for one in dashes if one < line.column]
        dashes += [] if line.dash is None else [line.dash]
    dashes = dashes or [one.dash for one in before[-1:] if one.dash is not None]
    if dashes:
        level = min(dashes, key=lambda one: abs(one - (there.dash or 0)))
        return _at_the_wrong_place(there, level, "the ones before it")
    outer = [n for n, one in enumerate(before) if one.column < there.dash]
    first = before[outer[-1] + 1] if outer and outer[-1] + 1 < len(before) else None
    if first is not None and not before[outer[-1]].value and first.column > there.dash:
        return _dash(before[outer[-1]], first)
    text = "this list belongs to no key: write its key, such as 'steps:', in the line above it"
    return text, there.number, there.column


def _dash(holder: Line, first: Line) -> Unread:
    text = f"a dash is missing: the entries of '{holder.key}' begin with '- '"
    return text, first.number, first.column


_RULES: tuple[Callable[[Failure], Unread | None], ...] = (
    *SIGNS,
    _missing_colon,
    _colon_in_text,
    _list_entry,
    _no_key_here,
    _indentation,
)
