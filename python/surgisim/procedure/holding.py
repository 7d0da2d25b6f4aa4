"""Whether a condition can hold at all, and how soon.

Both are bounds: a condition that is told never to hold never does, and none holds before the
earliest time given here. Many that can never hold are not found out: facts depend on each other.
"""

from collections.abc import Iterator, Mapping

from surgisim.procedure.expression import (
    All,
    Any,
    Comparison,
    Count,
    For,
    Name,
    Node,
    Not,
    Number,
    Truth,
    WithinOf,
)
from surgisim.procedure.quantity import convert
from surgisim.procedure.spans import Span
from surgisim.procedure.vocabulary import Word

__all__ = ["always_holds", "can_hold", "earliest", "why_never"]

Spans = Mapping[str, Span]
_FOREVER = float("inf")


_OPPOSITE = {"<": ">=", "<=": ">", ">": "<=", ">=": "<", "==": "!=", "!=": "=="}
_TURNED = {"<": ">", "<=": ">=", ">": "<", ">=": "<=", "==": "==", "!=": "!="}


def _possible(left: Span, sign: str, right: Span) -> bool:
    match sign:
        case "<":
            return left.low < right.high
        case "<=":
            return left.low <= right.high
        case ">":
            return left.high > right.low
        case ">=":
            return left.high >= right.low
        case "==":
            return left.low <= right.high and right.low <= left.high
    return not left.low == left.high == right.low == right.high


class _Asking:
    """Asks whether conditions can hold where facts are in these spans, each part once.

    A part of a condition narrows what the facts beside it can be, but only those of the same
    moment: what was counted, or happened within some time, may have been when they were others.
    """

    def __init__(self, spans: Spans) -> None:
        self._spans = spans
        self._ever: dict[int, bool] = {}  # by the identity of a part that was, or is counted

    def can(self, node: Node, holds: bool = True, now: Spans | None = None) -> bool:
        """Whether it can hold, or not hold; `now` are the spans of facts narrowed already."""
        left = dict(now or {})
        parts = list(_together(node, holds))
        facts = [one for one in parts if isinstance(one[0], Name | Comparison | Truth)]
        # twice: what a later part says may rule out an earlier one
        if not all(self._fact(part, so, left) for part, so in (*facts, *facts)):
            return False
        return all(self._rest(part, so, left) for part, so in parts)

    def _fact(self, node: Node, holds: bool, left: dict[str, Span]) -> bool:
        match node:
            case Truth(value):
                return value == holds
            case Name(name):
                return self._bound(name, float(holds), float(holds), left)
            case Comparison():
                return self._compare(node, holds, left)
        return True

    def _rest(self, node: Node, holds: bool, left: Spans) -> bool:
        match node:
            case All(parts) | Any(parts):  # one of them is enough here
                return any(self.can(part, holds, left) for part in parts)
            case WithinOf(_, _, other) if holds:
                return self.ever(other)
        return True

    def ever(self, node: Node) -> bool:
        """Whether it can hold at some moment."""
        if id(node) not in self._ever:
            self._ever[id(node)] = self.can(node)
        return self._ever[id(node)]

    def _bound(self, name: str, low: float, high: float, left: dict[str, Span]) -> bool:
        within = left.get(name, self._spans[name]).within(low, high)
        if within is not None:
            left[name] = within
        return within is not None

    def _compare(self, node: Comparison, holds: bool, left: dict[str, Span]) -> bool:
        sign = node.sign if holds else _OPPOSITE[node.sign]
        one, other = self.span(node.left, left), self.span(node.right, left)
        if not _possible(one, sign, other):
            return False
        for side, what, bound in ((node.left, sign, other), (node.right, _TURNED[sign], one)):
            if isinstance(side, Name) and what != "!=":
                low = bound.low if what in (">", ">=", "==") else -_FOREVER
                high = bound.high if what in ("<", "<=", "==") else _FOREVER
                if not self._bound(side.name, low, high, left):
                    return False
        return True

    def span(self, node: Node, now: Spans | None = None) -> Span:
        """Say what a value can be."""
        match node:
            case Name(name):
                return (now or {}).get(name, self._spans[name])
            case Number(quantity):
                return Span(quantity.value, quantity.value)
            case Count(inner):
                never = not self.ever(inner)
                return Span(0.0, 0.0 if never else _FOREVER, "what it counts never happens" * never)
        return Span(0.0, 1.0)


def _together(node: Node, holds: bool) -> Iterator[tuple[Node, bool]]:
    """Take apart what must hold, or not hold, at the same moment."""
    match node:
        case Not(inner):
            yield from _together(inner, not holds)
        case For(inner, _) if holds:
            yield from _together(inner, holds)
        case WithinOf(inner, _, _) if holds:
            yield node, holds
            yield from _together(inner, holds)
        case All(parts) | Any(parts) if isinstance(node, All) == holds:
            for part in parts:
                yield from _together(part, holds)
        case _:
            yield node, holds


def can_hold(node: Node, spans: Spans) -> bool:
    """Whether a condition can hold where facts are in these spans."""
    return _Asking(spans).can(node)


def always_holds(node: Node, spans: Spans) -> bool:
    """Whether a condition holds at every look, whatever happens."""
    return earliest(node, 0.0) == 0.0 and not _Asking(spans).can(node, holds=False)


def why_never(node: Node, spans: Spans, words: Mapping[str, Word]) -> tuple[str, int] | None:
    """Say why a condition never holds, and at which character; None where it may."""
    if can_hold(node, spans):
        return None
    return _culprit(node, spans, words)


def _culprit(node: Node, spans: Spans, words: Mapping[str, Word]) -> tuple[str, int]:
    match node:
        case All(parts) | Any(parts):
            for part in parts:
                found = why_never(part, spans, words)
                if found is not None:
                    return found
            return "its parts contradict each other", node.offset
        case For(inner, _):
            return _culprit(inner, spans, words)
        case WithinOf(inner, _, other):
            return why_never(other, spans, words) or _culprit(inner, spans, words)
        case Name(name):
            return f"'{name}' is never so{_reason(spans[name])}", node.offset
        case Comparison(left, _, right):
            side = next((s for s in (left, right) if isinstance(s, Name | Count)), left)
            return _bounds(side, spans, words), node.offset
        case Not():
            return "what stands after 'not' always holds", node.offset
    return "it never holds", node.offset


def _reason(span: Span) -> str:
    return f", for {span.why}" if span.why else ""


def _bounds(side: Node, spans: Spans, words: Mapping[str, Word]) -> str:
    """Say between which bounds a value always is."""
    span = _Asking(spans).span(side)
    unit = words[side.name].unit if isinstance(side, Name) else "1"
    low, high = (f"{value:.4g} {symbol}".strip() for value, symbol in _shown(span, unit))
    called = f"'{side.name}'" if isinstance(side, Name) else "the count"
    if span.low == span.high:
        told = f"is always {low}"
    elif span.high == _FOREVER:
        told = f"is never below {low}"
    else:
        told = f"is from {low} to {high}"
    return f"{called} {told}{_reason(span)}"


def _shown(span: Span, unit: str) -> tuple[tuple[float, str], tuple[float, str]]:
    return convert(span.low, unit), convert(span.high, unit)


def earliest(node: Node, start_s: float, *, timed: bool = True) -> float:
    """Give the earliest time at which a condition can hold that is watched from `start_s` on, s.

    `timed` tells whether `start_s` is the session's time, so that conditions on it count.
    """
    match node:
        case For(inner, seconds):
            return earliest(inner, start_s, timed=timed) + seconds
        case WithinOf(inner, _, other):
            both = (inner, other)
            return max(earliest(part, start_s, timed=timed) for part in both)
        case All(parts):
            return max(earliest(part, start_s, timed=timed) for part in parts)
        case Any(parts):
            return min(earliest(part, start_s, timed=timed) for part in parts)
        case Comparison(Name("time"), ">" | ">=", Number(quantity)) if timed:
            return max(start_s, quantity.value)
        case Comparison(Number(quantity), "<" | "<=", Name("time")) if timed:
            return max(start_s, quantity.value)
    return start_s
