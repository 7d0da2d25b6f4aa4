"""Times, points, names and sentences as people read them."""

import math

__all__ = ["clock", "counted", "nodule_name", "percent", "points", "sentence", "times"]

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


def counted(number: int, what: str) -> str:
    """Write how many of something.

    >>> counted(1, "session"), counted(3, "session")
    ('1 session', '3 sessions')
    """
    return f"{number} {what}{'' if number == 1 else 's'}"


def nodule_name(index: int) -> str:
    """Name a nodule by letters, as marks are by numbers: no text or picture can mix them up.

    >>> nodule_name(0), nodule_name(25), nodule_name(26)
    ('A', 'Z', 'AA')
    """
    before, letter = divmod(index, 26)
    return (nodule_name(before - 1) if before else "") + chr(ord("A") + letter)


def percent(share: float) -> str:
    """Write a share of 1 in per cent.

    >>> percent(0.1), percent(0.025)
    ('10 %', '2.5 %')
    """
    return f"{100.0 * share:.3g} %"


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


def times(count: int) -> str:
    """Write how often.

    >>> times(1), times(1200)
    ('once', '1,200 times')
    """
    return "once" if count == 1 else f"{count:,} times"
