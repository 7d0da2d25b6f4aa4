"""The guard language: checking units, and turning a guard into closures over the facts.

Guards remember: "for 3 s", "within 10 s of" and "count(...)" depend on what held before. So a
guard is asked once at every look of the engine and every part of it is evaluated each time,
also where the answer is already known.
"""

import operator
from collections.abc import Callable, Iterator, Mapping

from surgisim.nearest import suggest
from surgisim.procedure.expression import (
    All,
    Any,
    Comparison,
    Count,
    For,
    GuardError,
    Name,
    Node,
    Not,
    Number,
    Truth,
    WithinOf,
    parse,
)
from surgisim.procedure.quantity import in_words
from surgisim.procedure.vocabulary import Word

__all__ = ["SLACK_S", "Facts", "Guard", "names_in"]

Facts = Mapping[str, float | bool]
_Closure = Callable[[Facts, float], float | bool]

_SIGNS: dict[str, Callable[[float, float], bool]] = {
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
    "==": operator.eq,
    "!=": operator.ne,
}
SLACK_S = 1e-9  # sums of tick lengths fall short of a round time by rounding alone


class Guard:
    """A condition over facts.

    Parameters
    ----------
    text
        As written.
    words
        The vocabulary: name -> unit and meaning.
    deadline_allowed
        Whether ``within 30 s`` may end it.

    Attributes
    ----------
    condition
        As it was read.
    names
        The facts it needs.
    units
        Their SI symbols.
    deadline_s
        The time after ``within``, or None.

    Raises
    ------
    GuardError
        When it cannot be read, names an unknown fact or mixes units.
    """

    def __init__(
        self, text: str, words: Mapping[str, Word], *, deadline_allowed: bool = False
    ) -> None:
        guarded = parse(text, deadline_allowed=deadline_allowed)
        self.text = text
        self.deadline_s = guarded.deadline_s
        self.names = frozenset(one.name for one in names_in(guarded.condition))
        _need_condition(guarded.condition, words)
        self.units = {name: words[name].unit for name in self.names}
        self.condition = guarded.condition
        self._closure = _compile(guarded.condition)

    def reset(self) -> None:
        """Forget what held before, as when the step or state that owns it begins."""
        self._closure = _compile(self.condition)

    def holds(self, facts: Facts, time_s: float) -> bool:
        """Whether it holds now. Call it once at every look, with rising `time_s`."""
        return bool(self._closure(facts, time_s))


def names_in(node: Node) -> Iterator[Name]:
    """Every name in a condition, from left to right."""
    match node:
        case Name():
            yield node
        case Comparison(one, _, other) | WithinOf(one, _, other):
            yield from names_in(one)
            yield from names_in(other)
        case All(parts) | Any(parts):
            for part in parts:
                yield from names_in(part)
        case Count(inner) | Not(inner) | For(inner):
            yield from names_in(inner)


def _kind(node: Node, words: Mapping[str, Word]) -> str:
    """SI symbol of a value, ``bool`` for a condition; checks everything below."""
    match node:
        case Name(name, offset):
            if name not in words:
                raise GuardError(f"unknown name '{name}'{suggest(name, words)}", offset)
            return words[name].unit
        case Number(quantity):
            return quantity.unit
        case Count(inner):
            _need_condition(inner, words)
            return "1"
        case Comparison():
            _check_comparison(node, words)
        case Not(inner) | For(inner):
            _need_condition(inner, words)
        case WithinOf(inner, _, other):
            _need_condition(inner, words)
            _need_condition(other, words)
        case All(parts) | Any(parts):
            for part in parts:
                _need_condition(part, words)
        case Truth():
            pass
    return "bool"


def _say(node: Node) -> str:
    match node:
        case Name(name):
            return f"'{name}'"
        case Number(_, written):
            return f"'{written}'"
        case Count():
            return "'count(...)'"
    return "the condition"


def _need_condition(node: Node, words: Mapping[str, Word]) -> None:
    kind = _kind(node, words)
    if kind != "bool":
        text = f"{_say(node)} is {_article(kind)}, not a condition: compare it with another value"
        raise GuardError(text, node.offset)


def _article(kind: str) -> str:
    return "yes or no" if kind == "bool" else in_words(kind).split(" such as ")[0]


def _check_comparison(node: Comparison, words: Mapping[str, Word]) -> None:
    left, right = _kind(node.left, words), _kind(node.right, words)
    for kind, side in ((left, node.left), (right, node.right)):
        if kind == "bool":
            text = (
                f"{_say(side)} is yes or no and cannot stand beside '{node.sign}': "
                "write it alone, or with 'not' before it"
            )
            raise GuardError(text, side.offset)
    if left != right:
        numbers = [s for s in (node.right, node.left) if isinstance(s, Number)]
        if numbers and "1" in (left, right) and numbers[0].quantity.unit == "1":
            needed = in_words(right if left == "1" else left)
            text = f"'{numbers[0].written}' has no unit: expected {needed}"
            raise GuardError(text, numbers[0].offset)
        text = (
            f"{_say(node.left)} is {_article(left)} and {_say(node.right)} is "
            f"{_article(right)}: they cannot be compared"
        )
        raise GuardError(text, node.offset)
    if node.sign in ("==", "!=") and left != "1":
        text = f"'{node.sign}' on a measured value is a matter of luck: use '<=' or '>='"
        raise GuardError(text, node.offset)
    _check_per_cent(node.left, node.right, words)
    _check_per_cent(node.right, node.left, words)


def _check_per_cent(side: Node, number: Node, words: Mapping[str, Word]) -> None:
    """Refuse to compare a count with per cents."""
    if not isinstance(number, Number) or not number.quantity.per_cent:
        return
    if isinstance(side, Count) or (isinstance(side, Name) and not words[side.name].share):
        text = f"{_say(side)} is a count and '{number.written}' is in per cent: write a number"
        raise GuardError(text, number.offset)


def _compile(node: Node) -> _Closure:
    match node:
        case Name(name):
            return lambda facts, _: facts[name]
        case Number(quantity):
            number = quantity.value
            return lambda facts, _: number
        case Truth(truth):
            return lambda facts, _: truth
        case Comparison(left, sign, right):
            return _compile_comparison(_compile(left), _SIGNS[sign], _compile(right))
        case Not(inner):
            opposite = _compile(inner)
            return lambda facts, time_s: not opposite(facts, time_s)
        case For(inner, seconds):
            return _compile_for(_compile(inner), seconds)
        case WithinOf(inner, seconds, other):
            return _compile_within_of(_compile(inner), seconds, _compile(other))
        case Count(inner):
            return _compile_count(_compile(inner))
        case All(parts):  # min and max, where all and any would not ask every part
            every = [_compile(part) for part in parts]
            return lambda facts, time_s: min(bool(part(facts, time_s)) for part in every)
        case Any(parts):
            some = [_compile(part) for part in parts]
            return lambda facts, time_s: max(bool(part(facts, time_s)) for part in some)


def _compile_comparison(
    left: _Closure, compare: Callable[[float, float], bool], right: _Closure
) -> _Closure:
    return lambda facts, time_s: compare(left(facts, time_s), right(facts, time_s))


def _compile_for(inner: _Closure, seconds: float) -> _Closure:
    since: float | None = None

    def held(facts: Facts, time_s: float) -> bool:
        nonlocal since
        if not inner(facts, time_s):
            since = None
            return False
        if since is None:
            since = time_s
        return time_s - since >= seconds - SLACK_S

    return held


def _compile_within_of(inner: _Closure, seconds: float, other: _Closure) -> _Closure:
    last: float | None = None

    def near(facts: Facts, time_s: float) -> bool:
        nonlocal last
        if other(facts, time_s):
            last = time_s
        recent = last is not None and time_s - last <= seconds + SLACK_S
        return bool(inner(facts, time_s)) and recent

    return near


def _compile_count(inner: _Closure) -> _Closure:
    count = 0
    before = False

    def counted(facts: Facts, time_s: float) -> float:
        nonlocal count, before
        now = bool(inner(facts, time_s))
        count += now and not before
        before = now
        return float(count)

    return counted
