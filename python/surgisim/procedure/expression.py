"""The guard language: reading.

    guard      = chain [ "within" duration ]                a deadline, only in `until`
    chain      = timed { "and" timed } | timed { "or" timed }
    timed      = negation [ "for" duration | "within" duration "of" negation ]
    negation   = "not" negation | comparison
    comparison = operand [ ( "<" | "<=" | ">" | ">=" | "==" | "!=" ) operand ]
    operand    = name | number [ unit ] | "true" | "false" | "count" "(" chain ")" | "(" chain ")"

Where programmers disagree about precedence the language asks for parentheses: "and" with "or",
and a "for" or "within ... of" inside a chain. Nothing else can be said: no arithmetic, no calls,
no attributes. A guard is read into the small tree below and never reaches the interpreter.
"""

import re
from dataclasses import dataclass
from typing import NoReturn

from surgisim.procedure.quantity import NUMBER, UNITS, Quantity, parse_quantity

__all__ = [
    "All",
    "Any",
    "Comparison",
    "Count",
    "For",
    "GuardError",
    "Guarded",
    "Name",
    "Node",
    "Not",
    "Number",
    "Truth",
    "WithinOf",
    "parse",
]

_LONGEST = 2000  # characters of one guard
_DEEPEST = 40  # nested parentheses


class GuardError(ValueError):
    """A guard that cannot be understood; `offset` is the character where."""

    def __init__(self, message: str, offset: int) -> None:
        super().__init__(message)
        self.offset = offset


@dataclass(frozen=True, slots=True)
class Name:
    """A fact by name."""

    name: str
    offset: int


@dataclass(frozen=True, slots=True)
class Number:
    """A number with its unit, and as it was written."""

    quantity: Quantity
    written: str
    offset: int


@dataclass(frozen=True, slots=True)
class Truth:
    """``true`` or ``false``."""

    value: bool
    offset: int


@dataclass(frozen=True, slots=True)
class Count:
    """How many times the inner condition became true."""

    inner: "Node"
    offset: int


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two operands and the sign between them."""

    left: "Node"
    sign: str
    right: "Node"
    offset: int


@dataclass(frozen=True, slots=True)
class Not:
    """The opposite of the inner condition."""

    inner: "Node"
    offset: int


@dataclass(frozen=True, slots=True)
class For:
    """The inner condition has held without a break for `seconds`."""

    inner: "Node"
    seconds: float
    offset: int


@dataclass(frozen=True, slots=True)
class WithinOf:
    """`inner` holds now, and `other` held at some moment of the last `seconds`."""

    inner: "Node"
    seconds: float
    other: "Node"
    offset: int


@dataclass(frozen=True, slots=True)
class All:
    """Every part holds."""

    parts: tuple["Node", ...]
    offset: int


@dataclass(frozen=True, slots=True)
class Any:
    """At least one part holds."""

    parts: tuple["Node", ...]
    offset: int


Node = Name | Number | Truth | Count | Comparison | Not | For | WithinOf | All | Any


@dataclass(frozen=True, slots=True)
class Guarded:
    """A whole guard: its condition and, in `until`, the time it has."""

    condition: Node
    deadline_s: float | None


@dataclass(frozen=True, slots=True)
class _Token:
    kind: str  # name, number, sign, end
    text: str
    offset: int


_UNIT = "|".join(re.escape(unit) for unit in sorted(filter(None, UNITS), key=len, reverse=True))
_TOKEN = re.compile(
    rf"""\s*(?:
    (?P<number>{NUMBER}(?:\s*(?:{_UNIT})(?![\w/]))?)
  | (?P<name>[A-Za-z_][A-Za-z0-9_]*(?:\.[A-Za-z_][A-Za-z0-9_]*)*)
  | (?P<sign><=|>=|==|!=|<|>|\(|\))
  | (?P<end>\Z)
    )""",
    re.VERBOSE,
)
_COMPARISONS = {"<", "<=", ">", ">=", "==", "!="}
_COMMA = re.compile(r"\d+,\d+")
_INSTEAD = {
    "=": " (for 'equal' write '==')",
    "\u2265": " (write >=)",
    "\u2264": " (write <=)",
    "\u2260": " (write !=)",
}
_KEYWORDS = {"and", "or", "not", "for", "within", "of", "count", "true", "false"}


def _no_token(text: str, at: int) -> NoReturn:
    """Refuse a sign that begins nothing, with what is written in its place."""
    comma = next((one for one in _COMMA.finditer(text) if one.start() < at < one.end()), None)
    if comma is not None:
        point = comma[0].replace(",", ".")
        raise GuardError(f"'{comma[0]}' has a comma: write {point} with a point", comma.start())
    hint = _INSTEAD.get(text[at], "")
    raise GuardError(f"the sign {text[at]} has no meaning in a condition{hint}", at)


def _tokens(text: str) -> list[_Token]:
    if len(text) > _LONGEST:
        raise GuardError(f"the condition is longer than {_LONGEST} characters", 0)
    found: list[_Token] = []
    at = 0
    while True:
        match = _TOKEN.match(text, at)
        if match is None:
            _no_token(text, at + len(text[at:]) - len(text[at:].lstrip()))
        kind = match.lastgroup or "end"
        found.append(_Token(kind, match[kind], match.start(kind)))
        at = match.end()
        if kind == "end":
            return found


class _Parser:
    """Recursive descent over the tokens of one guard."""

    def __init__(self, text: str) -> None:
        self._tokens = _tokens(text)
        self._at = 0
        self._depth = 0

    @property
    def _next(self) -> _Token:
        return self._tokens[self._at]

    def _take(self) -> _Token:
        token = self._next
        self._at += token.kind != "end"
        return token

    def _is(self, text: str) -> bool:
        return self._next.kind in ("name", "sign") and self._next.text == text

    def _accept(self, text: str) -> bool:
        if self._is(text):
            self._at += 1
            return True
        return False

    def guard(self, deadline_allowed: bool) -> Guarded:
        condition = self._chain()
        deadline = None
        start = self._next
        if self._accept("within"):
            if not deadline_allowed:
                text = "'within' needs 'of' and a condition here: only 'until' has a deadline"
                raise GuardError(text, start.offset)
            deadline = self._duration("within")
        if self._next.kind != "end":
            self._unexpected(self._next)
        return Guarded(condition, deadline)

    def _unexpected(self, token: _Token) -> NoReturn:
        if token.text in ("and", "or"):
            raise GuardError("'and' and 'or' are mixed: put parentheses around one", token.offset)
        if token.text in _COMPARISONS:
            text = "comparisons cannot be chained: join two of them with 'and'"
            raise GuardError(text, token.offset)
        if token.text in ("for", "within"):
            text = f"a second '{token.text}' here: put parentheses around the first"
            raise GuardError(text, token.offset)
        raise GuardError(f"'{token.text}' is not expected here", token.offset)

    def _chain(self) -> Node:
        first, timed = self._timed()
        word = next((word for word in ("and", "or") if self._is(word)), None)
        if word is None:
            return first
        parts = [first]
        while True:
            if timed:
                text = "put parentheses around the part with 'for' or 'within'"
                raise GuardError(text, parts[-1].offset)
            if not self._accept(word):
                break
            part, timed = self._timed()
            parts.append(part)
        kind = All if word == "and" else Any
        return kind(tuple(parts), first.offset)

    def _timed(self) -> tuple[Node, bool]:
        """Read a condition; tell whether a time was said of it here, without parentheses."""
        inner = self._negation()
        if self._accept("for"):
            return For(inner, self._duration("for"), inner.offset), True
        here = self._at
        if self._accept("within"):
            seconds = self._duration("within")
            if self._accept("of"):
                return WithinOf(inner, seconds, self._negation(), inner.offset), True
            self._at = here  # a deadline, which belongs to the whole guard
        return inner, False

    def _negation(self) -> Node:
        token = self._next
        if not self._accept("not"):
            return self._comparison()
        self._deeper(token)
        inner = self._negation()
        self._depth -= 1
        return Not(inner, token.offset)

    def _comparison(self) -> Node:
        left = self._operand()
        if self._next.text not in _COMPARISONS:
            return left
        sign = self._take().text
        return Comparison(left, sign, self._operand(), left.offset)

    def _operand(self) -> Node:
        token = self._take()
        if token.kind == "number":
            return Number(self._quantity(token), token.text, token.offset)
        if token.text == "(":
            return self._enclosed(token)
        if token.text == "count":
            if not self._accept("("):
                raise GuardError("'count' needs parentheses: count(condition)", token.offset)
            return Count(self._enclosed(token), token.offset)
        if token.text in ("true", "false"):
            return Truth(token.text == "true", token.offset)
        if token.kind == "name" and token.text not in _KEYWORDS:
            return Name(token.text, token.offset)
        if token.kind == "end":
            raise GuardError("the condition ends too early", token.offset)
        raise GuardError(f"'{token.text}' is not expected here", token.offset)

    def _enclosed(self, opening: _Token) -> Node:
        self._deeper(opening)
        inner = self._chain()
        self._depth -= 1
        if self._next.kind == "end":
            raise GuardError("a parenthesis is not closed", opening.offset)
        if not self._accept(")"):
            self._unexpected(self._next)
        return inner

    def _deeper(self, token: _Token) -> None:
        self._depth += 1
        if self._depth > _DEEPEST:
            raise GuardError(f"more than {_DEEPEST} levels inside each other", token.offset)

    def _quantity(self, token: _Token) -> Quantity:
        written, offset = token.text, token.offset
        if self._next.kind == "name" and self._next.text not in _KEYWORDS:  # no unit that is known
            written, offset = f"{written} {self._next.text}", self._next.offset
        try:
            return parse_quantity(written)
        except ValueError as error:
            raise GuardError(str(error), offset) from error

    def _duration(self, word: str) -> float:
        token = self._take()
        if token.kind != "number":
            raise GuardError(f"'{word}' needs a time such as '{word} 3 s'", token.offset)
        quantity = self._quantity(token)
        if quantity.unit != "s" or quantity.value <= 0.0:
            text = f"'{word}' needs a time above zero such as '{word} 3 s', not '{token.text}'"
            raise GuardError(text, token.offset)
        return quantity.value


def parse(text: str, *, deadline_allowed: bool = False) -> Guarded:
    """Read a guard.

    Parameters
    ----------
    text
        As written.
    deadline_allowed
        Whether ``within 30 s`` may end it, as in `until`.

    Raises
    ------
    GuardError
        With the message and the character where.
    """
    return _Parser(text).guard(deadline_allowed)
