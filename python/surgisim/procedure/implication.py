"""Whether one condition follows from another, as far as their form shows.

Conditions of different places are watched from different moments on, a step's from its begin. So
what depends on that moment follows from nothing: what is counted, and what did not last.
"""

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

__all__ = ["implies"]


def implies(one: Node, other: Node) -> bool:
    """Whether `other` holds wherever `one` does, as far as their form shows."""
    return _Following().follows(one, other)


class _Following:
    """Compares the parts of two conditions; each pair once, or deep ones would take for ever."""

    def __init__(self) -> None:
        self._known: dict[tuple[int, int], bool] = {}
        self._bare: dict[int, object] = {}

    def follows(self, one: Node, other: Node) -> bool:
        """Whether `other` holds wherever `one` does."""
        pair = id(one), id(other)
        if pair not in self._known:
            self._known[pair] = self._same(one, other) or self._by_parts(one, other)
        return self._known[pair]

    def _same(self, one: Node, other: Node) -> bool:
        for node in (one, other):
            if id(node) not in self._bare:
                self._bare[id(node)] = None if _hangs_on_begin(node) else _bare(node)
        mine = self._bare[id(one)]
        return mine is not None and mine == self._bare[id(other)]

    def _by_parts(self, one: Node, other: Node) -> bool:
        if isinstance(other, Any) and any(self.follows(one, part) for part in other.parts):
            return True
        match one:
            case All(parts):
                return any(self.follows(part, other) for part in parts)
            case Any(parts):
                return all(self.follows(part, other) for part in parts)
            case For(inner, _) | WithinOf(inner, _, _):
                return self.follows(inner, other)
        return False


def _hangs_on_begin(node: Node, negated: bool = False) -> bool:
    """Whether watching it from an earlier moment on may make it false."""
    match node:
        case Count():
            return True
        case Not(inner):
            return _hangs_on_begin(inner, True)
        case For(inner, _):
            return negated or _hangs_on_begin(inner, negated)
        case WithinOf(inner, _, other):
            return negated or any(_hangs_on_begin(part, negated) for part in (inner, other))
        case Comparison(left, _, right):
            return any(_hangs_on_begin(part, negated) for part in (left, right))
        case All(parts) | Any(parts):
            return any(_hangs_on_begin(part, negated) for part in parts)
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
