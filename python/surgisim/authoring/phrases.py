"""Conditions, times and effects of a procedure in plain words."""

import re
from collections.abc import Mapping

from surgisim.procedure.effect import EffectSpec
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
    parse,
)
from surgisim.procedure.quantity import convert, readable
from surgisim.procedure.vocabulary import Word

__all__ = ["condition", "deadline", "effects", "lasting", "measured"]

_SIGNS = {
    "<": "less than",
    "<=": "at most",
    ">": "more than",
    ">=": "at least",
    "==": "exactly",
    "!=": "not",
}
# What the words of a fact say about the moment of looking, which goes without saying.
_MOMENTS = re.compile(r" (?:since the last look|so far|now)(?= |$)")
_NEGATIONS = (
    (" is ", " is not "),
    (" has ", " has not "),
    (" was ", " was not "),
    (" ran ", " did not run "),
    (" goes on", " does not go on"),
    (" stands still", " does not stand still"),
    (" touches ", " does not touch "),
)


def condition(text: str, words: Mapping[str, Word], titles: Mapping[str, str]) -> str:
    """Say a condition, without its deadline.

    Parameters
    ----------
    text
        As the file has it; a sound one.
    words
        The vocabulary.
    titles
        What people read, by the facts that are about a step or a complication.
    """
    return _said(parse(text, deadline_allowed=True).condition, words, titles)


def deadline(text: str) -> float | None:
    """Time that a condition gives for itself with ``within``, s."""
    return parse(text, deadline_allowed=True).deadline_s


def _said(node: Node, words: Mapping[str, Word], titles: Mapping[str, str]) -> str:
    match node:
        case Name(name):
            return _fact(name, words, titles)
        case Number(written=written):
            return written
        case Truth(value):
            return "always" if value else "never"
        case Comparison():
            return _compared(node, words, titles)
        case Count(inner):
            return f"how often {_said(inner, words, titles)}"
        case Not(Name(name)):
            return _fact(name, words, titles, negated=True)
        case Not(inner):
            return f"not ({_said(inner, words, titles)})"
        case For(inner, seconds):
            return f"{_part(inner, words, titles)} for {lasting(seconds)}"
        case WithinOf(inner, seconds, other):
            first, second = (_part(one, words, titles) for one in (inner, other))
            return f"{first}, at most {lasting(seconds)} after {second}"
        case All(parts):
            return ", and ".join(_part(one, words, titles) for one in parts)
        case Any(parts):
            return ", or ".join(_part(one, words, titles) for one in parts)


def _part(node: Node, words: Mapping[str, Word], titles: Mapping[str, str]) -> str:
    """Say a part of a condition; what is joined of parts itself stands in parentheses."""
    said = _said(node, words, titles)
    return f"({said})" if isinstance(node, All | Any | For | WithinOf) else said


def _fact(
    name: str, words: Mapping[str, Word], titles: Mapping[str, str], *, negated: bool = False
) -> str:
    text = words[name].text
    text = _negated(text) if negated else text  # before a title stands in it, with verbs of its own
    kind, _, rest = name.partition(".")
    owner = f"{kind}.{rest.partition('.')[0]}"
    if owner in titles:
        text = text.replace(f"{kind} {owner.partition('.')[2]} ", f"'{titles[owner]}' ", 1)
    if words[name].unit != "bool":
        text = text.partition(",")[0]
    return _MOMENTS.sub("", text)


def _compared(node: Comparison, words: Mapping[str, Word], titles: Mapping[str, str]) -> str:
    sign = _SIGNS[node.sign]
    right = _said(node.right, words, titles)
    if isinstance(node.left, Count):
        return f"{_part(node.left.inner, words, titles)}, {sign} {right} times"
    if isinstance(node.right, Name) and words[node.right.name].unit == "1":
        sign += " as many as" if node.sign in (">=", "<=", "==") else ""
    return f"{_said(node.left, words, titles)}: {sign} {right}"


def _negated(said: str) -> str:
    """Deny a plain statement; one of several parts, of which one may fail, is denied as a whole."""
    if not any(joint in said for joint in (" and ", " or ", ",")):
        for positive, negative in _NEGATIONS:
            if positive in said:
                return said.replace(positive, negative, 1)
    return f"not ({said})"


def lasting(seconds: float) -> str:
    """Write a time as people do: whole minutes from two on, else seconds."""
    if seconds >= 120.0 and seconds % 60.0 == 0.0:
        return f"{seconds / 60.0:g} min"
    return f"{seconds:g} s"


def measured(value: float, unit: str) -> str:
    """Write a value in SI with the unit that people read."""
    if unit == "s":
        return lasting(value)
    return readable(value, unit)


def effects(effect: EffectSpec | None) -> list[str]:
    """Say what a complication does to the scene."""
    if effect is None:
        return []
    said = []
    if effect.bleed is not None:
        vessel = effect.bleed.torn()
        rate, symbol = convert(vessel.rate(), "m3/s")
        said.append(f"{vessel.name} bleeds, {rate:.0f} {symbol}")
    if effect.breath is not None:
        one = effect.breath
        took = lasting(one.inhale + one.hold + one.exhale)
        said.append(f"the organ moves by {1e3 * one.amplitude:g} mm and back in {took}")
    if effect.fog is not None:
        said.append(f"the lens is dimmed by {100.0 * effect.fog.amount:.3g} %")
    return said
