"""How pictures lie over the room: dark all around, or on top of what the cameras show."""

from __future__ import annotations

from collections.abc import Sequence

__all__ = ["ADDITIVE", "ALPHA", "OPAQUE", "choose_blend"]

OPAQUE, ADDITIVE, ALPHA = 1, 2, 3
"""XrEnvironmentBlendMode's numbers."""


def choose_blend(offered: Sequence[int], *, passthrough: bool) -> int:
    """Choose one of the modes that the runtime lists, its favourite first.

    Parameters
    ----------
    passthrough
        Whether the room is to be seen: with alpha where that is offered, else added light.
    """
    wanted = (ALPHA, ADDITIVE, OPAQUE) if passthrough else (OPAQUE, ALPHA, ADDITIVE)
    return next((mode for mode in wanted if mode in offered), offered[0] if offered else OPAQUE)
