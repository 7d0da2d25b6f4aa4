"""Numbers of a rehearsal as people read them."""

from surgisim.rehearsal.intervals import Mean, Share
from surgisim.rehearsal.summary import Group

__all__ = ["clock", "left", "mean", "percent", "share", "titled"]


def percent(part: float) -> str:
    """Write a share of 1 in per cent, with a decimal where it is near an end."""
    hundred = 100.0 * part
    near = 0.0 < min(hundred, 100.0 - hundred) < 10.0
    return f"{hundred:.1f} %" if near else f"{hundred:.0f} %"


def share(of: Share) -> str:
    """Write the interval of a share."""
    return f"{100.0 * of.low:.1f}-{100.0 * of.high:.1f} %"


def mean(of: Mean) -> str:
    """Write the interval of a mean; nothing where it has none."""
    return "" if of.low is None or of.high is None else f"{of.low:.1f}-{of.high:.1f}"


def clock(seconds: float) -> str:
    """Write a duration as minutes and seconds."""
    whole = round(seconds)
    return f"{whole // 60}:{whole % 60:02d}"


def left(seconds: float) -> str:
    """Write about how long something will take."""
    minutes = seconds / 60.0
    if minutes < 1.0:
        return f"{seconds:.0f} s"
    return f"{minutes:.0f} min" if minutes < 90.0 else f"{minutes / 60.0:.1f} h"


def titled(group: Group) -> str:
    """Name a group."""
    return group.trainee if group.skill == 1.0 else f"{group.trainee} {group.skill:g}"
