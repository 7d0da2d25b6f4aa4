"""Whether a condition can hold at all, and how soon.

Both are bounds: a condition that is told never to hold never does, and none holds before the
earliest time given here. Many that can never hold are not found out: facts depend on each other.
"""

from collections.abc import Mapping

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

__all__ = ["always_holds", "earliest", "implies", "narrowed", "why_never"]

Spans = Mapping[str, Span]
_FOREVER = float("inf")


def narrowed(node: Node, spans: Spans, holds: bool = True) -> Spans | None:
    """Return what facts can be where a condition holds (or does not); None where it never does."""
    match node:
        case Truth(value):
            return spans if value == holds else None
        case Name(name):
            return _bounded(spans, name, float(holds), float(holds))
        case Not(inner):
            return narrowed(inner, spans, not holds)
        case Comparison():
            return _compared(node, spans, holds)
        case For(inner, _) if holds:
            return narrowed(inner, spans)
        case WithinOf(inner, _, other) if holds:
            return None if narrowed(other, spans) is None else narrowed(inner, spans)
        case All(parts) | Any(parts):
            if isinstance(node, All) == holds:
                return _together(parts, spans, holds)
            possible = any(narrowed(part, spans, holds) is not None for part in parts)
            return spans if possible else None
    return spans


def _together(parts: tuple[Node, ...], spans: Spans, holds: bool) -> Spans | None:
    """Narrow by all parts, twice: what a later part says may rule out an earlier one."""
    left: Spans | None = spans
    for part in (*parts, *parts):
        left = None if left is None else narrowed(part, left, holds)
    return left


def _bounded(spans: Spans, name: str, low: float, high: float) -> Spans | None:
    left = spans[name].within(low, high)
    return None if left is None else {**spans, name: left}


_OPPOSITE = {"<": ">=", "<=": ">", ">": "<=", ">=": "<", "==": "!=", "!=": "=="}
_TURNED = {"<": ">", "<=": ">=", ">": "<", ">=": "<=", "==": "==", "!=": "!="}


def _compared(node: Comparison, spans: Spans, holds: bool) -> Spans | None:
    sign = node.sign if holds else _OPPOSITE[node.sign]
    left, right = _span(node.left, spans), _span(node.right, spans)
    if not _possible(left, sign, right):
        return None
    found: Spans | None = spans
    for side, what, bound in (
        (node.left, sign, right),
        (node.right, _TURNED[sign], left),
    ):
        if isinstance(side, Name) and found is not None and what != "!=":
            low = bound.low if what in (">", ">=", "==") else -_FOREVER
            high = bound.high if what in ("<", "<=", "==") else _FOREVER
            found = _bounded(found, side.name, low, high)
    return found


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


def _span(node: Node, spans: Spans) -> Span:
    match node:
        case Name(name):
            return spans[name]
        case Number(quantity):
            return Span(quantity.value, quantity.value)
        case Count(inner):
            never = narrowed(inner, spans) is None
            return Span(0.0, 0.0 if never else _FOREVER, "what it counts never happens" * never)
    return Span(0.0, 1.0)


def always_holds(node: Node, spans: Spans) -> bool:
    """Whether a condition holds at every look, whatever happens."""
    return earliest(node, 0.0) == 0.0 and narrowed(node, spans, holds=False) is None


def why_never(node: Node, spans: Spans, words: Mapping[str, Word]) -> tuple[str, int] | None:
    """Say why a condition never holds, and at which character; None where it may."""
    if narrowed(node, spans) is not None:
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
    span = _span(side, spans)
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


def earliest(node: Node, start_s: float) -> float:
    """Give the earliest time at which a condition can hold that is watched from `start_s` on, s."""
    match node:
        case For(inner, seconds):
            return earliest(inner, start_s) + seconds
        case WithinOf(inner, _, other):
            return max(earliest(inner, start_s), earliest(other, start_s))
        case All(parts):
            return max(earliest(part, start_s) for part in parts)
        case Any(parts):
            return min(earliest(part, start_s) for part in parts)
        case Comparison(Name("time"), ">" | ">=", Number(quantity)):
            return max(start_s, quantity.value)
        case Comparison(Number(quantity), "<" | "<=", Name("time")):
            return max(start_s, quantity.value)
    return start_s


def implies(one: Node, other: Node) -> bool:
    """Whether `other` holds wherever `one` does, as far as their form shows."""
    if _bare(one) == _bare(other):
        return True
    if isinstance(other, Any) and any(implies(one, part) for part in other.parts):
        return True
    match one:
        case All(parts):
            return any(implies(part, other) for part in parts)
        case Any(parts):
            return all(implies(part, other) for part in parts)
        case For(inner, _) | WithinOf(inner, _, _):
            return implies(inner, other)
    return False


def _bare(node: Node) -> object:
    """Give the form of a condition, without the places of its parts."""
    match node:
        case Name(name):
            return name
        case Number(quantity):
            return quantity
        case Truth(value):
            return value
        case Count(inner) | Not(inner):
            return type(node), _bare(inner)
        case For(inner, seconds):
            return For, seconds, _bare(inner)
        case WithinOf(inner, seconds, other):
            return WithinOf, seconds, _bare(inner), _bare(other)
        case Comparison(left, sign, right):
            return sign, _bare(left), _bare(right)
        case All(parts) | Any(parts):
            return type(node), frozenset(_bare(part) for part in parts)
