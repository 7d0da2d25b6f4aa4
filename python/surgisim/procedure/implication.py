"""Whether one condition follows from another, as far as their form shows."""

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
                self._bare[id(node)] = _bare(node)
        return self._bare[id(one)] == self._bare[id(other)]

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
