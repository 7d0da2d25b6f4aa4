"""What was probably meant by a word that nobody knows."""

from collections.abc import Iterable
from difflib import get_close_matches

__all__ = ["nearest", "suggest"]

_LIKE = 0.6  # share of letters that agree, as difflib counts them
_MOST = 200  # known words, and letters, that are likened: a hostile file must not make this long


def nearest(wrong: str, known: Iterable[str]) -> str | None:
    """Find the known word most like a wrong one, or None where none is like it."""
    likely = sorted(known, key=lambda word: abs(len(word) - len(wrong)))[:_MOST]
    return next(iter(get_close_matches(wrong[:_MOST], likely, n=1, cutoff=_LIKE)), None)


def suggest(wrong: str, known: Iterable[str]) -> str:
    """Write `` (did you mean 'x'?)`` with the nearest known word, or nothing."""
    near = nearest(wrong, known)
    return "" if near is None else f" (did you mean '{near}'?)"
