"""Times, points and sentences as people read them."""

import math

__all__ = ["clock", "points", "sentence"]

_MISSING = "–"


def clock(time_s: float | None) -> str:
    """Write a time as ``m:ss.t``.

    >>> clock(83.26)
    '1:23.3'
    """
    if time_s is None or not math.isfinite(time_s):
        return _MISSING
    tenths = round(time_s * 10)
    return f"{tenths // 600}:{tenths % 600 // 10:02d}.{tenths % 10}"


def points(value: float) -> str:
    """Write points with one decimal at most.

    >>> points(20.0), points(7.25)
    ('20', '7.2')
    """
    text = f"{value:.1f}".removesuffix(".0")
    return "0" if text == "-0" else text.replace("-", "−")


def sentence(text: str) -> str:
    """Begin with a capital and end with a full stop.

    >>> sentence("the capsule tore")
    'The capsule tore.'
    """
    text = text.strip()
    if not text:
        return ""
    end = "" if text[-1] in ".!?…" else "."
    return text[0].upper() + text[1:] + end
